-- 购买途径: how the consumer bought, which decides over which bureau has the power.
ALTER TABLE party ADD COLUMN sales_channel TEXT NOT NULL DEFAULT '';

-- 常用答复: what a bureau has answered before and means to say again.
CREATE TABLE answer_phrase (
    id {{ID}},
    bureau_id BIGINT NOT NULL REFERENCES organization (id),
    act TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    category TEXT NOT NULL,
    problem TEXT NOT NULL,
    words TEXT NOT NULL,
    cited TEXT NOT NULL,
    active BIGINT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by BIGINT REFERENCES account (id)
);
CREATE INDEX answer_phrase_bureau ON answer_phrase (bureau_id, active);
