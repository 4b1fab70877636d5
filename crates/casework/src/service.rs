//! 送达: a paper is brought to its side; how, when and by what it is proved is kept, and from which day it counts follows from the
//! rules (处罚程序规定 arts. 82, 83). What did not arrive comes back to whoever has the case in hand.

use domain::act::Act;
use domain::beijing::day_words;
use domain::clock::beijing_day;
use domain::letter::Recipient;
use domain::mediation::Side;
use domain::phone_number::PhoneNumber;
use domain::service::{ServiceNeed, ServiceOutcome, ServiceWay, rules};
use jiff::civil::Date;
use store::Tx;
use store::case::CaseRow;
use store::paper::PaperRow;
use store::service::{AddressRow, ServiceRow};

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::{House, Scene};
use crate::letters::{self, Blanks, KeptLetter};
use crate::{issuing, record};

const LINE_AT_MOST: usize = 100;
const COURSE_AT_MOST: usize = 1_000;

/// A paper that goes to a side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Servable {
    /// The paper.
    pub paper: PaperRow,
    /// To whom.
    pub side: Side,
}

impl Servable {
    /// What a form sends: paper and side.
    pub fn key(&self) -> String {
        format!("{}-{}", self.paper.id, self.side.key())
    }
}

/// The papers of a case that may go to one of its sides, once for each side, the latest first: one that waits for an approval or
/// is voided goes to nobody.
pub fn servable(
    tx: &mut Tx<'_>,
    house: &House,
    case: &CaseRow,
    papers: &[PaperRow],
) -> Result<Vec<Servable>, ActError> {
    let mut servable = Vec::new();
    for paper in papers.iter().rev() {
        let sides = sides(house, case, paper);
        if !sides.is_empty() && issuing::goes_out(tx, case, paper)? {
            servable.extend(sides.into_iter().map(|side| Servable { paper: paper.clone(), side }));
        }
    }
    Ok(servable)
}

/// The one of them that a form sends.
fn chosen(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, key: &str) -> Result<Option<Servable>, ActError> {
    let papers = store::paper::of_case(tx, case.id)?;
    Ok(servable(tx, scene.house, case, &papers)?.into_iter().find(|it| it.key() == key))
}

/// To whom a paper goes. One with a name at its head goes to the side of that name.
fn sides(house: &House, case: &CaseRow, paper: &PaperRow) -> Vec<Side> {
    let Some(template) = house.book.letter(&case.rule_set, &paper.kind) else { return Vec::new() };
    let goes = |to| template.recipients.contains(&to);
    match (goes(Recipient::Complainant), goes(Recipient::Respondent), template.addressee.is_some()) {
        (true, true, true) => {
            let head = letters::read(paper).and_then(|kept| kept.letter.addressee).unwrap_or_default();
            let respondent = head.trim_end_matches('：') == case.matter.respondent_name;
            vec![if respondent { Side::Respondent } else { Side::Complainant }]
        }
        (complainant, respondent, _) => {
            let both = [(complainant, Side::Complainant), (respondent, Side::Respondent)];
            both.into_iter().filter(|(goes, _)| *goes).map(|(_, side)| side).collect()
        }
    }
}

/// A try to serve a paper, as noted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Try {
    /// Which paper to whom: [`Servable::key`].
    pub paper: String,
    /// How.
    pub way: Option<ServiceWay>,
    /// What came of it.
    pub outcome: Option<ServiceOutcome>,
    /// The day of that.
    pub day: Option<Date>,
    /// Who signed, and what she is to the one who is served.
    pub receiver: String,
    /// Where.
    pub place: String,
    /// 见证人.
    pub witness: String,
    /// Number or account of an electronic way, or 邮件号.
    pub mark: String,
    /// 事由和经过.
    pub course: String,
    /// A file of the case that proves it.
    pub proof: Option<i64>,
}

/// Notes a try to serve a paper, with its receipt; the limits that its arrival starts are counted from the day of service.
pub fn serve(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    tried: &Try,
) -> Result<CaseRow, ActError> {
    let case = record::readable(tx, scene, number)?;
    let chosen = chosen(tx, scene, &case, &tried.paper)?;
    let address = match &chosen {
        // What was signed afterwards says nothing of this day.
        Some(chosen) => store::service::addresses(tx, case.id)?
            .into_iter()
            .find(|it| it.side == chosen.side && tried.day.is_none_or(|day| it.signed_on <= day)),
        None => None,
    };
    let proof = match tried.proof {
        Some(id) => store::attachment::find(tx, case.id, id)?,
        None => None,
    };
    check(tried, chosen.as_ref(), address.as_ref(), scene, tried.proof.is_some() && proof.is_none())?;
    let (Some(Servable { paper, side }), Some(way), Some(outcome), Some(day)) =
        (chosen, tried.way, tried.outcome, tried.day)
    else {
        return Err(ActError::NotFound);
    };
    let (outcome, effective_on) = rules().effect(way, outcome, day, address.is_some());
    let counts_anew = effective_on.and_then(|_| rules().starts(&paper.kind, side));
    let act =
        Act::Serve { paper: paper.id, title: paper.title.clone(), side, way, outcome, day, effective_on, counts_anew };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        let blanks = receipt_blanks(&paper, side, Some(&act), tried);
        let receipt_id = letters::make(tx, scene, case, "service_record", &blanks)?;
        if way == ServiceWay::Notice {
            let blanks = notice_blanks(tx, case, &paper, side)?;
            letters::make(tx, scene, case, "service_notice", &blanks)?;
        }
        let row = ServiceRow {
            id: 0,
            paper_id: paper.id,
            side,
            way,
            outcome,
            day,
            effective_on,
            tracking: if way == ServiceWay::Post { tried.mark.trim().to_owned() } else { String::new() },
            receipt_id,
            proof_id: proof.as_ref().map(|file| file.id),
            made_by: scene.actor.id(),
            made_at: scene.now,
        };
        store::service::insert(tx, case.id, &row).map(drop).map_err(ActError::from)
    })
}

fn check(
    tried: &Try,
    chosen: Option<&Servable>,
    address: Option<&AddressRow>,
    scene: Scene<'_>,
    proof_unknown: bool,
) -> Result<(), ActError> {
    let today = beijing_day(scene.now);
    let made = chosen.map(|it| beijing_day(it.paper.made_at));
    let rule = tried.way.map(|way| rules().way(way));
    let possible = rule.is_none_or(|rule| tried.outcome.is_none_or(|outcome| rule.outcomes.contains(&outcome)));
    // Nobody signs for what came back.
    let arrived = tried.outcome == Some(ServiceOutcome::Served);
    let needs = |need: ServiceNeed| {
        let always = !matches!(need, ServiceNeed::Receiver | ServiceNeed::WitnessOrProof);
        (arrived || always) && rule.is_some_and(|rule| rule.needs.contains(&need))
    };
    let empty = |text: &str| text.trim().is_empty();
    let too_long = |text: &str, most: usize| text.trim().chars().count() > most;
    let unseen = needs(ServiceNeed::WitnessOrProof) && empty(&tried.witness) && tried.proof.is_none();
    let no_consent = needs(ServiceNeed::Consent) && !address.is_some_and(|address| address.electronic);
    let mark = needs(ServiceNeed::Account) || needs(ServiceNeed::Tracking);
    let missing_mark =
        if needs(ServiceNeed::Tracking) { "请写邮件号" } else { "请写送到哪个号码、邮箱或者账号" };
    Faults::default()
        .when(chosen.is_none(), "paper", "paper.missing", "请选择送达的文书")
        .when(tried.way.is_none(), "way", "way.missing", "请选择送达方式")
        .when(
            no_consent,
            "way",
            "way.no_consent",
            "电子送达要有受送达人同意并签的送达地址确认书，请先登记（第八十二条第三项）",
        )
        .when(tried.outcome.is_none(), "outcome", "outcome.missing", "请选择送达的结果")
        .when(!possible, "outcome", "outcome.not_of_this_way", "这种送达方式没有这样的结果，请重新选择")
        .when(tried.day.is_none(), "day", "day.missing", "请写日期，例如 2026-05-06")
        .when(tried.day.is_some_and(|day| day > today), "day", "day.in_the_future", "日期不能晚于今天")
        .when(
            tried.day.zip(made).is_some_and(|(day, made)| day < made),
            "day",
            "day.before_the_paper",
            "日期不能早于文书的日期",
        )
        .when(
            needs(ServiceNeed::Receiver) && empty(&tried.receiver),
            "receiver",
            "receiver.missing",
            "请写签收人，不是本人的写明和本人的关系",
        )
        .when(needs(ServiceNeed::Place) && empty(&tried.place), "place", "place.missing", "请写地点")
        .when(mark && empty(&tried.mark), "mark", "mark.missing", missing_mark)
        .when(needs(ServiceNeed::Course) && empty(&tried.course), "course", "course.missing", "请写事由和经过")
        .when(unseen, "witness", "witness.missing", "请写见证人，或者在凭据里选照片、录像")
        .when(proof_unknown, "proof", "proof.unknown", "所选材料不在这件里，请重新选择")
        .when(too_long(&tried.receiver, LINE_AT_MOST), "receiver", "receiver.too_long", "请控制在 100 个字以内")
        .when(too_long(&tried.place, LINE_AT_MOST), "place", "place.too_long", "请控制在 100 个字以内")
        .when(too_long(&tried.witness, LINE_AT_MOST), "witness", "witness.too_long", "请控制在 100 个字以内")
        .when(too_long(&tried.mark, LINE_AT_MOST), "mark", "mark.too_long", "请控制在 100 个字以内")
        .when(too_long(&tried.course, COURSE_AT_MOST), "course", "course.too_long", "请控制在 1000 个字以内")
        .done()
}

/// The receipt, to be taken along and signed: everything on it that is known before.
pub fn receipt(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, key: &str) -> Result<KeptLetter, ActError> {
    let case = record::readable(tx, scene, number)?;
    let servable = chosen(tx, scene, &case, key)?.ok_or(ActError::NotFound)?;
    let blanks = receipt_blanks(&servable.paper, servable.side, None, &Try::default());
    letters::preview(tx, scene, &case, "service_record", &blanks)?.ok_or(ActError::NotFound)
}

fn receipt_blanks(paper: &PaperRow, side: Side, act: Option<&Act>, tried: &Try) -> Blanks {
    let line = |text: &str| text.trim().to_owned();
    let mut blanks = Blanks::from([
        ("served_paper", format!("{} {}", paper.title, paper.number).trim_end().to_owned()),
        ("served_side", side.label().to_owned()),
        ("served_how", String::new()),
        ("served_day", String::new()),
        ("served_result", String::new()),
        ("served_place", line(&tried.place)),
        ("served_receiver", line(&tried.receiver)),
        ("served_mark", line(&tried.mark)),
        ("served_course", line(&tried.course)),
        ("served_witness", line(&tried.witness)),
    ]);
    if let Some(Act::Serve { way, outcome, day, effective_on, .. }) = act {
        let result = match effective_on {
            Some(on) if on > day => format!("{}视为送达", day_words(*on)),
            Some(on) => format!("{}送达", day_words(*on)),
            None => outcome.label().to_owned(),
        };
        blanks.insert("served_how", format!("{}（{}）", way.label(), rules().way(*way).article));
        blanks.insert("served_day", day_words(*day));
        blanks.insert("served_result", result);
    }
    blanks
}

fn notice_blanks(tx: &mut Tx<'_>, case: &CaseRow, paper: &PaperRow, side: Side) -> Result<Blanks, ActError> {
    let parties = store::party::of_case(tx, case.id)?;
    let of = parties.into_iter().find(|party| party.role == side.key()).unwrap_or_default();
    Ok(Blanks::from([
        ("recipient_name", of.name),
        ("served_title", paper.title.clone()),
        ("served_number", paper.number.clone()),
        ("notice_days", rules().notice_days.to_string()),
    ]))
}

/// Where and how papers reach a side, as it signed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Which side.
    pub side: Option<Side>,
    /// It consents to electronic ways.
    pub electronic: Option<bool>,
    /// 手机号码.
    pub mobile: String,
    /// 传真号码.
    pub fax: String,
    /// 电子邮件地址.
    pub email: String,
    /// 即时通讯账号.
    pub account: String,
    /// 送达地址.
    pub address: String,
    /// 邮政编码.
    pub postcode: String,
    /// 收件人.
    pub receiver: String,
    /// 收件人联系电话.
    pub receiver_phone: String,
    /// The day of the signature.
    pub day: Option<Date>,
    /// The signed sheet among the files of the case.
    pub proof: Option<i64>,
}

/// Keeps what a side signed (送达地址确认书); a second time changes it from then on.
pub fn confirm_address(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    typed: &Address,
) -> Result<CaseRow, ActError> {
    let case = record::readable(tx, scene, number)?;
    let proof_unknown = match typed.proof {
        Some(id) => store::attachment::find(tx, case.id, id)?.is_none(),
        None => false,
    };
    let line = |text: &str| text.trim().to_owned();
    let electronic = [&typed.mobile, &typed.fax, &typed.email, &typed.account];
    let no_way = typed.electronic == Some(true) && electronic.iter().all(|way| way.trim().is_empty());
    let bad_phone = |text: &str| !text.trim().is_empty() && PhoneNumber::parse(text.trim()).is_err();
    let bad_mail = !typed.email.trim().is_empty() && !typed.email.contains('@');
    let postcode = typed.postcode.trim();
    let bad_postcode = !postcode.is_empty() && (postcode.len() != 6 || !postcode.bytes().all(|it| it.is_ascii_digit()));
    let side = typed.side.filter(|side| *side != Side::Officer);
    let mut faults = Faults::default()
        .when(side.is_none(), "side", "side.missing", "请选择是哪一方")
        .when(typed.electronic.is_none(), "electronic", "electronic.missing", "请选择是否同意电子送达")
        .when(no_way, "mobile", "mobile.missing", "同意电子送达的，请至少写一种：手机、传真、邮箱或者账号")
        .when(bad_phone(&typed.mobile), "mobile", "mobile.invalid", "手机号码不对，请核对")
        .when(bad_mail, "email", "email.invalid", "邮箱地址不对，请核对")
        .needed("address", &typed.address, "请写送达地址")
        .needed("receiver", &typed.receiver, "请写收件人")
        .when(bad_phone(&typed.receiver_phone), "receiver_phone", "receiver_phone.invalid", "电话号码不对，请核对")
        .when(bad_postcode, "postcode", "postcode.invalid", "邮政编码是六位数字")
        .when(typed.day.is_none(), "day", "day.missing", "请写签字的日期")
        .when(
            typed.day.is_some_and(|day| day > beijing_day(scene.now)),
            "day",
            "day.in_the_future",
            "签字的日期不能晚于今天",
        )
        .when(proof_unknown, "proof", "proof.unknown", "所选材料不在这件里，请重新选择");
    for (field, text) in [
        ("fax", &typed.fax),
        ("email", &typed.email),
        ("account", &typed.account),
        ("address", &typed.address),
        ("receiver", &typed.receiver),
    ] {
        let too_long = text.trim().chars().count() > LINE_AT_MOST;
        faults = faults.when(too_long, field, &format!("{field}.too_long"), "请控制在 100 个字以内");
    }
    faults.done()?;
    let (Some(side), Some(electronic), Some(day)) = (side, typed.electronic, typed.day) else {
        return Err(ActError::NotFound);
    };
    let row = AddressRow {
        side,
        electronic,
        mobile: line(&typed.mobile),
        fax: line(&typed.fax),
        email: line(&typed.email),
        account: line(&typed.account),
        address: line(&typed.address),
        postcode: postcode.to_owned(),
        receiver: line(&typed.receiver),
        receiver_phone: line(&typed.receiver_phone),
        signed_on: day,
        proof_id: typed.proof,
    };
    let act = Act::ConfirmAddress { side, electronic, day };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        store::service::put_address(tx, case.id, &row, scene.now).map_err(ActError::from)
    })
}

/// How each paper that somebody tried to serve stands: its last try.
pub fn standing(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<ServiceRow>, ActError> {
    let mut last: Vec<ServiceRow> = Vec::new();
    for row in store::service::of_case(tx, case.id)? {
        last.retain(|other| (other.paper_id, other.side) != (row.paper_id, row.side));
        last.push(row);
    }
    Ok(last)
}
