//! 调解: notice, answer, meetings, agreement or termination (O121 arts. 18–24; catalogue 6.2–6.4, 6.7).

use domain::act::{Act, AgreementItem};
use domain::clock::beijing_day;
use domain::mediation::Absence;
use domain::money::Money;
use jiff::Timestamp;
use store::Tx;
use store::case::CaseRow;

use crate::acceptance::grounded;
use crate::copies::Enclosed;
use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::letters::{self, Blanks};
use crate::{notice, record};

/// When, where and how both sides meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// When.
    pub at: Timestamp,
    /// Where; a number or link for a meeting at a distance.
    pub place: String,
    /// `onsite`, `phone`, `video`.
    pub mode: String,
}

/// The ways of meeting: key and words.
pub const MODES: &[(&str, &str)] = &[("onsite", "现场"), ("phone", "电话"), ("video", "视频")];

/// Notifies the respondent and the consumer; the respondent's days to answer begin.
pub fn notify(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    appointment: &Appointment,
    bring: &str,
    enclosed: &Enclosed,
) -> Result<CaseRow, ActError> {
    check_appointment(appointment, scene.now)?;
    let Appointment { at, place, mode } = appointment.clone();
    let act = Act::Notify { at, place, mode, bring: bring.trim().to_owned(), enclosed: enclosed.what.clone() };
    let fits = |tx: &mut Tx<'_>, case: &CaseRow| enclosed.check(tx, case);
    record::act(tx, scene, number, seen, &act, fits, |tx, case| {
        enclosed.note(tx, scene, case)?;
        summon(tx, scene, case, appointment, bring, enclosed.what.len())
    })
}

/// Appoints another meeting.
pub fn arrange(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    appointment: &Appointment,
) -> Result<CaseRow, ActError> {
    check_appointment(appointment, scene.now)?;
    let Appointment { at, place, mode } = appointment.clone();
    let act = Act::Arrange { at, place, mode };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        summon(tx, scene, case, appointment, "", 0)
    })
}

/// Records the respondent's answer.
pub fn record_answer(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    answer: &str,
    agrees: bool,
) -> Result<CaseRow, ActError> {
    Faults::default().needed("answer", answer, "请写商家的答复").done()?;
    let act = Act::RecordAnswer { answer: answer.trim().to_owned(), agrees };
    record::act(tx, scene, number, seen, &act, record::nothing_more, record::nothing_after)
}

/// A meeting as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// When it was held.
    pub at: Timestamp,
    /// How.
    pub mode: String,
    /// The consumer took part.
    pub complainant_present: bool,
    /// The respondent took part.
    pub respondent_present: bool,
    /// What was said.
    pub transcript: String,
    /// Why a side stayed away, when one did.
    pub absence: Option<Absence>,
}

/// Records a meeting with its transcript (调解笔录).
pub fn record_meeting(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    meeting: &Meeting,
) -> Result<CaseRow, ActError> {
    Faults::default()
        .needed("transcript", &meeting.transcript, "请写调解经过：双方各说了什么")
        .when(mode_words(&meeting.mode).is_empty(), "mode", "mode.unknown", "请选择调解方式")
        .when(meeting.at > scene.now, "at", "at.in_the_future", "调解时间不能晚于现在")
        .done()?;
    let Meeting { at, mode, complainant_present, respondent_present, transcript, absence } = meeting.clone();
    let transcript = transcript.trim().to_owned();
    // Where both came there is nothing to explain.
    let absence = absence.filter(|_| !(complainant_present && respondent_present));
    let act = Act::RecordMeeting { at, mode, complainant_present, respondent_present, transcript, absence };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        store::meeting::hold(tx, case.id, meeting.at)?;
        let present = match (meeting.complainant_present, meeting.respondent_present) {
            (true, true) => "双方到场",
            (true, false) => "投诉人到场，被投诉人未到场",
            (false, true) => "被投诉人到场，投诉人未到场",
            (false, false) => "双方均未到场",
        };
        let blanks = Blanks::from([
            ("mediation_time", letters::time_words(meeting.at)),
            ("mediation_place", mode_words(&meeting.mode).to_owned()),
            ("mediators", mediators(tx, case)?),
            ("mediation_course", format!("{present}。\n{}", meeting.transcript.trim())),
        ]);
        letters::make(tx, scene, case, "mediation_record", &blanks).map(drop)
    })
}

/// Records an agreement; it goes to the leader.
pub fn settle(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    items: Vec<AgreementItem>,
    recovered: Money,
    paper: bool,
) -> Result<CaseRow, ActError> {
    if items.is_empty() {
        return Err(ActError::field("item_text", "items.missing", "请至少写一项协议内容"));
    }
    if items.iter().any(|item| item.due.is_some_and(|due| due < beijing_day(scene.now))) {
        return Err(ActError::field("item_due", "item_due.past", "履行期限不能早于今天；已当场履行的请留空"));
    }
    let act = Act::Settle { items: items.clone(), recovered: recovered.fen(), paper };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        store::agreement::replace(tx, case.id, &items)?;
        if !paper {
            return Ok(());
        }
        let lines: Vec<String> = items.iter().enumerate().map(|(index, item)| item_words(index, item)).collect();
        let blanks = Blanks::from([("agreement_items", lines.join("\n")), ("mediators", mediators(tx, case)?)]);
        letters::make(tx, scene, case, "mediation_agreement", &blanks).map(drop)
    })
}

/// Proposes termination on one of the grounds of the case's own rule set; it goes to the leader.
pub fn terminate(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    ground: u32,
    reason: &str,
) -> Result<CaseRow, ActError> {
    grounded((ground, "请选择终止调解的情形"), (reason, "请写明终止调解的理由：哪些事实属于所选情形"))?;
    let act = Act::Terminate { ground, reason: reason.trim().to_owned() };
    let known = |_: &mut Tx<'_>, case: &CaseRow| {
        let set = scene.house.book.get(&case.rule_set);
        match set.and_then(|set| set.termination_ground(ground)) {
            Some(_) => Ok(()),
            None => Err(ActError::field("ground", "ground.unknown", "请选择终止调解的情形")),
        }
    };
    record::act(tx, scene, number, seen, &act, known, record::nothing_after)
}

/// One item of an agreement as the paper and the result say it.
pub fn item_words(index: usize, item: &AgreementItem) -> String {
    let mut words = format!("{}．{}", index + 1, item.text.trim_end_matches(['。', '；']));
    if item.amount > 0 {
        words.push_str("，金额");
        words.push_str(&Money::from_fen(item.amount).to_string());
        words.push('元');
    }
    match item.due {
        Some(due) => {
            words.push_str("，于");
            words.push_str(&letters::day_words(due));
            words.push_str("前履行。");
        }
        None => words.push_str("，已当场履行。"),
    }
    words
}

/// The names of a case's two officers, as papers print them.
pub(crate) fn mediators(tx: &mut Tx<'_>, case: &CaseRow) -> Result<String, ActError> {
    let mut names = Vec::new();
    for id in [case.state.lead, case.state.partner].into_iter().flatten() {
        names.extend(store::account::find(tx, id)?.map(|account| account.name));
    }
    Ok(names.join("、"))
}

/// The words for a way of meeting.
pub fn mode_words(mode: &str) -> &'static str {
    MODES.iter().find(|(key, _)| *key == mode).map_or("", |(_, words)| words)
}

fn summon(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    case: &mut CaseRow,
    appointment: &Appointment,
    bring: &str,
    enclosed: usize,
) -> Result<(), ActError> {
    store::meeting::insert(tx, case.id, case.state.version, appointment.at, &appointment.place, &appointment.mode)?;
    let (time, place) = (letters::time_words(appointment.at), place_words(appointment));
    let recusal_days = recusal_days(scene, case);
    let usual = "身份证明、交易凭证以及与争议有关的其他证据";
    for (side, recipient) in
        [("complainant", &case.matter.complainant_name), ("respondent", &case.matter.respondent_name)]
    {
        // What the shop is asked to bring is not asked of the consumer.
        let bring = if side == "complainant" || bring.trim().is_empty() { usual } else { bring.trim() };
        let blanks = Blanks::from([
            ("recipient_name", recipient.clone()),
            ("mediation_time", time.clone()),
            ("mediation_place", place.clone()),
            ("documents_wanted", bring.to_owned()),
            ("recusal_days", recusal_days.clone()),
            ("mediators", mediators(tx, case)?),
        ]);
        let paper = letters::make(tx, scene, case, "mediation_notice", &blanks)?;
        let with = if side == "respondent" && enclosed > 0 {
            format!("随附证据材料 {enclosed} 份。")
        } else {
            String::new()
        };
        let body = format!("关于“{}”的投诉定于{time}在{place}调解，请按时参加。{with}", case.matter.title);
        let message = notice::Notice { subject: "调解通知", body: &body, paper };
        match side {
            "complainant" => notice::complainant(tx, scene, case, &message)?,
            _ => notice::respondent(tx, scene, case, &message)?,
        }
    }
    Ok(())
}

/// The days within which recusal is asked for: as long as the respondent has to answer, where an overlay says so.
fn recusal_days(scene: Scene<'_>, case: &CaseRow) -> String {
    let limits = scene.house.book.limits(&case.rule_set, case.overlay.as_deref(), case.state.kind);
    limits
        .iter()
        .find(|(_, limit)| limit.key == "answer")
        .map_or_else(|| "　".to_owned(), |(_, limit)| limit.length.to_string())
}

fn place_words(appointment: &Appointment) -> String {
    match appointment.mode.as_str() {
        "onsite" => appointment.place.clone(),
        mode => format!("{}（{}方式）", appointment.place, mode_words(mode)),
    }
}

fn check_appointment(appointment: &Appointment, now: Timestamp) -> Result<(), ActError> {
    let Appointment { at, mode, place, .. } = appointment;
    let no_link = mode == "video" && !place.trim().is_empty() && !place.contains("https://");
    Faults::default()
        .needed("place", place, "请写调解地点；电话或视频调解请写号码或链接")
        .when(no_link, "place", "place.no_link", "视频调解请写参加的链接，以 https:// 开头")
        .when(mode_words(mode).is_empty(), "mode", "mode.unknown", "请选择调解方式")
        .when(*at <= now, "at", "at.past", "调解时间应当晚于现在")
        .done()
}
