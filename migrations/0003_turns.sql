-- 旁路: what is under way beside the ordinary course of a case, as one text (`domain::turns::Turns`).
ALTER TABLE cases ADD COLUMN turns TEXT NOT NULL DEFAULT '';

-- 待办旁件: what others than the desk's holder have to do; follows the state of the case.
CREATE TABLE errand (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    kind TEXT NOT NULL,
    desk TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    closed_at BIGINT
);
CREATE INDEX errand_case ON errand (case_id);
CREATE INDEX errand_open ON errand (desk, opened_at) WHERE closed_at IS NULL;

-- The places kept for the turns in 0001 were guesses; a link can be made again after it was undone.
DROP TABLE case_link;
DROP TABLE case_claim;

-- 关联: cases that belong together, and how (合并、重复、拆分、共同、线索、相关).
CREATE TABLE case_link (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    other_id BIGINT NOT NULL REFERENCES cases (id),
    relation TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    undone_at BIGINT
);
CREATE INDEX case_link_case ON case_link (case_id);
CREATE INDEX case_link_other ON case_link (other_id);

-- 五及时 and the counts of limits: each limit of a case is looked up by its key.
CREATE INDEX deadline_case_limit ON deadline (case_id, limit_key);
DROP INDEX deadline_case;
CREATE INDEX deadline_open ON deadline (case_id) WHERE stopped_at IS NULL;

-- 补正、身份证明: what a consumer was asked to bring before the decision on acceptance.
CREATE TABLE supplement (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    kind TEXT NOT NULL,
    wanted TEXT NOT NULL,
    words TEXT NOT NULL,
    by_day TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    answered_at BIGINT,
    lapsed_at BIGINT
);
CREATE INDEX supplement_case ON supplement (case_id);
CREATE INDEX supplement_waiting ON supplement (by_day) WHERE answered_at IS NULL AND lapsed_at IS NULL;

-- 疑似重复与第十七条的信号: the same address, the same order.
CREATE INDEX party_address ON party (address);
CREATE INDEX cases_order_number ON cases (order_number) WHERE order_number <> '';

-- 督办: the queue marks and filters the cases under supervision.
ALTER TABLE cases ADD COLUMN supervised BIGINT NOT NULL DEFAULT 0;

-- 旁阅: organisations that may read a case besides those that have it (sent on, in dispute, asked to help); follows the state.
CREATE TABLE case_sight (
    case_id BIGINT NOT NULL REFERENCES cases (id),
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    PRIMARY KEY (case_id, organization_id)
);
CREATE INDEX case_sight_organization ON case_sight (organization_id);
CREATE INDEX attachment_sha256 ON attachment (sha256);

-- 履行跟踪: when the sweep noted that an item's day had passed.
ALTER TABLE agreement_item ADD COLUMN unperformed_noted_at BIGINT;

-- 重办: how often a case was taken up again after its end, for lists and figures.
ALTER TABLE cases ADD COLUMN reopened BIGINT NOT NULL DEFAULT 0;

-- 代理人、共同投诉人、监护人: when she no longer takes part.
ALTER TABLE party ADD COLUMN ended_at BIGINT;

-- 回访: who is asked about a told case, by whom, how it was drawn, and what was heard.
CREATE TABLE visit (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    bureau_id BIGINT NOT NULL REFERENCES organization (id),
    visitor_id BIGINT NOT NULL REFERENCES account (id),
    weight BIGINT NOT NULL,
    reasons TEXT NOT NULL,
    seed BIGINT NOT NULL,
    drawn_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    last_try_at BIGINT,
    result TEXT,
    solved BIGINT,
    mark BIGINT,
    words TEXT NOT NULL,
    done_at BIGINT
);
CREATE INDEX visit_case ON visit (case_id, drawn_at);
CREATE INDEX visit_open ON visit (bureau_id) WHERE done_at IS NULL;
CREATE INDEX visit_done ON visit (bureau_id, done_at);
