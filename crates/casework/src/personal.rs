//! 个人信息请求 (个人信息保护法第四十四条至第五十条): a person asks for a copy of what is held about her, for a correction or for
//! removal; it is decided with reason and article, carried out, and she is told. What others' data is goes into no copy.

use domain::act::Act;
use domain::audit::AuditKind;
use domain::case_kind::CaseKind;
use domain::citizen_id::CitizenId;
use domain::clock::beijing_day;
use domain::personal_data::{Asker, RETENTION, Right, personal_data_rules};
use domain::phone_number::PhoneNumber;
use domain::status::Status;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::case::CaseRow;
use store::party::{Contact, Party};
use store::personal::{Decided, NewRequest, RequestRow};

use crate::actor::{Actor, Staff};
use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::letters::KeptLetter;
use crate::notice::Notice;
use crate::{holdings, notice, reading, record, staff, tracking};

/// Characters that words may have.
const WORDS_AT_MOST: usize = 1_000;
/// Characters a particular may have.
const LINE_AT_MOST: usize = 200;
/// Requests shown at once.
const SHOWN: i64 = 500;
/// Over the answer.
const ANSWERED: &str = "个人信息请求的答复";
/// What stands where something was removed.
const ERASED: &str = "已按个人信息请求删除";

/// What somebody asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Key of the right.
    pub right: String,
    /// Key of who asks.
    pub asker: String,
    /// In her words.
    pub words: String,
    /// For a correction: what it should be; empty where nothing changes.
    pub contact: Correction,
}

/// What is to be put right: only what is not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Correction {
    /// 姓名.
    pub name: String,
    /// 电话.
    pub phone: String,
    /// 地址.
    pub address: String,
    /// 电子邮箱.
    pub email: String,
    /// 公民身份号码.
    pub id_number: String,
}

impl Correction {
    /// Its particulars: key, what people call it, and the value.
    pub fn particulars(&self) -> [(&'static str, &'static str, &str); 5] {
        [
            ("name", "姓名", &self.name),
            ("phone", "电话", &self.phone),
            ("address", "地址", &self.address),
            ("email", "电子邮箱", &self.email),
            ("id_number", "公民身份号码", &self.id_number),
        ]
    }
}

/// What people call the particulars of a list of keys.
pub fn labels(fields: &str) -> String {
    let known = Correction::default();
    let labels = known.particulars().into_iter().filter(|(key, ..)| fields.split(',').any(|field| field == *key));
    labels.map(|(_, label, _)| label).collect::<Vec<_>>().join("、")
}

/// Takes a request: from her own page, or by somebody at a counter. Gives its id.
pub fn ask(tx: &mut Tx<'_>, scene: Scene<'_>, number: &str, wish: &Wish) -> Result<i64, ActError> {
    let case = record::readable(tx, scene, number)?;
    let taken_by = match scene.actor {
        Actor::Complainant { .. } => None,
        Actor::Staff(person) if takes_down(person) => Some(person.account_id),
        _ => return Err(ActError::Forbidden),
    };
    let (right, asker) = (Right::from_key(&wish.right), Asker::from_key(&wish.asker));
    let for_another = asker.is_some_and(|asker| asker != Asker::Herself);
    let words = wish.words.trim();
    let mut faults = Faults::default()
        .when(right.is_none(), "right", "right.missing", "请选择要办什么")
        .when(asker.is_none(), "asker", "asker.missing", "请选择是谁提出的")
        .when(words.chars().count() > WORDS_AT_MOST, "words", "words.too_long", "请控制在 1000 个字以内")
        .when(
            for_another && words.is_empty(),
            "words",
            "words.missing",
            "请写明和本人的关系、有什么证明（监护人、近亲属关系证明，委托书）",
        );
    if right == Some(Right::Correct) {
        faults = check(faults, &wish.contact, &known(tx, &case)?);
        let sealed = case.state.kind == CaseKind::Report;
        let sentence = "举报人的身份是加密封存的，没有人能改。要补充的，请在查询页给承办人留言";
        faults = faults.when(sealed, "right", "right.sealed", sentence);
    }
    let waits = store::personal::of_case(tx, case.id)?;
    let again = waits.iter().any(|it| it.decided.is_none() && Some(it.asked.right) == right);
    faults = faults.when(again, "right", "right.again", "同样的请求已经在办，请等答复");
    faults.done()?;
    let (Some(right), Some(asker)) = (right, asker) else { return Err(ActError::NotFound) };
    let wanted = match right {
        Right::Correct => serde_json::to_string(&wish.contact).unwrap_or_default(),
        Right::Copy | Right::Delete => String::new(),
    };
    let days = personal_data_rules().limit.workdays;
    let new = NewRequest {
        case_id: case.id,
        right,
        asker,
        words: words.to_owned(),
        wanted,
        taken_by,
        due_day: scene.house.calendar().add_workdays(beijing_day(scene.now), days),
    };
    let id = store::personal::insert(tx, &new, scene.now)?;
    let body = format!(
        "已收到您关于个人信息的请求（{}），我们核实后答复，最晚{}月{}日。",
        right.label(),
        new.due_day.month(),
        new.due_day.day()
    );
    tell(tx, scene, &case, "收到个人信息请求", &body)?;
    Ok(id)
}

/// Whether she takes requests down at a counter.
pub fn takes_down(person: &Staff) -> bool {
    staff::AT_A_CENTRE.iter().any(|role| person.holds(*role))
}

/// A reporter is told on her page alone (O121 art. 37).
fn tell(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, subject: &str, body: &str) -> Result<(), ActError> {
    let notice = Notice { subject, body, paper: None };
    match case.state.kind {
        CaseKind::Report => notice::on_her_page(tx, scene, case, &notice),
        _ => notice::complainant(tx, scene, case, &notice),
    }
}

fn check(faults: Faults, to: &Correction, known: &Party) -> Faults {
    let given = to.particulars().into_iter().filter(|(.., value)| !value.trim().is_empty());
    let nothing = given.clone().all(|(key, _, value)| particular(known, key) == value.trim());
    let phone = to.phone.trim();
    let bad_phone = !phone.is_empty() && PhoneNumber::parse(phone).is_err();
    let id = to.id_number.trim();
    let bad_id = !id.is_empty() && CitizenId::parse(id).is_err();
    let email = to.email.trim();
    let bad_email = !email.is_empty() && !email.contains('@');
    let mut faults = faults
        .when(nothing, "right", "correction.nothing", "请至少写一项要更正的，和现在的不同")
        .when(bad_phone, "phone", "phone.invalid", "电话号码不对，请写手机号或者带区号的固定电话")
        .when(bad_id, "id_number", "citizen_id.invalid", "身份号码不对，请对照证件再写一次")
        .when(bad_email, "email", "email.invalid", "电子邮箱不对，例如 name@example.cn");
    for (key, _, value) in given {
        let long = value.chars().count() > LINE_AT_MOST;
        faults = faults.when(long, key, "text.too_long", "请控制在 200 个字以内");
    }
    faults
}

fn particular<'a>(party: &'a Party, key: &str) -> &'a str {
    match key {
        "name" => &party.name,
        "phone" => &party.phone,
        "address" => &party.address,
        "email" => &party.email,
        _ => &party.id_number,
    }
}

/// What is held about her.
fn known(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Party, ActError> {
    let parties = store::party::of_case(tx, case.id)?;
    Ok(parties.into_iter().find(|party| party.role == "complainant").unwrap_or_default())
}

/// A request as those who decide see it.
pub struct Opened {
    /// The request.
    pub row: RequestRow,
    /// For a correction that waits: what it is called, what is held, what it should be.
    pub changes: Vec<(&'static str, String, String)>,
    /// How long the file is kept.
    pub keeping: Keeping,
    /// She decides.
    pub decides: bool,
    /// She can take the copy that was granted out for somebody at the counter.
    pub copies: bool,
}

/// How long a file is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// The case is not closed into a file yet.
    NotClosed,
    /// No years are set: for good.
    ForGood,
    /// Until this day, which is to come.
    Until(Date),
    /// The last day has passed.
    Over(Date),
    /// Its destruction is stopped, whatever the years are.
    Held,
}

/// A request, for whoever may read its case. That she looked is kept.
pub fn open(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<Opened, ActError> {
    let (case, row) = reached(tx, scene, id)?;
    let held = known(tx, &case)?;
    let to: Correction = serde_json::from_str(&row.asked.wanted).unwrap_or_default();
    let changed = to.particulars().into_iter().filter(|(.., value)| !value.trim().is_empty());
    let changes = changed.map(|(key, label, value)| (label, particular(&held, key).to_owned(), value.to_owned()));
    let Actor::Staff(person) = scene.actor else { return Err(ActError::NotFound) };
    let granted = row.decided.as_ref().is_some_and(|decided| decided.granted);
    Ok(Opened {
        changes: changes.collect(),
        keeping: keeping(tx, scene, &case)?,
        decides: row.decided.is_none() && decides(person, &case),
        copies: granted && row.asked.right == Right::Copy && (takes_down(person) || decides(person, &case)),
        row,
    })
}

fn reached(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<(CaseRow, RequestRow), ActError> {
    let row = store::personal::find(tx, id)?.ok_or(ActError::NotFound)?;
    let case = record::readable(tx, scene, &row.number)?;
    Ok((case, row))
}

fn decides(person: &Staff, case: &CaseRow) -> bool {
    let standing = person.standing(case);
    let deciding = &personal_data_rules().deciding.roles;
    standing.roles.iter().chain(&standing.bureau).any(|role| deciding.contains(role))
}

/// How long the file of a case is kept: by what the archivist or the bureau set, else by its rule set.
fn keeping(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Keeping, ActError> {
    let item = store::archive::of_case(tx, case.id)?.filter(|_| case.state.status == Status::Archived);
    let Some(item) = item else { return Ok(Keeping::NotClosed) };
    if item.held {
        return Ok(Keeping::Held);
    }
    let Some(years) = holdings::years(scene, &item, Some(&case.rule_set)) else { return Ok(Keeping::ForGood) };
    let last = holdings::ends_on(&item, years);
    Ok(if last < beijing_day(scene.now) { Keeping::Over(last) } else { Keeping::Until(last) })
}

/// Grants a request and carries it out. Gives the hashes of files whose bytes nothing names any more.
pub fn grant(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, reason: &str) -> Result<Vec<String>, ActError> {
    let (case, row, by) = deciding(tx, scene, id, reason)?;
    let mut thrown = Vec::new();
    let (fields, told) = match row.asked.right {
        Right::Copy => {
            let days = personal_data_rules().copy.open_days;
            (String::new(), format!("同意查阅、复制：{days} 天内可以在查询页查看、下载您的个人信息副本。"))
        }
        Right::Correct => {
            let fields = correct(tx, scene, &case, &row)?;
            let told = format!("已按您的请求更正{}。", labels(&fields));
            (fields, told)
        }
        Right::Delete => {
            if !matches!(keeping(tx, scene, &case)?, Keeping::Over(_)) {
                let sentence = "不能同意删除：案卷还没有归档，或者保存期限没有届满。请选不同意，程序会写明期限";
                return Err(ActError::field("granted", "personal.kept", sentence));
            }
            thrown = erase(tx, scene, &case)?;
            (String::new(), "已删除您的个人信息。编号、日期和办理结果不含个人信息，仍作为档案保存。".to_owned())
        }
    };
    let decided = Decided {
        granted: true,
        ground: String::new(),
        reason: reason.trim().to_owned(),
        ends_on: None,
        fields,
        by: String::new(),
        at: scene.now,
    };
    settle(tx, id, &decided, by)?;
    if row.asked.right == Right::Delete {
        // Where she is reached is not known any more.
        let notice = Notice { subject: ANSWERED, body: &told, paper: None };
        notice::on_her_page(tx, scene, &case, &notice)?;
    } else {
        tell(tx, scene, &case, ANSWERED, &told)?;
    }
    Ok(thrown)
}

/// Refuses, on a ground with its article, and tells her why and until when.
pub fn refuse(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, ground: &str, reason: &str) -> Result<(), ActError> {
    let (case, row, by) = deciding(tx, scene, id, reason)?;
    let rules = personal_data_rules();
    let ground = rules.ground(row.asked.right, ground);
    let ground = ground.ok_or_else(|| ActError::field("ground", "ground.unknown", "请选择不同意的依据"))?;
    let mut until = None;
    let mut words = ground.says.clone();
    if ground.key == RETENTION {
        let last = match keeping(tx, scene, &case)? {
            Keeping::Until(last) => {
                until = Some(last);
                format!("保存到{}年{}月{}日", last.year(), last.month(), last.day())
            }
            Keeping::ForGood => "长期保存，没有到期的日子".to_owned(),
            Keeping::Held => "档案已经停止销毁，解除以前继续保存".to_owned(),
            Keeping::NotClosed => {
                let sentence = "案件还没有归档，保存期限没有开始算，请选另一项依据";
                return Err(ActError::field("ground", "personal.not_closed", sentence));
            }
            Keeping::Over(_) => {
                let sentence = "保存期限已经届满，不能以此不同意";
                return Err(ActError::field("ground", "personal.over", sentence));
            }
        };
        words = format!("{words}（{last}）");
        store::personal::restrict(tx, case.id)?;
    }
    let decided = Decided {
        granted: false,
        ground: ground.key.clone(),
        reason: reason.trim().to_owned(),
        ends_on: until,
        fields: String::new(),
        by: String::new(),
        at: scene.now,
    };
    settle(tx, id, &decided, by)?;
    let (law, right, article) = (&rules.law, row.asked.right.label(), &ground.article);
    let told = format!(
        "不同意您{right}的请求。依据：{law}{article}。{words}理由：{}。对答复有意见，可以向人民法院提起诉讼（第五十条）。",
        reason.trim().trim_end_matches('。')
    );
    tell(tx, scene, &case, ANSWERED, &told)
}

/// The case and the request, for one who decides and says why.
fn deciding(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, reason: &str) -> Result<(CaseRow, RequestRow, i64), ActError> {
    let (case, row) = reached(tx, scene, id)?;
    let Actor::Staff(person) = scene.actor else { return Err(ActError::NotFound) };
    if !decides(person, &case) {
        return Err(ActError::Forbidden);
    }
    if row.decided.is_some() {
        return Err(already());
    }
    Faults::default()
        .needed("reason", reason, "请写明理由：核实了什么，怎样核实的")
        .when(reason.chars().count() > WORDS_AT_MOST, "reason", "reason.too_long", "请控制在 1000 个字以内")
        .done()?;
    Ok((case, row, person.account_id))
}

fn already() -> ActError {
    ActError::Conflict { since: "有人先答复了这个请求".to_owned() }
}

fn settle(tx: &mut Tx<'_>, id: i64, decided: &Decided, by: i64) -> Result<(), ActError> {
    if store::personal::decide(tx, id, decided, by)? { Ok(()) } else { Err(already()) }
}

/// Puts her particulars right: the party alone. Papers that were made keep what stood in them; the history says what was corrected,
/// not what it was. Gives the keys of what changed.
fn correct(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, row: &RequestRow) -> Result<String, ActError> {
    let to: Correction = serde_json::from_str(&row.asked.wanted).unwrap_or_default();
    let held = known(tx, case)?;
    let or_held =
        |typed: &str, held: &str| if typed.trim().is_empty() { held.to_owned() } else { typed.trim().to_owned() };
    let phone = PhoneNumber::parse(to.phone.trim()).map(|phone| phone.as_str().to_owned()).unwrap_or_default();
    let id_number = CitizenId::parse(to.id_number.trim()).map(|id| id.as_str().to_owned()).unwrap_or_default();
    let contact = Contact {
        name: or_held(&to.name, &held.name),
        phone: or_held(&phone, &held.phone),
        address: or_held(&to.address, &held.address),
        email: or_held(&to.email, &held.email),
        id_kind: if id_number.is_empty() { held.id_kind.clone() } else { "citizen_id".to_owned() },
        id_number: or_held(&id_number, &held.id_number),
    };
    store::party::correct(tx, case.id, &contact)?;
    let changed = to
        .particulars()
        .into_iter()
        .filter(|(key, _, value)| !value.trim().is_empty() && particular(&held, key) != value.trim());
    let fields: Vec<String> = changed.map(|(key, ..)| key.to_owned()).collect();
    let act = Act::CorrectPersonal { fields: fields.clone() };
    let fresh = store::case::by_id(tx, case.id)?.ok_or(ActError::NotFound)?;
    record::perform(tx, scene, fresh, &act)?;
    Ok(fields.join(","))
}

/// De-identifies a case whose time of keeping is over: who filed it cannot be told any more, what was done can.
fn erase(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<Vec<String>, ActError> {
    let thrown = clear(tx, scene, case, ERASED)?;
    let fresh = store::case::by_id(tx, case.id)?.ok_or(ActError::NotFound)?;
    record::perform(tx, scene, fresh, &Act::ErasePersonal)?;
    Ok(thrown)
}

/// Takes away what points to the person who filed, from the rows, the letters and the vault; gives the hashes of her files.
pub(crate) fn clear(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, instead: &str) -> Result<Vec<String>, ActError> {
    for paper in store::paper::of_case(tx, case.id)? {
        if let Ok(mut kept) = serde_json::from_str::<KeptLetter>(&paper.body) {
            kept.letter.addressee = None;
            kept.letter.rows.clear();
            kept.letter.paragraphs = vec![instead.to_owned()];
            store::paper::rewrite(tx, paper.id, &serde_json::to_string(&kept).unwrap_or_default())?;
        }
    }
    if let Some(identity) = store::vault::identity(tx, case.id, "reporter")? {
        for wrap in store::vault::wraps(tx, identity.id)? {
            store::vault::revoke_wrap(tx, wrap.id, scene.now)?;
        }
    }
    Ok(store::personal::erase(tx, case.id, instead)?)
}

/// Everything held about the person who asks, and nothing about anybody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonalCopy {
    /// 编号.
    pub number: String,
    /// Whether her identity is sealed: it is then in no copy.
    pub identity_sealed: bool,
    /// What she is called and where she is reached: name of the particular and value.
    pub particulars: Vec<Entry>,
    /// What she wrote.
    pub statements: Vec<Entry>,
    /// Her consents.
    pub consents: Vec<Entry>,
    /// The files that she brought.
    pub files: Vec<Entry>,
    /// The letters addressed to her: title and number; what they say of others is not repeated.
    pub letters: Vec<Entry>,
    /// What she was told.
    pub messages: Vec<Entry>,
    /// What she herself did about the case.
    pub acts: Vec<Entry>,
    /// For what it is held, by whom, and how long.
    pub processing: Vec<Entry>,
}

/// A name and a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// What it is.
    pub name: String,
    /// What is held.
    pub value: String,
}

fn entry(name: impl Into<String>, value: impl Into<String>) -> Entry {
    Entry { name: name.into(), value: value.into() }
}

/// The copy that was granted: to her on her own page while it is open, to those who hand it out at a counter. That it was taken out
/// is kept.
pub fn hand_out(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<PersonalCopy, ActError> {
    let (case, row) = reached(tx, scene, id)?;
    let granted = row.decided.as_ref().filter(|decided| decided.granted && row.asked.right == Right::Copy);
    let Some(decided) = granted else { return Err(ActError::NotFound) };
    match scene.actor {
        Actor::Complainant { .. } if is_open(scene, decided) => {}
        Actor::Staff(person) if takes_down(person) || decides(person, &case) => {}
        _ => return Err(ActError::NotFound),
    }
    let (kind, by) = (AuditKind::Export, scene.actor.id());
    store::access::record(tx, scene.now, kind, by, Some(case.id), "个人信息副本", "本人查阅、复制")?;
    let hers = Actor::Complainant { case_id: case.id };
    gathered(tx, Scene { actor: &hers, ..scene }, &case)
}

/// Whether a granted copy can still be fetched on her page.
pub fn is_open(scene: Scene<'_>, decided: &Decided) -> bool {
    let days = personal_data_rules().copy.open_days;
    scene.now.duration_since(decided.at) <= jiff::SignedDuration::from_hours(24 * days)
}

fn gathered(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<PersonalCopy, ActError> {
    let own = tracking::own_file(tx, scene, case.id)?;
    let (matter, party) = (&case.matter, known(tx, case)?);
    let day = |at: jiff::Timestamp| beijing_day(at).to_string();
    let filled = |entries: Vec<Entry>| entries.into_iter().filter(|it| !it.value.trim().is_empty()).collect::<Vec<_>>();
    let yes_no =
        |name: &str, consent: Option<bool>| consent.map(|yes| entry(name, if yes { "同意" } else { "不同意" }));
    let ways = match party.notify_by.as_str() {
        "sms" => "短信",
        "email" => "电子邮件",
        "phone" => "电话",
        "letter" => "信函",
        _ => "查询页",
    };
    let unit = own.unit_name.clone().unwrap_or_default();
    let keeping = match keeping(tx, scene, case)? {
        Keeping::NotClosed => "办结归档以后按档案规定保存".to_owned(),
        Keeping::ForGood => "长期".to_owned(),
        Keeping::Held => "停止销毁期间继续保存".to_owned(),
        Keeping::Until(last) | Keeping::Over(last) => format!("到 {last}"),
    };
    Ok(PersonalCopy {
        number: case.number.clone(),
        identity_sealed: case.state.kind == CaseKind::Report,
        particulars: filled(vec![
            entry("姓名（名称）", party.name),
            entry("电话", party.phone),
            entry("地址", party.address),
            entry("邮编", party.postcode),
            entry("电子邮箱", party.email),
            entry("证件类型", scene.house.codes.label("id_kinds", &party.id_kind).unwrap_or_default()),
            entry("证件号码", party.id_number),
            entry("告知方式", ways),
        ]),
        statements: filled(vec![
            entry("经过", matter.facts.clone()),
            entry("具体要求", matter.demand_text.clone()),
            entry("商品或者服务", matter.goods.clone()),
            entry("订单号", matter.order_number.clone()),
            entry("购买日期", matter.bought_on.map(|day| day.to_string()).unwrap_or_default()),
        ])
        .into_iter()
        .chain(
            own.exchange.iter().filter(|it| it.sender == "reporter").map(|it| entry(day(it.sent_at), it.body.clone())),
        )
        .collect(),
        consents: [yes_no("公示", matter.consent_publish), yes_no("委托调解", matter.consent_delegate)]
            .into_iter()
            .flatten()
            .collect(),
        files: own.attachments.iter().map(|file| entry(day(file.added_at), file.name.clone())).collect(),
        letters: own.letters.iter().map(|it| entry(day(it.made_at), format!("{} {}", it.title, it.number))).collect(),
        messages: own.messages.iter().map(|it| entry(day(it.created_at), it.subject.clone())).collect(),
        acts: own.course.iter().filter(|it| it.hers).map(|it| entry(day(it.at), it.words.clone())).collect(),
        processing: filled(vec![
            entry("用途", "依法受理、处理投诉举报和咨询（履行法定职责）"),
            entry("处理者", own.bureau_name.clone()),
            entry("承办单位", unit),
            entry("保存期限", keeping),
        ]),
    })
}

/// Her requests about her own case, the latest first.
pub fn mine(tx: &mut Tx<'_>, scene: Scene<'_>, case_id: i64) -> Result<Vec<RequestRow>, ActError> {
    tracking::own_case(tx, scene, case_id)?;
    Ok(store::personal::of_case(tx, case_id)?)
}

/// The requests about cases that she may read, of the bureaus where she works.
pub fn list(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Vec<RequestRow>, ActError> {
    let Actor::Staff(person) = scene.actor else { return Err(ActError::Forbidden) };
    let mut bureaus: Vec<i64> = person.grants.iter().map(|grant| grant.bureau_id).collect();
    bureaus.sort_unstable();
    bureaus.dedup();
    let mut rows = Vec::new();
    for bureau in bureaus {
        for row in store::personal::of_bureau(tx, bureau, SHOWN)? {
            let case = store::case::by_id(tx, row.asked.case_id)?;
            if case.is_some_and(|case| person.may_read(&case)) {
                rows.push(row);
            }
        }
    }
    Ok(rows)
}

/// Keeps that she looked at what is wanted, which is personal data in full (11.3).
pub fn note_look(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<(), ActError> {
    let (case, _) = reached(tx, scene, id)?;
    reading::note_look(tx, scene, AuditKind::Look, case.id, "个人信息请求")
}
