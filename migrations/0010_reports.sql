-- 举报 (7.1, 7.3): by what its reporter finds it again, and what she and the officers wrote to each other.

-- The receipt code lies here as a keyed hash only: whoever loses it cannot be given it again.
CREATE TABLE report_code (
    case_id BIGINT NOT NULL PRIMARY KEY REFERENCES cases (id),
    code_hash TEXT NOT NULL UNIQUE,
    made_at BIGINT NOT NULL
);

-- `reporter`, `officer`. Apart from the events, which are told in lists and exports.
CREATE TABLE report_message (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    sender TEXT NOT NULL,
    body TEXT NOT NULL,
    sent_at BIGINT NOT NULL
);
CREATE INDEX report_message_case ON report_message (case_id);

-- What by its voice, its names or its place points to a reporter: under keys that are sealed with her identity.
CREATE TABLE sealed_file (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    body {{BLOB}} NOT NULL,
    sealed_at BIGINT NOT NULL
);
CREATE INDEX sealed_file_case ON sealed_file (case_id);

-- 换锁: since then nobody who had lost it before can open it, whatever was copied.
ALTER TABLE sealed_identity ADD COLUMN renewed_at BIGINT;
