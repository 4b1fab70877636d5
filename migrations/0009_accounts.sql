-- 账号安全: second factors, sessions with device and address, wrong tries by source, former passwords.

-- Where a session is used, what must be done before it opens (domain::account::Gate), and when its holder last proved who she is.
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN gate TEXT NOT NULL DEFAULT 'open';
ALTER TABLE session ADD COLUMN wrong BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0;

-- Until when setting up a second factor may be put off; wrong tries are counted by source now.
ALTER TABLE account ADD COLUMN factor_later_until BIGINT;
ALTER TABLE account DROP COLUMN failures;
ALTER TABLE account DROP COLUMN locked_until;

-- 第二重验证. `secret`: of `totp` the sealed secret, of `passkey` the public key as it came (COSE). `counter`: the last time step
-- used, or the authenticator's own counter.
CREATE TABLE account_factor (
    id {{ID}},
    account_id BIGINT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    credential TEXT UNIQUE,
    secret {{BLOB}} NOT NULL,
    counter BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX account_factor_account ON account_factor (account_id);

-- 恢复码: printed once, kept as a keyed hash, good once.
CREATE TABLE recovery_code (
    account_id BIGINT NOT NULL REFERENCES account (id),
    code_hash TEXT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (account_id, code_hash)
);

-- What a passkey is asked to sign, until it is used.
CREATE TABLE passkey_challenge (
    hash TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE former_password (
    id {{ID}},
    account_id BIGINT NOT NULL REFERENCES account (id),
    password_hash TEXT NOT NULL,
    set_at BIGINT NOT NULL
);
CREATE INDEX former_password_account ON former_password (account_id);

-- Wrong tries of one login from one source (`network:…`, `device:…`, `strangers`, `inside`). The login stands here as a keyed
-- hash: people type their password there by mistake. `untold`: those that its owner has not been told of.
CREATE TABLE login_source (
    login_hash TEXT NOT NULL,
    source TEXT NOT NULL,
    failures BIGINT NOT NULL,
    untold BIGINT NOT NULL,
    failed_at BIGINT,
    waits_until BIGINT,
    known_until BIGINT,
    PRIMARY KEY (login_hash, source)
);
