-- 交接: what a person hands over before her post changes (1.4), who takes it, and that both signed.
CREATE TABLE handover (
    id {{ID}},
    account_id BIGINT NOT NULL REFERENCES account (id),
    reason TEXT NOT NULL,
    opened_by BIGINT REFERENCES account (id),
    opened_at BIGINT NOT NULL,
    -- Who signed for what was given: she herself, or the leader when she is gone.
    signed_by BIGINT REFERENCES account (id),
    signed_at BIGINT,
    -- Signed and taken by everybody, or given up before anything was handed over.
    closed_at BIGINT
);
CREATE INDEX handover_account ON handover (account_id);
CREATE UNIQUE INDEX handover_open ON handover (account_id) WHERE closed_at IS NULL;

CREATE TABLE handover_item (
    id {{ID}},
    handover_id BIGINT NOT NULL REFERENCES handover (id),
    -- domain::handover::Thing.
    what TEXT NOT NULL,
    case_id BIGINT REFERENCES cases (id),
    -- Without a case: how many.
    count BIGINT NOT NULL,
    taker_id BIGINT NOT NULL REFERENCES account (id),
    given_by BIGINT REFERENCES account (id),
    given_at BIGINT NOT NULL,
    taken_at BIGINT
);
CREATE INDEX handover_item_handover ON handover_item (handover_id, id);
CREATE INDEX handover_item_taker ON handover_item (taker_id, handover_id);
CREATE INDEX cases_partner ON cases (partner_id) WHERE open = 1;
CREATE INDEX visit_visitor ON visit (visitor_id) WHERE done_at IS NULL;
