//! 文书的文字: a bureau's own words in its letters, by version and from a day on. What a bureau says holds for those below it that say
//! nothing; a paper keeps what it said when it was made.

use std::collections::BTreeMap;

use documents::form::Form;
use documents::paper::Paper;
use domain::clock::beijing_day;
use domain::letter::{LetterTemplate, grounds_words};
use domain::wording::{self, Wording, WordingChoice};
use jiff::civil::Date;
use store::organization::OrganizationRow;
use store::wording::WordingRow;
use store::{StoreError, Tx};

use crate::error::ActError;
use crate::faults::Faults;
use crate::house::{House, Scene};
use crate::letters::{self, KeptLetter};
use crate::{issuing, numbering, staff};

/// What is said in a letter on a day, and who says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The organisation that decided; none when nobody did.
    pub whose: Option<i64>,
    /// Its version; 0 when nobody decided.
    pub version: i64,
    /// From when.
    pub since: Option<Date>,
    /// The words; none for the official ones.
    pub words: Option<Wording>,
    /// There are words, but the official letter has changed since and they fit it no more: the official ones are used.
    pub unfit: bool,
}

/// What is said on a day at the end of a path; `rows` are those of this letter along it.
fn standing(rows: &[WordingRow], path: &str, letter: &LetterTemplate, day: Date) -> Standing {
    for id in path.split('/').rev().filter_map(|part| part.parse::<i64>().ok()) {
        let Some(row) = in_force(rows, id, day) else { continue };
        let decided =
            Standing { whose: Some(id), version: row.version, since: Some(row.from_day), ..Standing::default() };
        match WordingChoice::from_key(&row.choice) {
            Some(WordingChoice::Own) => {
                let words = words_of(row).filter(|words| words.faults(letter).is_empty());
                return Standing { unfit: words.is_none(), words, ..decided };
            }
            Some(WordingChoice::Official) => return decided,
            Some(WordingChoice::Above) | None => {}
        }
    }
    Standing::default()
}

/// The version of one organisation that holds on a day: the one that began last.
fn in_force(rows: &[WordingRow], organization: i64, day: Date) -> Option<&WordingRow> {
    let begun = rows.iter().filter(|row| row.organization_id == organization && row.from_day <= day);
    begun.filter(|row| row.withdrawn_at.is_none()).max_by_key(|row| (row.from_day, row.version))
}

fn words_of(row: &WordingRow) -> Option<Wording> {
    serde_json::from_str(&row.body).ok()
}

/// The letter as an organisation words it today.
pub fn letter_of(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    organization: &OrganizationRow,
    national: &str,
    key: &str,
) -> Result<Option<LetterTemplate>, StoreError> {
    let set = scene.house.book.set_of_letter(national, key).map_or(national, |set| set.key.as_str());
    let Some((_, letter)) = official(scene.house, set, key) else { return Ok(None) };
    let rows = store::wording::along(tx, &organization.path, set, Some(key))?;
    let standing = standing(&rows, &organization.path, &letter, beijing_day(scene.now));
    Ok(Some(standing.words.map_or_else(|| letter.clone(), |words| words.put_into(&letter))))
}

/// In the place of a rule set, for the forms that none has.
pub const OF_NO_SET: &str = "own";
const OF_NO_SET_TITLE: &str = "中心自用的文书";

/// The official letter with the title of its rule set.
pub fn official(house: &House, rule_set: &str, key: &str) -> Option<(String, LetterTemplate)> {
    if rule_set == OF_NO_SET {
        let letter = house.forms().find(key, None)?.as_letter()?;
        return Some((OF_NO_SET_TITLE.to_owned(), letter));
    }
    let set = house.book.get(rule_set)?;
    Some((set.title.clone(), set.letter(key)?.clone()))
}

/// A letter in the list of those that can be worded.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its rule set.
    pub rule_set: String,
    /// That set's title.
    pub set_title: String,
    /// Whether matters received today are kept under that set.
    pub current: bool,
    /// The official letter.
    pub letter: LetterTemplate,
    /// What is said today.
    pub standing: Standing,
    /// The name of who decided, when it was another organisation.
    pub above: Option<String>,
    /// The day from which something else will be said.
    pub coming: Option<Date>,
}

/// Every letter of every rule set, with what the bureau says in it.
pub fn list(tx: &mut Tx<'_>, scene: Scene<'_>, bureau: i64) -> Result<(OrganizationRow, Vec<Line>), ActError> {
    let bureau = staff::administered(tx, scene, bureau)?;
    let day = beijing_day(scene.now);
    let of_sets = scene.house.book.all().iter();
    let mut groups: Vec<(&str, &str, bool, Vec<LetterTemplate>)> =
        of_sets.map(|set| (set.key.as_str(), set.title.as_str(), set.in_force(day), set.letters.clone())).collect();
    let of_no_set = scene.house.forms().all().iter().filter_map(Form::as_letter).collect();
    groups.push((OF_NO_SET, OF_NO_SET_TITLE, true, of_no_set));
    let mut lines = Vec::new();
    for (set, title, current, letters) in groups.into_iter().filter(|(.., letters)| !letters.is_empty()) {
        let rows = store::wording::along(tx, &bureau.path, set, None)?;
        for letter in letters {
            let rows: Vec<WordingRow> = rows.iter().filter(|row| row.letter == letter.key).cloned().collect();
            let standing = standing(&rows, &bureau.path, &letter, day);
            let coming = rows.iter().filter(|row| row.organization_id == bureau.id && row.from_day > day);
            lines.push(Line {
                rule_set: set.to_owned(),
                set_title: title.to_owned(),
                current,
                letter,
                above: name_above(tx, &standing, &bureau)?,
                standing,
                coming: coming.filter(|row| row.withdrawn_at.is_none()).map(|row| row.from_day).min(),
            });
        }
    }
    Ok((bureau, lines))
}

fn name_above(tx: &mut Tx<'_>, standing: &Standing, bureau: &OrganizationRow) -> Result<Option<String>, StoreError> {
    let Some(id) = standing.whose.filter(|id| *id != bureau.id) else { return Ok(None) };
    Ok(store::organization::find(tx, id)?.map(|above| above.name))
}

/// How a version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// 使用中.
    InForce,
    /// 还没有生效.
    Coming,
    /// 已被替换.
    Past,
    /// 已撤回.
    Withdrawn,
}

impl Stage {
    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Stage::InForce => "使用中",
            Stage::Coming => "还没有生效",
            Stage::Past => "以前的",
            Stage::Withdrawn => "已撤回",
        }
    }
}

/// A version in the history.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its row.
    pub row: WordingRow,
    /// Who made it.
    pub by: String,
    /// What it chooses.
    pub choice: WordingChoice,
    /// Its own words, when it has any.
    pub words: Option<Wording>,
    /// How it stands.
    pub stage: Stage,
    /// The earlier version that it repeats.
    pub repeats: Option<i64>,
}

/// A letter of a bureau with all that was ever decided about its words.
#[derive(Clone, Debug)]
pub struct History {
    /// The bureau.
    pub bureau: OrganizationRow,
    /// Its rule set.
    pub rule_set: String,
    /// That set's title.
    pub set_title: String,
    /// The official letter: version 0.
    pub letter: LetterTemplate,
    /// What is said today.
    pub standing: Standing,
    /// The name of who decided, when it was another organisation.
    pub above: Option<String>,
    /// What the bureaus above say today, for who follows them.
    pub from_above: Option<Wording>,
    /// The bureau's own versions, the latest first.
    pub versions: Vec<Version>,
}

impl History {
    /// The number of the last version, for the form.
    pub fn last(&self) -> i64 {
        self.versions.first().map_or(0, |version| version.row.version)
    }

    /// The words of a version: 0 for the official ones, those from above for one that follows them.
    pub fn words(&self, version: i64) -> Option<Wording> {
        if version == 0 {
            return Some(Wording::of(&self.letter));
        }
        let found = self.versions.iter().find(|it| it.row.version == version)?;
        Some(match found.choice {
            WordingChoice::Own => found.words.clone()?,
            WordingChoice::Official => Wording::of(&self.letter),
            WordingChoice::Above => self.from_above.clone().unwrap_or_else(|| Wording::of(&self.letter)),
        })
    }

    /// The words of today.
    pub fn now(&self) -> Wording {
        self.standing.words.clone().unwrap_or_else(|| Wording::of(&self.letter))
    }
}

/// The history of a letter, for the administrator of the bureau.
pub fn history(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    bureau: i64,
    rule_set: &str,
    letter: &str,
) -> Result<History, ActError> {
    let bureau = staff::administered(tx, scene, bureau)?;
    let (set_title, letter) = official(scene.house, rule_set, letter).ok_or(ActError::NotFound)?;
    let rows = store::wording::along(tx, &bureau.path, rule_set, Some(&letter.key))?;
    let day = beijing_day(scene.now);
    let standing_now = standing(&rows, &bureau.path, &letter, day);
    let (own, above): (Vec<WordingRow>, Vec<WordingRow>) =
        rows.into_iter().partition(|row| row.organization_id == bureau.id);
    let mut versions: Vec<Version> = Vec::new();
    for row in &own {
        let by = match row.made_by {
            Some(id) => store::account::find(tx, id)?.map(|account| account.name).unwrap_or_default(),
            None => "系统".to_owned(),
        };
        let stage = match row {
            row if row.withdrawn_at.is_some() => Stage::Withdrawn,
            row if row.from_day > day => Stage::Coming,
            row if in_force(&own, bureau.id, day) == Some(row) => Stage::InForce,
            _ => Stage::Past,
        };
        let same = |other: &&Version| other.row.choice == row.choice && other.row.body == row.body;
        versions.push(Version {
            by,
            choice: WordingChoice::from_key(&row.choice).unwrap_or(WordingChoice::Official),
            words: words_of(row),
            stage,
            repeats: versions.iter().rfind(same).map(|other| other.row.version),
            row: row.clone(),
        });
    }
    versions.reverse();
    Ok(History {
        above: name_above(tx, &standing_now, &bureau)?,
        from_above: standing(&above, &bureau.path, &letter, day).words,
        standing: standing_now,
        rule_set: rule_set.to_owned(),
        set_title,
        letter,
        versions,
        bureau,
    })
}

/// What an administrator decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whose words.
    pub choice: WordingChoice,
    /// Her own ones.
    pub words: Wording,
    /// First day on which they are used, as typed.
    pub from: String,
    /// Why.
    pub reason: String,
}

/// Keeps a decision as the next version; `seen` is the last one on the page. Gives its number.
pub fn decide(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    bureau: i64,
    (rule_set, letter): (&str, &str),
    seen: i64,
    decision: &Decision,
) -> Result<i64, ActError> {
    let history = history(tx, scene, bureau, rule_set, letter)?;
    let own = decision.choice == WordingChoice::Own;
    // Her own words that are the official ones are those.
    let choice = match own && decision.words == Wording::of(&history.letter) {
        true => WordingChoice::Official,
        false => decision.choice,
    };
    let body = match choice {
        WordingChoice::Own => serde_json::to_string(&decision.words).expect("words are plain data"),
        WordingChoice::Official | WordingChoice::Above => String::new(),
    };
    let (day, reason) = (decision.from.trim().parse::<Date>().ok(), decision.reason.trim());
    let same = |row: &WordingRow| row.choice == choice.key() && row.body == body;
    if let Some(last) = history.versions.first()
        && last.row.version != seen
    {
        let repeated = last.row.version == seen + 1
            && same(&last.row)
            && Some(last.row.from_day) == day
            && last.row.reason == reason
            && last.row.made_by == scene.actor.id();
        let since = format!("{}又定了第{}版", last.by, last.row.version);
        return if repeated { Ok(last.row.version) } else { Err(ActError::Conflict { since }) };
    }
    let today = beijing_day(scene.now);
    let rows: Vec<WordingRow> = history.versions.iter().map(|version| version.row.clone()).collect();
    let before = day.and_then(|day| in_force(&rows, history.bureau.id, day));
    // Who never decided follows those above, or says what is official when they do not decide either.
    let usual = choice == WordingChoice::Above || (choice == WordingChoice::Official && history.from_above.is_none());
    let unchanged = day.is_some() && before.map_or(usual, same);
    let at_most = wording::rules().reason_at_most;
    let mut faults = Faults::default();
    if own {
        for fault in decision.words.faults(&history.letter) {
            faults = faults.when(true, &fault.field, &fault.code, &fault.message);
        }
    }
    faults
        .when(unchanged, "wording", "wording.unchanged", "和那一天已经定下的文字一样，没有改动")
        .when(day.is_none(), "from", "from.missing", "请填写从哪一天起使用")
        .when(day.is_some_and(|day| day < today), "from", "from.past", "不能早于今天：已经做好的文书不改")
        .needed("reason", reason, "请写明为什么改，例如“补上本局的办公时间”")
        .when(reason.chars().count() > at_most, "reason", "reason.too_long", &format!("请控制在 {at_most} 个字以内"))
        .done()?;
    let row = WordingRow {
        id: 0,
        organization_id: history.bureau.id,
        rule_set: history.rule_set.clone(),
        letter: history.letter.key.clone(),
        version: history.last() + 1,
        choice: choice.key().to_owned(),
        body,
        from_day: day.unwrap_or(today),
        reason: reason.to_owned(),
        made_by: scene.actor.id(),
        made_at: scene.now,
        withdrawn_at: None,
    };
    staff::note(tx, scene, &told("改文书文字", &history, row.version))?;
    match store::wording::insert(tx, &row) {
        Ok(_) => Ok(row.version),
        Err(error) if error.code() == "store.conflict" => {
            Err(ActError::Conflict { since: format!("有人先定了第{}版", row.version) })
        }
        Err(error) => Err(error.into()),
    }
}

/// Withdraws a version that is not in force yet.
pub fn withdraw(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    bureau: i64,
    (rule_set, letter): (&str, &str),
    version: i64,
) -> Result<(), ActError> {
    let history = history(tx, scene, bureau, rule_set, letter)?;
    let found = history.versions.iter().find(|it| it.row.version == version).ok_or(ActError::NotFound)?;
    match found.stage {
        Stage::Withdrawn => return Ok(()),
        Stage::Coming => {}
        Stage::InForce | Stage::Past => {
            let since = format!("第{version}版已经生效，不能撤回，可以换回以前的文字");
            return Err(ActError::Conflict { since });
        }
    }
    store::wording::withdraw(tx, found.row.id, scene.actor.id(), scene.now)?;
    staff::note(tx, scene, &told("撤回文书文字", &history, version))
}

fn told(what: &str, history: &History, version: i64) -> String {
    let History { bureau, set_title, letter, .. } = history;
    format!("{what}：{}，{}（{set_title}），第{version}版", bureau.name, letter.title)
}

/// A letter filled with what is nobody's, to look at.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The letter as it would be kept.
    pub kept: KeptLetter,
    letter: LetterTemplate,
    rule_set: String,
}

/// The letter in these words, filled with samples.
pub fn sample(tx: &mut Tx<'_>, scene: Scene<'_>, history: &History, words: &Wording) -> Result<Sample, ActError> {
    let (bureau, set) = (&history.bureau, scene.house.book.get(&history.rule_set));
    let letter = words.put_into(&history.letter);
    let names = letter.placeholders();
    let value = |name: &str| match name {
        "bureau_name" => bureau.name.clone(),
        "contact_phone" if !bureau.phone.is_empty() => bureau.phone.clone(),
        "contact_address" if !bureau.address.is_empty() => bureau.address.clone(),
        "refusal_grounds" => set.map_or_else(String::new, |set| grounds_words(&set.refusal_grounds)),
        "termination_grounds" => set.map_or_else(String::new, |set| grounds_words(&set.termination_grounds)),
        name => match wording::sample(name) {
            "" => format!("{{{name}}}"),
            sample => sample.to_owned(),
        },
    };
    let values: BTreeMap<&str, String> = names.iter().map(|name| (name.as_str(), value(name))).collect();
    let filled = letter.fill(&values).map_err(|_| ActError::NotFound)?;
    let day = beijing_day(scene.now);
    let style = numbering::style(tx, bureau)?;
    let number = match letter.number_word.as_str() {
        "" => String::new(),
        word => numbering::written(&style, word, i64::from(day.year()), 1),
    };
    let kept = letters::kept(&letter, filled, bureau.name.clone(), number, day);
    Ok(Sample { kept, letter, rule_set: history.rule_set.clone() })
}

impl Sample {
    /// As PDF, marked as a sample.
    pub fn pdf(&self, house: &House) -> Result<Vec<u8>, ActError> {
        let sheet = issuing::sheet(&self.kept);
        let paper = house.forms().laid_out(&self.letter.key, &self.rule_set, Some(&self.letter), &sheet);
        issuing::printed(house, &Paper { mark: Some("样张，不是正式文书".to_owned()), ..paper })
    }
}
