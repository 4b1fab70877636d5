//! What a rule set file must be before the program starts with it. Every refusal names file, key and reason.

use std::collections::{BTreeMap, BTreeSet};

use crate::clock::{Basis, Unit};
use crate::letter::Recipient;
use crate::rule_book::RuleError;
use crate::rule_set::{Ground, Layer, Limit, RuleSet};
use crate::vault::vault_rules;

/// Reads one file.
pub(crate) fn read(file: &str, text: &str) -> Result<RuleSet, RuleError> {
    toml::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        let line = text.get(..offset).unwrap_or(text).matches('\n').count() + 1;
        let (key, reason) = in_chinese(error.message());
        RuleError::new(file, &key, format!("第 {line} 行，{reason}"))
    })
}

/// Checks each set by itself and all of them together.
pub(crate) fn check(sets: &[(&str, RuleSet)]) -> Result<(), RuleError> {
    let blanks = placeholders()?;
    let mut keys = BTreeSet::new();
    for (file, set) in sets {
        if !keys.insert(set.key.as_str()) {
            return Err(RuleError::new(file, &set.key, "这个 key 已被另一个规则文件使用，请改名"));
        }
        Checker { file, blanks: &blanks }.set(set)?;
    }
    follow_one_another(sets)?;
    overlays_are_stricter(sets)
}

/// The placeholders letters may use, with what they mean.
pub fn placeholders() -> Result<BTreeMap<String, String>, RuleError> {
    let (file, text) = crate::embedded::PLACEHOLDERS;
    toml::from_str(text).map_err(|error| RuleError::new(file, "-", error.message()))
}

struct Checker<'a> {
    file: &'a str,
    blanks: &'a BTreeMap<String, String>,
}

impl Checker<'_> {
    fn refuse(&self, key: &str, reason: impl Into<String>) -> Result<(), RuleError> {
        Err(RuleError::new(self.file, key, reason))
    }

    fn set(&self, set: &RuleSet) -> Result<(), RuleError> {
        if set.title.trim().is_empty()
            || set.cited_as.trim().is_empty()
            || set.sources.is_empty()
            || set.kinds.is_empty()
        {
            return self.refuse(&set.key, "title、cited_as、sources、kinds 都不能为空");
        }
        self.doubt(&set.key, set.confirmed, set.note.as_deref())?;
        match (set.layer, set.effective_from, set.effective_until) {
            (Layer::National | Layer::Beside, None, _) => {
                return self.refuse(&set.key, "全国规则和专项规则必须写明施行日期 effective_from");
            }
            (Layer::National | Layer::Beside, Some(from), Some(until)) if until < from => {
                return self.refuse(&set.key, format!("失效日期 {until} 早于施行日期 {from}"));
            }
            (Layer::Overlay, from, until) if from.is_some() || until.is_some() => {
                return self.refuse(&set.key, "地方规则不写施行日期：由采用它的机关决定何时采用");
            }
            _ => {}
        }
        let mut keys = BTreeSet::new();
        for limit in &set.limits {
            if !keys.insert(limit.key.as_str()) {
                return self.refuse(&limit.key, "同一文件中期限的 key 重复");
            }
            self.limit(set, limit)?;
        }
        if set.layer != Layer::National && !(set.refusal_grounds.is_empty() && set.termination_grounds.is_empty()) {
            return self.refuse(&set.key, "只有全国规则能写不予受理或者终止调解的理由");
        }
        self.grounds(&set.refusal_grounds)?;
        self.grounds(&set.termination_grounds)?;
        self.letters(set)
    }

    fn limit(&self, set: &RuleSet, limit: &Limit) -> Result<(), RuleError> {
        let key = &limit.key;
        if limit.length == 0 {
            return self.refuse(key, "期限 length 必须大于零");
        }
        if limit.until.is_empty() || limit.until.contains(&limit.from) {
            return self.refuse(key, "until 必须写明何事使期限终止，且不能与起算事由 from 相同");
        }
        if [&limit.name, &limit.law, &limit.article].iter().any(|text| text.trim().is_empty()) {
            return self.refuse(key, "name、law、article 都不能为空：没有依据的期限不能使用");
        }
        if limit.extendable_by.is_some() != limit.extension_by_whom.is_some() {
            return self
                .refuse(key, "可以延长的期限要同时写明延长多少（extendable_by）和由谁批准（extension_by_whom）");
        }
        if !set.kinds.contains(&limit.kind) {
            return self.refuse(key, format!("{}不在本规则适用的事项类别 kinds 之内", limit.kind.label()));
        }
        let basis = match set.layer {
            Layer::National | Layer::Beside => Basis::Statutory,
            Layer::Overlay => Basis::Promised,
        };
        if limit.basis != basis {
            return self.refuse(key, format!("这一层规则的期限只能是{}（basis = \"{}\"）", basis.label(), basis.key()));
        }
        if set.layer != Layer::Overlay && limit.stricter_than.is_some() {
            return self.refuse(key, "stricter_than 只用于地方规则");
        }
        self.doubt(key, limit.confirmed, limit.note.as_deref())
    }

    fn grounds(&self, grounds: &[Ground]) -> Result<(), RuleError> {
        let mut keys = BTreeSet::new();
        for (at, ground) in grounds.iter().enumerate() {
            if ground.item as usize != at + 1 {
                return self.refuse(&ground.key, format!("项号应为 {}，各项须从 1 起连续编号", at + 1));
            }
            if !keys.insert(ground.key.as_str()) {
                return self.refuse(&ground.key, "理由的 key 重复");
            }
            if ground.wording.trim().is_empty() || ground.article.trim().is_empty() {
                return self.refuse(&ground.key, "理由要有原文 wording 和条次 article");
            }
            self.doubt(&ground.key, ground.confirmed, ground.note.as_deref())?;
        }
        Ok(())
    }

    fn letters(&self, set: &RuleSet) -> Result<(), RuleError> {
        let mut keys = BTreeSet::new();
        for letter in &set.letters {
            if !keys.insert(letter.key.as_str()) {
                return self.refuse(&letter.key, "文书的 key 重复");
            }
            if letter.paragraphs.is_empty() && letter.rows.is_empty() {
                return self.refuse(&letter.key, "文书没有正文（paragraphs 或者 rows）");
            }
            if let Some(unknown) = letter.placeholders().iter().find(|name| !self.blanks.contains_key(*name)) {
                return self.refuse(
                    &letter.key,
                    format!("文书用了不认识的占位符 {{{unknown}}}，可用的见 regulations/placeholders.toml"),
                );
            }
            let tells = &vault_rules().papers.reporter;
            let told = letter.placeholders().into_iter().find(|name| tells.contains(name));
            if let Some(told) = told.filter(|_| letter.recipients.contains(&Recipient::Respondent)) {
                return self
                    .refuse(&letter.key, format!("发给被投诉人、被举报人的文书不得有 {{{told}}}：看得出是谁举报的"));
            }
            let stands = |words: &str| letter.paragraphs.iter().any(|text| text.contains(words));
            if let Some(fixed) = letter.fixed.iter().find(|it| !stands(&it.words) || it.source.trim().is_empty()) {
                let reason = format!("要照原样保留的话“{}”须是 paragraphs 里的原文，并写明出处 source", fixed.words);
                return self.refuse(&letter.key, reason);
            }
            self.doubt(&letter.key, letter.confirmed, letter.note.as_deref())?;
        }
        Ok(())
    }

    /// What was not read in the source must say so in words.
    fn doubt(&self, key: &str, confirmed: bool, note: Option<&str>) -> Result<(), RuleError> {
        if !confirmed && note.is_none_or(|note| note.trim().is_empty()) {
            return self.refuse(key, "未经核对（confirmed = false）的内容要在 note 中说明存疑之处");
        }
        Ok(())
    }
}

/// National sets may leave a gap, which is then an error for the dates in it, but may not overlap.
fn follow_one_another(sets: &[(&str, RuleSet)]) -> Result<(), RuleError> {
    let mut national: Vec<_> = sets.iter().filter(|(_, set)| set.layer == Layer::National).collect();
    national.sort_by_key(|(_, set)| set.effective_from);
    for pair in national.windows(2) {
        let [(_, earlier), (file, later)] = pair else { continue };
        if earlier.effective_until.is_none() || earlier.effective_until >= later.effective_from {
            let reason = format!("施行日期与 {} 重叠，请写明 {} 的失效日期 effective_until", earlier.key, earlier.key);
            return Err(RuleError::new(file, &later.key, reason));
        }
    }
    Ok(())
}

/// An overlay's limit may not be longer than the national limit it undercuts, in any period that has that limit.
fn overlays_are_stricter(sets: &[(&str, RuleSet)]) -> Result<(), RuleError> {
    let national: Vec<&RuleSet> = sets.iter().map(|(_, set)| set).filter(|set| set.layer == Layer::National).collect();
    for (file, overlay) in sets.iter().filter(|(_, set)| set.layer == Layer::Overlay) {
        for limit in &overlay.limits {
            let named = limit.stricter_than.as_deref();
            let mut found = named.is_none();
            for other in national.iter().flat_map(|set| &set.limits) {
                if other.key == limit.key {
                    let reason = format!("这个 key 已是全国期限“{}”的名称，请改名", other.name);
                    return Err(RuleError::new(file, &limit.key, reason));
                }
                if other.kind != limit.kind {
                    continue;
                }
                found |= named == Some(&other.key);
                let same_step = limit.from == other.from && limit.until == other.until;
                if (named == Some(&other.key) || same_step) && measure(limit) > measure(other) {
                    let reason = format!(
                        "承诺期限{}{}（连同延长）比{}{}规定的{}{}更长，地方规则只能更严",
                        limit.length + limit.extendable_by.unwrap_or(0),
                        limit.unit.label(),
                        other.law,
                        other.article,
                        other.length + other.extendable_by.unwrap_or(0),
                        other.unit.label()
                    );
                    return Err(RuleError::new(file, &limit.key, reason));
                }
            }
            if !found {
                let reason = format!("stricter_than 所指的全国期限 {} 不存在", named.unwrap_or_default());
                return Err(RuleError::new(file, &limit.key, reason));
            }
        }
    }
    Ok(())
}

/// The longest the limit may last, in twelve-minute steps: five working days are a week, so one is 168 of them.
fn measure(limit: &Limit) -> u32 {
    let step = match limit.unit {
        Unit::Workday => 168,
        Unit::Day => 120,
        Unit::Hour => 5,
    };
    limit.length.saturating_add(limit.extendable_by.unwrap_or(0)).saturating_mul(step)
}

/// The reader's own messages, for people.
pub(crate) fn in_chinese(message: &str) -> (String, String) {
    let quoted = |text: &str| text.split('`').nth(1).unwrap_or("-").to_owned();
    if message.starts_with("missing field") {
        return (quoted(message), "缺少这个必填的键".to_owned());
    }
    if message.starts_with("unknown field") {
        return (quoted(message), "不认识这个键，请核对拼写".to_owned());
    }
    if message.starts_with("unknown variant") {
        let allowed = message.split("expected").nth(1).unwrap_or_default().replace("one of", "");
        return (quoted(message), format!("不是允许的值，可用的有：{}", allowed.trim().replace('`', "")));
    }
    if message.starts_with("duplicate key") {
        return ("-".to_owned(), "同一个键写了两次".to_owned());
    }
    ("-".to_owned(), format!("不是正确的 TOML 或者值的类型不对（{message}）"))
}
