//! Every address that the server answers stands in the printed table of who may do what.

use crate::source::{assert_none, under};

#[test]
fn every_route_stands_in_the_authority_table() {
    let table: String = under("crates/web/tests/")
        .filter(|file| file.name().contains("authority") && !file.has_extension("rs"))
        .filter_map(|file| file.text.as_deref())
        .collect();
    let mut missing = Vec::new();
    for file in under("crates/web/src/").filter(|file| file.is_shipped_rust()) {
        let text = file.text.as_deref().unwrap_or_default();
        missing
            .extend(routes(text).filter(|route| !table.contains(route)).map(|route| format!("{}: {route}", file.path)));
    }
    assert_none("nobody can see who may call these: update the authority snapshot of crates/web", &missing);
}

/// The addresses in `.route("…", …)`, wherever the line breaks.
fn routes(text: &str) -> impl Iterator<Item = &str> {
    text.split(".route(").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
}

#[test]
fn routes_are_read_from_the_router() {
    let router = ".route(\"/login\", get(ask))\n    .route(\n        \"/desk/{number}\",\n        get(show),\n    )";
    assert_eq!(routes(router).collect::<Vec<_>>(), ["/login", "/desk/{number}"]);
}
