-- 文号登记 (3.13): every document number given, by bureau, kind and year. A number once given stays here, voided or not, and is
-- never given again.
CREATE TABLE paper_number (
    paper_id BIGINT NOT NULL PRIMARY KEY REFERENCES paper (id),
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    word TEXT NOT NULL,
    year BIGINT NOT NULL,
    serial BIGINT NOT NULL,
    voided_at BIGINT,
    voided_by BIGINT REFERENCES account (id),
    void_reason TEXT,
    UNIQUE (organization_id, word, year, serial)
);
-- The numbers given before there was a register: `二七市监投受〔2026〕第3号` of the bureau whose short name it begins with, the
-- case's own first.
-- only: sqlite
INSERT INTO paper_number (paper_id, organization_id, word, year, serial)
SELECT g.id, o.id, substr(g.number, length(o.short_name) + 1, instr(g.number, '〔') - length(o.short_name) - 1),
    CAST(substr(g.number, instr(g.number, '〔') + 1, 4) AS INTEGER),
    CAST(replace(substr(g.number, instr(g.number, '〕第') + 2), '号', '') AS INTEGER)
FROM (SELECT p.id, p.number, COALESCE(
        (SELECT own.id FROM organization own WHERE own.id = c.bureau_id AND substr(p.number, 1, length(own.short_name)) = own.short_name),
        (SELECT MIN(other.id) FROM organization other WHERE other.kind = 'bureau' AND substr(p.number, 1, length(other.short_name)) = other.short_name)
    ) AS bureau FROM paper p JOIN cases c ON c.id = p.case_id WHERE instr(p.number, '〕第') > 0) g
JOIN organization o ON o.id = g.bureau
WHERE true
ON CONFLICT DO NOTHING;
-- end
-- only: postgres
INSERT INTO paper_number (paper_id, organization_id, word, year, serial)
SELECT g.id, o.id, substr(g.number, length(o.short_name) + 1, strpos(g.number, '〔') - length(o.short_name) - 1),
    CAST(substr(g.number, strpos(g.number, '〔') + 1, 4) AS BIGINT),
    CAST(replace(substr(g.number, strpos(g.number, '〕第') + 2), '号', '') AS BIGINT)
FROM (SELECT p.id, p.number, COALESCE(
        (SELECT own.id FROM organization own WHERE own.id = c.bureau_id AND substr(p.number, 1, length(own.short_name)) = own.short_name),
        (SELECT MIN(other.id) FROM organization other WHERE other.kind = 'bureau' AND substr(p.number, 1, length(other.short_name)) = other.short_name)
    ) AS bureau FROM paper p JOIN cases c ON c.id = p.case_id WHERE strpos(p.number, '〕第') > 0) g
JOIN organization o ON o.id = g.bureau
ON CONFLICT DO NOTHING;
-- end

-- 发文字号: how a bureau writes its numbers, where it is not 简称 + 市监.
CREATE TABLE number_style (
    organization_id BIGINT NOT NULL PRIMARY KEY REFERENCES organization (id),
    head TEXT NOT NULL,
    -- 1 where 第 stands before the serial
    ordinal BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by BIGINT REFERENCES account (id)
);

-- 电子印章: the pictures of a bureau's seal, each in force until the next or until it is ended; the bytes lie with the evidence.
CREATE TABLE bureau_seal (
    id {{ID}},
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    sha256 TEXT NOT NULL,
    width_mm BIGINT NOT NULL,
    height_mm BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    added_by BIGINT REFERENCES account (id),
    ended_at BIGINT,
    ended_by BIGINT REFERENCES account (id)
);
CREATE INDEX bureau_seal_organization ON bureau_seal (organization_id, added_at);

-- 签名: who signed in which place of a paper, and how.
CREATE TABLE paper_signature (
    paper_id BIGINT NOT NULL REFERENCES paper (id),
    place BIGINT NOT NULL,
    way TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    taken_by BIGINT REFERENCES account (id),
    PRIMARY KEY (paper_id, place)
);

-- 手机签名: a link for one signature, with a code that goes another way; used once.
CREATE TABLE signing_link (
    token_hash TEXT NOT NULL PRIMARY KEY,
    paper_id BIGINT NOT NULL REFERENCES paper (id),
    place BIGINT NOT NULL,
    code_hash TEXT NOT NULL,
    tries_left BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    made_by BIGINT REFERENCES account (id),
    used_at BIGINT
);
CREATE INDEX signing_link_paper ON signing_link (paper_id);

-- 发出的文件: the hashes of the PDF files that were handed out of a paper, by which a file is known again.
CREATE TABLE paper_print (
    paper_id BIGINT NOT NULL REFERENCES paper (id),
    sha256 TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (paper_id, sha256)
);
