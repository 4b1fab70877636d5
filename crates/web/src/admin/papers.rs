//! 文号与印章: how the papers of a bureau are numbered, which seal they bear, with which certificate they are signed. The system
//! administrator says how numbers are written; the seal is put in force by the security administrator after a fresh proof.

use askama::Template;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::{ActError, Scene, numbering, stamping};
use domain::clock::beijing_day;
use serde::Deserialize;
use store::Tx;
use store::bureau_seal::BureauSealRow;
use store::number::NumberStyle;
use store::organization::OrganizationRow;

use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::AccountKeeper;
use crate::view::{self, DeskPage, EmptyState, Errors, Notice};
use crate::{redirect, render};

pub(super) const HERE: &str = "/admin/papers";
/// Bytes a form with a seal may have.
pub(super) const BODY_AT_MOST: usize = stamping::SEAL_BYTES_AT_MOST + 64 * 1024;
const SHOWN_AT_MOST: i64 = 100;

#[derive(Template)]
#[template(path = "admin/papers.html")]
struct ListPage {
    page: DeskPage,
    q: String,
    rows: Vec<Row>,
    empty: EmptyState,
}

struct Row {
    href: String,
    name: String,
    number: String,
    seal: &'static str,
    certificate: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    q: String,
}

/// `GET /admin/papers`
pub(super) async fn list(
    State(app): State<App>,
    keeper: AccountKeeper,
    Query(query): Query<ListQuery>,
) -> Result<Response, PageError> {
    let (part, year) = (query.q.clone(), i64::from(beijing_day(app.now()).year()));
    let read = move |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<_, ActError> {
        let mut rows = Vec::new();
        for bureau in stamping::bureaus(tx, scene, &part, SHOWN_AT_MOST)? {
            let style = numbering::style(tx, &bureau)?;
            let seals = store::bureau_seal::of_bureau(tx, bureau.id)?;
            rows.push(Row {
                href: format!("{HERE}/{}", bureau.id),
                number: numbering::written(&style, EXAMPLE, year, 1),
                seal: if seals.iter().any(|seal| seal.ended_at.is_none()) { "在用" } else { "没有" },
                certificate: certificate(scene, &bureau),
                name: bureau.name,
            });
        }
        Ok(rows)
    };
    let rows = app.look(keeper.actor(), read).await?;
    let empty = EmptyState::new("没有这样的局", "写名称的一部分，例如“二七”。").link("看全部", HERE);
    Ok(render::page(&ListPage { page: super::page(&keeper.0, HERE), q: query.q, rows, empty }))
}

/// The word by which a number is shown.
const EXAMPLE: &str = "市监投受";

fn certificate(scene: Scene<'_>, bureau: &OrganizationRow) -> String {
    match scene.house.signers().of(bureau) {
        Some(signer) => signer
            .good_until()
            .map_or_else(|| signer.subject(), |until| format!("{}，有效至 {}", signer.subject(), beijing_day(until))),
        None => "没有".to_owned(),
    }
}

#[derive(Template)]
#[template(path = "admin/paper_style.html")]
struct BureauPage {
    page: DeskPage,
    here: String,
    name: String,
    form: StyleForm,
    ordinals: Vec<view::Choice>,
    preview: String,
    keeps_style: bool,
    keeps_seal: bool,
    seals: Vec<SealLine>,
    current: bool,
    certificate: String,
    certificate_file: String,
    errors: Errors,
}

struct SealLine {
    state: String,
    size: String,
    since: String,
    picture: String,
}

/// How numbers are written, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StyleForm {
    head: String,
    ordinal: String,
    /// Only to look at it.
    preview: String,
    done: String,
}

impl StyleForm {
    fn style(&self) -> NumberStyle {
        NumberStyle { head: self.head.trim().to_owned(), ordinal: self.ordinal != "plain" }
    }
}

/// `GET /admin/papers/{id}`: with what is typed but not saved, to look at it.
pub(super) async fn show(
    State(app): State<App>,
    keeper: AccountKeeper,
    Path(id): Path<i64>,
    Query(form): Query<StyleForm>,
) -> Result<Response, PageError> {
    let notice = match form.done.as_str() {
        "style" => Some(Notice::done("已保存").text("从下一份文书起这样编号，已经发出的不变。")),
        "seal" => Some(Notice::done("印章已启用").text("从现在起签发的文书加盖这枚印章，以前的不变。")),
        "end" => Some(Notice::done("印章已停用")),
        _ => None,
    };
    let mut page = load(&app, &keeper, id, Some(form).filter(|form| !form.head.is_empty()), Errors::none()).await?;
    page.page.notice = notice;
    Ok(render::page(&page))
}

async fn load(
    app: &App,
    keeper: &AccountKeeper,
    id: i64,
    typed: Option<StyleForm>,
    errors: Errors,
) -> Result<BureauPage, PageError> {
    let read = move |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<_, ActError> {
        let bureau = stamping::bureau(tx, scene, id)?;
        let style = numbering::style(tx, &bureau)?;
        let seals = store::bureau_seal::of_bureau(tx, bureau.id)?;
        let may = (stamping::keeps_style(scene, &bureau), stamping::keeps_seal(scene, &bureau));
        Ok((style, seals, may, certificate(scene, &bureau), bureau))
    };
    let (style, seals, (keeps_style, keeps_seal), certificate, bureau) = app.look(keeper.actor(), read).await?;
    let kept = StyleForm {
        head: style.head.clone(),
        ordinal: if style.ordinal { "ordinal" } else { "plain" }.to_owned(),
        ..StyleForm::default()
    };
    let form = typed.unwrap_or(kept);
    let year = i64::from(beijing_day(app.now()).year());
    let here = format!("{HERE}/{id}");
    Ok(BureauPage {
        page: super::page(&keeper.0, HERE),
        name: bureau.name.clone(),
        preview: numbering::written(&form.style(), EXAMPLE, year, 12),
        ordinals: vec![
            view::Choice::new("ordinal", "第12号（2026 年文书式样的写法）"),
            view::Choice::new("plain", "12号（党政机关公文格式的写法）"),
        ],
        form,
        keeps_style,
        keeps_seal,
        current: seals.iter().any(|seal| seal.ended_at.is_none()),
        seals: seals.iter().map(|seal| seal_line(seal, &here, app.now())).collect(),
        certificate,
        certificate_file: format!("signing/{}.p12", bureau.region_code.chars().take(6).collect::<String>()),
        here,
        errors,
    })
}

fn seal_line(seal: &BureauSealRow, here: &str, now: jiff::Timestamp) -> SealLine {
    let day = |at| view::dates::moment(at, now);
    SealLine {
        state: seal.ended_at.map_or_else(|| "在用".to_owned(), |at| format!("{}停用", day(at))),
        size: format!("{}×{} 毫米", seal.width_mm, seal.height_mm),
        since: day(seal.added_at),
        picture: format!("{here}/seals/{}", seal.id),
    }
}

/// `POST /admin/papers/{id}/style`
pub(super) async fn style(
    State(app): State<App>,
    keeper: AccountKeeper,
    Path(id): Path<i64>,
    FormBody(form): FormBody<StyleForm>,
) -> Result<Response, PageError> {
    if !form.preview.is_empty() {
        let page = load(&app, &keeper, id, Some(form), Errors::none()).await?;
        return Ok(render::page(&page));
    }
    let style = form.style();
    let set = move |tx: &mut Tx<'_>, scene: Scene<'_>| numbering::set_style(tx, scene, id, &style);
    match app.act(keeper.actor(), set).await.map_err(PageError::from) {
        Ok(()) => Ok(redirect::to(&format!("{HERE}/{id}?done=style"))),
        Err(error) => refused(&app, &keeper, id, error, Some(form)).await,
    }
}

async fn refused(
    app: &App,
    keeper: &AccountKeeper,
    id: i64,
    error: PageError,
    form: Option<StyleForm>,
) -> Result<Response, PageError> {
    let Some(errors) = error.faults() else { return Err(error) };
    let page = load(app, keeper, id, form, errors).await?;
    Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// `GET /admin/papers/{id}/seal`: after the fresh proof, the page with the form.
pub(super) async fn ask_seal(
    State(app): State<App>,
    keeper: AccountKeeper,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let page = load(&app, &keeper, id, None, Errors::none()).await?;
    Ok(render::page(&page))
}

/// `POST /admin/papers/{id}/seal`
pub(super) async fn put_seal(
    State(app): State<App>,
    keeper: AccountKeeper,
    Path(id): Path<i64>,
    mut form: Multipart,
) -> Result<Response, PageError> {
    let unread = |_| PageError::bad_request("上传没有完成，可能是文件太大。印章图片请不超过 512 KB。");
    let (mut bytes, mut width) = (Vec::new(), 0_i64);
    while let Some(part) = form.next_field().await.map_err(unread)? {
        match part.name().unwrap_or_default() {
            "width" => width = part.text().await.map_err(unread)?.trim().parse().unwrap_or_default(),
            "picture" => bytes = part.bytes().await.map_err(unread)?.to_vec(),
            _ => {}
        }
    }
    // Who may, before anything is kept.
    app.look(keeper.actor(), move |tx, scene| -> Result<_, ActError> {
        let bureau = stamping::bureau(tx, scene, id)?;
        if stamping::keeps_seal(scene, &bureau) { Ok(()) } else { Err(ActError::Forbidden) }
    })
    .await?;
    let house = app.house().clone();
    let kept = app
        .hashing(move || {
            let height = stamping::judged(&bytes, width)?;
            let sha256 = store::files::put(&house.settings.data, &bytes);
            Ok::<_, ActError>((sha256.map_err(|error| ActError::File(error.to_string()))?, height))
        })
        .await?;
    let (sha256, height) = match kept {
        Ok(kept) => kept,
        Err(error) => return refused(&app, &keeper, id, error.into(), None).await,
    };
    let put = move |tx: &mut Tx<'_>, scene: Scene<'_>| stamping::put_seal(tx, scene, id, &sha256, (width, height));
    app.act(keeper.actor(), put).await?;
    Ok(redirect::to(&format!("{HERE}/{id}?done=seal")))
}

/// `POST /admin/papers/{id}/end`
pub(super) async fn end_seal(
    State(app): State<App>,
    keeper: AccountKeeper,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    app.act(keeper.actor(), move |tx, scene| stamping::end_seal(tx, scene, id)).await?;
    Ok(redirect::to(&format!("{HERE}/{id}?done=end")))
}

/// `GET /admin/papers/{id}/seals/{seal}`: the picture.
pub(super) async fn picture(
    State(app): State<App>,
    keeper: AccountKeeper,
    Path((id, seal)): Path<(i64, i64)>,
) -> Result<Response, PageError> {
    let read = move |tx: &mut Tx<'_>, scene: Scene<'_>| -> Result<_, ActError> {
        let bureau = stamping::bureau(tx, scene, id)?;
        let seals = store::bureau_seal::of_bureau(tx, bureau.id)?;
        seals.into_iter().find(|row| row.id == seal).ok_or(ActError::NotFound)
    };
    let row = app.look(keeper.actor(), read).await?;
    let bytes = crate::desk::kept_bytes(&app, &row.sha256).await?;
    Ok(crate::desk::picture("image/png", bytes))
}
