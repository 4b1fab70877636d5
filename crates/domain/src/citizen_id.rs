//! 公民身份号码 (GB 11643-1999).

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::digits::half_width;

/// A citizen identity number whose check digit and birth date are right. Its `Debug` output is masked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CitizenId(String);

/// Why a text is not an identity number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CitizenIdError {
    /// Not 18 characters.
    #[error("身份证号码应为18位，请对照证件核对")]
    Length,
    /// Something other than 17 digits and a digit or X.
    #[error("身份证号码前17位应为数字，最后一位为数字或者 X，请对照证件核对")]
    Alphabet,
    /// No such day.
    #[error("身份证号码中的出生日期不存在，请对照证件核对")]
    BirthDate,
    /// The 18th character does not fit the other 17.
    #[error("身份证号码的校验位不符，可能抄错了一位，请对照证件核对")]
    CheckDigit,
}

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

impl CitizenId {
    /// Reads a number as people write it: a small x, full-width characters, spaces and hyphens are forgiven.
    pub fn parse(text: &str) -> Result<Self, CitizenIdError> {
        let number: String = half_width(text)
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != '-')
            .map(|letter| letter.to_ascii_uppercase())
            .collect();
        if number.chars().count() != 18 {
            return Err(CitizenIdError::Length);
        }
        let (body, check) = number.split_at_checked(17).ok_or(CitizenIdError::Alphabet)?;
        let digits: Option<Vec<u32>> = body.chars().map(|letter| letter.to_digit(10)).collect();
        let digits = digits.ok_or(CitizenIdError::Alphabet)?;
        if !check.chars().all(|letter| letter.is_ascii_digit() || letter == 'X') {
            return Err(CitizenIdError::Alphabet);
        }
        if birth_date(&number).is_none() {
            return Err(CitizenIdError::BirthDate);
        }
        let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
        if check.as_bytes() != &b"10X98765432"[sum as usize % 11..][..1] {
            return Err(CitizenIdError::CheckDigit);
        }
        Ok(Self(number))
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Day of birth.
    pub fn birth_date(&self) -> Date {
        birth_date(&self.0).unwrap_or(Date::MIN)
    }

    /// Whether the 17th digit says male.
    pub fn is_male(&self) -> bool {
        !(self.0.as_bytes()[16] - b'0').is_multiple_of(2)
    }

    /// The number with the middle hidden, e.g. `110105********002X`.
    pub fn masked(&self) -> String {
        format!("{}********{}", &self.0[..6], &self.0[14..])
    }
}

fn birth_date(number: &str) -> Option<Date> {
    let part = |from: usize, until: usize| number.get(from..until)?.parse::<i16>().ok();
    let date = Date::new(part(6, 10)?, part(10, 12)? as i8, part(12, 14)? as i8).ok()?;
    (date.year() >= 1850).then_some(date)
}

impl fmt::Debug for CitizenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CitizenId({})", self.masked())
    }
}

impl TryFrom<String> for CitizenId {
    type Error = CitizenIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<CitizenId> for String {
    fn from(id: CitizenId) -> Self {
        id.0
    }
}
