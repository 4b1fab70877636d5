//! 鉴定销毁: the program draws the list of what is past its time, somebody appraises it, another person approves it, and only then
//! the content goes. Numbers, days, outcomes and the ledger stay (catalogue 9.3).

use domain::act::Act;
use domain::clock::{beijing_day, beijing_time};
use store::Tx;
use store::archive::ItemRow;
use store::disposal::{DisposalRow, Listed};

use crate::actor::Staff;
use crate::error::ActError;
use crate::faults::Faults;
use crate::holdings::{self, person};
use crate::house::Scene;
use crate::{filing, personal, record};

/// Items looked at for one list, and items on one list.
const LOOKED_AT: i64 = 5_000;
const ON_A_LIST: usize = 200;
/// Characters that words may have.
const WORDS_AT_MOST: usize = 500;
/// What stands where something was destroyed.
const DESTROYED: &str = "已按销毁清单销毁";

/// A list as its page shows it.
pub struct Opened {
    /// The list.
    pub row: DisposalRow,
    /// What stands on it, or stood.
    pub items: Vec<(Listed, ItemRow)>,
    /// She keeps the archive: appraises, carries out.
    pub keeps: bool,
    /// She may approve it.
    pub approves: bool,
}

/// Draws the list of everything that is past its time and not held; gives its id.
pub fn draw(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<i64, ActError> {
    let person = person(scene)?;
    let Some(bureau) = holdings::kept_bureaus(person).first().copied() else { return Err(ActError::Forbidden) };
    let today = beijing_day(scene.now);
    let mut listed = Vec::new();
    for row in store::archive::with_years(tx, bureau, scene.now, LOOKED_AT)? {
        // What an archivist may not know of is on no list of hers: those who keep it draw none.
        if !holdings::keeps(person, &row) {
            continue;
        }
        let rule_set = match row.item.case_id {
            Some(id) => store::case::by_id(tx, id)?.map(|case| case.rule_set),
            None => None,
        };
        let Some(years) = holdings::years(scene, &row, rule_set.as_deref()) else { continue };
        let ended_on = holdings::ends_on(&row, years);
        if ended_on < today && listed.len() < ON_A_LIST {
            listed.push(Listed { item_id: row.id, years, ended_on, kept_because: String::new() });
        }
    }
    if listed.is_empty() {
        let sentence = "没有保管期限已满、可以销毁的档案：没有设定年数的长期保管，停止销毁和借出的不列入";
        return Err(ActError::field("draw", "disposal.nothing", sentence));
    }
    let organization = store::organization::find(tx, bureau)?.ok_or(ActError::NotFound)?;
    let (region, year) = (filing::region6(&organization), beijing_time(scene.now).year());
    let serial = store::number::next(tx, &format!("disposal:{region}:{year}"))?;
    let number = format!("{region}-销{year}-{serial:03}");
    let id = store::disposal::draw(tx, bureau, &number, &listed, person.account_id, scene.now)?;
    for item in &listed {
        holdings::note(tx, scene, item.item_id, "列入销毁清单", &number)?;
    }
    Ok(id)
}

/// A list, for those who keep the archive or approve.
pub fn open(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<Opened, ActError> {
    let (row, person) = reached(tx, scene, id)?;
    let mut items = Vec::new();
    for listed in store::disposal::listed(tx, id)? {
        if let Some(item) = store::archive::find(tx, listed.item_id)? {
            items.push((listed, item));
        }
    }
    let keeps = keeps(person, &row);
    let by = Some(person.account_id);
    let others = row.drawn_by != person.account_id && row.appraised_by != by;
    let approves = holdings::approves(person, row.bureau_id) && others;
    Ok(Opened { row, items, keeps, approves })
}

fn keeps(person: &Staff, row: &DisposalRow) -> bool {
    holdings::kept_bureaus(person).contains(&row.bureau_id)
}

fn reached<'a>(tx: &mut Tx<'_>, scene: Scene<'a>, id: i64) -> Result<(DisposalRow, &'a Staff), ActError> {
    let row = store::disposal::find(tx, id)?.ok_or(ActError::NotFound)?;
    let person = person(scene)?;
    if !keeps(person, &row) && !holdings::approves(person, row.bureau_id) {
        return Err(ActError::NotFound);
    }
    Ok((row, person))
}

/// The appraisal: words about the whole, and a reason for each item that is kept after all.
pub fn appraise(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    id: i64,
    words: &str,
    kept: &[(i64, String)],
) -> Result<(), ActError> {
    let (row, person) = reached(tx, scene, id)?;
    if !keeps(person, &row) {
        return Err(ActError::Forbidden);
    }
    let kept: Vec<&(i64, String)> = kept.iter().filter(|(_, because)| !because.trim().is_empty()).collect();
    let long = |text: &str| text.chars().count() > WORDS_AT_MOST;
    Faults::default()
        .needed("appraisal", words, "请写鉴定意见")
        .when(long(words), "appraisal", "text.too_long", "请控制在 500 个字以内")
        .when(
            kept.iter().any(|(_, because)| long(because)),
            "appraisal",
            "text.too_long",
            "留存的理由请控制在 500 个字以内",
        )
        .done()?;
    if !store::disposal::appraise(tx, id, words.trim(), person.account_id, scene.now)? {
        return Err(ActError::Conflict { since: "清单已经鉴定".to_owned() });
    }
    for (item, because) in kept {
        store::disposal::keep(tx, id, *item, because.trim())?;
        holdings::note(tx, scene, *item, "鉴定后留存", because.trim())?;
    }
    Ok(())
}

/// The decision: by somebody who neither drew nor appraised the list.
pub fn decide(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, granted: bool, opinion: &str) -> Result<(), ActError> {
    let (row, person) = reached(tx, scene, id)?;
    if !holdings::approves(person, row.bureau_id) {
        return Err(ActError::Forbidden);
    }
    let own = row.drawn_by == person.account_id || row.appraised_by == Some(person.account_id);
    Faults::default()
        .when(own, "opinion", "disposal.own", "编制清单和鉴定的人不能批准，请另一位领导批准")
        .when(!granted && opinion.trim().is_empty(), "opinion", "opinion.missing", "不批准的，请写明理由")
        .when(opinion.chars().count() > WORDS_AT_MOST, "opinion", "text.too_long", "请控制在 500 个字以内")
        .done()?;
    if !store::disposal::decide(tx, id, granted, opinion.trim(), person.account_id, scene.now)? {
        return Err(ActError::Conflict { since: "清单还没有鉴定，或者已经答复".to_owned() });
    }
    Ok(())
}

/// Carries an approved list out, with a witness. What is held or lent by now stays. Gives the hashes of files whose bytes nothing
/// names any more.
pub fn carry_out(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, witness: &str) -> Result<Vec<String>, ActError> {
    let (row, person) = reached(tx, scene, id)?;
    if !keeps(person, &row) {
        return Err(ActError::Forbidden);
    }
    let same = witness.trim() == person.name;
    Faults::default()
        .needed("witness", witness, "请写监销人的姓名")
        .when(same, "witness", "witness.same", "监销人和销毁人应当是两个人")
        .when(witness.chars().count() > 50, "witness", "text.too_long", "请控制在 50 个字以内")
        .done()?;
    if !store::disposal::carry_out(tx, id, witness.trim(), person.account_id, scene.now)? {
        return Err(ActError::Conflict { since: "清单还没有批准，或者已经销毁".to_owned() });
    }
    let mut thrown = Vec::new();
    for listed in store::disposal::listed(tx, id)?.into_iter().filter(|it| it.kept_because.is_empty()) {
        let Some(item) = store::archive::find(tx, listed.item_id)? else { continue };
        if item.held || item.out_until.is_some() || item.destroyed_at.is_some() {
            let because = if item.held { "销毁前停止销毁" } else { "销毁前借出" };
            store::disposal::keep(tx, id, item.id, because)?;
            continue;
        }
        if let Some(case_id) = item.item.case_id {
            let case = store::case::by_id(tx, case_id)?.ok_or(ActError::NotFound)?;
            thrown.extend(personal::clear(tx, scene, &case, DESTROYED)?);
            thrown.extend(store::paper::clear(tx, case_id, DESTROYED)?);
            let fresh = store::case::by_id(tx, case_id)?.ok_or(ActError::NotFound)?;
            record::perform(tx, scene, fresh, &Act::DestroyFile { list: row.number.clone() })?;
        }
        thrown.push(store::archive::destroy(tx, item.id, scene.now, DESTROYED)?);
        holdings::note(tx, scene, item.id, "销毁", &format!("{}，监销人{}", row.number, witness.trim()))?;
    }
    thrown.retain(|hash| !hash.is_empty());
    Ok(thrown)
}
