//! 抽查、通报: the bureau's leader checks what her offices did and tells them, when the story is told.

use std::sync::Arc;

use casework::circular::{self, Draft, Figures};
use casework::spot_check::{self, Checked, Drawing};
use casework::{ActError, Actor, House, Scene};
use domain::clock::beijing_time;
use domain::spot_check::{Finding, Verdict};
use jiff::{Timestamp, ToSpan as _};
use store::{Db, Tx};

use super::town::Bureau;

/// Cases that are checked.
const CHECKED: usize = 8;

/// One check with its findings, the first of them put right; one circular about it, confirmed by some of the offices.
pub fn look_over(db: &Db, house: &Arc<House>, bureau: &Bureau, leader: &Actor, now: Timestamp) -> Result<(), ActError> {
    let (house, bureau, leader) = (house.clone(), bureau.clone(), leader.clone());
    db.act(move |tx| {
        let scene = Scene { house: &house, now, actor: &leader };
        let Some(check) = checked(tx, scene)? else { return Ok(()) };
        told(tx, scene, &bureau, check)
    })
}

/// Draws a sample of the last two months and finishes it; none when there is nothing to draw from.
fn checked(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Option<i64>, ActError> {
    let today = beijing_time(scene.now).date();
    let drawing = Drawing {
        key: "demo".to_owned(),
        from: today.checked_sub(60.days()).ok(),
        to: Some(today),
        kind: "complaint".to_owned(),
        outcome: "settled".to_owned(),
        size: CHECKED,
        ..Drawing::default()
    };
    if spot_check::weigh(tx, scene, &drawing)?.population == 0 {
        return Ok(None);
    }
    let id = spot_check::draw(tx, scene, &drawing, [0, 0, 0, 1, 35, 15])?;
    let mut put_right = false;
    for (place, row) in store::spot_check::cases(tx, id)?.into_iter().enumerate() {
        let sheet = spot_check::sheet(tx, scene, row.id)?;
        let findings: Vec<Finding> = sheet.points.iter().map(|looked| finding(place, &looked.finding)).collect();
        let wrong = findings.iter().any(|finding| finding.verdict == Some(Verdict::Fail));
        let words = if wrong { "请按要点逐项整改，并举一反三。".to_owned() } else { String::new() };
        spot_check::finish(tx, scene, row.id, row.version, &Checked { findings, words, rectify: wrong })?;
        if wrong
            && !put_right
            && let Some(lead) = sheet.case.state.lead
        {
            let officer = casework::staff::load(tx, lead)?.map(Actor::Staff).ok_or(ActError::NotFound)?;
            let as_officer = Scene { actor: &officer, ..scene };
            let what = "已经向投诉人说明并道歉，以后按期告知。";
            spot_check::rectify(tx, as_officer, &row.number, None, what)?;
            spot_check::close_rectification(tx, scene, &row.number, None, true, "已经电话核实，整改到位。")?;
            put_right = true;
        }
    }
    Ok(Some(id))
}

/// What the case itself says stands; every third case reads badly besides.
fn finding(place: usize, found: &Finding) -> Finding {
    let badly = found.point == "wording_right" && place.is_multiple_of(3);
    Finding {
        verdict: found.verdict.or(Some(if badly { Verdict::Fail } else { Verdict::Pass })),
        remark: if badly { "告知里没有写明其他解决途径。".to_owned() } else { found.remark.clone() },
        ..found.clone()
    }
}

/// Writes, signs and publishes; every other office has confirmed.
fn told(tx: &mut Tx<'_>, scene: Scene<'_>, bureau: &Bureau, check: i64) -> Result<(), ActError> {
    let (row, sample) = spot_check::sample(tx, scene, check)?;
    let draft = Draft {
        title: format!("关于{}情况的通报", row.drawn.name),
        body: "近期抽查了各所办理的投诉。多数案件受理、告知及时，文书齐全。\n存在的问题：个别案件超期办结，有的告知用语不规范。\n请各所对照附表逐件整改，整改情况在系统里反馈。"
            .to_owned(),
        organizations: bureau.offices.iter().map(|office| office.office.id).collect(),
        figures: Some(Figures::of_check(&format!("check-{check}"), &row, &sample, false)),
        ..Draft::default()
    };
    let id = circular::begin(tx, scene, "demo", &draft)?;
    circular::submit(tx, scene, id, 1)?;
    circular::publish(tx, scene, id, 2)?;
    for office in bureau.offices.iter().step_by(2) {
        circular::confirm(tx, Scene { actor: &office.leader, ..scene }, id, "")?;
    }
    Ok(())
}
