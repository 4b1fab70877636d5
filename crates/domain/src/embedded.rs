//! The files of `regulations/` that ship inside the program.

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../../regulations/", $path)))),*]
    };
}

/// The yearly holiday notices.
pub(crate) const CALENDARS: &[(&str, &str)] = files![
    "calendars/2019.toml",
    "calendars/2020.toml",
    "calendars/2021.toml",
    "calendars/2022.toml",
    "calendars/2023.toml",
    "calendars/2024.toml",
    "calendars/2025.toml",
    "calendars/2026.toml",
];

/// The rule sets: national ones, those for what goes on beside, and overlays.
pub(crate) const RULE_SETS: &[(&str, &str)] = files![
    "national/national-1996.toml",
    "national/national-2014.toml",
    "national/national-2020.toml",
    "national/national-2024.toml",
    "national/national-2026.toml",
    "beside/reward-2021.toml",
    "beside/crime-transfer-2001.toml",
    "beside/service-2021.toml",
    "overlay/provincial.toml",
    "overlay/platform.toml",
    "overlay/station.toml",
];

/// The placeholders that letters may use.
pub(crate) const PLACEHOLDERS: (&str, &str) =
    ("placeholders.toml", include_str!("../../../regulations/placeholders.toml"));

/// The code tables.
pub(crate) const CODES: &[(&str, &str)] = files![
    "codes/goods_categories.toml",
    "codes/problem_categories.toml",
    "codes/demands.toml",
    "codes/channels.toml",
    "codes/id_kinds.toml",
    "codes/return_reasons.toml",
    "codes/major_levels.toml",
    "codes/major_kinds.toml",
    "codes/operator_kinds.toml",
    "codes/sales_channels.toml",
    "codes/report_targets.toml",
];

/// The bodies to which a matter can be referred.
pub(crate) const BODIES: (&str, &str) = ("bodies.toml", include_str!("../../../regulations/bodies.toml"));

/// Which place decides which bureau has the power, by rule set.
pub(crate) const JURISDICTION: (&str, &str) =
    ("jurisdiction.toml", include_str!("../../../regulations/jurisdiction.toml"));

/// When the program itself puts a case under supervision.
pub(crate) const SUPERVISION: (&str, &str) =
    ("supervision.toml", include_str!("../../../regulations/supervision.toml"));

/// Which letters wait for an approval before they are issued.
pub(crate) const ISSUING: (&str, &str) = ("issuing.toml", include_str!("../../../regulations/issuing.toml"));

/// When officers are reminded.
pub(crate) const REMINDERS: (&str, &str) = ("reminders.toml", include_str!("../../../regulations/reminders.toml"));

/// What a spot check looks at.
pub(crate) const CHECKS: (&str, &str) = ("checks.toml", include_str!("../../../regulations/checks.toml"));

/// The five timelinesses.
pub(crate) const TIMELINESS: (&str, &str) = ("timeliness.toml", include_str!("../../../regulations/timeliness.toml"));

/// What a complaint must bring with it.
pub(crate) const MATERIALS: (&str, &str) = ("materials.toml", include_str!("../../../regulations/materials.toml"));

/// The departments that usually handle disputes of a category.
pub(crate) const REMITS: (&str, &str) = ("remits.toml", include_str!("../../../regulations/remits.toml"));

/// The thresholds of the signals.
pub(crate) const SIGNALS: (&str, &str) = ("signals.toml", include_str!("../../../regulations/signals.toml"));

/// The settings for the history of operators.
pub(crate) const OPERATORS: (&str, &str) = ("operators.toml", include_str!("../../../regulations/operators.toml"));

/// The practice of mediation.
pub(crate) const REPORTING: (&str, &str) = ("reporting.toml", include_str!("../../../regulations/reporting.toml"));

/// What the law leaves to the centre in a mediation.
pub(crate) const MEDIATION: (&str, &str) = ("mediation.toml", include_str!("../../../regulations/mediation.toml"));

/// The practice of return visits.
pub(crate) const VISITS: (&str, &str) = ("visits.toml", include_str!("../../../regulations/visits.toml"));

/// How long the audit trail is kept at least.
pub(crate) const AUDIT: (&str, &str) = ("audit.toml", include_str!("../../../regulations/audit.toml"));

/// Who may ask for a sealed identity, and under what conditions it is opened.
pub(crate) const CONFIDENTIAL: (&str, &str) =
    ("confidential.toml", include_str!("../../../regulations/confidential.toml"));

/// The rules about requests concerning personal data.
pub(crate) const PERSONAL_DATA: (&str, &str) =
    ("personal_data.toml", include_str!("../../../regulations/personal_data.toml"));

/// The classes, orders and times of keeping of the archive.
pub(crate) const ARCHIVE: (&str, &str) = ("archive.toml", include_str!("../../../regulations/archive.toml"));

/// The rules for sealing what points to reporters.
pub(crate) const VAULT: (&str, &str) = ("vault.toml", include_str!("../../../regulations/vault.toml"));

/// What accounts need: passwords, wrong tries, second factors.
pub(crate) const ACCOUNT: (&str, &str) = ("account.toml", include_str!("../../../regulations/account.toml"));

/// The refusal phrases.
pub(crate) const REFUSAL_PHRASES: (&str, &str) =
    ("phrases/refusal.toml", include_str!("../../../regulations/phrases/refusal.toml"));

/// The answer phrases of the country.
pub(crate) const ANSWER_PHRASES: (&str, &str) =
    ("phrases/answer.toml", include_str!("../../../regulations/phrases/answer.toml"));

/// The sheets of the public hall.
pub(crate) const BOARD: (&str, &str) = ("board.toml", include_str!("../../../regulations/board.toml"));

/// The ways of service and when each takes effect.
pub(crate) const SERVICE: (&str, &str) = ("service.toml", include_str!("../../../regulations/service.toml"));

/// What a report that proved true is worth.
pub(crate) const REWARD: (&str, &str) = ("reward.toml", include_str!("../../../regulations/reward.toml"));

/// What a copy that leaves covers.
pub(crate) const MASKING: (&str, &str) = ("masking.toml", include_str!("../../../regulations/masking.toml"));

/// The blanks of forms that the case does not fill.
pub(crate) const FORM_BLANKS: (&str, &str) =
    ("forms/blanks.toml", include_str!("../../../regulations/forms/blanks.toml"));

/// What bureaus may change in the wording of letters.
pub(crate) const WORDING: (&str, &str) = ("wording.toml", include_str!("../../../regulations/wording.toml"));

/// The divisions of China, a gzipped CSV.
pub(crate) const DIVISIONS: &[u8] = include_bytes!("../../../regulations/divisions/divisions.csv.gz");
