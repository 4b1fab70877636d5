//! `docs/procedures.md` is what the program does.

use casework::basis::ActBook;

#[test]
fn procedures_page_is_what_the_program_does() {
    let acts = ActBook::builtin().expect("regulations/acts.toml is sound");
    let page = casework::procedure_book::markdown(&acts, "national-2026", Some("provincial"));
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/procedures.md");
    if std::env::var_os("XIAOBAO_BLESS").is_some() {
        std::fs::write(file, &page).expect("docs/procedures.md can be written");
    }
    let kept = std::fs::read_to_string(file).unwrap_or_default();
    assert_eq!(kept, page, "run with XIAOBAO_BLESS=1 and read the difference");
}
