//! Money, counts and marked-up sentences.

use std::borrow::Cow;
use std::fmt;

use askama::filters::HtmlSafe;
use domain::clock::{beijing_day, beijing_time};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};

/// A small value that a caller may give itself or by any number of references: a template passes references.
pub trait Given<T: Copy> {
    /// The value.
    fn given(&self) -> T;
}

impl Given<i64> for i64 {
    fn given(&self) -> i64 {
        *self
    }
}

impl Given<usize> for usize {
    fn given(&self) -> usize {
        *self
    }
}

impl Given<Date> for Date {
    fn given(&self) -> Date {
        *self
    }
}

impl Given<DateTime> for DateTime {
    fn given(&self) -> DateTime {
        *self
    }
}

impl Given<Time> for Time {
    fn given(&self) -> Time {
        *self
    }
}

/// Beijing's day at an instant.
impl Given<Date> for Timestamp {
    fn given(&self) -> Date {
        beijing_day(*self)
    }
}

/// Beijing's day and time at an instant.
impl Given<DateTime> for Timestamp {
    fn given(&self) -> DateTime {
        beijing_time(*self)
    }
}

impl<T: Copy, G: Given<T> + ?Sized> Given<T> for &G {
    fn given(&self) -> T {
        (**self).given()
    }
}

/// 分 as 元 with thousands and only the decimals that are there: `3,280`, `86.50`, `-12.05`.
pub fn money(cents: impl Given<i64>) -> String {
    let cents = cents.given();
    let sign = if cents < 0 { "-" } else { "" };
    let whole = grouped(cents.unsigned_abs() / 100);
    match cents.unsigned_abs() % 100 {
        0 => format!("{sign}{whole}"),
        rest => format!("{sign}{whole}.{rest:02}"),
    }
}

/// 分 as it stands in a sentence: `3,280 元`.
pub fn money_sign(cents: impl Given<i64>) -> String {
    format!("{} 元", money(cents))
}

/// A count with thousands: `12,345`.
pub fn quantity(count: impl Given<i64>) -> String {
    let count = count.given();
    let sign = if count < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(count.unsigned_abs()))
}

/// A `tel:` address for a number as it is written, `0371-6812 3456` becoming `tel:037168123456`.
pub fn phone_link(number: &str) -> String {
    let digits: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    format!("tel:{digits}")
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A sentence with `<b>stress</b>` and line breaks, everything else escaped. For sentences that the product writes:
/// the course of a case, what an act will do, why an act is not lawful now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rich(String);

/// Marks up a sentence: [`Rich`].
pub fn rich(text: &str) -> Rich {
    let mut html = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, stressed, after)) = stressed(rest) {
        escape_into(before, &mut html);
        html.push_str("<b>");
        escape_into(stressed, &mut html);
        html.push_str("</b>");
        rest = after;
    }
    escape_into(rest, &mut html);
    Rich(html)
}

/// What stands before, inside and after the first `<b>…</b>`. Not `**`, which is how names and numbers are masked.
fn stressed(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("<b>")?;
    let (inside, after) = rest.split_once("</b>")?;
    Some((before, inside, after))
}

impl Rich {
    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Rich {
    fn from(text: &str) -> Self {
        rich(text)
    }
}

impl From<String> for Rich {
    fn from(text: String) -> Self {
        rich(&text)
    }
}

impl From<Cow<'_, str>> for Rich {
    fn from(text: Cow<'_, str>) -> Self {
        rich(&text)
    }
}

impl fmt::Display for Rich {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Rich {}

fn escape_into(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\n' => html.push_str("<br>"),
            c => html.push(c),
        }
    }
}

/// Text for an element, escaped.
pub(super) fn plain(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    escape_into(text, &mut html);
    html
}

#[cfg(test)]
mod tests {
    use super::{money, money_sign, phone_link, quantity, rich};

    #[test]
    fn money_has_thousands_and_only_the_decimals_it_needs() {
        for (cents, shown) in [
            (0, "0"),
            (5, "0.05"),
            (8_650, "86.50"),
            (328_000, "3,280"),
            (123_456_789, "1,234,567.89"),
            (-1_205, "-12.05"),
        ] {
            assert_eq!(money(cents), shown);
        }
        assert_eq!(money_sign(46_900), "469 元");
        assert_eq!(quantity(12_345), "12,345");
    }

    #[test]
    fn a_sentence_keeps_its_stress_and_nothing_else() {
        assert_eq!(rich("王素琴<b>决定受理</b>").to_string(), "王素琴<b>决定受理</b>");
        assert_eq!(rich("<script>a</script>").to_string(), "&lt;script&gt;a&lt;/script&gt;");
        assert_eq!(rich("<b>没有关上").to_string(), "&lt;b&gt;没有关上");
        assert_eq!(rich("<b><i>x</i></b>").to_string(), "<b>&lt;i&gt;x&lt;/i&gt;</b>");
    }

    #[test]
    fn masked_names_and_numbers_keep_their_stars() {
        assert_eq!(rich("周**、李** 138****2207").to_string(), "周**、李** 138****2207");
    }

    #[test]
    fn a_telephone_link_has_digits_only() {
        assert_eq!(phone_link("0371-6812 3456"), "tel:037168123456");
    }
}
