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

/// The rule sets: national ones and overlays.
pub(crate) const RULE_SETS: &[(&str, &str)] = files![
    "national/national-1996.toml",
    "national/national-2014.toml",
    "national/national-2020.toml",
    "national/national-2024.toml",
    "national/national-2026.toml",
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
];

/// When officers are reminded.
pub(crate) const REMINDERS: (&str, &str) = ("reminders.toml", include_str!("../../../regulations/reminders.toml"));

/// The five timelinesses.
pub(crate) const TIMELINESS: (&str, &str) = ("timeliness.toml", include_str!("../../../regulations/timeliness.toml"));

/// The refusal phrases.
pub(crate) const REFUSAL_PHRASES: (&str, &str) =
    ("phrases/refusal.toml", include_str!("../../../regulations/phrases/refusal.toml"));

/// The divisions of China, a gzipped CSV.
pub(crate) const DIVISIONS: &[u8] = include_bytes!("../../../regulations/divisions/divisions.csv.gz");
