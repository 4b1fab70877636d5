//! 文书的签发与签名: how a paper stands, who signed it and how, its number, and what can still be done with it.

use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::evidence::{self, Care};
use casework::issuing::{self, Printable, Standing};
use casework::{ActError, numbering, signing};
use domain::issuing::{SignatureWay, awaited};
use jiff::Timestamp;
use serde::Deserialize;
use store::case::CaseRow;

use super::{export, keeping, paper};
use crate::app::App;
use crate::error::PageError;
use crate::form::FormBody;
use crate::session::SignedIn;
use crate::view::{self, DeskPage, Errors, Notice, Section, Tag, Tone, tag};
use crate::{frame, redirect, render};

/// `GET /desk/cases/{number}/papers/{id}/keep`
#[derive(askama::Template)]
#[template(path = "desk/paper_keep.html")]
struct KeepPage {
    page: DeskPage,
    number: String,
    here: String,
    title: String,
    document_number: String,
    standing: Tag,
    facts: Vec<(&'static str, String)>,
    places: Vec<PlaceView>,
    may_sign: bool,
    may_void: bool,
    link: Option<LinkView>,
    reason: String,
    errors: Errors,
}

/// A place to sign.
struct PlaceView {
    index: i64,
    label: String,
    signed: Option<String>,
    picture: Option<String>,
    href: String,
}

/// A link just made, shown this once.
struct LinkView {
    label: String,
    address: String,
    code: String,
}

/// What was done before this page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct KeepQuery {
    done: String,
}

/// What a form brought that is shown again.
#[derive(Default)]
struct Again {
    reason: String,
    errors: Errors,
    link: Option<LinkView>,
    notice: Option<Notice>,
}

pub(super) async fn show(
    State(app): State<App>,
    me: SignedIn,
    Path((number, id)): Path<(String, i64)>,
    Query(query): Query<KeepQuery>,
) -> Result<Response, PageError> {
    let notice = match query.done.as_str() {
        "void" => Some(Notice::done("已作废").text("文号留在登记里，不再给别的文书。")),
        "sign" => Some(Notice::done("签名已存好")),
        _ => None,
    };
    let page = page(&app, &me, &number, id, Again { notice, ..Again::default() }).await?;
    Ok(render::page(&page))
}

async fn page(app: &App, me: &SignedIn, number: &str, id: i64, again: Again) -> Result<KeepPage, PageError> {
    let asked = number.to_owned();
    let (case, paper, may_sign) = app
        .look::<_, ActError>(me.actor(), move |tx, scene| {
            let case = casework::record::readable(tx, scene, &asked)?;
            let row = store::paper::find(tx, case.id, id)?.ok_or(ActError::NotFound)?;
            let paper = issuing::printable(tx, scene, &case, row)?.ok_or(ActError::NotFound)?;
            let may_sign = signing::may_take(scene, &case);
            Ok((case, paper, may_sign))
        })
        .await?;
    let voided = matches!(paper.standing, Standing::Voided(_));
    let here = format!("/desk/cases/{number}/papers/{id}");
    let now = app.now();
    Ok(KeepPage {
        page: DeskPage { notice: again.notice, ..frame::desk(&me.0, Section::Cases) },
        number: number.to_owned(),
        title: paper.row.title.clone(),
        document_number: paper.kept.number.clone(),
        standing: standing_tag(&paper.standing),
        facts: facts(app, &paper, now),
        may_void: !voided && paper.given.is_some() && voids(me, &case),
        places: paper.places.iter().map(|place| place_view(place, &here, now)).collect(),
        may_sign: may_sign && !voided,
        link: again.link,
        reason: again.reason,
        errors: again.errors,
        here,
    })
}

fn voids(me: &SignedIn, case: &CaseRow) -> bool {
    me.0.standing(case).roles.iter().any(|role| numbering::voids(*role))
}

fn standing_tag(standing: &Standing) -> Tag {
    let tone = match standing {
        Standing::Issued(_) => Tone::Green,
        Standing::Waiting => Tone::Plain,
        Standing::Voided(_) => Tone::Amber,
    };
    tag(standing.label(), tone)
}

fn facts(app: &App, paper: &Printable, now: Timestamp) -> Vec<(&'static str, String)> {
    let day = |at| view::dates::moment(at, now);
    let mut facts = Vec::new();
    match &paper.standing {
        Standing::Waiting => {
            let source = awaited(&paper.row.kind).map(|issuing| issuing.source.clone()).unwrap_or_default();
            facts.push(("签发", format!("等审批领导签批以后才盖章、送达。{source}")));
        }
        Standing::Issued(at) => facts.push(("签发", day(*at))),
        Standing::Voided(voided) => {
            facts.push(("作废", format!("{}，{}：{}", day(voided.at), voided.by, voided.reason)));
        }
    }
    if paper.kept.sealed {
        let seal = match (&paper.seal, &paper.standing) {
            (_, Standing::Waiting) => "签发以后加盖",
            (Some(_), _) => "PDF 上已加盖签发时在用的电子印章",
            (None, _) => "签发时没有电子印章，请打印后盖实物印章",
        };
        facts.push(("印章", seal.to_owned()));
        let certificate = paper.bureau.as_ref().and_then(|bureau| app.house().signers().of(bureau));
        let signed = certificate.map_or("本局没有证书，PDF 不带数字签名".to_owned(), |signer| {
            format!("PDF 用证书签名：{}", signer.subject())
        });
        facts.push(("数字签名", signed));
    }
    if paper.given.is_some() && matches!(paper.standing, Standing::Issued(_)) {
        facts.push(("核对网址", paper.address(app.house())));
    }
    facts
}

fn place_view(place: &signing::Place, here: &str, now: Timestamp) -> PlaceView {
    let href = format!("{here}/signatures/{}", place.index);
    let way = |row: &store::signature::SignatureRow| SignatureWay::from_key(&row.way).map_or("", SignatureWay::label);
    let drawn = place.signed.as_ref().is_some_and(|row| row.way != SignatureWay::Scan.key());
    PlaceView {
        index: place.index,
        label: place.printed.label.clone(),
        signed: place.signed.as_ref().map(|row| format!("{}，{}", way(row), view::dates::moment(row.signed_at, now))),
        picture: drawn.then(|| href.clone()),
        href,
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reason {
    reason: String,
}

/// `POST …/void`
pub(super) async fn void(
    State(app): State<App>,
    me: SignedIn,
    Path((number, id)): Path<(String, i64)>,
    FormBody(typed): FormBody<Reason>,
) -> Result<Response, PageError> {
    let (asked, reason) = (number.clone(), typed.reason.clone());
    let done = app.act(me.actor(), move |tx, scene| numbering::void(tx, scene, &asked, id, &reason)).await;
    let again = Again { reason: typed.reason, ..Again::default() };
    answered(&app, &me, (&number, id), done, "void", again).await
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ForPlace {
    place: i64,
}

/// `POST …/link`
pub(super) async fn link(
    State(app): State<App>,
    me: SignedIn,
    Path((number, id)): Path<(String, i64)>,
    FormBody(typed): FormBody<ForPlace>,
) -> Result<Response, PageError> {
    let (asked, fresh) = (number.clone(), app.fresh());
    let place = typed.place;
    let made = app.act(me.actor(), move |tx, scene| signing::open_link(tx, scene, &asked, (id, place), fresh)).await;
    let opened = match made.map_err(PageError::from) {
        Ok(opened) => opened,
        Err(error) => return answered(&app, &me, (&number, id), Err(error), "link", Again::default()).await,
    };
    let base = app.house().settings.public_url.trim_end_matches('/').to_owned();
    let mut page = page(&app, &me, &number, id, Again::default()).await?;
    let label = page.places.iter().find(|it| it.index == place).map(|it| it.label.clone()).unwrap_or_default();
    page.link = Some(LinkView { label, address: format!("{base}/sign/{}", opened.token), code: opened.code });
    Ok(render::page(&page))
}

/// What came with a signature.
#[derive(Default)]
struct Signed {
    place: i64,
    drawing: String,
    file: Option<(String, Vec<u8>)>,
}

/// `POST …/sign`: drawn on this screen, or the signed page as a file.
pub(super) async fn sign(
    State(app): State<App>,
    me: SignedIn,
    Path((number, id)): Path<(String, i64)>,
    form: Multipart,
) -> Result<Response, PageError> {
    let signed = receive(form).await?;
    let place = signed.place;
    let kept = match signed.file {
        Some((name, bytes)) => scanned(&app, name, bytes).await?,
        None => drawn(&app, &signed.drawing).await?.map(|sha256| (SignatureWay::Pad, sha256, "image/png".to_owned())),
    };
    let (way, sha256, media_type) = match kept {
        Ok(kept) => kept,
        Err(sentence) => {
            let mut errors = Errors::none();
            errors.push("signature", sentence);
            let page = page(&app, &me, &number, id, Again { errors, ..Again::default() }).await?;
            return Ok(render::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    let asked = number.clone();
    let done = app
        .act(me.actor(), move |tx, scene| signing::take(tx, scene, &asked, (id, place), way, (&sha256, &media_type)))
        .await;
    answered(&app, &me, (&number, id), done, "sign", Again::default()).await
}

async fn receive(mut form: Multipart) -> Result<Signed, PageError> {
    let mut signed = Signed::default();
    let unread = |_| PageError::bad_request("上传没有完成，可能是网络断开或者文件太大。请再试一次。");
    while let Some(part) = form.next_field().await.map_err(unread)? {
        match part.name().unwrap_or_default() {
            "place" => signed.place = part.text().await.map_err(unread)?.trim().parse().unwrap_or(-1),
            "drawing" => signed.drawing = part.text().await.map_err(unread)?,
            "page" => {
                let name = part.file_name().unwrap_or_default().to_owned();
                let bytes = part.bytes().await.map_err(unread)?;
                // A browser sends an empty part when no file was chosen.
                if !bytes.is_empty() {
                    signed.file = Some((name, bytes.to_vec()));
                }
            }
            _ => {}
        }
    }
    Ok(signed)
}

type Kept = Result<(SignatureWay, String, String), String>;

/// Keeps a scanned page: a picture or a PDF.
async fn scanned(app: &App, name: String, bytes: Vec<u8>) -> Result<Kept, PageError> {
    let house = app.house().clone();
    let kept = app.hashing(move || evidence::keep(&house.settings, Care::AsSent, &name, &bytes)).await??;
    Ok(match kept {
        Ok(file) if file.kind.media_type == "application/pdf" || file.kind.media_type.starts_with("image/") => {
            Ok((SignatureWay::Scan, file.sha256, file.kind.media_type.to_owned()))
        }
        Ok(_) => Err("签字页请传照片或者 PDF".to_owned()),
        Err(unfit) => Err(unfit.to_string()),
    })
}

/// Keeps a drawn signature, which comes as a picture in text; a sentence when there is none in it.
pub(crate) async fn drawn(app: &App, drawing: &str) -> Result<Result<String, String>, PageError> {
    use base64::Engine as _;
    let text = drawing.trim().strip_prefix("data:image/png;base64,").unwrap_or_default();
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).unwrap_or_default();
    if !signing::is_drawn(&bytes) {
        return Ok(Err("还没有签名：请在框里签，或者上传签好字的那一页".to_owned()));
    }
    let house = app.house().clone();
    let kept = app.hashing(move || store::files::put(&house.settings.data, &bytes)).await?;
    Ok(Ok(kept.map_err(|error| ActError::File(error.to_string()))?))
}

/// `GET …/signatures/{place}`: a drawn signature as a picture, a signed page as a file.
pub(super) async fn signature(
    State(app): State<App>,
    me: SignedIn,
    Path((number, id, place)): Path<(String, i64, i64)>,
) -> Result<Response, PageError> {
    let asked = number.clone();
    let row = app
        .look::<_, ActError>(me.actor(), move |tx, scene| {
            let case = casework::record::readable(tx, scene, &asked)?;
            let paper = store::paper::find(tx, case.id, id)?.ok_or(ActError::NotFound)?;
            let signed = store::signature::of_paper(tx, paper.id)?;
            signed.into_iter().find(|row| row.place == place).ok_or(ActError::NotFound)
        })
        .await?;
    let bytes = keeping::read(&app, &row.sha256).await?;
    if row.way == SignatureWay::Scan.key() {
        let ending = evidence::kind_of(&row.media_type).map_or("bin", |kind| kind.ending);
        return Ok(export::file(&format!("签字页-{number}-{id}-{place}.{ending}"), &row.media_type, bytes));
    }
    Ok(paper::picture(&row.media_type, bytes).into_response())
}

/// Back to the page after an act: with what was done, or with what is wrong.
async fn answered<E>(
    app: &App,
    me: &SignedIn,
    (number, id): (&str, i64),
    done: Result<(), E>,
    what: &str,
    again: Again,
) -> Result<Response, PageError>
where
    PageError: From<E>,
{
    let error = match done {
        Ok(()) => return Ok(redirect::to(&format!("/desk/cases/{number}/papers/{id}/keep?done={what}"))),
        Err(error) => PageError::from(error),
    };
    let (status, errors, notice) = match (error.faults(), error) {
        (Some(errors), _) => (StatusCode::UNPROCESSABLE_ENTITY, errors, None),
        (None, PageError::Act(error @ ActError::Conflict { .. })) => {
            (StatusCode::CONFLICT, Errors::none(), Some(Notice::refused("没有办成").text(error.to_string())))
        }
        (None, error) => return Err(error),
    };
    let page = page(app, me, number, id, Again { errors, notice, ..again }).await?;
    Ok(render::page_with_status(status, &page))
}
