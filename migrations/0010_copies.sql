-- 遮挡副本: copies that leave the bureau, each with what it was made from and what it covers. The original stays as it came.
CREATE TABLE derived_copy (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    -- `facts`, `paper-3`, `file-12`: what it was made from.
    source TEXT NOT NULL,
    source_title TEXT NOT NULL,
    source_sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    -- Key in masking.toml, and who gets it, in words.
    purpose TEXT NOT NULL,
    recipient TEXT NOT NULL,
    -- How often each kind is covered, as JSON.
    covered TEXT NOT NULL,
    made_by BIGINT REFERENCES account (id),
    made_at BIGINT NOT NULL
);
CREATE INDEX derived_copy_case ON derived_copy (case_id);
CREATE INDEX derived_copy_sha256 ON derived_copy (sha256);

-- 保管记录: what became of an original file of evidence after it came in.
CREATE TABLE custody (
    id {{ID}},
    attachment_id BIGINT NOT NULL REFERENCES attachment (id),
    at BIGINT NOT NULL,
    what TEXT NOT NULL,
    account_id BIGINT REFERENCES account (id),
    words TEXT NOT NULL
);
CREATE INDEX custody_attachment ON custody (attachment_id, id);
