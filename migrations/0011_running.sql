-- What runs is asked for by case (the recount) and by date (the sweep). With `stopped_at` as the first column of an index, SQLite
-- read every running deadline for each batch of a recount once there were a million of them; two partial indexes leave it no choice.
DROP INDEX deadline_running;
CREATE INDEX deadline_due ON deadline (overdue_noted_at, due_at) WHERE stopped_at IS NULL;
