//! Phone numbers of mainland China.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::digits::half_width;

/// A phone number in one form: digits only, an area code's hyphen and an extension kept for landlines
/// (`13800138000`, `0371-65571234`, `0371-65571234-801`, `4008123456`, `12315`). Its `Debug` output is masked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// Why a text is not a phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneNumberError {
    /// Nothing written.
    #[error("请填写电话号码")]
    Empty,
    /// Characters that no phone number has.
    #[error("电话号码只能含数字、空格、横线和开头的 +86，请核对")]
    Alphabet,
    /// Begins like a mobile number but is not one.
    #[error("手机号码应为11位，以 13 至 19 开头，请核对")]
    Mobile,
    /// Begins like a landline but is not one.
    #[error("固定电话请写明区号，如 0371-65571234，请核对")]
    Landline,
    /// None of the known shapes.
    #[error("电话号码不完整，请填写11位手机号码或者带区号的固定电话")]
    Unknown,
}

impl PhoneNumber {
    /// Reads a number as people write it: full-width digits, +86, 0086, spaces, hyphens and brackets are forgiven.
    pub fn parse(text: &str) -> Result<Self, PhoneNumberError> {
        let text = half_width(text);
        let text = text.trim();
        let plus = text.starts_with('+');
        let mut extension = String::new();
        let mut digits = String::new();
        let (main, tail) = match text.find(['转', '#']) {
            Some(at) => text.split_at(at),
            None => (text, ""),
        };
        for letter in main.trim_start_matches('+').chars() {
            match letter {
                '0'..='9' => digits.push(letter),
                ' ' | '-' | '(' | ')' | '.' | '—' | '–' | '·' => {}
                _ => return Err(PhoneNumberError::Alphabet),
            }
        }
        for letter in tail.chars().skip(1) {
            match letter {
                '0'..='9' => extension.push(letter),
                ' ' | '-' => {}
                _ => return Err(PhoneNumberError::Alphabet),
            }
        }
        if digits.is_empty() {
            return Err(PhoneNumberError::Empty);
        }
        let international = digits.strip_prefix("0086").or_else(|| {
            // A mobile number never begins with 86, so 86 before 11 digits is the country.
            digits.strip_prefix("86").filter(|rest| plus || (rest.len() == 11 && rest.starts_with('1')))
        });
        if plus && international.is_none() {
            return Err(PhoneNumberError::Unknown);
        }
        let mut number = international.unwrap_or(&digits).to_owned();
        if international.is_some() && is_landline_without_zero(&number) {
            number.insert(0, '0');
        }
        Self::classify(&number, &extension)
    }

    fn classify(number: &str, extension: &str) -> Result<Self, PhoneNumberError> {
        // A mobile number is sometimes dialled with a leading 0 from a landline.
        let trimmed = number.strip_prefix("01").filter(|rest| rest.len() == 10 && is_mobile(&number[1..]));
        let number = if trimmed.is_some() { &number[1..] } else { number };
        if is_mobile(number) {
            return Ok(Self(number.to_owned()));
        }
        if matches!(&number.get(..3), Some("400" | "800")) && number.len() == 10 {
            return Ok(Self(number.to_owned()));
        }
        if number.starts_with('0') {
            return Self::landline(number, extension);
        }
        if is_service(number) {
            return Ok(Self(number.to_owned()));
        }
        if number.starts_with('1') && number.len() >= 7 {
            return Err(PhoneNumberError::Mobile);
        }
        Err(if matches!(number.len(), 7 | 8) { PhoneNumberError::Landline } else { PhoneNumberError::Unknown })
    }

    fn landline(number: &str, extension: &str) -> Result<Self, PhoneNumberError> {
        // Two-digit area codes: 010 and 02x; all others have three digits after the 0.
        let area = if number.starts_with("01") || number.starts_with("02") { 3 } else { 4 };
        if number.starts_with("00")
            || (number.starts_with("01") && !number.starts_with("010"))
            || number.len() < area + 7
        {
            return Err(PhoneNumberError::Landline);
        }
        let (area, local) = number.split_at(area);
        // Digits beyond the longest local number are an extension written with a hyphen.
        let (local, rest) = local.split_at(local.len().min(8));
        if matches!(local.as_bytes()[0], b'0' | b'1') || rest.len() + extension.len() > 6 {
            return Err(PhoneNumberError::Landline);
        }
        let extension = format!("{rest}{extension}");
        let extension = if extension.is_empty() { extension } else { format!("-{extension}") };
        Ok(Self(format!("{area}-{local}{extension}")))
    }

    /// The number in its one form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a text message can reach it.
    pub fn is_mobile(&self) -> bool {
        is_mobile(&self.0)
    }

    /// The number with the middle hidden: `138****8000`, `0371-****1234`; service numbers are public and stay.
    pub fn masked(&self) -> String {
        if self.is_mobile() {
            return format!("{}****{}", &self.0[..3], &self.0[7..]);
        }
        match self.0.split_once('-') {
            Some((area, local)) => {
                let local = local.split('-').next().unwrap_or(local);
                format!("{area}-{}{}", "*".repeat(local.len() - 4), &local[local.len() - 4..])
            }
            None => self.0.clone(),
        }
    }
}

fn is_mobile(number: &str) -> bool {
    let bytes = number.as_bytes();
    bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1]) && bytes.iter().all(u8::is_ascii_digit)
}

/// 12315, 12345, 95xxx, 96xxx, 10086, 110 and the like.
fn is_service(number: &str) -> bool {
    (number.len() == 3 && number.starts_with('1'))
        || (number.len() == 5 && (number.starts_with('1') || number.starts_with('9')))
        || (matches!(number.len(), 6..=8) && (number.starts_with("95") || number.starts_with("96")))
}

fn is_landline_without_zero(number: &str) -> bool {
    !number.starts_with('0')
        && !is_mobile(number)
        && matches!(number.len(), 9..=11)
        && !number.starts_with("400")
        && !number.starts_with("800")
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({})", self.masked())
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = PhoneNumberError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}
