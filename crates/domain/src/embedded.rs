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
pub(crate) const PLACEHOLDERS: (&str, &str) = (
    "placeholders.toml",
    include_str!("../../../regulations/placeholders.toml"),
);
