//! Both engines have the same schema: tables, columns, keys, indexes.

use std::collections::BTreeSet;
use store::testing::Fresh;
use store::{Db, Dialect, Row, StoreError};

/// A schema as far as both engines can tell it.
#[derive(Debug)]
struct Schema {
    /// `table.column TYPE NOT NULL`.
    columns: BTreeSet<String>,
    /// Primary keys, unique keys and plain indexes as `table unique(a,b)`.
    keys: BTreeSet<String>,
    /// `table(a) -> other(b) on delete`.
    references: BTreeSet<String>,
}

#[test]
fn both_engines_have_the_same_schema() {
    let [sqlite, postgres] = [(Dialect::Sqlite, of_sqlite as fn(&Db) -> Schema), (Dialect::Postgres, of_postgres)].map(
        |(dialect, schema)| {
            let fresh = Fresh::new(dialect);
            let db = Db::open(&fresh.url).unwrap_or_else(|error| panic!("{dialect:?}: {error:?}"));
            schema(&db)
        },
    );
    assert!(sqlite.columns.len() > 20, "{sqlite:?}");
    same("columns", &sqlite.columns, &postgres.columns);
    same("keys", &sqlite.keys, &postgres.keys);
    same("references", &sqlite.references, &postgres.references);
}

/// The ledger names a row by its primary key.
#[test]
fn every_table_has_a_primary_key() {
    let fresh = Fresh::new(Dialect::Sqlite);
    let db = Db::open(&fresh.url).expect("a database");
    let without = "SELECT t.name FROM pragma_table_list t WHERE t.schema = 'main' AND t.type = 'table' \
        AND t.name NOT LIKE 'sqlite~_%' ESCAPE '~' AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) c WHERE c.pk > 0)";
    assert!(rows(&db, without.to_owned()).is_empty());
}

fn same(what: &str, sqlite: &BTreeSet<String>, postgres: &BTreeSet<String>) {
    let only_sqlite: Vec<_> = sqlite.difference(postgres).collect();
    let only_postgres: Vec<_> = postgres.difference(sqlite).collect();
    assert!(
        only_sqlite.is_empty() && only_postgres.is_empty(),
        "{what}: only in SQLite {only_sqlite:#?}, only in PostgreSQL {only_postgres:#?}"
    );
}

fn of_sqlite(db: &Db) -> Schema {
    // Virtual tables of the search index and what is behind them are one engine's own business.
    let tables = "WITH mine AS (SELECT name FROM pragma_table_list
        WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~')";
    let columns = rows(
        db,
        format!(
            "{tables} SELECT mine.name, c.name, c.type, c.\"notnull\", c.pk FROM mine, pragma_table_info(mine.name) c"
        ),
    );
    let keys = rows(
        db,
        format!(
            "{tables} SELECT mine.name, i.\"unique\", i.partial,
                (SELECT GROUP_CONCAT(COALESCE(x.name, 'expression') || CASE x.\"desc\" WHEN 1 THEN ' desc' ELSE '' END, ','
                    ORDER BY x.seqno) FROM pragma_index_xinfo(i.name) x WHERE x.key = 1)
             FROM mine, pragma_index_list(mine.name) i
             UNION ALL
             SELECT mine.name, 1, 0, c.name FROM mine, pragma_table_info(mine.name) c WHERE c.pk = 1 AND c.type = 'INTEGER'
                AND NOT EXISTS (SELECT 1 FROM pragma_index_list(mine.name) i WHERE i.origin = 'pk')"
        ),
    );
    let references = rows(
        db,
        format!(
            "{tables} SELECT mine.name, GROUP_CONCAT(f.\"from\", ',' ORDER BY f.seq), f.\"table\",
                GROUP_CONCAT(COALESCE(f.\"to\", 'id'), ',' ORDER BY f.seq), LOWER(f.on_delete)
             FROM mine, pragma_foreign_key_list(mine.name) f GROUP BY mine.name, f.id"
        ),
    );
    let column = |row: &Row| {
        let class = match row.str(2)? {
            "INTEGER" => "BIGINT",
            other => other,
        };
        let needed = row.bool(3)? || row.int(4)? > 0;
        Ok(format!("{}.{} {class}{}", row.str(0)?, row.str(1)?, if needed { " NOT NULL" } else { "" }))
    };
    Schema { columns: told(&columns, column), keys: told(&keys, key), references: told(&references, reference) }
}

fn of_postgres(db: &Db) -> Schema {
    let columns = "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT),
            CAST(is_nullable AS TEXT), CAST(collation_name AS TEXT)
        FROM information_schema.columns WHERE table_schema = 'public' AND data_type <> 'tsvector'";
    let keys = "SELECT CAST(t.relname AS TEXT), CAST(i.indisunique AS INT), CAST(i.indpred IS NOT NULL AS INT),
            (SELECT STRING_AGG(COALESCE(CAST(a.attname AS TEXT), 'expression')
                    || CASE o.bits & 1 WHEN 1 THEN ' desc' ELSE '' END, ',' ORDER BY o.place)
                FROM UNNEST(CAST(i.indkey AS INT[]), CAST(i.indoption AS INT[])) WITH ORDINALITY o(number, bits, place)
                LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = o.number AND o.number <> 0)
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
            JOIN pg_am m ON m.oid = x.relam
        WHERE t.relnamespace = CAST('public' AS regnamespace) AND t.relkind = 'r' AND m.amname = 'btree'";
    let references = "SELECT CAST(CAST(c.conrelid AS regclass) AS TEXT),
            (SELECT STRING_AGG(CAST(a.attname AS TEXT), ',' ORDER BY o.place)
                FROM UNNEST(c.conkey) WITH ORDINALITY o(number, place)
                JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = o.number),
            CAST(CAST(c.confrelid AS regclass) AS TEXT),
            (SELECT STRING_AGG(CAST(a.attname AS TEXT), ',' ORDER BY o.place)
                FROM UNNEST(c.confkey) WITH ORDINALITY o(number, place)
                JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = o.number),
            CASE c.confdeltype WHEN 'a' THEN 'no action' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null'
                WHEN 'r' THEN 'restrict' ELSE 'set default' END
        FROM pg_constraint c WHERE c.contype = 'f'";
    let [columns, keys, references] = [columns, keys, references].map(|sql| rows(db, sql.to_owned()));
    let column = |row: &Row| {
        let class = match (row.str(2)?, row.opt_str(4)?) {
            ("bigint", None) => "BIGINT".to_owned(),
            ("text", Some("C")) => "TEXT".to_owned(),
            ("bytea", None) => "BLOB".to_owned(),
            (other, collation) => format!("{other} with collation {collation:?}"),
        };
        let needed = row.str(3)? == "NO";
        Ok(format!("{}.{} {class}{}", row.str(0)?, row.str(1)?, if needed { " NOT NULL" } else { "" }))
    };
    Schema { columns: told(&columns, column), keys: told(&keys, key), references: told(&references, reference) }
}

fn key(row: &Row) -> Result<String, StoreError> {
    let (unique, partial) = (row.bool(1)?, row.bool(2)?);
    let kind = match (unique, partial) {
        (true, false) => "unique",
        (true, true) => "unique where",
        (false, false) => "index",
        (false, true) => "index where",
    };
    Ok(format!("{} {kind}({})", row.str(0)?, row.str(3)?))
}

fn reference(row: &Row) -> Result<String, StoreError> {
    Ok(format!("{}({}) -> {}({}) {}", row.str(0)?, row.str(1)?, row.str(2)?, row.str(3)?, row.str(4)?))
}

fn rows(db: &Db, sql: String) -> Vec<Row> {
    db.read(move |tx| tx.query(&sql, &[])).unwrap_or_else(|error: StoreError| panic!("{error:?}"))
}

fn told(rows: &[Row], tell: impl Fn(&Row) -> Result<String, StoreError>) -> BTreeSet<String> {
    rows.iter().map(|row| tell(row).unwrap()).collect()
}
