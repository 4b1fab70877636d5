//! 行政区划代码 (GB/T 2260, towns by GB/T 10114, villages by the statistics bureau).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::digits::half_width;

/// A division code of 2 (province), 4 (city), 6 (county), 9 (township) or 12 (village) digits, or `000000`.
/// Provinces and cities are kept in six digits, as the official table writes them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(String);

/// The level of a division.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 国家.
    Nation,
    /// 省、自治区、直辖市、特别行政区.
    Province,
    /// 设区的市、地区、自治州、盟.
    City,
    /// 县、市辖区、县级市、旗.
    County,
    /// 乡、镇、街道.
    Township,
    /// 村、社区.
    Village,
}

impl Level {
    /// The name in data and JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Nation => "nation",
            Self::Province => "province",
            Self::City => "city",
            Self::County => "county",
            Self::Township => "township",
            Self::Village => "village",
        }
    }

    /// The level that has this key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Nation, Self::Province, Self::City, Self::County, Self::Township, Self::Village]
            .into_iter()
            .find(|level| level.key() == key)
    }
}

/// Why a text is not a division code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RegionCodeError {
    /// Something other than digits.
    #[error("行政区划代码只能含数字，请核对")]
    Alphabet,
    /// Not 2, 4, 6, 9 or 12 digits.
    #[error("行政区划代码应为2、4、6、9或者12位数字，请核对")]
    Length,
    /// A lower part is given under an upper part that is 00.
    #[error("行政区划代码不合层级，请核对")]
    Level,
}

impl RegionCode {
    /// The whole country: `000000`.
    pub fn nation() -> Self {
        Self("000000".into())
    }

    /// Reads a code of 2, 4, 6, 9 or 12 digits; trailing groups of zeros (`410000000000`) are dropped.
    pub fn parse(text: &str) -> Result<Self, RegionCodeError> {
        let text = half_width(text);
        let text = text.trim();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(if text.is_empty() { RegionCodeError::Length } else { RegionCodeError::Alphabet });
        }
        let mut code = match text.len() {
            2 => format!("{text}0000"),
            4 => format!("{text}00"),
            6 | 9 | 12 => text.to_owned(),
            _ => return Err(RegionCodeError::Length),
        };
        while code.len() > 6 && code.ends_with("000") {
            code.truncate(code.len() - 3);
        }
        // Directly administered counties stand under 90 and townships may stand under a city (441900…), so only a
        // county without a city, or anything below no province, is out of order.
        let (province, city, county) = (&code[..2], &code[2..4], &code[4..6]);
        if (province == "00" && code != "000000") || (city == "00" && (county != "00" || code.len() > 6)) {
            return Err(RegionCodeError::Level);
        }
        if code.len() == 12 && &code[6..9] == "000" {
            return Err(RegionCodeError::Level);
        }
        Ok(Self(code))
    }

    /// The code: 6, 9 or 12 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The level the digits say.
    pub fn level(&self) -> Level {
        match self.0.len() {
            12 => Level::Village,
            9 => Level::Township,
            _ if self.0 == "000000" => Level::Nation,
            _ if self.0.ends_with("0000") => Level::Province,
            _ if self.0.ends_with("00") => Level::City,
            _ => Level::County,
        }
    }

    /// The digits that every division inside shares: `41`, `4101`, `410102`, `410102001`; empty for the nation.
    pub fn prefix(&self) -> &str {
        match self.level() {
            Level::Nation => "",
            Level::Province => &self.0[..2],
            Level::City => &self.0[..4],
            Level::County | Level::Township | Level::Village => &self.0,
        }
    }

    /// Whether the other division is this one or lies inside it.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(self.prefix())
    }

    /// The division above, by digits; none for the nation.
    pub fn parent(&self) -> Option<Self> {
        let code = match self.level() {
            Level::Nation => return None,
            Level::Province => "000000".to_owned(),
            Level::City => format!("{}0000", &self.0[..2]),
            Level::County => format!("{}00", &self.0[..4]),
            Level::Township => self.0[..6].to_owned(),
            Level::Village => self.0[..9].to_owned(),
        };
        Some(Self(code))
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RegionCode {
    type Error = RegionCodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> Self {
        code.0
    }
}
