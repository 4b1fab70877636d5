//! 机构名录 in and out as a table: what an administrator changes by hand in a spreadsheet.

use std::collections::HashMap;

use domain::organization::OrganizationKind;
use domain::region_code::RegionCode;
use store::Tx;
use store::organization::OrganizationRow;

use crate::error::ActError;
use crate::house::Scene;
use crate::organization::{self, Change};
use crate::staff;

/// The columns of the table, in order.
pub const COLUMNS: [&str; 10] =
    ["编号", "类型", "行政区划代码", "上级编号", "全称", "简称", "电话", "地址", "承诺时限", "状态"];

/// A line of the table as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Line in the file, from 1, the header included.
    pub number: usize,
    /// 编号: empty for a new organisation.
    pub id: String,
    /// 类型: 所, 服务站, 12315 中心, 局.
    pub kind: String,
    /// 行政区划代码; empty for the parent's.
    pub region_code: String,
    /// 上级编号, for a new organisation.
    pub parent_id: String,
    /// 全称.
    pub name: String,
    /// 简称.
    pub short_name: String,
    /// 电话.
    pub phone: String,
    /// 地址.
    pub address: String,
    /// Key of the overlay of promised limits, or nothing.
    pub overlay: String,
    /// 启用 or 停用; empty is 启用.
    pub state: String,
}

/// What a table would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What each line changes, in the order of the lines.
    pub steps: Vec<Step>,
    /// Lines that cannot be taken: number and sentence.
    pub faults: Vec<(usize, String)>,
    /// Lines that change nothing.
    pub unchanged: usize,
}

/// What one line does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Line in the file.
    pub line: usize,
    /// The organisation's name after the step.
    pub name: String,
    /// In words: `简称：二七 → 二七区`.
    pub says: String,
    work: Work,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Work {
    Change { id: i64, version: i64, change: Change },
    Add { parent_id: i64, kind: OrganizationKind, region_code: String, change: Change },
}

/// The organisations in the administrator's subtree as lines, parents first.
pub fn export(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Vec<Line>, ActError> {
    Ok(administered(tx, scene)?.iter().enumerate().map(|(index, row)| line_of(index + 2, row)).collect())
}

/// What the lines would do; writes nothing.
pub fn plan(tx: &mut Tx<'_>, scene: Scene<'_>, lines: &[Line]) -> Result<Plan, ActError> {
    let rows = administered(tx, scene)?;
    let known: HashMap<i64, &OrganizationRow> = rows.iter().map(|row| (row.id, row)).collect();
    let mut plan = Plan::default();
    for line in lines {
        match step(scene, &known, line) {
            Ok(Some(step)) => plan.steps.push(step),
            Ok(None) => plan.unchanged += 1,
            Err(sentence) => plan.faults.push((line.number, sentence)),
        }
    }
    Ok(plan)
}

/// Does what the lines say, all of it or nothing.
pub fn apply(tx: &mut Tx<'_>, scene: Scene<'_>, lines: &[Line]) -> Result<usize, ActError> {
    let plan = plan(tx, scene, lines)?;
    if let Some((line, sentence)) = plan.faults.first() {
        return Err(ActError::field("file", "organization.import", format!("第 {line} 行：{sentence}")));
    }
    for step in &plan.steps {
        let done = match &step.work {
            Work::Change { id, version, change } => organization::change(tx, scene, *id, *version, change),
            Work::Add { parent_id, kind, region_code, change } => {
                organization::add(tx, scene, *parent_id, *kind, region_code, change).map(drop)
            }
        };
        done.map_err(|error| match error {
            ActError::Invalid(faults) => {
                let sentence = faults.into_iter().next().map(|fault| fault.message).unwrap_or_default();
                ActError::field("file", "organization.import", format!("第 {} 行：{sentence}", step.line))
            }
            other => other,
        })?;
    }
    Ok(plan.steps.len())
}

fn administered(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Vec<OrganizationRow>, ActError> {
    const AT_ONCE: i64 = 5_000;
    staff::require_administrator(scene)?;
    let (mut rows, mut last) = (Vec::new(), 0);
    loop {
        let batch = store::organization::after(tx, last, AT_ONCE)?;
        let Some(end) = batch.last() else { return Ok(rows) };
        last = end.id;
        rows.extend(batch.into_iter().filter(|row| staff::administers(scene.actor, row)));
    }
}

fn step(scene: Scene<'_>, known: &HashMap<i64, &OrganizationRow>, line: &Line) -> Result<Option<Step>, String> {
    let change = change_of(line)?;
    if line.id.trim().is_empty() {
        return added(scene, known, line, change).map(Some);
    }
    let id: i64 = line.id.trim().parse().map_err(|_| format!("编号“{}”不是数字", line.id))?;
    let before = known.get(&id).copied().ok_or_else(|| format!("没有编号为 {id} 的机构，或不归您管理"))?;
    let after = organization::checked(scene.house, before, &change).map_err(|error| error.to_string())?;
    let says = differences(before, &after);
    if says.is_empty() {
        return Ok(None);
    }
    let work = Work::Change { id, version: before.version, change };
    Ok(Some(Step { line: line.number, name: after.name, says, work }))
}

fn added(
    scene: Scene<'_>,
    known: &HashMap<i64, &OrganizationRow>,
    line: &Line,
    change: Change,
) -> Result<Step, String> {
    let parent_id: i64 = line.parent_id.trim().parse().map_err(|_| "新机构须写明上级编号".to_owned())?;
    let parent =
        known.get(&parent_id).copied().ok_or_else(|| format!("没有编号为 {parent_id} 的上级，或不归您管理"))?;
    let kind = kind_of(&line.kind)?;
    if !organization::kinds_below(parent.kind).contains(&kind) {
        return Err(format!("“{}”下面不能设{}", parent.name, kind.label()));
    }
    let region = if line.region_code.trim().is_empty() { &parent.region_code } else { line.region_code.trim() };
    RegionCode::parse(region).map_err(|error| error.to_string())?;
    let checked = organization::checked(scene.house, parent, &change).map_err(|error| error.to_string())?;
    let says = format!("新增{}，上级：{}", kind.label(), parent.name);
    let work = Work::Add { parent_id, kind, region_code: region.to_owned(), change };
    Ok(Step { line: line.number, name: checked.name, says, work })
}

fn change_of(line: &Line) -> Result<Change, String> {
    let active = match line.state.trim() {
        "" | "启用" => true,
        "停用" => false,
        other => return Err(format!("状态“{other}”请写“启用”或“停用”")),
    };
    let overlay = Some(line.overlay.trim().to_owned()).filter(|key| !key.is_empty());
    Ok(Change {
        name: line.name.clone(),
        short_name: line.short_name.clone(),
        phone: line.phone.clone(),
        address: line.address.clone(),
        overlay,
        active,
    })
}

fn kind_of(label: &str) -> Result<OrganizationKind, String> {
    use OrganizationKind::{Bureau, Centre, Office, Station};
    let plain: String = label.split_whitespace().collect();
    [Bureau, Centre, Office, Station]
        .into_iter()
        .find(|kind| kind.label().split_whitespace().collect::<String>() == plain)
        .ok_or_else(|| format!("类型“{label}”请写“局”“12315 中心”“所”或“服务站”"))
}

fn differences(before: &OrganizationRow, after: &OrganizationRow) -> String {
    let state = |active| if active { "启用" } else { "停用" };
    let pairs = [
        ("全称", before.name.as_str(), after.name.as_str()),
        ("简称", &before.short_name, &after.short_name),
        ("电话", &before.phone, &after.phone),
        ("地址", &before.address, &after.address),
        ("承诺时限", before.overlay.as_deref().unwrap_or_default(), after.overlay.as_deref().unwrap_or_default()),
        ("状态", state(before.active), state(after.active)),
    ];
    let shown = |text: &str| if text.is_empty() { "（空）".to_owned() } else { text.to_owned() };
    let changed = pairs.iter().filter(|(_, old, new)| old != new);
    changed.map(|(what, old, new)| format!("{what}：{} → {}", shown(old), shown(new))).collect::<Vec<_>>().join("；")
}

fn line_of(number: usize, row: &OrganizationRow) -> Line {
    Line {
        number,
        id: row.id.to_string(),
        kind: row.kind.label().to_owned(),
        region_code: row.region_code.clone(),
        parent_id: row.parent_id.map(|id| id.to_string()).unwrap_or_default(),
        name: row.name.clone(),
        short_name: row.short_name.clone(),
        phone: row.phone.clone(),
        address: row.address.clone(),
        overlay: row.overlay.clone().unwrap_or_default(),
        state: if row.active { "启用" } else { "停用" }.to_owned(),
    }
}
