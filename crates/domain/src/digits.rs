//! What people type, brought to one form: full-width characters become half-width ones.

/// Half-width characters for full-width ones (０–９, Ａ–Ｚ, －, （） and the ideographic space); others unchanged.
pub(crate) fn half_width(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '\u{3000}' => ' ',
            '！'..='～' => char::from_u32(letter as u32 - 0xFEE0).unwrap_or(letter),
            other => other,
        })
        .collect()
}
