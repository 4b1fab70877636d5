//! 统一社会信用代码: the identity of an operator (GB 32100-2015).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::digits::half_width;

/// A unified social credit code whose check digit is right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CreditCode(String);

/// Why a text is not a credit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CreditCodeError {
    /// Not 18 characters.
    #[error("统一社会信用代码应为18位，请对照营业执照核对")]
    Length,
    /// A character outside the alphabet.
    #[error("统一社会信用代码只含数字和大写字母（不含 I、O、S、V、Z），请对照营业执照核对")]
    Alphabet,
    /// The 18th character does not fit the other 17.
    #[error("统一社会信用代码的校验位不符，可能抄错了一位，请对照营业执照核对")]
    CheckDigit,
}

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

impl CreditCode {
    /// Reads a code as people write it: small letters, full-width characters, spaces and hyphens are forgiven.
    pub fn parse(text: &str) -> Result<Self, CreditCodeError> {
        let code: String = half_width(text)
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != '-')
            .map(|letter| letter.to_ascii_uppercase())
            .collect();
        if code.chars().count() != 18 {
            return Err(CreditCodeError::Length);
        }
        let values: Option<Vec<u32>> =
            code.bytes().map(|byte| ALPHABET.iter().position(|known| *known == byte).map(|at| at as u32)).collect();
        let values = values.ok_or(CreditCodeError::Alphabet)?;
        if values.len() != 18 {
            return Err(CreditCodeError::Alphabet);
        }
        // Weights are the powers of 3 modulo 31 (GB 32100).
        let (sum, _) = values[..17].iter().fold((0, 1), |(sum, weight), value| (sum + value * weight, weight * 3 % 31));
        if (31 - sum % 31) % 31 != values[17] {
            return Err(CreditCodeError::CheckDigit);
        }
        Ok(Self(code))
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The six digits of the registering authority's division (characters 3–8).
    pub fn division(&self) -> &str {
        &self.0[2..8]
    }

    /// The organisation code (characters 9–17, GB 11714).
    pub fn organization_code(&self) -> &str {
        &self.0[8..17]
    }

    /// Whether the organisation code's own check digit (GB 11714) is right too. Only a hint: codes of
    /// sole traders (92…) are not always made from one.
    pub fn organization_code_fits(&self) -> bool {
        const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
        let code = self.organization_code().as_bytes();
        // GB 11714 values letters A–Z as 10–35, gaps included, unlike GB 32100.
        let sum: u32 = code[..8]
            .iter()
            .zip(WEIGHTS)
            .map(|(byte, weight)| char::from(*byte).to_digit(36).unwrap_or(0) * weight)
            .sum();
        let expected = match 11 - sum % 11 {
            10 => b'X',
            11 => b'0',
            digit => b'0' + digit as u8,
        };
        code[8] == expected
    }

    /// Whether the register says 个体工商户 (first two characters 92).
    pub fn is_sole_trader(&self) -> bool {
        self.0.starts_with("92")
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for CreditCode {
    type Error = CreditCodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<CreditCode> for String {
    fn from(code: CreditCode) -> Self {
        code.0
    }
}
