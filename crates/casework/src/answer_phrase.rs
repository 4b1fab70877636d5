//! 常用答复: phrases of the country and of the bureau that can be put into a text, those that fit the matter first; and how an
//! administrator keeps the bureau's own (catalogue 3.2).

use domain::action::Action;
use domain::organization::OrganizationKind;
use domain::phrases::{self, AnswerPhrase};
use store::Tx;
use store::answer_phrase::PhraseRow;
use store::case::CaseRow;
use store::organization::OrganizationRow;

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::Scene;
use crate::staff;

/// The longest phrase, in characters.
pub const TEXT_AT_MOST_CHARACTERS: usize = 1_000;
const LINE_AT_MOST_CHARACTERS: usize = 200;
const TITLE_AT_MOST_CHARACTERS: usize = 40;
/// The levels of bureaus.
const LEVELS: [&str; 4] = ["nation", "province", "city", "county"];

/// A phrase as it is offered beside a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// By which it is asked for: a name for the country's, a number for a bureau's.
    pub key: String,
    /// What it is about.
    pub title: String,
    /// What is said.
    pub text: String,
    /// The articles it rests on; may be empty for a bureau's.
    pub cited: String,
    /// Whose it is.
    pub whose: String,
    /// Whether category, problem or words of the matter point to it.
    pub fits: bool,
}

/// What is known of the matter for which phrases are offered.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    /// Code table `goods_categories`; may be empty.
    pub category: &'a str,
    /// Code table `problem_categories`; may be empty.
    pub problem: &'a str,
    /// The question or story.
    pub facts: &'a str,
}

/// The phrases for an act over a case: what fits first, of these the bureau's own before the country's.
pub fn offered(tx: &mut Tx<'_>, case: &CaseRow, action: Action) -> Result<Vec<Offered>, ActError> {
    let matter = &case.matter;
    let about = About { category: &matter.category, problem: &matter.problem, facts: &matter.facts };
    offered_about(tx, &case.bureau_path, about, action)
}

/// The same for a matter that is no case yet, at the bureau with this path.
pub fn offered_about(
    tx: &mut Tx<'_>,
    bureau_path: &str,
    about: About<'_>,
    action: Action,
) -> Result<Vec<Offered>, ActError> {
    let mut offered = Vec::new();
    // What a bureau above says, its subordinates may say.
    let bureaus: Vec<i64> = bureau_path.split('/').filter_map(|part| part.parse().ok()).collect();
    for id in bureaus.into_iter().rev() {
        let rows = store::answer_phrase::of_bureau(tx, id)?;
        let of_act: Vec<_> = rows.into_iter().filter(|row| row.active && row.act == action.key()).collect();
        if of_act.is_empty() {
            continue;
        }
        let whose = store::organization::find(tx, id)?.map(|bureau| bureau.short_name).unwrap_or_default();
        offered.extend(of_act.into_iter().map(|row| own(row, &whose, about)));
    }
    offered.extend(phrases::answers().iter().filter(|it| it.act == action.key()).map(|it| national(it, about)));
    offered.sort_by_key(|it| !it.fits);
    Ok(offered)
}

fn own(row: PhraseRow, whose: &str, about: About<'_>) -> Offered {
    let same = |own: &str, theirs: &str| !own.is_empty() && own == theirs;
    let fits = same(&row.category, about.category)
        || same(&row.problem, about.problem)
        || row.words.split_whitespace().any(|word| about.facts.contains(word));
    let whose = whose.to_owned();
    Offered { key: row.id.to_string(), title: row.title, text: row.text, cited: row.cited, whose, fits }
}

fn national(phrase: &AnswerPhrase, about: About<'_>) -> Offered {
    let fits = phrase.categories.iter().any(|it| it == about.category)
        || phrase.problems.iter().any(|it| it == about.problem)
        || phrase.words.iter().any(|word| about.facts.contains(word.as_str()));
    Offered {
        key: phrase.key.clone(),
        title: phrase.title.clone(),
        text: phrase.text.clone(),
        cited: phrase.cited.clone(),
        whose: "全国".to_owned(),
        fits,
    }
}

/// A text with a phrase put behind it, as the button does that works without a script.
pub fn appended(text: &str, phrase: &str) -> String {
    match text.trim_end() {
        "" => phrase.to_owned(),
        before => format!("{before}\n{phrase}"),
    }
}

/// What an administrator writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Key of the act it is for.
    pub act: String,
    /// What it is about.
    pub title: String,
    /// What is said.
    pub text: String,
    /// Code table `goods_categories`; empty for any.
    pub category: String,
    /// Code table `problem_categories`; empty for any.
    pub problem: String,
    /// Words by which a question that it fits is known.
    pub words: String,
    /// The articles it rests on.
    pub cited: String,
}

/// The bureaus whose phrases she keeps.
pub fn bureaus(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Vec<OrganizationRow>, ActError> {
    staff::require_administrator(scene)?;
    let mut bureaus = Vec::new();
    for level in LEVELS {
        bureaus.extend(store::organization::at_level(tx, OrganizationKind::Bureau, level)?);
    }
    bureaus.retain(|bureau| staff::administers(scene.actor, bureau));
    Ok(bureaus)
}

/// The phrases she keeps, with the bureau whose each is.
pub fn list(tx: &mut Tx<'_>, scene: Scene<'_>) -> Result<Vec<(OrganizationRow, PhraseRow)>, ActError> {
    let mut rows = Vec::new();
    for bureau in bureaus(tx, scene)? {
        let own = store::answer_phrase::of_bureau(tx, bureau.id)?;
        rows.extend(own.into_iter().map(|row| (bureau.clone(), row)));
    }
    Ok(rows)
}

/// One of those she keeps.
pub fn find(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64) -> Result<(OrganizationRow, PhraseRow), ActError> {
    let row = store::answer_phrase::find(tx, id)?.ok_or(ActError::NotFound)?;
    Ok((staff::administered(tx, scene, row.bureau_id)?, row))
}

/// Adds a phrase to a bureau's; gives its id.
pub fn add(tx: &mut Tx<'_>, scene: Scene<'_>, bureau: i64, new: &Change) -> Result<i64, ActError> {
    let known = bureaus(tx, scene)?.into_iter().any(|it| it.id == bureau);
    let faults = Faults::default().when(!known, "bureau", "bureau.unknown", "请选择是哪个局的");
    let row = checked(tx, scene, new, PhraseRow { bureau_id: bureau, active: true, ..PhraseRow::default() }, faults)?;
    let id = store::answer_phrase::insert(tx, &row)?;
    staff::note(tx, scene, &format!("新增常用答复：{}", row.title))?;
    Ok(id)
}

/// Changes a phrase; `version` is the one on the page.
pub fn change(tx: &mut Tx<'_>, scene: Scene<'_>, id: i64, version: i64, change: &Change) -> Result<(), ActError> {
    let (_, before) = find(tx, scene, id)?;
    let row = checked(tx, scene, change, PhraseRow { version, ..before }, Faults::default())?;
    write(tx, &row)?;
    staff::note(tx, scene, &format!("修改常用答复：{}", row.title))
}

/// Offers a phrase no more, or again.
pub fn set_active(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    id: i64,
    version: i64,
    active: bool,
) -> Result<PhraseRow, ActError> {
    let (_, before) = find(tx, scene, id)?;
    // Pressed twice: it is so already.
    if before.active == active {
        return Ok(before);
    }
    let row = PhraseRow { version, active, changed_at: scene.now, changed_by: scene.actor.id(), ..before };
    write(tx, &row)?;
    let what = if active { "启用" } else { "停用" };
    staff::note(tx, scene, &format!("{what}常用答复：{}", row.title))?;
    Ok(row)
}

fn write(tx: &mut Tx<'_>, row: &PhraseRow) -> Result<(), ActError> {
    match store::answer_phrase::update(tx, row)? {
        true => Ok(()),
        false => Err(ActError::Conflict { since: "别人刚刚修改过这条常用答复".to_owned() }),
    }
}

/// The row with what was written, or everything that is wrong with it.
fn checked(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    change: &Change,
    row: PhraseRow,
    faults: Faults,
) -> Result<PhraseRow, ActError> {
    let (title, text) = (change.title.trim(), change.text.trim().replace("\r\n", "\n"));
    let longer = |text: &str, most: usize| text.chars().count() > most;
    let unknown = |table: &str, key: &str| !key.is_empty() && scene.house.codes.label(table, key).is_none();
    let act = Action::from_key(&change.act).and_then(phrases::text_of);
    let others = store::answer_phrase::of_bureau(tx, row.bureau_id)?;
    let taken = others.iter().any(|it| it.id != row.id && it.act == change.act && it.title == title);
    faults
        .when(act.is_none(), "act", "act.unknown", "请选择用在哪一步")
        .needed("title", title, "请写一个能认出它的标题")
        .when(longer(title, TITLE_AT_MOST_CHARACTERS), "title", "title.too_long", "请控制在 40 个字以内")
        .when(taken && !title.is_empty(), "title", "title.taken", "本局已有同名的常用答复，请换一个标题")
        .needed("text", &text, "请写答复的内容，对方读到的就是这段话")
        .when(longer(&text, TEXT_AT_MOST_CHARACTERS), "text", "text.too_long", "请控制在 1000 个字以内")
        .when(unknown("goods_categories", &change.category), "category", "category.unknown", "请从列表中选择")
        .when(unknown("problem_categories", &change.problem), "problem", "problem.unknown", "请从列表中选择")
        .when(longer(&change.words, LINE_AT_MOST_CHARACTERS), "words", "words.too_long", "请控制在 200 个字以内")
        .when(longer(&change.cited, LINE_AT_MOST_CHARACTERS), "cited", "cited.too_long", "请控制在 200 个字以内")
        .done()?;
    let words = change.words.replace(['、', '，', ',', '；'], " ");
    Ok(PhraseRow {
        act: change.act.clone(),
        title: title.to_owned(),
        text,
        category: change.category.clone(),
        problem: change.problem.clone(),
        words: words.split_whitespace().collect::<Vec<_>>().join(" "),
        cited: change.cited.trim().to_owned(),
        changed_at: scene.now,
        changed_by: scene.actor.id(),
        ..row
    })
}
