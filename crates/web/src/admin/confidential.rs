//! 保密对照 (11.1): the five classes of what is kept confidential; who is meant to see each thing, and who really can.

use askama::Template;
use axum::response::Response;
use casework::confidential::compared;
use domain::confidential::confidentiality;
use domain::role::Role;

use crate::error::PageError;
use crate::render;
use crate::session::SignedIn;
use crate::view::{self, DeskPage, Tag, Tone, tag};

pub(super) const HERE: &str = "/admin/confidentiality";

#[derive(Template)]
#[template(path = "admin/confidentiality.html")]
struct ConfidentialPage {
    page: DeskPage,
    source: &'static str,
    classes: Vec<Class>,
}

struct Class {
    label: &'static str,
    says: &'static str,
    item: &'static str,
    things: Vec<Thing>,
}

struct Thing {
    label: &'static str,
    note: &'static str,
    meant: String,
    really: String,
    state: Tag,
    differs: String,
}

/// `GET /admin/confidentiality`
pub(super) async fn show(SignedIn(staff): SignedIn) -> Result<Response, PageError> {
    if !staff.grants.iter().any(|grant| grant.role.stands_apart()) {
        return Err(PageError::forbidden("保密对照只对系统、安全和审计管理员开放。"));
    }
    let classes = confidentiality().class.iter().map(|class| Class {
        label: &class.label,
        says: &class.says,
        item: &class.item,
        things: compared(&class.key).into_iter().flatten().map(thing).collect(),
    });
    Ok(render::page(&ConfidentialPage {
        page: super::page(&staff, HERE),
        source: &confidentiality().source,
        classes: classes.collect(),
    }))
}

fn thing(compared: casework::confidential::Compared) -> Thing {
    let (more, less) = (names(&compared.too_many), names(&compared.missing));
    let mut differs = Vec::new();
    if !more.is_empty() {
        differs.push(format!("不应看到而看得到：{more}"));
    }
    if !less.is_empty() {
        differs.push(format!("应当看到而看不到：{less}"));
    }
    let or_nobody = |words: String| if words.is_empty() { "谁也看不到".to_owned() } else { words };
    Thing {
        label: &compared.thing.label,
        note: &compared.thing.note,
        meant: or_nobody(names(&compared.thing.roles)),
        really: or_nobody(names(&compared.really)),
        state: if differs.is_empty() { tag("一致", Tone::Green) } else { tag("不一致", Tone::Red) },
        differs: differs.join("；"),
    }
}

fn names(roles: &[Role]) -> String {
    roles.iter().map(|role| role.label()).collect::<Vec<_>>().join("、")
}
