//! 补正一次告知、限期提供身份证明: one request for all that is missing, and what the consumer brings (O121 arts. 10, 11; 4.2).

use std::sync::Arc;

use domain::act::Act;
use domain::citizen_id::CitizenId;
use domain::clock::{Basis, beijing_day};
use domain::filing::FieldError;
use domain::materials;
use domain::phone_number::PhoneNumber;
use jiff::Timestamp;
use jiff::civil::Date;
use store::case::CaseRow;
use store::party::Contact;
use store::supplement::SupplementRow;
use store::{Db, Tx};

use crate::actor::Actor;
use crate::error::ActError;
use crate::house::{House, Scene};
use crate::{filing, letters, notice, record};

/// The papers that prove identity, when the one who asks names none.
pub const USUAL_DOCUMENTS: &str = "居民身份证、护照等有效身份证件的复印件或者照片";

/// Asks for everything that is missing, once.
pub fn request_materials(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    missing: &[String],
    words: &str,
    by: Option<Date>,
) -> Result<CaseRow, ActError> {
    let words = words.trim();
    let mut faults = Vec::new();
    if missing.is_empty() && words.is_empty() {
        faults.push(fault("missing", "missing.none", "请选择还缺哪些材料，或者在下面写明"));
    }
    if missing.iter().any(|key| materials::find(key).is_none()) {
        faults.push(fault("missing", "missing.unknown", "请从列表中选择还缺的材料"));
    }
    let by = day(by, scene, &mut faults);
    if !faults.is_empty() {
        return Err(ActError::Invalid(faults));
    }
    let act = Act::RequestMaterials { missing: missing.to_vec(), words: words.to_owned(), by };
    let first = |tx: &mut Tx<'_>, case: &CaseRow| {
        if let Some(asked) = &case.state.turns.accepting.materials {
            return Err(ActError::field(
                "missing",
                "materials.asked",
                format!("补正只能一次告知：已经要求投诉人在 {} 前补交。现在请决定是否受理。", asked.by),
            ));
        }
        in_time(tx, case, by)
    };
    record::act(tx, scene, number, seen, &act, first, |tx, case| {
        store::supplement::insert(tx, &row(case, "materials", &missing.join(","), words, by, scene.now))?;
        let asks: Vec<&str> = missing.iter().filter_map(|key| materials::find(key)).map(|it| it.ask.as_str()).collect();
        let mut wanted = asks.join("；");
        if !words.is_empty() {
            let between = if wanted.is_empty() { "" } else { "。" };
            wanted = format!("{wanted}{between}{}", words.trim_end_matches('。'));
        }
        let body = format!(
            "您的投诉（编号 {}）还缺材料，请在 {} 前补充：{wanted}。可以凭编号和查询码在 {} 补交。逾期没有补充的，可能不予受理。",
            case.number,
            letters::day_words(by),
            scene.house.settings.public_url
        );
        notice::complainant(tx, scene, case, &notice::Notice { subject: "请补充材料", body: &body, paper: None })
    })
}

/// Asks for proof of identity (form 4 of 2026), once.
pub fn request_identity(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    documents: &str,
    by: Option<Date>,
) -> Result<CaseRow, ActError> {
    let documents = if documents.trim().is_empty() { USUAL_DOCUMENTS } else { documents.trim() };
    let mut faults = Vec::new();
    let by = day(by, scene, &mut faults);
    if !faults.is_empty() {
        return Err(ActError::Invalid(faults));
    }
    let act = Act::RequestIdentity { documents: documents.to_owned(), by };
    let first = |tx: &mut Tx<'_>, case: &CaseRow| {
        if let Some(asked) = &case.state.turns.accepting.identity {
            return Err(ActError::field(
                "documents",
                "identity.asked",
                format!("已经要求投诉人在 {} 前提供身份证明，不再重复要求。现在请决定是否受理。", asked.by),
            ));
        }
        in_time(tx, case, by)
    };
    record::act(tx, scene, number, seen, &act, first, |tx, case| {
        store::supplement::insert(tx, &row(case, "identity", "", documents, by, scene.now))?;
        let blanks = letters::Blanks::from([
            ("deadline_date", letters::day_words(by)),
            ("documents_wanted", documents.to_owned()),
        ]);
        let paper = letters::make(tx, scene, case, "identity_request", &blanks)?;
        let body = format!(
            "为核验真实身份，请您（投诉编号 {}）在 {} 前提供：{documents}。可以凭编号和查询码在 {} 提交。",
            case.number,
            letters::day_words(by),
            scene.house.settings.public_url
        );
        notice::complainant(tx, scene, case, &notice::Notice { subject: "请提供身份证明材料", body: &body, paper })
    })
}

/// What a consumer writes when she brings what was asked for; empty fields stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// 姓名.
    pub name: String,
    /// 电话.
    pub phone: String,
    /// 地址.
    pub address: String,
    /// Code table `id_kinds`.
    pub id_kind: String,
    /// 证件号码.
    pub id_number: String,
    /// What she says about it.
    pub note: String,
}

/// Brings what was asked for: corrected data, the files of an upload, words. Answers every open request.
pub fn bring(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    brought: &Brought,
    draft_hash: Option<&str>,
) -> Result<CaseRow, ActError> {
    let case = record::readable(tx, scene, number)?;
    let files = match draft_hash {
        Some(hash) => store::attachment::of_draft(tx, hash)?,
        None => Vec::new(),
    };
    let parties = store::party::of_case(tx, case.id)?;
    let person = parties.into_iter().find(|party| party.role == "complainant").unwrap_or_default();
    let known = Contact {
        name: person.name,
        phone: person.phone,
        address: person.address,
        email: person.email,
        id_kind: person.id_kind,
        id_number: person.id_number,
    };
    let contact = contact(scene, brought, &known)?;
    let mut corrected = Vec::new();
    for (key, changed) in [
        ("complainant_name", contact.name != known.name),
        ("complainant_phone", contact.phone != known.phone),
        ("complainant_address", contact.address != known.address),
    ] {
        if changed {
            corrected.push(key.to_owned());
        }
    }
    let identity = contact.id_number != known.id_number;
    let act =
        Act::Supplement { corrected: corrected.clone(), files: files.len(), note: brought.note.trim().to_owned() };
    let something = |tx: &mut Tx<'_>, case: &CaseRow| {
        if !case.state.turns.accepting.waits_for_consumer() {
            return Err(ActError::field("note", "supplement.none", "现在没有等着补充的材料"));
        }
        if corrected.is_empty() && files.is_empty() && !identity && brought.note.trim().is_empty() {
            return Err(ActError::field("note", "supplement.empty", "请补上要求的材料，或者写明情况"));
        }
        let at_most = scene.house.settings.evidence_at_most;
        if store::attachment::of_case(tx, case.id)?.len() + files.len() > at_most {
            return Err(ActError::field("files", "files.too_many", format!("一件投诉最多 {at_most} 个文件")));
        }
        Ok(())
    };
    record::act(tx, scene, number, seen, &act, something, |tx, case| {
        store::supplement::answer(tx, case.id, scene.now)?;
        if contact != known {
            store::party::correct(tx, case.id, &contact)?;
            case.matter.complainant_name.clone_from(&contact.name);
        }
        if let Some(hash) = draft_hash {
            store::attachment::adopt(tx, hash, case.id)?;
            for file in &files {
                let paper = filing::evidence_paper(scene, case.state.version, file.id, &file.name);
                store::paper::insert(tx, case.id, &paper)?;
            }
        }
        Ok(())
    })
}

/// The last day that may be asked for: before the one on which the decision on acceptance falls due.
pub fn latest_day(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Option<Date>, ActError> {
    Ok(due_day(tx, case)?.map(|due| {
        let mut day = due.yesterday().unwrap_or(due);
        while !scene.house.calendar().is_workday(day) && day > beijing_day(scene.now) {
            day = day.yesterday().unwrap_or(day);
        }
        day
    }))
}

/// Notes the requests whose day passed without an answer; gives how many.
pub fn lapse(db: &Db, house: &Arc<House>, now: Timestamp) -> Result<usize, ActError> {
    let house = house.clone();
    db.act(move |tx| {
        let actor = Actor::System;
        let scene = Scene { house: &house, now, actor: &actor };
        let mut noted = 0;
        for row in store::supplement::lapsing(tx, beijing_day(now), 200)? {
            // Each by itself: when a person acts on the case at this moment, her act goes first.
            match tx.attempt(|tx| note_unanswered(tx, scene, &row)) {
                Ok(()) => noted += 1,
                Err(ActError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(noted)
    })
}

fn note_unanswered(tx: &mut Tx<'_>, scene: Scene<'_>, row: &SupplementRow) -> Result<(), ActError> {
    let case = store::case::by_id(tx, row.case_id)?.ok_or(ActError::NotFound)?;
    let act = Act::NoteUnanswered { identity: row.kind == "identity", by: row.by_day };
    record::perform(tx, scene, case, &act)?;
    match store::supplement::note_lapsed(tx, row.id, scene.now)? {
        true => Ok(()),
        false => Err(ActError::Conflict { since: "这项补正已经记录".to_owned() }),
    }
}

/// The last day of the statutory limit that the decision on acceptance ends.
fn due_day(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Option<Date>, ActError> {
    let running = store::deadline::of_case(tx, case.id)?;
    let decides = |row: &&store::deadline::DeadlineRow| {
        row.stopped_at.is_none() && row.limit_key == "acceptance" && row.basis == Basis::Statutory.key()
    };
    Ok(running.iter().filter(decides).map(|row| row.due_day).min())
}

fn in_time(tx: &mut Tx<'_>, case: &CaseRow, by: Date) -> Result<(), ActError> {
    match due_day(tx, case)? {
        Some(due) if by >= due => Err(ActError::field(
            "by",
            "by.too_late",
            format!("受理期限不因补正停止，{due} 届满；请选 {due} 以前的日子，留出作决定的时间"),
        )),
        _ => Ok(()),
    }
}

fn day(by: Option<Date>, scene: Scene<'_>, faults: &mut Vec<FieldError>) -> Date {
    let today = beijing_day(scene.now);
    match by {
        None => faults.push(fault("by", "by.missing", "请写最晚哪天补交，例如 2026-03-18")),
        Some(day) if day <= today => faults.push(fault("by", "by.past", "补交的日子应当晚于今天")),
        Some(day) => return day,
    }
    today
}

fn contact(scene: Scene<'_>, brought: &Brought, known: &Contact) -> Result<Contact, ActError> {
    let mut faults = Vec::new();
    let or_known = |typed: &str, known: &str| {
        let line: String = typed.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if line.is_empty() { known.to_owned() } else { line }
    };
    let mut contact = Contact {
        name: or_known(&brought.name, &known.name),
        phone: known.phone.clone(),
        address: or_known(&brought.address, &known.address),
        email: known.email.clone(),
        id_kind: or_known(&brought.id_kind, &known.id_kind),
        id_number: or_known(&brought.id_number, &known.id_number),
    };
    if !brought.phone.trim().is_empty() {
        match PhoneNumber::parse(brought.phone.trim()) {
            Ok(phone) => phone.as_str().clone_into(&mut contact.phone),
            Err(error) => faults.push(fault("phone", "phone.invalid", &error.to_string())),
        }
    }
    for (field, value) in [("name", &contact.name), ("address", &contact.address), ("id_number", &contact.id_number)] {
        if value.chars().count() > 200 {
            faults.push(fault(field, "text.too_long", "请控制在 200 个字以内"));
        }
    }
    if brought.note.chars().count() > 1_000 {
        faults.push(fault("note", "note.too_long", "请控制在 1000 个字以内"));
    }
    let kind_known = contact.id_kind.is_empty() || scene.house.codes.label("id_kinds", &contact.id_kind).is_some();
    if !kind_known {
        faults.push(fault("id_kind", "id_kind.unknown", "请从列表中选择证件类型"));
    }
    if contact.id_kind == "citizen_id" && contact.id_number != known.id_number {
        match CitizenId::parse(&contact.id_number) {
            Ok(id) => id.as_str().clone_into(&mut contact.id_number),
            Err(error) => faults.push(fault("id_number", "citizen_id.invalid", &error.to_string())),
        }
    }
    if faults.is_empty() { Ok(contact) } else { Err(ActError::Invalid(faults)) }
}

fn row(case: &CaseRow, kind: &str, wanted: &str, words: &str, by: Date, now: Timestamp) -> SupplementRow {
    SupplementRow {
        id: 0,
        case_id: case.id,
        kind: kind.to_owned(),
        wanted: wanted.to_owned(),
        words: words.to_owned(),
        by_day: by,
        asked_at: now,
        answered_at: None,
        lapsed_at: None,
    }
}

fn fault(field: &str, code: &str, message: &str) -> FieldError {
    FieldError { code: code.to_owned(), message: message.to_owned(), field: field.to_owned() }
}
