-- 举报人身份密库 (7.3): keys of people, the key in escrow, what is sealed and to whom, who asked, who looked.

-- A person's key, locked under her password. `admitted_*`: from then on the bureau's reports are sealed to it too.
CREATE TABLE account_key (
    id {{ID}},
    account_id BIGINT NOT NULL REFERENCES account (id),
    public_key {{BLOB}} NOT NULL,
    locked_key {{BLOB}} NOT NULL,
    made_at BIGINT NOT NULL,
    admitted_for BIGINT REFERENCES organization (id),
    admitted_by BIGINT REFERENCES account (id),
    admitted_at BIGINT,
    replaced_at BIGINT
);
CREATE INDEX account_key_account ON account_key (account_id);
CREATE UNIQUE INDEX account_key_live ON account_key (account_id) WHERE replaced_at IS NULL;

-- 密钥托管: the private key is in shares on paper and nowhere else.
CREATE TABLE escrow (
    id {{ID}},
    public_key {{BLOB}} NOT NULL,
    holders BIGINT NOT NULL,
    needed BIGINT NOT NULL,
    names TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    replaced_at BIGINT
);

CREATE TABLE sealed_identity (
    id {{ID}},
    case_id BIGINT NOT NULL REFERENCES cases (id),
    what TEXT NOT NULL,
    suite TEXT NOT NULL,
    body {{BLOB}} NOT NULL,
    made_at BIGINT NOT NULL,
    UNIQUE (case_id, what)
);

-- Who can open it: `custodian`, `reader`, `escrow`. A revoked wrap holds nothing any more.
CREATE TABLE sealed_wrap (
    id {{ID}},
    identity_id BIGINT NOT NULL REFERENCES sealed_identity (id),
    holder TEXT NOT NULL,
    key_id BIGINT REFERENCES account_key (id),
    escrow_id BIGINT REFERENCES escrow (id),
    wrapped {{BLOB}} NOT NULL,
    granted_by BIGINT REFERENCES account (id),
    granted_at BIGINT NOT NULL,
    until BIGINT,
    revoked_at BIGINT
);
CREATE INDEX sealed_wrap_identity ON sealed_wrap (identity_id);
CREATE INDEX sealed_wrap_key ON sealed_wrap (key_id);
CREATE INDEX sealed_wrap_escrow ON sealed_wrap (escrow_id);

CREATE TABLE identity_request (
    id {{ID}},
    identity_id BIGINT NOT NULL REFERENCES sealed_identity (id),
    account_id BIGINT NOT NULL REFERENCES account (id),
    reason TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    decided_by BIGINT REFERENCES account (id),
    decided_at BIGINT,
    approved BIGINT,
    answer TEXT NOT NULL,
    until BIGINT,
    used_at BIGINT
);
CREATE INDEX identity_request_identity ON identity_request (identity_id);
CREATE INDEX identity_request_waiting ON identity_request (asked_at) WHERE decided_at IS NULL;

CREATE TABLE identity_opening (
    id {{ID}},
    identity_id BIGINT NOT NULL REFERENCES sealed_identity (id),
    account_id BIGINT NOT NULL REFERENCES account (id),
    request_id BIGINT REFERENCES identity_request (id),
    reason TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX identity_opening_identity ON identity_opening (identity_id);
CREATE INDEX identity_opening_at ON identity_opening (at);
