-- 到期提醒: the morning on which the officer is reminded of a limit, and when the sweep did it.
ALTER TABLE deadline ADD COLUMN remind_at BIGINT;
ALTER TABLE deadline ADD COLUMN reminded_at BIGINT;
CREATE INDEX deadline_reminder ON deadline (remind_at) WHERE stopped_at IS NULL AND reminded_at IS NULL;
