//! 承诺的日子: by when she hears whether the complaint is accepted, counted now, before it is filed.

use casework::Actor;
use domain::case_kind::CaseKind;
use domain::clock::beijing_day;
use domain::region_code::RegionCode;
use domain::trigger::Trigger;

use crate::app::App;
use crate::error::PageError;
use crate::view;

/// By when, and by whose word.
#[derive(Clone, Debug)]
pub(super) struct Promise {
    /// `7 个工作日`.
    pub(super) length: String,
    /// `12月1日 周二`.
    pub(super) day: String,
    /// The law and its article.
    pub(super) article: String,
    /// How long a mediation may take, such as `60 日`.
    pub(super) mediation: String,
}

impl Promise {
    /// The line on each page of the form.
    pub(super) fn line(&self) -> view::Notice {
        let Promise { length, day, .. } = self;
        view::Notice::information(format!("提交后 {length}内告诉您是否受理")).text(format!("今天提交，最晚 {day}。"))
    }
}

/// The promise if she filed now. A shop's place may add a promise of its bureau's own; empty while it is not chosen.
pub(super) async fn today(app: &App, region: &str) -> Result<Promise, PageError> {
    let region = RegionCode::parse(region).ok();
    let promise = app.look(Actor::Public, move |tx, scene| {
        let overlay = match &region {
            // A place that is not served has no promise of its own; the check page says that it is not served.
            Some(region) => casework::filing::receiver(tx, region).ok().and_then(|(_, centre)| centre.overlay),
            None => None,
        };
        let rule_set = casework::filing::rule_set_today(scene).map_err(casework::ActError::Rules)?;
        let (calendar, today) = (scene.house.calendar(), beijing_day(scene.now));
        let limits = scene.house.book.limits(&rule_set, overlay.as_deref(), CaseKind::Complaint);
        let decided = limits
            .iter()
            .filter(|(_, limit)| limit.condition.is_none() && limit.from == Trigger::Received)
            .filter(|(_, limit)| limit.until.contains(&Trigger::Accepted) && limit.until.contains(&Trigger::Refused))
            .map(|(set, limit)| (limit, set.due(limit, &calendar, scene.now, 0, &[], None)))
            .min_by_key(|(_, due)| due.at);
        let mediation = limits
            .iter()
            .find(|(_, limit)| limit.from == Trigger::Accepted && limit.until.contains(&Trigger::Terminated));
        Ok::<_, casework::ActError>(Promise {
            length: decided
                .as_ref()
                .map(|(limit, _)| format!("{} {}", limit.length, limit.unit.label()))
                .unwrap_or_default(),
            day: decided.as_ref().map(|(_, due)| view::dates::day(due.day, today)).unwrap_or_default(),
            article: decided.map(|(limit, _)| format!("《{}》{}", limit.law, limit.article)).unwrap_or_default(),
            mediation: mediation
                .map(|(_, limit)| format!("{} {}", limit.length, limit.unit.label()))
                .unwrap_or_default(),
        })
    });
    Ok(promise.await?)
}
