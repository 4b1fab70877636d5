//! 举报奖励: what the reporter sees of her reward, and claims with number and code, without a name.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use casework::{ActError, Scene, rewarding, tracking};
use domain::action::Action;
use domain::clock::beijing_day;
use domain::rewarding::{CLAIM_LIMIT, REVIEW_LIMIT, Review, Stage};
use serde::Deserialize;
use store::Tx;
use store::case::CaseRow;
use store::deadline::DeadlineRow;

use crate::app::App;
use crate::citizen::acts::{self, Outcome};
use crate::citizen::frame::Visit;
use crate::citizen::pass::Pass;
use crate::error::PageError;
use crate::form::FormBody;
use crate::view::{self, CitizenPage, Errors};
use crate::{redirect, render};

const HERE: &str = "/track/reward";

/// `GET` and `POST /track/reward`
#[derive(Template)]
#[template(path = "citizen/reward.html")]
struct RewardPage {
    page: CitizenPage,
    version: i64,
    stage: Stage,
    label: &'static str,
    level: &'static str,
    sum: String,
    /// Why there is none.
    refusal: String,
    /// The last day, while she can claim it.
    claim_by: Option<String>,
    /// The last day, while she can object.
    review_by: Option<String>,
    waives: bool,
    /// Her objection waits.
    reviewing: bool,
    named: bool,
    rule: String,
    place: String,
    words: String,
    errors: Errors,
}

/// What she sent.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    seen: String,
    what: String,
    words: String,
}

/// `GET /track/reward`
pub(super) async fn show(State(app): State<App>, visit: Visit, pass: Pass) -> Result<Response, PageError> {
    Ok(render::page(&page(&app, visit.page, pass, String::new(), Errors::none()).await?))
}

/// `POST /track/reward`
pub(super) async fn send(
    State(app): State<App>,
    visit: Visit,
    pass: Pass,
    FormBody(wish): FormBody<Wish>,
) -> Result<Response, PageError> {
    let own = move |tx: &mut Tx<'_>, scene: Scene<'_>| tracking::own_case(tx, scene, pass.case_id);
    let case = app.look(pass.actor(), own).await?;
    told(&case).ok_or_else(PageError::not_found)?;
    let (number, seen, words) = (case.number, wish.seen.parse().ok(), wish.words.clone());
    let action = match wish.what.as_str() {
        "claim" => Action::ClaimReward,
        "waive" => Action::WaiveReward,
        "review" => Action::AskReview,
        _ => return Err(PageError::not_found()),
    };
    let act = move |tx: &mut Tx<'_>, scene: Scene<'_>| match action {
        Action::ClaimReward => rewarding::claim(tx, scene, &number, seen),
        Action::WaiveReward => rewarding::waive(tx, scene, &number, seen),
        _ => rewarding::ask_review(tx, scene, &number, seen, &words),
    };
    match acts::judged(app.act(pass.actor(), act).await, action)? {
        Outcome::Done => Ok(redirect::to(HERE)),
        Outcome::Again(errors, notice) => {
            Ok(acts::again(&page(&app, visit.with(notice), pass, wish.words, errors).await?))
        }
    }
}

/// What her page says of a reward; nothing before she was told.
pub(super) fn told(case: &CaseRow) -> Option<Stage> {
    case.state.turns.rewarding.stage.filter(|stage| stage.is_told())
}

/// Her case with what is needed to show its reward.
struct Looked {
    case: CaseRow,
    claim: Option<DeadlineRow>,
    review: Option<DeadlineRow>,
    refusal: String,
    place: String,
}

fn look(tx: &mut Tx<'_>, scene: Scene<'_>, case_id: i64) -> Result<Looked, ActError> {
    let case = tracking::own_case(tx, scene, case_id)?;
    let office = store::organization::find(tx, case.state.unit.unwrap_or(case.state.bureau))?;
    let bureau = store::organization::find(tx, case.state.bureau)?;
    let known = |text: &str| !text.is_empty();
    let place = office.into_iter().chain(bureau).find(|it| known(&it.address) || known(&it.phone)).map(|it| {
        let further: Vec<&str> = [it.address.as_str(), it.phone.as_str()].into_iter().filter(|it| known(it)).collect();
        format!("{}（{}）", it.name, further.join("，"))
    });
    Ok(Looked {
        claim: rewarding::running(tx, &case, CLAIM_LIMIT)?,
        review: rewarding::running(tx, &case, REVIEW_LIMIT)?,
        refusal: rewarding::refusal(tx, &case)?,
        place: place.unwrap_or_else(|| "承办单位（电话 12315）".to_owned()),
        case,
    })
}

async fn page(
    app: &App,
    page: CitizenPage,
    pass: Pass,
    words: String,
    errors: Errors,
) -> Result<RewardPage, PageError> {
    let Looked { case, claim, review, refusal, place } =
        app.look(pass.actor(), move |tx, scene| look(tx, scene, pass.case_id)).await?;
    let stage = told(&case).ok_or_else(PageError::not_found)?;
    let (reward, now, hers) = (&case.state.turns.rewarding, app.now(), rewarding::hers(&case));
    let until = |row: Option<DeadlineRow>, action: Action| {
        let row = row.filter(|row| hers.contains(&action) && now < row.due_at)?;
        let provisional = if row.provisional { "（放假安排公布前暂定）" } else { "" };
        Some(format!("{}{provisional}", view::dates::day(row.due_day, beijing_day(now))))
    };
    let rule = rewarding::rule_of(&case);
    Ok(RewardPage {
        page,
        version: case.state.version,
        stage,
        label: stage.label(),
        level: reward.level.map_or("", domain::reward::Level::label),
        sum: view::money(reward.sum),
        refusal,
        claim_by: until(claim, Action::ClaimReward),
        review_by: until(review, Action::AskReview),
        waives: hers.contains(&Action::WaiveReward),
        reviewing: stage == Stage::Granted && reward.review == Review::Open,
        named: case.state.turns.reporting.named == Some(true),
        rule: rule.map(|rule| format!("《{}》（{}）", rule.title, rule.number)).unwrap_or_default(),
        place,
        words,
        errors,
    })
}
