//! Sums of money in 分.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

use serde::{Deserialize, Serialize};

use crate::digits::half_width;

/// A sum in 分 (1 元 = 100 分), never negative when parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

/// Why a text is not a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Nothing written.
    #[error("请填写金额，如 199.80")]
    Empty,
    /// Not a number.
    #[error("金额应为数字，如 199.80，请核对")]
    Shape,
    /// More than two decimals.
    #[error("金额最多精确到分（两位小数），请核对")]
    Decimals,
    /// Below zero.
    #[error("金额不能为负数，请核对")]
    Negative,
    /// More than 9,999 亿元.
    #[error("金额过大，请核对单位是否为元")]
    TooLarge,
}

/// 一万亿元, in 分: more than any dispute, and far from overflow when millions of cases are summed.
const LIMIT: i64 = 100_000_000_000_000;

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// A sum given in 分.
    pub const fn from_fen(fen: i64) -> Self {
        Self(fen)
    }

    /// The sum in 分.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// Reads what people write: `1234.5`, `1,234.5 元`, `￥１２３４`, `3万元`, `0.5 亿`.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let text: String = half_width(text)
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != ',' && *letter != '，')
            .collect();
        let text = text.trim_start_matches("人民币").trim_start_matches(['¥', '￥']);
        let text = text.trim_end_matches('整').trim_end_matches(['元', '圆', '块']);
        if text.starts_with(['-', '−']) {
            return Err(MoneyError::Negative);
        }
        let (number, factor) = match text.chars().next_back() {
            Some('万') => (text.trim_end_matches('万'), 10_000),
            Some('亿') => (text.trim_end_matches('亿'), 100_000_000),
            _ => (text, 1),
        };
        if number.is_empty() {
            return Err(MoneyError::Empty);
        }
        let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && decimals.is_empty())
            || !whole.bytes().chain(decimals.bytes()).all(|byte| byte.is_ascii_digit())
        {
            return Err(MoneyError::Shape);
        }
        let decimals = decimals.trim_end_matches('0');
        if whole.trim_start_matches('0').len() > 15 || decimals.len() > 10 {
            return Err(if decimals.len() > 10 { MoneyError::Decimals } else { MoneyError::TooLarge });
        }
        let scale = 10_i128.pow(decimals.len() as u32);
        let units: i128 = format!("0{whole}{decimals}").parse().map_err(|_| MoneyError::Shape)?;
        let fen_scaled = units * 100 * factor;
        if fen_scaled % scale != 0 {
            return Err(MoneyError::Decimals);
        }
        let fen = i64::try_from(fen_scaled / scale).map_err(|_| MoneyError::TooLarge)?;
        if fen >= LIMIT { Err(MoneyError::TooLarge) } else { Ok(Self(fen)) }
    }
}

impl fmt::Display for Money {
    /// `1,234.50`, without a unit.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fen = self.0.unsigned_abs();
        let digits = (fen / 100).to_string();
        let mut whole = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                whole.push(',');
            }
            whole.push(digit);
        }
        write!(f, "{}{whole}.{:02}", if self.0 < 0 { "-" } else { "" }, fen % 100)
    }
}

impl Add for Money {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(sums: I) -> Self {
        sums.fold(Self::ZERO, Add::add)
    }
}
