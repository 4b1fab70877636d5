//! 档案: what the archive holds, found by class, year and words; taking in what is no case; how long the classes are kept.

mod disposals;
mod item;

pub(super) use disposals::{
    act as act_disposal, draw, list as disposals, print as print_disposal, show as show_disposal,
};
pub(super) use item::{act, act_loan, file, show as show_item};

use axum::extract::{Multipart, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::evidence::{self, Care, KeptFile};
use casework::holdings::{self, Record, Said, Term};
use casework::{ActError, Staff, lending};
use domain::archive::{ArchiveClass, archive_rules};
use domain::audit::AuditKind;
use domain::case_kind::CaseKind;
use domain::clock::beijing_day;
use jiff::civil::Date;
use serde::Deserialize;
use store::archive::{ItemRow, Keeping, Wanted};

use super::export;
use super::forms::Typed;
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::redirect::query_value;
use crate::session::SignedIn;
use crate::view::{self, Choice, DeskPage, EmptyState, Errors, Notice, Pagination, Section, Sort, Tag, Tone, tag};
use crate::{frame, redirect, render};

const HERE: &str = "/desk/archive";
/// Items on a page, and in a table that is taken out.
const ON_A_PAGE: i64 = 50;
const IN_A_TABLE: i64 = 20_000;
/// What stands for what is no case in the filter of kinds.
const RECORDS: &str = "record";

/// What stands in the address bar.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    class: String,
    year: String,
    kind: String,
    state: String,
    sort: String,
    page: i64,
    done: String,
}

impl Asked {
    fn wanted(&self) -> Wanted {
        Wanted {
            class: ArchiveClass::from_key(&self.class),
            year: self.year.trim().parse().ok(),
            kind: CaseKind::from_key(&self.kind),
            records: self.kind == RECORDS,
            words: self.q.trim().to_owned(),
            state: self.state.clone(),
            sort: self.sort.trim_start_matches('-').to_owned(),
            descending: self.sort.starts_with('-'),
            ..Wanted::default()
        }
    }

    /// The address with these filters, ending so that more can follow.
    fn base(&self, path: &str) -> String {
        let pairs = [
            ("q", &self.q),
            ("class", &self.class),
            ("year", &self.year),
            ("kind", &self.kind),
            ("state", &self.state),
        ];
        let given = pairs.iter().filter(|(_, value)| !value.is_empty());
        given.fold(format!("{path}?"), |address, (name, value)| address + name + "=" + &query_value(value) + "&")
    }

    fn with_order(&self, path: &str) -> String {
        let base = self.base(path);
        if self.sort.is_empty() { base } else { format!("{base}sort={}&", query_value(&self.sort)) }
    }
}

#[derive(askama::Template)]
#[template(path = "desk/archive.html")]
struct ListPage {
    page: DeskPage,
    sort: Sort,
    classes: Vec<Choice>,
    kinds: Vec<Choice>,
    states: Vec<Choice>,
    rows: Vec<Row>,
    found: String,
    pagination: Option<Pagination>,
    empty: EmptyState,
    csv: String,
    keeps: bool,
    /// What she has in hand, and what waits for her word.
    loans: Vec<LoanLine>,
    waiting: Vec<LoanLine>,
    asked: Asked,
}

struct Row {
    href: String,
    number: String,
    title: String,
    under: String,
    class: &'static str,
    year: i64,
    shelf: String,
    state: Option<Tag>,
}

struct LoanLine {
    href: String,
    number: String,
    words: String,
    late: bool,
}

/// Whether anybody has an archive to look in.
pub(super) fn has_list(staff: &Staff) -> bool {
    !holdings::bureaus(staff).is_empty()
}

/// `GET /desk/archive`
pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let wanted = asked.wanted();
    let from = asked.page.max(1).saturating_sub(1).saturating_mul(ON_A_PAGE);
    let look = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| -> Result<_, ActError> {
        let wanted = holdings::wanted(scene, wanted.clone())?;
        let rows = store::archive::search(tx, &wanted, from, ON_A_PAGE)?;
        let found = store::archive::count(tx, &wanted)?;
        Ok((rows, found, lending::in_hand(tx, scene)?, lending::waiting(tx, scene)?))
    };
    let (rows, found, in_hand, waiting) = app.look(me.actor(), look).await?;
    let today = beijing_day(app.now());
    let all = || std::iter::once(Choice::new("", "全部"));
    let line = |loan: &store::lending::LoanRow| LoanLine {
        href: format!("{HERE}/{}", loan.asked.item_id),
        number: loan.number.clone(),
        words: format!("{} · {}前归还", loan.borrower, view::dates::short_day(loan.asked.due_day, today)),
        late: loan.asked.due_day < today,
    };
    let mut page = frame::desk(&me.0, Section::Cases);
    page.notice = (asked.done == "terms").then(|| Notice::done("保管期限已设定"));
    Ok(render::page(&ListPage {
        page,
        sort: Sort::parse(&asked.sort, asked.base(HERE)),
        classes: all().chain(classes()).collect(),
        kinds: all()
            .chain(CaseKind::ALL.iter().map(|kind| Choice::new(kind.key(), kind.label())))
            .chain([Choice::new(RECORDS, "非案件材料")])
            .collect(),
        states: vec![
            Choice::new("", "在库和借出"),
            Choice::new("out", "借出"),
            Choice::new("late", "逾期未还"),
            Choice::new("held", "停止销毁"),
            Choice::new("destroyed", "已销毁"),
        ],
        pagination: pagination(&asked, from, rows.len() as i64, found),
        rows: rows.iter().map(|row| shown(row, today)).collect(),
        found: view::quantity(found),
        empty: EmptyState::new(
            "没有符合条件的档案",
            "案件归档以后自动进来；简报、统计、来信、影音等非案件材料由档案员登记。",
        ),
        csv: asked.with_order("/desk/archive.csv"),
        keeps: !holdings::kept_bureaus(&me.0).is_empty(),
        loans: in_hand.iter().map(line).collect(),
        waiting: waiting.iter().map(line).collect(),
        asked,
    }))
}

fn classes() -> impl Iterator<Item = Choice> {
    archive_rules().class.iter().map(|class| Choice::new(class.key.key(), &class.says))
}

fn pagination(asked: &Asked, from: i64, on_page: i64, found: i64) -> Option<Pagination> {
    let number = from / ON_A_PAGE + 1;
    let to = |number: i64| format!("{}page={number}", asked.with_order(HERE));
    (found > ON_A_PAGE).then(|| Pagination {
        previous: (number > 1).then(|| to(number - 1)),
        next: (from + on_page < found).then(|| to(number + 1)),
        place: format!("第 {}–{} 件，共 {} 件", from + 1, from + on_page, view::quantity(found)),
    })
}

fn shown(row: &ItemRow, today: Date) -> Row {
    let kind = row.case.as_ref().map(|(number, kind)| format!("{} {number}", kind.label()));
    Row {
        href: format!("{HERE}/{}", row.id),
        number: row.item.number.clone(),
        title: row.item.title.clone(),
        under: kind.unwrap_or_else(|| row.item.day.map(|day| day.to_string()).unwrap_or_default()),
        class: row.item.class.label(),
        year: row.item.year,
        shelf: row.keeping.shelf.clone(),
        state: state(row, today),
    }
}

/// What is to be known of an item at a glance.
fn state(row: &ItemRow, today: Date) -> Option<Tag> {
    match row.out_until {
        _ if row.destroyed_at.is_some() => Some(tag("已销毁", Tone::Plain)),
        Some(day) if day < today => Some(tag("逾期未还", Tone::Red)),
        Some(_) => Some(tag("借出", Tone::Amber)),
        None if row.held => Some(tag("停止销毁", Tone::Teal)),
        None => None,
    }
}

/// `GET /desk/archive.csv`
pub(super) async fn export(
    State(app): State<App>,
    me: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let wanted = asked.wanted();
    let rows = app
        .act::<_, ActError>(me.actor(), move |tx, scene| {
            let wanted = holdings::wanted(scene, wanted.clone())?;
            store::access::record(tx, scene.now, AuditKind::Export, scene.actor.id(), None, "导出档案目录", "查档")?;
            Ok(store::archive::search(tx, &wanted, 0, IN_A_TABLE)?)
        })
        .await?;
    let today = beijing_day(app.now());
    let cells = |row: &ItemRow| {
        vec![
            row.item.number.clone(),
            row.item.title.clone(),
            row.item.class.label().to_owned(),
            row.item.year.to_string(),
            row.case.as_ref().map(|(number, _)| number.clone()).unwrap_or_default(),
            row.item.day.unwrap_or_else(|| beijing_day(row.entered_at)).to_string(),
            row.keeping.shelf.clone(),
            row.keeping.custodian.clone(),
            state(row, today).map(|tag| tag.text).unwrap_or_default(),
        ]
    };
    let heads = ["档号", "题名", "门类", "年度", "案件编号", "日期", "架号", "保管人", "状态"];
    Ok(export::csv(&format!("档案目录-{today}.csv"), &heads, rows.iter().map(cells)))
}

#[derive(askama::Template)]
#[template(path = "desk/archive_new.html")]
struct NewPage {
    page: DeskPage,
    typed: Typed,
    classes: Vec<Choice>,
    largest: u32,
    errors: Errors,
}

fn new_page(app: &App, me: &SignedIn, typed: Typed, errors: Errors) -> NewPage {
    let largest = app.house().settings.evidence_bytes_at_most / (1024 * 1024);
    NewPage {
        page: frame::desk(&me.0, Section::Cases),
        typed,
        classes: classes().collect(),
        largest: u32::try_from(largest).unwrap_or(u32::MAX),
        errors,
    }
}

fn keeps(me: &SignedIn) -> Result<(), PageError> {
    if holdings::kept_bureaus(&me.0).is_empty() {
        return Err(PageError::forbidden("档案由档案员登记和管理。"));
    }
    Ok(())
}

/// `GET /desk/archive/new`
pub(super) async fn ask(State(app): State<App>, me: SignedIn) -> Result<Response, PageError> {
    keeps(&me)?;
    Ok(render::page(&new_page(&app, &me, Typed::default(), Errors::none())))
}

/// `POST /desk/archive/new`: something that is no case, with a file.
pub(super) async fn take_in(State(app): State<App>, me: SignedIn, form: Multipart) -> Result<Response, PageError> {
    keeps(&me)?;
    let (typed, file, refused) = received(&app, form).await?;
    let record = Record {
        class: typed.get("class").to_owned(),
        title: typed.get("title").to_owned(),
        day: typed.get("day").to_owned(),
        said: said(&typed),
    };
    let mut errors: Errors = refused.iter().map(|why| ("file", why.as_str())).collect();
    if errors.is_empty() {
        match app.act(me.actor(), move |tx, scene| holdings::take_in(tx, scene, &record, file.as_ref())).await {
            Ok(id) => return Ok(redirect::to(&format!("{HERE}/{id}?done=taken_in"))),
            Err(ActError::Invalid(faults)) => {
                errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &new_page(&app, &me, typed, errors)))
}

/// What a form with a file brought: what was typed, the file when it is fit, and why not when it is not.
async fn received(app: &App, mut form: Multipart) -> Result<(Typed, Option<KeptFile>, Vec<String>), PageError> {
    let (mut typed, mut kept, mut refused) = (Vec::new(), None, Vec::new());
    let unread = |_| PageError::bad_request("上传没有完成，可能是网络断开或者文件太大。请减少文件后再试。");
    while let Some(part) = form.next_field().await.map_err(unread)? {
        let field = part.name().unwrap_or_default().to_owned();
        if field != "file" {
            typed.push((field, part.text().await.map_err(unread)?));
            continue;
        }
        let name = part.file_name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(unread)?;
        // A browser sends an empty part when no file was chosen.
        if name.is_empty() && bytes.is_empty() {
            continue;
        }
        let house = app.house().clone();
        let put = tokio::task::spawn_blocking(move || evidence::keep(&house.settings, Care::AsSent, &name, &bytes));
        match put.await.map_err(|error| ActError::File(error.to_string()))?? {
            Ok(file) => kept = Some(file),
            Err(unfit) => refused.push(unfit.to_string()),
        }
    }
    Ok((Typed(typed), kept, refused))
}

/// What was typed of an item's keeping.
fn said(typed: &Typed) -> Said {
    let text = |name: &str| typed.get(name).to_owned();
    Said {
        years: text("years"),
        keeping: Keeping {
            years: None,
            shelf: text("shelf"),
            custodian: text("custodian"),
            fonds: text("fonds"),
            catalogue: text("catalogue"),
            checked_by: text("checked_by"),
            remarks: text("remarks"),
        },
    }
}

#[derive(askama::Template)]
#[template(path = "desk/archive_terms.html")]
struct TermsPage {
    page: DeskPage,
    terms: Vec<TermShown>,
    note: &'static str,
    source: &'static str,
    keeps: bool,
    errors: Errors,
}

struct TermShown {
    key: &'static str,
    says: &'static str,
    years: String,
    set: String,
}

/// `GET /desk/archive/terms`
pub(super) async fn ask_terms(State(app): State<App>, me: SignedIn) -> Result<Response, PageError> {
    Ok(render::page(&terms_page(&app, &me, None, Errors::none()).await?))
}

async fn terms_page(app: &App, me: &SignedIn, typed: Option<&Typed>, errors: Errors) -> Result<TermsPage, PageError> {
    let terms = app.look(me.actor(), holdings::terms).await?;
    let today = beijing_day(app.now());
    let shown = |term: &Term| {
        let own = term.own.as_ref();
        let by_rule = term.years.map_or_else(String::new, |years| format!("规则写 {years} 年"));
        TermShown {
            key: term.class.key(),
            says: term.says,
            years: typed.map_or_else(
                || own.map(|own| own.years.to_string()).unwrap_or_default(),
                |typed| typed.get(term.class.key()).to_owned(),
            ),
            set: own.map_or(by_rule, |own| {
                format!("{}于{}设定", own.by, view::dates::short_day(beijing_day(own.at), today))
            }),
        }
    };
    Ok(TermsPage {
        page: frame::desk(&me.0, Section::Cases),
        terms: terms.iter().map(shown).collect(),
        note: &archive_rules().retention.note,
        source: &archive_rules().retention.source,
        keeps: !holdings::kept_bureaus(&me.0).is_empty(),
        errors,
    })
}

/// `POST /desk/archive/terms`
pub(super) async fn set_terms(
    State(app): State<App>,
    me: SignedIn,
    FormBody(typed): FormBody<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    keeps(&me)?;
    let typed = Typed(typed);
    let wanted: Vec<(ArchiveClass, String)> =
        ArchiveClass::ALL.iter().map(|class| (*class, typed.get(class.key()).to_owned())).collect();
    match app.act(me.actor(), move |tx, scene| holdings::set_terms(tx, scene, &wanted)).await {
        Ok(()) => Ok(redirect::to(&format!("{HERE}?done=terms"))),
        Err(ActError::Invalid(faults)) => {
            let errors = faults.into_iter().map(|fault| (fault.field, fault.message)).collect();
            let page = terms_page(&app, &me, Some(&typed), errors).await?;
            Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}
