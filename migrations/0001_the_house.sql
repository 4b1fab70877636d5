-- The house: organisations, people, cases with their events, clocks, papers, parties and messages.
-- One text for both engines. Instants are UTC microseconds, days are YYYY-MM-DD in Beijing time, money is 分, yes/no is 1/0.

CREATE TABLE installation (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- 机构 (1.1, 1.2). `path` is '/1/7/42/' down to itself; `reach` is the subtree its people look over
-- (a centre looks over its bureau's).
CREATE TABLE organization (
    id {{ID}},
    parent_id BIGINT REFERENCES organization (id),
    kind TEXT NOT NULL,
    level TEXT NOT NULL,
    region_code TEXT NOT NULL,
    name TEXT NOT NULL,
    short_name TEXT NOT NULL,
    bureau_id BIGINT REFERENCES organization (id),
    path TEXT NOT NULL,
    reach TEXT NOT NULL,
    phone TEXT NOT NULL,
    address TEXT NOT NULL,
    overlay TEXT,
    active BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (region_code, kind, name)
);
CREATE INDEX organization_parent ON organization (parent_id, kind);
CREATE INDEX organization_path ON organization (path);
CREATE INDEX organization_bureau ON organization (bureau_id, kind);

-- 账号 (1.3, 1.4): personal, never shared.
CREATE TABLE account (
    id {{ID}},
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    password_hash TEXT NOT NULL,
    password_set_at BIGINT NOT NULL,
    must_change BIGINT NOT NULL,
    active BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    locked_until BIGINT,
    last_login_at BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX account_organization ON account (organization_id);

CREATE TABLE account_role (
    account_id BIGINT NOT NULL REFERENCES account (id),
    role TEXT NOT NULL,
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    PRIMARY KEY (account_id, role, organization_id)
);
CREATE INDEX account_role_organization ON account_role (organization_id, role);

CREATE TABLE session (
    token_hash TEXT PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account_id);

-- 接口令牌: printed once, kept as a hash.
CREATE TABLE api_token (
    id {{ID}},
    token_hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    organization_id BIGINT REFERENCES organization (id),
    per_minute BIGINT,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

-- A repeated request gets the first one's answer.
CREATE TABLE idempotency (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    response TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);

-- 编号: the last number given in a series.
CREATE TABLE number_series (
    series TEXT PRIMARY KEY,
    last BIGINT NOT NULL
);

-- 案件.
CREATE TABLE cases (
    id {{ID}},
    number TEXT NOT NULL UNIQUE,
    query_code_round BIGINT NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    rule_set TEXT NOT NULL,
    overlay TEXT,
    region_code TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    received_day TEXT NOT NULL,
    -- state: the fold of the events (domain::case::Case)
    status TEXT NOT NULL,
    bureau_id BIGINT NOT NULL REFERENCES organization (id),
    intake_id BIGINT NOT NULL REFERENCES organization (id),
    unit_id BIGINT REFERENCES organization (id),
    lead_id BIGINT REFERENCES account (id),
    partner_id BIGINT REFERENCES account (id),
    outcome TEXT,
    outcome_ground BIGINT,
    recovered BIGINT NOT NULL,
    suspended TEXT,
    extension_asked TEXT,
    urges BIGINT NOT NULL,
    urge_open BIGINT NOT NULL,
    returns BIGINT NOT NULL,
    notified BIGINT NOT NULL,
    answered BIGINT NOT NULL,
    meetings BIGINT NOT NULL,
    solved BIGINT,
    mark BIGINT,
    version BIGINT NOT NULL,
    event_head TEXT NOT NULL,
    -- the queue: where it waits and what falls due first there
    desk TEXT,
    open BIGINT NOT NULL,
    next_due_at BIGINT NOT NULL,
    -- the matter
    title TEXT NOT NULL,
    category TEXT NOT NULL,
    problem TEXT NOT NULL,
    goods TEXT NOT NULL,
    brand TEXT NOT NULL,
    model TEXT NOT NULL,
    order_number TEXT NOT NULL,
    amount BIGINT,
    bought_on TEXT,
    knew_on TEXT,
    facts TEXT NOT NULL,
    demands TEXT NOT NULL,
    demand_text TEXT NOT NULL,
    claim BIGINT,
    consent_publish BIGINT,
    consent_delegate BIGINT,
    complainant_name TEXT NOT NULL,
    respondent_name TEXT NOT NULL,
    concluded_at BIGINT,
    told_at BIGINT,
    archived_at BIGINT
);
CREATE INDEX cases_desk ON cases (desk, next_due_at);
CREATE INDEX cases_bureau ON cases (bureau_id, open, next_due_at);
CREATE INDEX cases_unit ON cases (unit_id, open, next_due_at);
CREATE INDEX cases_lead ON cases (lead_id, open, next_due_at);
CREATE INDEX cases_received ON cases (bureau_id, received_day);
CREATE INDEX cases_respondent ON cases (respondent_name);

-- 当事人: names, phones, addresses; nowhere else (the two name columns above serve the queue).
CREATE TABLE party (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    address TEXT NOT NULL,
    postcode TEXT NOT NULL,
    email TEXT NOT NULL,
    id_kind TEXT NOT NULL,
    id_number TEXT NOT NULL,
    credit_code TEXT NOT NULL,
    contact_name TEXT NOT NULL,
    platform TEXT NOT NULL,
    notify_by TEXT NOT NULL,
    -- for the turns to come: an agent's authority, a representative's mandate, a guardian
    mandate TEXT NOT NULL,
    represents_id BIGINT REFERENCES party (id)
);
CREATE INDEX party_case ON party (case_id);
CREATE INDEX party_phone ON party (phone);
CREATE INDEX party_credit_code ON party (credit_code);

-- 案件事件: one for every act, chained by hash.
CREATE TABLE case_event (
    case_id BIGINT NOT NULL REFERENCES cases (id),
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    act TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BIGINT,
    basis TEXT NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (case_id, number)
);
CREATE INDEX case_event_at ON case_event (at);

-- 期限: frozen when it starts; moves only by a recorded act.
CREATE TABLE deadline (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    limit_key TEXT NOT NULL,
    name TEXT NOT NULL,
    rule_set TEXT NOT NULL,
    law TEXT NOT NULL,
    article TEXT NOT NULL,
    basis TEXT NOT NULL,
    bearer TEXT NOT NULL,
    unit TEXT NOT NULL,
    length BIGINT NOT NULL,
    extended_by BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    due_day TEXT NOT NULL,
    provisional BIGINT NOT NULL,
    calendar TEXT NOT NULL,
    suspensions TEXT NOT NULL,
    stopped_at BIGINT,
    stopped_by TEXT,
    overdue_noted_at BIGINT
);
CREATE INDEX deadline_case ON deadline (case_id);
CREATE INDEX deadline_running ON deadline (stopped_at, overdue_noted_at, due_at);

-- 证据文件: the bytes lie in the data folder under their hash.
CREATE TABLE attachment (
    id {{ID}},
    case_id BIGINT REFERENCES cases (id),
    draft_hash TEXT,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL
);
CREATE INDEX attachment_case ON attachment (case_id);
CREATE INDEX attachment_draft ON attachment (draft_hash);

-- 文书与材料: every paper of the case, in the order it came.
CREATE TABLE paper (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    event_number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    number TEXT NOT NULL,
    body TEXT NOT NULL,
    attachment_id BIGINT REFERENCES attachment (id),
    made_at BIGINT NOT NULL,
    made_by BIGINT REFERENCES account (id)
);
CREATE INDEX paper_case ON paper (case_id);

CREATE TABLE meeting (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    event_number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    place TEXT NOT NULL,
    mode TEXT NOT NULL,
    held_at BIGINT,
    reminded_at BIGINT
);
CREATE INDEX meeting_case ON meeting (case_id);
CREATE INDEX meeting_at ON meeting (held_at, at);

CREATE TABLE agreement_item (
    case_id BIGINT NOT NULL REFERENCES cases (id),
    number BIGINT NOT NULL,
    text TEXT NOT NULL,
    amount BIGINT NOT NULL,
    due_on TEXT,
    performed BIGINT,
    performed_noted_at BIGINT,
    PRIMARY KEY (case_id, number)
);

-- 发件箱: written in the act's own transaction, delivered afterwards with proof.
CREATE TABLE outbox (
    id {{ID}},
    case_id BIGINT REFERENCES cases (id),
    event_number BIGINT,
    recipient TEXT NOT NULL,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    paper_id BIGINT REFERENCES paper (id),
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    next_try_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    done_at BIGINT,
    proof TEXT NOT NULL,
    error TEXT NOT NULL
);
CREATE INDEX outbox_case ON outbox (case_id);
CREATE INDEX outbox_state ON outbox (state, next_try_at);

-- 草稿: an unfinished filing, found by the hash of a random key.
CREATE TABLE draft (
    key_hash TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    data TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX draft_owner ON draft (owner);
CREATE INDEX draft_updated ON draft (updated_at);

-- 查阅记录: every look at personal data (11.3).
CREATE TABLE access_record (
    id {{ID}},
    at BIGINT NOT NULL,
    account_id BIGINT REFERENCES account (id),
    case_id BIGINT REFERENCES cases (id),
    what TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX access_record_case ON access_record (case_id);
CREATE INDEX access_record_at ON access_record (at);

-- 节假日安排 beyond the years inside the program.
CREATE TABLE calendar_year (
    year BIGINT PRIMARY KEY,
    notice TEXT NOT NULL,
    source TEXT NOT NULL,
    imported_at BIGINT NOT NULL
);

-- 租约: one process at a time sweeps or delivers.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL
);

-- 案卷 (9.1).
CREATE TABLE case_volume (
    case_id BIGINT PRIMARY KEY REFERENCES cases (id),
    file_number TEXT NOT NULL UNIQUE,
    retention TEXT NOT NULL,
    contents TEXT NOT NULL,
    closed_by BIGINT REFERENCES account (id),
    closed_at BIGINT NOT NULL
);

-- The places of the turns to come (next issue): links between cases, recusal, consent, supervision.
CREATE TABLE case_link (
    case_id BIGINT NOT NULL REFERENCES cases (id),
    other_id BIGINT NOT NULL REFERENCES cases (id),
    link TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    undone_at BIGINT,
    PRIMARY KEY (case_id, other_id, link)
);
CREATE TABLE case_claim (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    kind TEXT NOT NULL,
    raised_at BIGINT NOT NULL,
    data TEXT NOT NULL,
    decided_at BIGINT,
    decision TEXT
);
CREATE INDEX case_claim_case ON case_claim (case_id, kind);
