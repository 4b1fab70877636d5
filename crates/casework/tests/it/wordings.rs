//! Issue 5 row 1: the wording of letters that a bureau edits: who inherits it, from which day it is used, what may not be lost, the
//! way back, and that a paper keeps what it said.

use casework::letters::{self, KeptLetter};
use casework::wording::{self, Decision, History, Stage};
use casework::{ActError, Actor};
use domain::action::Action;
use domain::wording::{Wording, WordingChoice};
use jiff::Timestamp;

use crate::vault::code;
use crate::world::{World, at, hours, on_both};

const SET: &str = "national-2026";
const LETTER: &str = "acceptance_decision";
/// The world's morning is 1 June.
const TODAY: &str = "2026-06-01";

fn history(world: &World, place: &str, now: Timestamp, letter: &'static str) -> History {
    let id = world.place(place);
    world.act(&Actor::System, now, move |tx, scene| wording::history(tx, scene, id, SET, letter)).expect("a history")
}

/// The official paragraphs with one more at the end.
fn with(world: &World, letter: &'static str, last: &str) -> Wording {
    let mut words = history(world, "bureau", hours(0), letter).words(0).expect("the official words");
    words.paragraphs.push(last.to_owned());
    words
}

fn own(words: Wording, from: &str) -> Decision {
    Decision { choice: WordingChoice::Own, words, from: from.to_owned(), reason: "补上办公时间".to_owned() }
}

fn back(choice: WordingChoice, from: &str) -> Decision {
    Decision { choice, words: Wording::default(), from: from.to_owned(), reason: "换回去".to_owned() }
}

/// Decides as the administrator of the county's bureau, or as the program for places beyond her.
fn decide(world: &World, place: &str, letter: &'static str, seen: i64, decision: &Decision) -> Result<i64, ActError> {
    let actor = if place == "bureau" { world.staff("administrator") } else { Actor::System };
    let (id, decision) = (world.place(place), decision.clone());
    world.act(&actor, hours(0), move |tx, scene| wording::decide(tx, scene, id, (SET, letter), seen, &decision))
}

/// The acceptance decision of a case accepted then.
fn accepted(world: &World, now: Timestamp) -> (String, KeptLetter) {
    let number = world.registered(now).number;
    world.does("dispatcher", now, &number, Action::Accept);
    let kept = kept(world, &number);
    (number, kept)
}

fn kept(world: &World, number: &str) -> KeptLetter {
    let paper = world.papers(number).into_iter().find(|paper| paper.kind == LETTER).expect("the decision");
    letters::read(&paper).expect("a letter")
}

fn ends_with(letter: &KeptLetter, words: &str) -> bool {
    letter.letter.paragraphs.last().is_some_and(|last| last == words)
}

#[test]
fn own_words_are_used_from_their_day_and_a_paper_keeps_what_it_said() {
    on_both("wording from a day", |world| {
        let (before, official) = accepted(world, hours(0));
        assert!(ends_with(&official, "特此告知。"));
        let mut words = with(world, LETTER, "办公时间：工作日9时至17时。");
        words.notes = vec!["本局的注。".to_owned()];
        assert_eq!(decide(world, "bureau", LETTER, 0, &own(words, "2026-06-03")).expect("version 1"), 1);
        assert_eq!(history(world, "bureau", hours(0), LETTER).versions[0].stage, Stage::Coming);
        assert!(ends_with(&accepted(world, hours(1)).1, "特此告知。"), "not before its day");
        // Beijing's third of June begins at sixteen hours of the second in Greenwich.
        assert!(ends_with(&accepted(world, at("2026-06-02T23:59:00+08:00")).1, "特此告知。"));
        let (_, new) = accepted(world, at("2026-06-03T00:00:00+08:00"));
        assert!(ends_with(&new, "办公时间：工作日9时至17时。"), "{:?}", new.letter.paragraphs);
        assert_eq!(new.notes, ["本局的注。"]);
        assert!(new.letter.paragraphs[0].contains("2026年6月3日"), "the blanks are filled");
        assert_eq!(kept(world, &before), official, "what was made stays");
        assert_eq!(history(world, "bureau", at("2026-06-03T09:00:00+08:00"), LETTER).versions[0].stage, Stage::InForce);
    });
}

#[test]
fn who_says_nothing_says_what_the_nearest_above_says() {
    on_both("wording inherited", |world| {
        let words = |last: &str| with(world, LETTER, last);
        decide(world, "city", LETTER, 0, &own(words("市局的话。"), TODAY)).expect("the city");
        assert!(ends_with(&accepted(world, hours(1)).1, "市局的话。"), "the county follows the city");
        decide(world, "bureau", LETTER, 0, &own(words("区局的话。"), TODAY)).expect("the county");
        assert!(ends_with(&accepted(world, hours(2)).1, "区局的话。"), "the nearer before the farther");
        let other = history(world, "other", hours(2), LETTER);
        assert_eq!(other.standing.words.expect("the city's").paragraphs.last().map(String::as_str), Some("市局的话。"));
        assert_eq!(other.above.as_deref(), Some("郑州市市场监督管理局"));
        // Back to the official words, although the city has its own; then to the city's again.
        decide(world, "bureau", LETTER, 1, &back(WordingChoice::Official, TODAY)).expect("official");
        assert!(ends_with(&accepted(world, hours(3)).1, "特此告知。"));
        decide(world, "bureau", LETTER, 2, &back(WordingChoice::Above, TODAY)).expect("above");
        assert!(ends_with(&accepted(world, hours(4)).1, "市局的话。"));
    });
}

#[test]
fn the_way_back_is_a_version_and_none_is_overwritten() {
    on_both("wording back", |world| {
        let (first, second) = (with(world, LETTER, "第一种。"), with(world, LETTER, "第二种。"));
        decide(world, "bureau", LETTER, 0, &own(first.clone(), TODAY)).expect("1");
        decide(world, "bureau", LETTER, 1, &own(second, TODAY)).expect("2");
        assert!(ends_with(&accepted(world, hours(1)).1, "第二种。"));
        decide(world, "bureau", LETTER, 2, &own(first.clone(), TODAY)).expect("3 repeats 1");
        assert!(ends_with(&accepted(world, hours(2)).1, "第一种。"));
        let history = history(world, "bureau", hours(2), LETTER);
        let told: Vec<_> =
            history.versions.iter().map(|it| (it.row.version, it.stage, it.repeats, it.by.as_str())).collect();
        let by = world.people["administrator"].name.as_str();
        assert_eq!(told, [(3, Stage::InForce, Some(1), by), (2, Stage::Past, None, by), (1, Stage::Past, None, by)]);
        assert_eq!(history.words(1), Some(first));
        assert_eq!(history.words(0).expect("always there").paragraphs.len(), 3);
        let audited = world.look(|tx| {
            let entries = store::access::latest(tx, i64::MAX, 99)?;
            Ok(entries
                .iter()
                .filter(|entry| entry.what.contains("改文书文字：金水区市场监督管理局，投诉受理决定书"))
                .count())
        });
        assert_eq!(audited, 3);
    });
}

#[test]
fn a_coming_version_is_withdrawn_and_one_in_force_is_not() {
    on_both("wording withdrawn", |world| {
        let words = with(world, LETTER, "办公时间。");
        decide(world, "bureau", LETTER, 0, &own(words.clone(), "2026-06-03")).expect("1");
        let withdraw = |version: i64, now: Timestamp| {
            let id = world.place("bureau");
            world.act(&world.staff("administrator"), now, move |tx, scene| {
                wording::withdraw(tx, scene, id, (SET, LETTER), version)
            })
        };
        withdraw(1, hours(1)).expect("withdrawn");
        withdraw(1, hours(1)).expect("twice is once");
        assert!(ends_with(&accepted(world, hours(72)).1, "特此告知。"));
        assert_eq!(withdraw(7, hours(1)).unwrap_err().code(), "case.not_found");
        // The same words again, as version 2; once their day has come they stay.
        decide(world, "bureau", LETTER, 1, &own(words, "2026-06-03")).expect("2");
        assert_eq!(withdraw(2, hours(72)).unwrap_err().code(), "act.conflict");
        assert!(ends_with(&accepted(world, hours(72)).1, "办公时间。"));
    });
}

#[test]
fn what_must_stay_is_asked_for_all_at_once() {
    on_both("wording refused", |world| {
        let faults = |letter: &'static str, decision: &Decision| match decide(world, "bureau", letter, 0, decision) {
            Err(ActError::Invalid(faults)) => {
                let mut told: Vec<_> = faults.into_iter().map(|fault| (fault.field, fault.code)).collect();
                told.sort();
                told
            }
            other => panic!("{other:?}"),
        };
        let of = |pairs: &[(&str, &str)]| {
            let mut told: Vec<_> =
                pairs.iter().map(|(field, code)| ((*field).to_owned(), (*code).to_owned())).collect();
            told.sort();
            told
        };
        let official = history(world, "bureau", hours(0), "refusal_decision").words(0).expect("official");
        let mut words = official.clone();
        // Item and article are gone, the list stands no more alone, a paragraph is empty, one has a blank that is not for this
        // letter, one a brace too few, and a note has a blank.
        words.paragraphs[0] = "我局于{received_date}收到你关于{subject}的投诉，我局决定不予受理。".to_owned();
        words.paragraphs[2] = "以下是全文：{refusal_grounds}".to_owned();
        words.paragraphs.extend([
            "  ".to_owned(),
            "{complainant_id_number}".to_owned(),
            "致电{contact_phone".to_owned(),
        ]);
        words.notes = vec!["见{case_number}".to_owned()];
        let decision = Decision { reason: " ".to_owned(), ..own(words, "2026-05-31") };
        assert_eq!(
            faults("refusal_decision", &decision),
            of(&[
                ("from", "from.past"),
                ("note-1", "note.blank"),
                ("paragraph-6", "paragraph.empty"),
                ("paragraph-7", "blank.unknown"),
                ("paragraph-8", "blank.broken"),
                ("reason", "reason.missing"),
                ("wording", "blank.lost"),
                ("wording", "blank.not_alone"),
                ("wording", "fixed.lost"),
            ])
        );
        let remedy = Wording {
            paragraphs: official.paragraphs.iter().filter(|text| !text.contains("第三十九条")).cloned().collect(),
            ..official.clone()
        };
        assert_eq!(faults("refusal_decision", &own(remedy, TODAY)), of(&[("wording", "fixed.lost")]));
        assert_eq!(faults("refusal_decision", &own(official, TODAY)), of(&[("wording", "wording.unchanged")]));
        let none = Wording::default();
        assert!(faults(LETTER, &own(none, "")).contains(&("from".to_owned(), "from.missing".to_owned())));
        // A form that is a table has notes and nothing else.
        let table = Wording { paragraphs: vec!["一段。".to_owned()], notes: Vec::new() };
        assert_eq!(faults("registration_form", &own(table, TODAY)), of(&[("wording", "paragraph.none")]));
        assert!(history(world, "bureau", hours(0), "refusal_decision").versions.is_empty(), "nothing was kept");
    });
}

#[test]
fn of_two_who_edit_one_is_told_and_a_repeat_is_done_once() {
    on_both("wording at once", |world| {
        let (mine, hers) = (own(with(world, LETTER, "甲。"), TODAY), own(with(world, LETTER, "乙。"), TODAY));
        assert_eq!(decide(world, "bureau", LETTER, 0, &mine).expect("first"), 1);
        assert_eq!(decide(world, "bureau", LETTER, 0, &mine).expect("the same once more"), 1);
        assert_eq!(decide(world, "bureau", LETTER, 0, &hers).unwrap_err().code(), "act.conflict");
        assert_eq!(decide(world, "bureau", LETTER, 1, &hers).expect("after looking"), 2);
        assert_eq!(history(world, "bureau", hours(0), LETTER).versions.len(), 2);
    });
}

#[test]
fn only_the_administrator_of_the_bureau_decides() {
    on_both("wording whose", |world| {
        let decision = own(with(world, LETTER, "甲。"), TODAY);
        let as_who = |who: &str, place: &str| {
            let (id, decision) = (world.place(place), decision.clone());
            let decide = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| {
                wording::decide(tx, scene, id, (SET, LETTER), 0, &decision)
            };
            world.act(&world.staff(who), hours(0), decide).unwrap_err()
        };
        for who in ["security", "leader", "dispatcher", "auditor"] {
            assert_eq!(as_who(who, "bureau").code(), "act.forbidden", "{who}");
        }
        assert_eq!(as_who("administrator", "other").code(), "case.not_found", "another bureau's");
        assert_eq!(as_who("administrator", "city").code(), "case.not_found", "one above");
        let empty = Decision { words: Wording::default(), ..decision.clone() };
        assert_eq!(code(&decide(world, "bureau", LETTER, 0, &empty).unwrap_err()), "paragraph.none");
    });
}

#[test]
fn a_sample_says_nobodys_name_and_is_printed() {
    on_both("wording sample", |world| {
        let id = world.place("bureau");
        let words = with(world, "refusal_decision", "没有的{某某}。");
        let sample = world
            .act(&world.staff("administrator"), hours(0), move |tx, scene| {
                let history = wording::history(tx, scene, id, SET, "refusal_decision")?;
                wording::sample(tx, scene, &history, &words)
            })
            .expect("a sample");
        let text = sample.kept.text();
        for part in ["金水市监投不受〔2026〕第1号", "某某：", "（七）", "没有的{某某}。", "金水区市场监督管理局"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(sample.pdf(&world.house).expect("a PDF").starts_with(b"%PDF-"));
    });
}

#[test]
fn words_that_no_longer_fit_the_official_letter_are_not_used() {
    on_both("wording unfit", |world| {
        // As if written for an official letter that had no telephone in it.
        let row = store::wording::WordingRow {
            id: 0,
            organization_id: world.place("bureau"),
            rule_set: SET.to_owned(),
            letter: LETTER.to_owned(),
            version: 1,
            choice: WordingChoice::Own.key().to_owned(),
            body: r#"{"paragraphs":["我局于{received_date}收到{subject}，我局决定受理。"],"notes":[]}"#.to_owned(),
            from_day: TODAY.parse().expect("a day"),
            reason: "旧的".to_owned(),
            made_by: None,
            made_at: hours(0),
            withdrawn_at: None,
        };
        world.look(move |tx| store::wording::insert(tx, &row));
        assert!(ends_with(&accepted(world, hours(1)).1, "特此告知。"), "a letter is never made with a hole in it");
        let history = history(world, "bureau", hours(1), LETTER);
        assert!(history.standing.unfit && history.standing.words.is_none(), "and the administrator is told");
    });
}

#[test]
fn a_form_that_is_a_table_is_printed_with_the_notes_it_was_made_with() {
    on_both("wording of a table", |world| {
        let printed = |number: &str| {
            let case = world.case(number);
            let row =
                world.papers(number).into_iter().find(|paper| paper.kind == "registration_form").expect("the form");
            let look = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| {
                casework::issuing::printable(tx, scene, &case, row.clone())
            };
            let form = world.act(&world.staff("dispatcher"), hours(9), look).expect("a look").expect("a letter");
            form.paper(&world.house).tail.iter().map(documents::paper::Text::plain).collect::<Vec<_>>()
        };
        let before = world.registered(hours(0)).number;
        let notes = Wording { paragraphs: Vec::new(), notes: vec!["请用黑色笔填写。".to_owned()] };
        decide(world, "bureau", "registration_form", 0, &own(notes, TODAY)).expect("notes");
        let after = world.registered(hours(1)).number;
        assert_eq!(printed(&after), ["注：请用黑色笔填写。"]);
        assert_eq!(printed(&before).len(), 4, "what was made stays");
    });
}

#[test]
fn every_letter_can_be_worded_and_its_blanks_are_told_apart() {
    on_both("wording of all", |world| {
        let id = world.place("bureau");
        let (_, lines) = world
            .act(&world.staff("administrator"), hours(0), move |tx, scene| wording::list(tx, scene, id))
            .expect("the list");
        assert!(lines.iter().filter(|line| line.current).count() > 30);
        let own: Vec<_> = lines.iter().filter(|line| line.rule_set == wording::OF_NO_SET).collect();
        assert!(own.iter().any(|line| line.letter.key == "urging_notice"), "those that the centre has of its own");
        for line in &lines {
            let what = format!("{} {}", line.rule_set, line.letter.key);
            let official = Wording::of(&line.letter);
            assert_eq!(official.faults(&line.letter), [], "{what}: the official words are in order");
            let blanks = domain::wording::blanks(&line.letter);
            let labels: std::collections::BTreeSet<_> = blanks.iter().map(|blank| blank.label.as_str()).collect();
            assert_eq!(labels.len(), blanks.len(), "{what}: two blanks have one name");
            let there_and_back: Vec<String> = official
                .paragraphs
                .iter()
                .map(|text| domain::wording::typed(&domain::wording::shown(text), &blanks))
                .collect();
            assert_eq!(there_and_back, official.paragraphs, "{what}");
            let (set, key) = (line.rule_set.clone(), line.letter.key.clone());
            let sample = world
                .act(&world.staff("administrator"), hours(0), move |tx, scene| {
                    let history = wording::history(tx, scene, id, &set, &key)?;
                    wording::sample(tx, scene, &history, &history.now())
                })
                .expect("a sample");
            assert!(!sample.kept.text().contains('{'), "{what}: {}", sample.kept.text());
        }
    });
}
