-- 抽查: a sample that a superior drew, with all that is needed to draw it again.
CREATE TABLE spot_check (
    id {{ID}},
    key TEXT NOT NULL UNIQUE,
    bureau_id BIGINT NOT NULL REFERENCES organization (id),
    drawn_by BIGINT NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    population TEXT NOT NULL,
    population_size BIGINT NOT NULL,
    size BIGINT NOT NULL,
    by_organization BIGINT NOT NULL,
    seed BIGINT NOT NULL,
    drawn_at BIGINT NOT NULL,
    voided_at BIGINT,
    void_reason TEXT
);
CREATE INDEX spot_check_bureau ON spot_check (bureau_id, drawn_at);

-- 抽中的案件: what was found of each, and what became of it.
CREATE TABLE spot_check_case (
    id {{ID}},
    check_id BIGINT NOT NULL REFERENCES spot_check (id),
    case_id BIGINT NOT NULL REFERENCES cases (id),
    place BIGINT NOT NULL,
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    findings TEXT NOT NULL,
    words TEXT NOT NULL,
    rectify BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    version BIGINT NOT NULL,
    checker_id BIGINT REFERENCES account (id),
    finished_at BIGINT,
    rectify_by TEXT,
    replied_at BIGINT,
    closed_at BIGINT,
    UNIQUE (check_id, case_id)
);
CREATE INDEX spot_check_case_case ON spot_check_case (case_id);

-- 通报: written, signed, published to organisations beneath, confirmed by them and by each reader.
CREATE TABLE circular (
    id {{ID}},
    key TEXT NOT NULL UNIQUE,
    bureau_id BIGINT NOT NULL REFERENCES organization (id),
    written_by BIGINT NOT NULL REFERENCES account (id),
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    figures TEXT NOT NULL,
    case_numbers TEXT NOT NULL,
    reply_asked BIGINT NOT NULL,
    status TEXT NOT NULL,
    number TEXT NOT NULL,
    opinion TEXT NOT NULL,
    confirm_by TEXT,
    signed_by BIGINT REFERENCES account (id),
    published_at BIGINT,
    withdrawn_at BIGINT,
    version BIGINT NOT NULL,
    written_at BIGINT NOT NULL
);
CREATE INDEX circular_bureau ON circular (bureau_id, written_at);

CREATE TABLE circular_addressee (
    circular_id BIGINT NOT NULL REFERENCES circular (id),
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    confirmed_by BIGINT REFERENCES account (id),
    confirmed_at BIGINT,
    reply TEXT NOT NULL,
    PRIMARY KEY (circular_id, organization_id)
);
CREATE INDEX circular_addressee_organization ON circular_addressee (organization_id);

CREATE TABLE circular_reader (
    circular_id BIGINT NOT NULL REFERENCES circular (id),
    account_id BIGINT NOT NULL REFERENCES account (id),
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    read_at BIGINT NOT NULL,
    PRIMARY KEY (circular_id, account_id)
);

-- 通讯录: bodies that a bureau adds to those of the whole country.
CREATE TABLE body (
    id {{ID}},
    bureau_id BIGINT NOT NULL REFERENCES organization (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    address TEXT NOT NULL,
    matters TEXT NOT NULL,
    active BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (bureau_id, kind, name)
);
