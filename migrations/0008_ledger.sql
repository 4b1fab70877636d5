-- 总账: what every act wrote, in the order of time, each entry bound to the one before. When this step is done, the program takes
-- in every row that was there before. `changes` and `hash`: docs/decisions/0007-ledger.md.
CREATE TABLE ledger (
    number BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    changes {{BLOB}} NOT NULL,
    hash {{BLOB}} NOT NULL
);
CREATE INDEX ledger_at ON ledger (at);

-- 封存: a seal for each day over the entries written since the last; published, nobody can change what lies under it.
CREATE TABLE seal (
    day TEXT PRIMARY KEY,
    suite TEXT NOT NULL,
    first_entry BIGINT NOT NULL,
    last_entry BIGINT NOT NULL,
    root TEXT NOT NULL,
    previous TEXT NOT NULL,
    print TEXT NOT NULL,
    made_at BIGINT NOT NULL
);

-- 审计: the trail says besides who, when and what: of which kind, and from where.
ALTER TABLE access_record ADD COLUMN kind TEXT NOT NULL DEFAULT 'look';
ALTER TABLE access_record ADD COLUMN address TEXT NOT NULL DEFAULT '';
CREATE INDEX access_record_account ON access_record (account_id, id);
CREATE INDEX access_record_kind ON access_record (kind, id);
UPDATE access_record SET kind = 'sign_in' WHERE what = '登录';
UPDATE access_record SET kind = 'administration' WHERE reason = '管理操作';
