-- 送达: every try to serve a paper on a side of its case, and what came of it. Who signed stands in the receipt alone.
CREATE TABLE service (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    paper_id BIGINT NOT NULL REFERENCES paper (id),
    side TEXT NOT NULL,
    way TEXT NOT NULL,
    outcome TEXT NOT NULL,
    -- signed, sent, returned, made public
    day TEXT NOT NULL,
    -- none while it has not arrived
    effective_on TEXT,
    -- 邮件号, public marks only
    tracking TEXT NOT NULL,
    receipt_id BIGINT REFERENCES paper (id),
    proof_id BIGINT REFERENCES attachment (id),
    made_by BIGINT REFERENCES account (id),
    made_at BIGINT NOT NULL
);
CREATE INDEX service_case ON service (case_id);

-- 送达地址确认书: where and how papers reach a side, as it signed.
CREATE TABLE service_address (
    case_id BIGINT NOT NULL REFERENCES cases (id),
    side TEXT NOT NULL,
    electronic BIGINT NOT NULL,
    mobile TEXT NOT NULL,
    fax TEXT NOT NULL,
    email TEXT NOT NULL,
    account TEXT NOT NULL,
    address TEXT NOT NULL,
    postcode TEXT NOT NULL,
    receiver TEXT NOT NULL,
    receiver_phone TEXT NOT NULL,
    signed_on TEXT NOT NULL,
    proof_id BIGINT REFERENCES attachment (id),
    noted_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, side)
);
