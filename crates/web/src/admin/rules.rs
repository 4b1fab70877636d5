//! 规则: which rule sets there are, and what one says. To be read; they are changed with the program.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::beijing::beijing_day;
use domain::clock::Basis;
use domain::rule_set::{Layer, Limit, RuleSet};

use crate::app::App;
use crate::error::PageError;
use crate::render;
use crate::session::Administrator;
use crate::view::{self, DeskPage, Tag, Tone, tag};

const HERE: &str = "/admin/rules";

#[derive(Template)]
#[template(path = "admin/rules.html")]
struct ListPage {
    page: DeskPage,
    national: Vec<SetLine>,
    beside: Vec<SetLine>,
    overlays: Vec<SetLine>,
}

struct SetLine {
    key: String,
    title: String,
    period: String,
    limits: usize,
    state: Tag,
}

pub(super) async fn list(State(app): State<App>, administrator: Administrator) -> Response {
    let today = beijing_day(app.now());
    let line = |set: &RuleSet| SetLine {
        key: set.key.clone(),
        title: set.title.clone(),
        period: period(set),
        limits: set.limits.len(),
        state: match set.layer {
            Layer::Overlay => tag("承诺", Tone::Teal),
            Layer::National | Layer::Beside if set.in_force(today) => tag("现行", Tone::Green),
            Layer::National | Layer::Beside => tag("历史", Tone::Plain),
        },
    };
    let (mut national, mut beside, mut overlays) = (Vec::new(), Vec::new(), Vec::new());
    for set in app.house().book.all() {
        match set.layer {
            Layer::National => national.push(line(set)),
            Layer::Beside => beside.push(line(set)),
            Layer::Overlay => overlays.push(line(set)),
        }
    }
    national.reverse();
    render::page(&ListPage { page: super::page(&administrator.0, HERE), national, beside, overlays })
}

#[derive(Template)]
#[template(path = "admin/rule_set.html")]
struct SetPage {
    page: DeskPage,
    set: RuleSet,
    period: String,
}

impl SetPage {
    /// The limits by kind of case, in the order of the file.
    fn limits(&self) -> Vec<(&'static str, Vec<&Limit>)> {
        let mut groups: Vec<(&'static str, Vec<&Limit>)> = Vec::new();
        for limit in &self.set.limits {
            match groups.iter_mut().find(|(kind, _)| *kind == limit.kind.label()) {
                Some((_, limits)) => limits.push(limit),
                None => groups.push((limit.kind.label(), vec![limit])),
            }
        }
        groups
    }

    fn length(limit: &Limit) -> String {
        format!("{} {}", limit.length, limit.unit.label())
    }

    fn basis(limit: &Limit) -> Tag {
        tag(limit.basis.label(), if limit.basis == Basis::Statutory { Tone::Plain } else { Tone::Teal })
    }

    fn until(limit: &Limit) -> String {
        limit.until.iter().map(|trigger| trigger.label()).collect::<Vec<_>>().join("或者")
    }
}

pub(super) async fn show(
    State(app): State<App>,
    administrator: Administrator,
    Path(key): Path<String>,
) -> Result<Response, PageError> {
    let set = app.house().book.get(&key).cloned().ok_or_else(PageError::not_found)?;
    let page = super::page(&administrator.0, HERE);
    Ok(render::page(&SetPage { page, period: period(&set), set }))
}

fn period(set: &RuleSet) -> String {
    match (set.effective_from, set.effective_until) {
        (Some(from), Some(until)) => format!("{} 至 {}", view::dates::long_day(from), view::dates::long_day(until)),
        (Some(from), None) => format!("{}起", view::dates::long_day(from)),
        _ => "由机构选用".to_owned(),
    }
}
