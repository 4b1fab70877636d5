-- 经营者: the registered businesses behind respondents. `names` holds every name it bore as it is compared, between bars.
CREATE TABLE operator (
    id {{ID}},
    name TEXT NOT NULL,
    former_names TEXT NOT NULL,
    names TEXT NOT NULL,
    credit_code TEXT NOT NULL,
    kind TEXT NOT NULL,
    region_code TEXT NOT NULL,
    address TEXT NOT NULL,
    contact_name TEXT NOT NULL,
    phone TEXT NOT NULL,
    -- the bureau that entered it, which may change it besides those of its place
    bureau_id BIGINT REFERENCES organization (id),
    -- entered twice: the one that goes on
    merged_into BIGINT REFERENCES operator (id),
    registered_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX operator_credit_code ON operator (credit_code) WHERE credit_code <> '';
CREATE INDEX operator_region ON operator (region_code);
CREATE INDEX operator_merged ON operator (merged_into) WHERE merged_into IS NOT NULL;

-- 经营地址: the places of business besides the registered one.
CREATE TABLE operator_place (
    operator_id BIGINT NOT NULL REFERENCES operator (id),
    number BIGINT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (operator_id, number)
);

-- 网店: the shops it runs on platforms; `shop` is platform and name as they are compared.
CREATE TABLE operator_shop (
    operator_id BIGINT NOT NULL REFERENCES operator (id),
    number BIGINT NOT NULL,
    platform TEXT NOT NULL,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    shop TEXT NOT NULL,
    PRIMARY KEY (operator_id, number)
);
CREATE INDEX operator_shop_shop ON operator_shop (shop);

-- 关联经营者: follows the state of the case.
ALTER TABLE cases ADD COLUMN operator_id BIGINT REFERENCES operator (id);
CREATE INDEX cases_operator ON cases (operator_id, received_day) WHERE operator_id IS NOT NULL;
