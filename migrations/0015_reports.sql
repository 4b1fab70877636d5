-- 处罚决定 (7.2): what a penalty decision says of the one penalised. Nothing of it points to who reported.
CREATE TABLE penalty (
    case_id BIGINT NOT NULL PRIMARY KEY REFERENCES cases (id),
    number TEXT NOT NULL,
    decided_on TEXT NOT NULL,
    -- keys of `regulations/reporting.toml`, joined by commas
    kinds TEXT NOT NULL,
    -- 罚没款, in 分
    sum BIGINT NOT NULL,
    noted_at BIGINT NOT NULL
);
CREATE INDEX penalty_decided ON penalty (decided_on);

-- 案件来源: how the authority came to know of it; none where somebody complained or reported.
ALTER TABLE cases ADD COLUMN origin TEXT;

-- 人机确认: who showed that somebody is there, for all processes on one database. A question is answered once.
CREATE TABLE human_pass (
    question_hash TEXT NOT NULL PRIMARY KEY,
    pass_hash TEXT NOT NULL UNIQUE,
    uses_left BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX human_pass_ends ON human_pass (ends_at);
