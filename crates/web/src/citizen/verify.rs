//! 文书核对: whether a paper with this code was issued, and whether a file is the one that was handed out. It tells nothing of a
//! person; a wrong code and a paper that there is not get the same answer.

use askama::Template;
use axum::extract::{Multipart, Query, State};
use axum::response::Response;
use casework::issuing::{self, Checked, Compared, Standing};
use casework::{ActError, Actor};
use serde::Deserialize;

use crate::app::App;
use crate::citizen::frame::Visit;
use crate::error::PageError;
use crate::limits::{Address, Attempt};
use crate::render;
use crate::view::{self, CitizenPage, Errors};

/// Bytes of a file that is compared.
pub(super) const BODY_AT_MOST: usize = 8 * 1024 * 1024;

#[derive(Template)]
#[template(path = "citizen/verify.html")]
struct VerifyPage {
    page: CitizenPage,
    asked: Asked,
    /// Whether anything was asked at all.
    tried: bool,
    found: Option<Found>,
    errors: Errors,
}

/// What is told of a paper.
struct Found {
    standing: &'static str,
    issued: bool,
    facts: Vec<(&'static str, String)>,
    /// What is said of the file that was brought along.
    file: Option<(bool, String)>,
}

/// The paper and its code, as they stand in its address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    p: String,
    c: String,
    /// Both as they stand beside the code on paper.
    code: String,
}

impl Asked {
    /// What was typed, taken apart into paper and code.
    fn read(self) -> Asked {
        match self.code.trim().split_once(['-', '－', '—']) {
            Some((paper, code)) if self.p.is_empty() => {
                let code = code.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
                Asked { p: paper.to_owned(), c: code.to_ascii_lowercase(), code: self.code }
            }
            _ => self,
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    Address(address): Address,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    answer(&app, visit, address, asked, None).await
}

/// The same with a file beside it.
pub(super) async fn compare(
    State(app): State<App>,
    visit: Visit,
    Address(address): Address,
    mut form: Multipart,
) -> Result<Response, PageError> {
    let unread = |_| PageError::bad_request("上传没有完成，可能是网络断开或者文件太大。请再试一次。");
    let (mut asked, mut hash) = (Asked::default(), None);
    while let Some(part) = form.next_field().await.map_err(unread)? {
        match part.name().unwrap_or_default() {
            "p" => asked.p = part.text().await.map_err(unread)?,
            "c" => asked.c = part.text().await.map_err(unread)?,
            "file" => {
                let bytes = part.bytes().await.map_err(unread)?;
                hash = (!bytes.is_empty()).then(|| issuing::print_hash(&bytes));
            }
            _ => {}
        }
    }
    answer(&app, visit, address, asked, hash).await
}

async fn answer(
    app: &App,
    visit: Visit,
    address: std::net::IpAddr,
    asked: Asked,
    hash: Option<String>,
) -> Result<Response, PageError> {
    let asked = asked.read();
    let tried = [&asked.p, &asked.c, &asked.code].iter().any(|it| !it.trim().is_empty());
    let mut checked = None;
    if tried {
        app.limits().check(Attempt::Query, address)?;
        let (id, code) = (asked.p.trim().parse().unwrap_or_default(), asked.c.clone());
        let check = move |tx: &mut store::Tx<'_>, scene: casework::Scene<'_>| -> Result<_, ActError> {
            issuing::check(tx, scene, id, &code, hash.as_deref())
        };
        checked = app.look(Actor::Public, check).await?;
    }
    let now = app.now();
    let found = checked.map(|checked| told(&checked, now));
    Ok(render::page(&VerifyPage { page: visit.page, asked, tried, found, errors: Errors::none() }))
}

fn told(checked: &Checked, now: jiff::Timestamp) -> Found {
    let file = checked.file.map(|since| match since {
        Compared::Same(at) => (true, format!("和本机关{}发出的文件一字不差", view::dates::moment(at, now))),
        Compared::Other => {
            (false, "不是本机关发出的那个文件：可能被改动过，或者另存、打印、扫描过。以上面的登记为准".to_owned())
        }
    });
    let mut facts = vec![
        ("文号", checked.number.clone()),
        ("文书", checked.title.clone()),
        ("机关", checked.bureau.clone()),
        ("日期", view::dates::long_day(checked.day)),
    ];
    if let Standing::Voided(voided) = &checked.standing {
        facts.push(("作废", view::dates::moment(voided.at, now)));
    }
    Found {
        standing: match &checked.standing {
            Standing::Issued(_) => "登记在册，有效",
            Standing::Waiting => "还没有签发",
            Standing::Voided(_) => "已经作废",
        },
        issued: matches!(checked.standing, Standing::Issued(_)),
        facts,
        file,
    }
}
