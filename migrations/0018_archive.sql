-- 档案 (9.1-9.3): everything that is kept, a closed case or not.
CREATE TABLE archive_item (
    id {{ID}},
    bureau_id BIGINT NOT NULL REFERENCES organization (id),
    case_id BIGINT UNIQUE REFERENCES cases (id),
    class TEXT NOT NULL,
    number TEXT NOT NULL UNIQUE,
    -- of a case: empty, its own title stands
    title TEXT NOT NULL,
    -- of a case: nothing, the day on which it was closed stands
    day TEXT,
    year BIGINT NOT NULL,
    -- own time of keeping in years, instead of that of its class
    years BIGINT,
    shelf TEXT NOT NULL DEFAULT '',
    custodian TEXT NOT NULL DEFAULT '',
    -- 全宗号、目录号、检查人、备考
    fonds TEXT NOT NULL DEFAULT '',
    catalogue TEXT NOT NULL DEFAULT '',
    checked_by TEXT NOT NULL DEFAULT '',
    remarks TEXT NOT NULL DEFAULT '',
    file_name TEXT NOT NULL DEFAULT '',
    media_type TEXT NOT NULL DEFAULT '',
    size BIGINT NOT NULL DEFAULT 0,
    sha256 TEXT NOT NULL DEFAULT '',
    entered_by BIGINT REFERENCES account (id),
    entered_at BIGINT NOT NULL,
    destroyed_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX archive_item_of_bureau ON archive_item (bureau_id, class, year);
CREATE INDEX archive_item_file ON archive_item (sha256);

INSERT INTO archive_item (bureau_id, case_id, class, number, title, year, entered_by, entered_at)
SELECT c.bureau_id, c.id, CASE c.kind WHEN 'complaint' THEN 'mediation' WHEN 'report' THEN 'case_files' ELSE 'correspondence' END,
    v.file_number, '', CAST(SUBSTR(v.file_number, 8, 4) AS BIGINT), v.closed_by, v.closed_at
FROM case_volume v JOIN cases c ON c.id = v.case_id ORDER BY v.file_number;

-- 保管期限: what a bureau set for a class.
CREATE TABLE archive_term (
    bureau_id BIGINT NOT NULL REFERENCES organization (id),
    class TEXT NOT NULL,
    years BIGINT NOT NULL,
    set_by BIGINT NOT NULL REFERENCES account (id),
    set_at BIGINT NOT NULL,
    PRIMARY KEY (bureau_id, class)
);

-- What was done with an item, oldest first; never changed.
CREATE TABLE archive_note (
    id {{ID}},
    item_id BIGINT NOT NULL REFERENCES archive_item (id),
    at BIGINT NOT NULL,
    account_id BIGINT REFERENCES account (id),
    what TEXT NOT NULL,
    words TEXT NOT NULL
);
CREATE INDEX archive_note_of_item ON archive_note (item_id, id);

-- 停止销毁 (legal hold).
CREATE TABLE archive_hold (
    id {{ID}},
    item_id BIGINT NOT NULL REFERENCES archive_item (id),
    reason TEXT NOT NULL,
    put_by BIGINT NOT NULL REFERENCES account (id),
    put_at BIGINT NOT NULL,
    lifted_by BIGINT REFERENCES account (id),
    lifted_at BIGINT,
    lift_reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX archive_hold_of_item ON archive_hold (item_id, lifted_at);

-- 借阅.
CREATE TABLE archive_loan (
    id {{ID}},
    item_id BIGINT NOT NULL REFERENCES archive_item (id),
    borrower_id BIGINT NOT NULL REFERENCES account (id),
    -- the side part, or a report: what needs approval
    sealed BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    due_day TEXT NOT NULL,
    -- asked, refused, out, returned
    state TEXT NOT NULL,
    asked_by BIGINT NOT NULL REFERENCES account (id),
    asked_at BIGINT NOT NULL,
    decided_by BIGINT REFERENCES account (id),
    decided_at BIGINT,
    opinion TEXT NOT NULL DEFAULT '',
    returned_at BIGINT,
    taken_back_by BIGINT REFERENCES account (id),
    reminded_day TEXT
);
CREATE INDEX archive_loan_of_item ON archive_loan (item_id, id);
CREATE INDEX archive_loan_open ON archive_loan (state, due_day);

-- 鉴定销毁: a list, who appraised it, who approved it.
CREATE TABLE archive_disposal (
    id {{ID}},
    bureau_id BIGINT NOT NULL REFERENCES organization (id),
    number TEXT NOT NULL UNIQUE,
    -- drawn, appraised, approved, refused, done
    state TEXT NOT NULL,
    drawn_by BIGINT NOT NULL REFERENCES account (id),
    drawn_at BIGINT NOT NULL,
    appraised_by BIGINT REFERENCES account (id),
    appraised_at BIGINT,
    appraisal TEXT NOT NULL DEFAULT '',
    decided_by BIGINT REFERENCES account (id),
    decided_at BIGINT,
    opinion TEXT NOT NULL DEFAULT '',
    done_by BIGINT REFERENCES account (id),
    done_at BIGINT,
    witness TEXT NOT NULL DEFAULT ''
);
CREATE INDEX archive_disposal_of_bureau ON archive_disposal (bureau_id, id);

-- What stands on a list, as it was when the list was drawn.
CREATE TABLE archive_disposal_item (
    disposal_id BIGINT NOT NULL REFERENCES archive_disposal (id),
    item_id BIGINT NOT NULL REFERENCES archive_item (id),
    years BIGINT NOT NULL,
    ended_on TEXT NOT NULL,
    -- taken off the list again in the appraisal
    kept_because TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (disposal_id, item_id)
);
CREATE INDEX archive_disposal_item_of ON archive_disposal_item (item_id);

-- 卷内次序 that somebody set while the file was open: ids of its papers, joined by commas.
CREATE TABLE volume_order (
    case_id BIGINT NOT NULL REFERENCES cases (id),
    part TEXT NOT NULL,
    papers TEXT NOT NULL,
    moved_by BIGINT REFERENCES account (id),
    moved_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, part)
);
