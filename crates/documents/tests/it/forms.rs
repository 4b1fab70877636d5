//! Issue 5 row 1: every form in PDF, Word and HTML from one description; text as given; the same bytes every time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use documents::docx::docx;
use documents::font::Fonts;
use documents::form::{BlankKind, Form, FormBook, FormError, Value, Values};
use documents::pdf::{PrintError, pdf};
use documents::{html, paper::Paper};
use domain::rule_book::RuleBook;

use crate::pdf_text::{pages, squeezed};

pub static BOOK: LazyLock<FormBook> =
    LazyLock::new(|| FormBook::over(&RuleBook::builtin().expect("the rule sets")).expect("the forms"));
pub static FONTS: LazyLock<Fonts> = LazyLock::new(Fonts::built_in);

/// The ten of April 2026, with the words that each must print.
const TEN: [(&str, &str); 10] = [
    ("registration_form", "是否同意公示投诉信息"),
    ("report_registration_form", "身份证件号码"),
    ("dispatch_notice", "现转去"),
    ("identity_request", "请你在年月日前向我局提供以下身份证明材料"),
    ("acceptance_decision", "符合《市场监督管理投诉举报处理办法》规定的受理条件，我局决定受理"),
    ("refusal_decision", "（七）法律、法规、规章规定不予受理的其他情形。"),
    ("mediation_notice", "1.身份证明材料；2."),
    ("termination_decision", "（八）法律、法规、规章规定的应当终止调解的其他情形。"),
    ("mediation_agreement", "本调解书经双方当事人签字后生效"),
    ("report_result_notice", "根据《xx法/条例/办法》第xx条规定，现将处理结果告知如下"),
];

/// The twelve of December 2019 in the order of their list, with their titles as printed there.
const TWELVE: [(&str, &str); 12] = [
    ("registration_form", "投诉登记表"),
    ("report_registration_form", "举报登记表"),
    ("dispatch_notice", "投诉/举报转办通知书"),
    ("dispatch_told_notice", "投诉/举报分送情况告知书"),
    ("acceptance_decision", "投诉受理决定书"),
    ("refusal_decision", "投诉不予受理决定书"),
    ("mediation_notice", "投诉调解通知书"),
    ("termination_decision", "投诉终止调解决定书"),
    ("mediation_agreement", "投诉调解书"),
    ("report_opening_notice", "举报立案告知书"),
    ("report_declining_notice", "举报不予立案告知书"),
    ("result_report", "投诉/举报处理结果报告书"),
];

pub fn form(key: &str) -> &'static Form {
    BOOK.find(key, None).unwrap_or_else(|| panic!("the form {key}"))
}

/// A value for every blank of a form, each one different.
pub fn values(form: &Form) -> Values {
    let mut values = Values::new();
    for (index, name) in form.blanks().into_iter().enumerate() {
        let value = match BOOK.blank(&name) {
            Some(blank) if blank.kind == BlankKind::Rows => {
                let row = |count: usize| {
                    let names = form.row_blanks(&name).into_iter();
                    names.map(|name| (name.clone(), word(&name, count))).collect::<BTreeMap<_, _>>()
                };
                Value::Rows((0..3).map(row).collect())
            }
            Some(blank) if !blank.boxes.is_empty() => Value::Text(blank.boxes[index % blank.boxes.len()].clone()),
            Some(blank) if !blank.either.is_empty() => Value::Text(blank.either[0].clone()),
            _ => Value::Text(word(&name, index)),
        };
        values.insert(name, value);
    }
    values
}

fn word(name: &str, index: usize) -> String {
    format!("{}第{index}号内容", name.replace('_', "-"))
}

pub fn without_spaces(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

fn filled(key: &str, values: &Values) -> Paper {
    BOOK.fill(form(key), values).expect("a filled form")
}

#[test]
fn every_form_prints_what_is_written_on_it() {
    for form in BOOK.all() {
        let values = values(form);
        let paper = BOOK.fill(form, &values).expect("a filled form");
        let text = squeezed(&pdf(&FONTS, &paper).expect("a PDF"));
        let page = without_spaces(&html::page(&paper));
        let texts = values.values().flat_map(|value| match value {
            Value::Text(text) => vec![text.clone()],
            Value::Rows(rows) => rows.iter().flat_map(|row| row.values().cloned()).collect(),
        });
        for wanted in texts.chain([form.title.clone()]) {
            let wanted = without_spaces(&wanted);
            assert!(text.contains(&wanted), "{}: {wanted} is not in the PDF: {text}", form.key);
            assert!(page.contains(&wanted), "{}: {wanted} is not on the page", form.key);
        }
        assert!(docx(&paper).expect("a Word file").starts_with(b"PK"), "{}", form.key);
    }
}

#[test]
fn printed_text_and_model_say_the_same() {
    for form in BOOK.all() {
        let paper = BOOK.fill(form, &Values::new()).expect("a blank form");
        let text = squeezed(&pdf(&FONTS, &paper).expect("a PDF"));
        for wanted in paper.texts() {
            for line in wanted.plain().lines().map(without_spaces) {
                // A cell's or a column's own lines may lie between those of its neighbours.
                let found = text.contains(&line) || line.chars().all(|letter| text.contains(letter));
                assert!(found, "{}: {line}", form.key);
            }
        }
    }
}

#[test]
fn the_same_values_give_the_same_bytes() {
    for key in ["acceptance_decision", "registration_form", "file_contents"] {
        let values = values(form(key));
        let (one, two) = (filled(key, &values), filled(key, &values));
        let fresh = Fonts::built_in();
        assert_eq!(pdf(&FONTS, &one).expect("a PDF"), pdf(&fresh, &two).expect("a PDF"), "{key}");
        assert_eq!(docx(&one).expect("a Word file"), docx(&two).expect("a Word file"), "{key}");
    }
}

#[test]
fn the_ten_forms_of_april_2026_are_there_and_take_a_sheet_each() {
    for (key, words) in TEN {
        let form = BOOK.find(key, Some("national-2026")).expect("one of the ten");
        assert!(form.mark.starts_with("文书式样") && form.page > 3 && form.confirmed, "{key}");
        let blank = pdf(&FONTS, &BOOK.fill(form, &Values::new()).expect("a blank form")).expect("a PDF");
        assert_eq!(pages(&blank).len(), 1, "{key}");
        let text = squeezed(&blank);
        assert!(text.contains(words), "{key}: {text}");
        assert!(text.contains(&form.mark), "{key} carries its mark while blank");
    }
}

/// Cases of before 15 April 2026 keep the forms of their time, under the numbers and titles of the list of 2019.
#[test]
fn the_twelve_forms_of_2019_are_there_for_the_cases_of_their_time() {
    let numbers = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];
    for set in ["national-2020", "national-2024"] {
        for ((key, title), number) in TWELVE.iter().zip(numbers) {
            let form = BOOK.find(key, Some(set)).unwrap_or_else(|| panic!("{key} in {set}"));
            assert_eq!((form.title.as_str(), form.mark.as_str()), (*title, format!("文书式样{number}").as_str()));
            assert!(form.source.contains("〔2019〕242号"), "{key}: {}", form.source);
            assert!(form.effective_until.is_some(), "{key} is no longer in use");
            // Only the first was read whole; what is ours in the others is said.
            assert_eq!(form.confirmed, *key == "registration_form", "{key}");
            assert!(form.confirmed || form.note.contains("2019"), "{key}: {}", form.note);
            let blank = pdf(&FONTS, &BOOK.fill(form, &Values::new()).expect("a blank form")).expect("a PDF");
            assert_eq!(pages(&blank).len(), 1, "{key}");
            assert!(!squeezed(&blank).contains("投诉举报处理办法"), "{key} names no rules of 2026");
        }
        let first = BOOK.find("registration_form", Some(set)).expect("form 1").blanks();
        assert!(!first.contains("complainant_id_number") && !first.contains("publication_consent"), "{first:?}");
    }
    assert!(BOOK.find("dispatch_told_notice", Some("national-2026")).is_none(), "2026 has it no more");
    assert!(BOOK.find("dispatch_told_notice", None).is_none());
}

/// A form laid out anew must not lose a blank of the letter that casework fills.
#[test]
fn the_layout_of_a_letter_keeps_all_its_blanks() {
    let rules = RuleBook::builtin().expect("the rule sets");
    for set in rules.all() {
        for letter in &set.letters {
            let form = BOOK.find(&letter.key, Some(&set.key)).expect("every letter is a form");
            let have = form.blanks();
            let lost: BTreeSet<_> = letter.placeholders().difference(&have).cloned().collect();
            assert!(lost.is_empty(), "{} of {}: {lost:?}", letter.key, set.key);
        }
    }
}

#[test]
fn every_form_says_where_it_comes_from_and_every_blank_what_it_means() {
    let mut keys = BTreeSet::new();
    for form in BOOK.all() {
        assert!(!form.source.is_empty(), "{}", form.key);
        assert!(keys.insert((&form.key, &form.rule_set)), "{} twice", form.key);
        assert!(form.confirmed || form.source.contains("自拟") || !form.note.is_empty(), "{}", form.key);
        for name in form.blanks() {
            let blank = BOOK.blank(&name).expect("a known blank");
            assert!(!blank.means.is_empty(), "{name}");
        }
    }
}

#[test]
fn a_character_that_no_font_has_is_named() {
    let values = Values::from([("recipient_name".to_owned(), Value::Text("王𪚥".to_owned()))]);
    let refused = pdf(&FONTS, &filled("acceptance_decision", &values)).expect_err("no font has it");
    assert!(matches!(refused, PrintError::Missing(missing) if missing.0 == '𪚥'));
    let said = refused.to_string();
    assert!(said.contains('𪚥') && said.contains("U+2A6A5") && said.contains("fonts"), "{said}");
}

#[test]
fn a_long_text_runs_over_pages_and_nothing_is_lost() {
    let facts: Vec<String> =
        (1..=120).map(|line| format!("第{line}日她在店里看见了第{line}台电饭煲，都不通电，")).collect();
    let facts = facts.concat();
    let values = Values::from([
        ("facts".to_owned(), Value::Text(facts.clone())),
        ("complainant_name".to_owned(), Value::Text("李青禾".to_owned())),
    ]);
    let bytes = pdf(&FONTS, &filled("registration_form", &values)).expect("a PDF");
    let sheets = pages(&bytes);
    assert!(sheets.len() > 1, "{} sheets", sheets.len());
    // The label of the row that is cut stands on the second sheet again, and sheets are numbered.
    let second: String = without_spaces(&sheets[1]);
    assert!(second.contains("事实"), "{second}");
    assert!(second.contains("—2—"), "{second}");
    // Apart from the label beside it, the text goes on where it was cut.
    let all = squeezed(&bytes);
    for line in 1..=120 {
        assert!(all.contains(&format!("第{line}台")) || all.contains(&format!("{line}台")), "line {line}");
    }
    let letters = |text: &str| text.chars().filter(|letter| *letter == '饭').count();
    assert_eq!(letters(&all), letters(&facts));
}

#[test]
fn a_list_repeats_its_head_on_every_sheet() {
    let rows: Vec<BTreeMap<String, String>> =
        (1..=60).map(|number| BTreeMap::from([("item_title".to_owned(), format!("第{number}份证据材料"))])).collect();
    let values = Values::from([("file_items".to_owned(), Value::Rows(rows))]);
    let sheets = pages(&pdf(&FONTS, &filled("file_contents", &values)).expect("a PDF"));
    assert!(sheets.len() >= 3);
    for sheet in &sheets {
        assert!(without_spaces(sheet).contains("文件名称"), "{sheet}");
    }
    assert!(without_spaces(&sheets.concat()).contains("60第60份证据材料"));
}

/// 避头尾: no line begins with a closing sign or ends with an opening one.
#[test]
fn lines_break_where_chinese_lines_may() {
    let subject: String = "《某某》（第一版），".repeat(40);
    let values = Values::from([("subject".to_owned(), Value::Text(subject))]);
    let sheets = pages(&pdf(&FONTS, &filled("acceptance_decision", &values)).expect("a PDF"));
    let lines: Vec<&str> = sheets.iter().flat_map(|sheet| sheet.lines()).filter(|line| !line.is_empty()).collect();
    assert!(lines.len() > 10);
    for line in lines {
        assert!(!line.starts_with(['，', '）', '》', '。']), "{line}");
        assert!(!line.ends_with(['《', '（']), "{line}");
    }
}

#[test]
fn boxes_are_ticked_by_their_words() {
    let consent = |value: &str| {
        let values = Values::from([("publication_consent".to_owned(), Value::Text(value.to_owned()))]);
        BOOK.fill(form("registration_form"), &values)
    };
    let text = |paper: &Paper| without_spaces(&paper.texts().iter().map(|text| text.plain()).collect::<String>());
    assert!(text(&consent("是").expect("an option")).contains("☑是□否"));
    // Casework hands over the boxes as they are printed.
    assert!(text(&consent("□是　☑否").expect("boxes")).contains("□是☑否"));
    let refused = consent("也许").expect_err("no option");
    assert!(matches!(&refused, FormError::NoSuchOption { options, .. } if options.len() == 2), "{refused}");
    let values = Values::from([("source_kind".to_owned(), Value::Text("其他：群众来访".to_owned()))]);
    assert!(text(&filled("case_source_register", &values)).contains("☑其他：群众来访"));
    assert!(squeezed(&pdf(&FONTS, &filled("case_source_register", &values)).expect("a PDF")).contains("☑其他"));
    // Beside 其他 there is room to write by hand, until something is written there.
    let other = |values: &Values| {
        let paper = filled("case_source_register", values);
        let runs = paper.texts().into_iter().flat_map(|text| text.runs.clone());
        let runs: Vec<(String, bool)> = runs.map(|run| (run.text, run.ruled)).collect();
        runs.windows(2).any(|pair| pair[0].0 == "：" && pair[1].1)
    };
    assert!(other(&Values::new()) && !other(&values));
    assert!(other(&Values::from([("source_kind".to_owned(), Value::Text("监督检查".to_owned()))])));
}

#[test]
fn what_a_form_has_no_blank_for_is_refused_by_name() {
    let values = Values::from([
        ("recipient_name".to_owned(), Value::Text("李青禾".to_owned())),
        ("no_such_blank".to_owned(), Value::Text("x".to_owned())),
    ]);
    let refused = BOOK.fill(form("acceptance_decision"), &values).expect_err("an unknown blank");
    assert!(matches!(&refused, FormError::NoSuchBlank { names, .. } if names == &["no_such_blank"]), "{refused}");
    let values = Values::from([("file_items".to_owned(), Value::Text("一份".to_owned()))]);
    assert!(matches!(BOOK.fill(form("file_contents"), &values), Err(FormError::WrongKind(_))));
}

#[test]
fn an_optional_sentence_stands_only_when_it_says_something() {
    let text = |values: &Values| squeezed(&pdf(&FONTS, &filled("refund_order", values)).expect("a PDF"));
    let day = |name: &str, value: &str| (name.to_owned(), Value::Text(value.to_owned()));
    assert!(text(&Values::new()).contains("[依据《价格违法行为行政处罚规定》"));
    assert!(!text(&Values::from([day("refund_days", "七")])).contains("本局将依法从重处罚"));
    let heavier = text(&Values::from([day("heavier_article", "第十四条")]));
    assert!(heavier.contains("《价格违法行为行政处罚规定》第十四条的规定，拒不退还") && !heavier.contains('['));
}

#[test]
fn a_description_that_does_not_fit_together_is_refused() {
    let rules = RuleBook::builtin().expect("the rule sets");
    let parse = |body: &str| {
        let file = format!(
            "source = \"测试\"\nconfirmed = true\n[[forms]]\nkey = \"test\"\ntitle = \"表\"\nbody = '''\n{body}\n'''\n"
        );
        FormBook::parse(&rules, &[("test.toml", &file)], include_str!("../../../../regulations/forms/blanks.toml"))
    };
    assert!(parse("%columns 1 2\n| 甲 | {remarks} |").is_ok());
    assert!(matches!(parse("{nobody_knows}"), Err(FormError::UnknownBlank { names, .. }) if names == ["nobody_knows"]));
    for wrong in [
        "%columns 1 2\n| 甲 |",
        "| 甲 |",
        "%columns 1 1\n| ^ | 甲 |",
        "%columns 1 1\n| 甲 | 乙 | 9",
        "%seals",
        "%columns 1 1\n| 甲 | < |\n| ^ | 乙 |",
    ] {
        assert!(matches!(parse(wrong), Err(FormError::Table { .. })), "{wrong}");
    }
}

/// A folder of the bureau's own faces is read; what is no font in it does no harm.
#[test]
fn a_bureau_brings_faces_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let song = include_bytes!("../../fonts/XiaobaoSong-Regular.otf");
    std::fs::create_dir(folder.path().join("own")).expect("a folder");
    std::fs::write(folder.path().join("own/face.otf"), song).expect("written");
    std::fs::write(folder.path().join("broken.ttf"), b"no font").expect("written");
    let fonts = Fonts::with_folder(folder.path());
    assert_eq!(fonts.own_families(), ["Xiaobao Song"]);
    let paper = filled("acceptance_decision", &Values::new());
    assert!(squeezed(&pdf(&fonts, &paper).expect("a PDF")).contains("投诉受理决定书"));
}
