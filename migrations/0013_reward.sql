-- 举报奖励: what lists and figures ask of a reward; the state itself lies with the case.
CREATE TABLE reward (
    case_id BIGINT PRIMARY KEY REFERENCES cases (id),
    stage TEXT NOT NULL,
    level TEXT NOT NULL,
    sum BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX reward_stage ON reward (stage);
