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
