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

-- 个人信息请求 (个人信息保护法第四十四条至第五十条): what a person asks about her own data, and what was decided.
CREATE TABLE personal_request (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    -- domain::personal_data::Right and Asker.
    wish TEXT NOT NULL,
    asker TEXT NOT NULL,
    words TEXT NOT NULL,
    -- The corrected particulars as JSON; nothing once it is decided.
    wanted TEXT NOT NULL,
    taken_by BIGINT REFERENCES account (id),
    asked_at BIGINT NOT NULL,
    due_day TEXT NOT NULL,
    granted BIGINT,
    ground TEXT NOT NULL,
    reason TEXT NOT NULL,
    ends_on TEXT,
    fields TEXT NOT NULL,
    decided_by BIGINT REFERENCES account (id),
    decided_at BIGINT
);
CREATE INDEX personal_request_case ON personal_request (case_id);

-- 对外发布 (11.2): what somebody wants to say outside, its approval, and where it was said.
CREATE TABLE statement (
    id {{ID}},
    bureau_id BIGINT NOT NULL REFERENCES organization (id),
    -- domain::statement::StatementKind and StatementState.
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    medium TEXT NOT NULL,
    occasion TEXT NOT NULL,
    text TEXT NOT NULL,
    cases TEXT NOT NULL,
    state TEXT NOT NULL,
    proposed_by BIGINT NOT NULL REFERENCES account (id),
    proposed_at BIGINT NOT NULL,
    decided_by BIGINT REFERENCES account (id),
    decided_at BIGINT,
    opinion TEXT NOT NULL,
    published_at BIGINT,
    place TEXT NOT NULL
);
CREATE INDEX statement_bureau ON statement (bureau_id, id);
