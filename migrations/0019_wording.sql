-- 文书的文字 (6.2): what a bureau says in its own words in a letter of a rule set, by version; never overwritten.
CREATE TABLE letter_wording (
    id {{ID}},
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    rule_set TEXT NOT NULL,
    letter TEXT NOT NULL,
    -- from 1; 0 is the official wording, which no row holds
    version BIGINT NOT NULL,
    -- own, official, above
    choice TEXT NOT NULL,
    -- paragraphs and notes as JSON; empty unless its own
    body TEXT NOT NULL,
    from_day TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_by BIGINT REFERENCES account (id),
    made_at BIGINT NOT NULL,
    withdrawn_by BIGINT REFERENCES account (id),
    withdrawn_at BIGINT,
    UNIQUE (organization_id, rule_set, letter, version)
);
