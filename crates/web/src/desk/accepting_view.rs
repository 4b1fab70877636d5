//! 案件页上的提醒与当事人: signals, likely duplicates, what the consumer was asked for, and further parties.

use askama::Template;
use askama::filters::HtmlSafe;
use casework::parties::mandate;
use casework::reading::CaseFile;
use casework::{parties, proposing};
use domain::accepting::{Consent, PartyRole};
use domain::clock::beijing_day;
use domain::materials;
use jiff::civil::Date;
use store::likeness::LikeRow;
use store::party::Party;

use super::labels;
use crate::view::{self, Tag, Tone, tag};

/// What reminds whoever decides, with the cases behind it.
#[derive(Template)]
#[template(path = "desk/case_reminders.html")]
pub(super) struct Reminders {
    number: String,
    /// Where the case waits for the decision on acceptance.
    undecided: bool,
    /// It is a report, and the law of its day knows repeats.
    report: bool,
    repeats: bool,
    repeat_article: String,
    proposals: Vec<(u32, String, Vec<String>)>,
    signals: Vec<Signal>,
    duplicates: Vec<Duplicate>,
    asked: Vec<Asked>,
    source: String,
}

impl HtmlSafe for Reminders {}

struct Signal {
    label: &'static str,
    sentence: String,
    article: String,
    cases: Vec<Behind>,
}

/// A case behind a signal.
struct Behind {
    number: String,
    title: String,
    under: String,
}

struct Duplicate {
    case: Behind,
    reasons: String,
    /// It can be followed: it is still open.
    open: bool,
}

struct Asked {
    what: &'static str,
    wanted: String,
    by: String,
    state: Tag,
}

/// The card; none when there is nothing to say.
pub(super) fn reminders(file: &CaseFile, today: Date) -> Option<Reminders> {
    let (looked, repeat) = (&file.looked, &domain::reporting::rules().repeat);
    let asked: Vec<Asked> = file.supplements.iter().map(|row| asked(row, today)).collect();
    if looked.proposals.is_empty() && looked.signals.is_empty() && looked.duplicates.is_empty() && asked.is_empty() {
        return None;
    }
    Some(Reminders {
        number: file.case.number.clone(),
        undecided: file.case.state.status == domain::status::Status::Registered,
        report: file.case.state.kind == domain::case_kind::CaseKind::Report,
        repeats: repeat.holds_under(&file.case.rule_set) && may_repeat(file),
        repeat_article: repeat.article.clone(),
        proposals: looked
            .proposals
            .iter()
            .map(|it| {
                // What the factors of art. 17 say stands below, with the cases behind it.
                let below = |line: &String| looked.signals.iter().any(|signal| signal.sentence == *line);
                let evidence: Vec<String> = it.evidence.iter().filter(|line| !below(line)).cloned().collect();
                let evidence =
                    if evidence.is_empty() { vec!["见下面的判断因素。".to_owned()] } else { evidence };
                (it.item, format!("{} {}", it.article, it.wording), evidence)
            })
            .collect(),
        signals: looked
            .signals
            .iter()
            .map(|it| Signal {
                label: it.kind.label(),
                sentence: it.sentence.clone(),
                article: it.article.clone(),
                cases: it.cases.iter().map(|row| behind(row, today)).collect(),
            })
            .collect(),
        duplicates: looked
            .duplicates
            .iter()
            .map(|it| Duplicate {
                case: behind(&it.case, today),
                reasons: it.reasons.join("，"),
                open: it.case.status.is_open(),
            })
            .collect(),
        asked,
        source: domain::signals::settings().source.clone(),
    })
}

/// A report that nobody has decided on yet; while an office is still to take it, nobody says what it is.
fn may_repeat(file: &CaseFile) -> bool {
    use domain::status::Status;
    matches!(file.case.state.status, Status::Registered | Status::Assigned)
}

fn behind(row: &LikeRow, today: Date) -> Behind {
    let day = view::dates::short_day(beijing_day(row.received_at), today);
    Behind {
        number: row.number.clone(),
        title: row.title.clone(),
        under: format!("{day} · {}", proposing::became(row)),
    }
}

fn asked(row: &store::supplement::SupplementRow, today: Date) -> Asked {
    let labels: Vec<&str> =
        row.wanted.split(',').filter_map(materials::find).map(|material| material.label.as_str()).collect();
    let mut wanted = labels.join("、");
    if !row.words.is_empty() {
        let between = if wanted.is_empty() { "" } else { "；" };
        wanted = format!("{wanted}{between}{}", row.words);
    }
    let state = match (row.answered_at, row.lapsed_at) {
        (Some(_), _) => tag("已补交", Tone::Green),
        (None, Some(_)) => tag("逾期没有补", Tone::Red),
        (None, None) => tag("等待补交", Tone::Amber),
    };
    Asked {
        what: if row.kind == "identity" { "身份证明" } else { "补正" },
        wanted,
        by: view::dates::short_day(row.by_day, today),
        state,
    }
}

/// Agents, guardians, joint complainants, representatives.
#[derive(Template)]
#[template(path = "desk/case_parties.html")]
pub(super) struct Parties {
    people: Vec<Person>,
}

impl HtmlSafe for Parties {}

struct Person {
    role: &'static str,
    name: String,
    under: String,
    mandate: String,
    paper: Option<(i64, String)>,
    marks: Vec<Tag>,
}

/// The card; none while nobody but the two sides takes part.
pub(super) fn parties(file: &CaseFile, full: bool, today: Date) -> Option<Parties> {
    let people: Vec<Person> = file.parties.iter().filter_map(|party| person(file, party, full, today)).collect();
    (!people.is_empty()).then_some(Parties { people })
}

fn person(file: &CaseFile, party: &Party, full: bool, today: Date) -> Option<Person> {
    let role = PartyRole::from_key(&party.role)?;
    let mandate = mandate(party).unwrap_or_default();
    let mut marks = Vec::new();
    if let Some(at) = party.ended_at {
        marks.push(tag(format!("{}结束", view::dates::short_day(beijing_day(at), today)), Tone::Plain));
    }
    if let Some(turn) = file.case.state.turns.accepting.parties.iter().find(|turn| turn.id == party.id)
        && role.must_consent()
    {
        for (given, to) in [(turn.settles, Consent::Settle), (turn.withdraws, Consent::Withdraw)] {
            if given {
                marks.push(tag(format!("已同意{}", to.label()), Tone::Green));
            }
        }
        if !turn.settles {
            marks.push(tag("还没有同意和解", Tone::Amber));
        }
    }
    if party.ended_at.is_none() && mandate.until.is_some_and(|day| day < today) {
        marks.push(tag("委托已到期", Tone::Red));
    }
    let phone = if full { party.phone.clone() } else { labels::masked_phone(&party.phone) };
    let id = if full { party.id_number.clone() } else { labels::masked_id(&party.id_number) };
    let mut under = vec![phone, id];
    under.retain(|part| !part.is_empty());
    let paper = mandate.paper.and_then(|id| {
        let file = file.attachments.iter().find(|file| file.id == id)?;
        Some((id, file.name.clone()))
    });
    Some(Person {
        role: role.label(),
        name: if full { party.name.clone() } else { labels::masked_name(&party.name) },
        under: under.join(" · "),
        mandate: mandate_words(&mandate),
        paper,
        marks,
    })
}

fn mandate_words(mandate: &parties::Mandate) -> String {
    let mut parts = Vec::new();
    if !mandate.matters.is_empty() {
        parts.push(mandate.matters.clone());
    }
    if !mandate.powers.is_empty() {
        parts.push(format!("权限：{}", mandate.powers));
    }
    if let Some(day) = mandate.until {
        parts.push(format!("到 {day}"));
    }
    parts.join("；")
}
