//! 对照: what changed from one text to another, paragraph by paragraph and then character by character.

/// A piece of a text beside another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in the earlier.
    Gone(String),
    /// Only in the later.
    New(String),
}

/// Each paragraph of either text in pieces, in the order in which they are read.
pub fn paragraphs(before: &[String], after: &[String]) -> Vec<Vec<Piece>> {
    let mut lines = Vec::new();
    let (mut gone, mut new): (Vec<&String>, Vec<&String>) = (Vec::new(), Vec::new());
    for step in steps(before, after) {
        match step {
            Step::Gone(text) => gone.push(text),
            Step::New(text) => new.push(text),
            Step::Same(text) => {
                changed(&mut gone, &mut new, &mut lines);
                lines.push(vec![Piece::Same(text.clone())]);
            }
        }
    }
    changed(&mut gone, &mut new, &mut lines);
    lines
}

/// Paragraphs that stand in the same place are compared; what is left over on one side is wholly gone or wholly new.
fn changed(gone: &mut Vec<&String>, new: &mut Vec<&String>, lines: &mut Vec<Vec<Piece>>) {
    let (mut gone, mut new) = (gone.drain(..), new.drain(..));
    loop {
        match (gone.next(), new.next()) {
            (Some(before), Some(after)) => lines.push(characters(before, after)),
            (Some(before), None) => lines.push(vec![Piece::Gone(before.clone())]),
            (None, Some(after)) => lines.push(vec![Piece::New(after.clone())]),
            (None, None) => return,
        }
    }
}

/// One paragraph beside another; a blank `{…}` is compared as a whole.
fn characters(before: &str, after: &str) -> Vec<Piece> {
    let (before, after) = (signs(before), signs(after));
    let mut runs: Vec<(bool, String, String)> = Vec::new();
    for step in steps(&before, &after) {
        let same = matches!(step, Step::Same(_));
        if runs.last().is_none_or(|(last, ..)| *last != same) {
            runs.push((same, String::new(), String::new()));
        }
        let Some((_, gone, new)) = runs.last_mut() else { continue };
        match step {
            Step::Same(text) => {
                gone.push_str(text);
                new.push_str(text);
            }
            Step::Gone(text) => gone.push_str(text),
            Step::New(text) => new.push_str(text),
        }
    }
    // A single character that two changes happen to share tells nobody anything.
    let mut kept: Vec<(bool, String, String)> = Vec::new();
    let last = runs.len().saturating_sub(1);
    for (index, (same, gone, new)) in runs.into_iter().enumerate() {
        let same = same && (index == 0 || index == last || gone.chars().count() > 1);
        match kept.last_mut() {
            Some((before, one, other)) if *before == same => {
                one.push_str(&gone);
                other.push_str(&new);
            }
            _ => kept.push((same, gone, new)),
        }
    }
    let mut pieces = Vec::new();
    for (same, gone, new) in kept {
        if same {
            pieces.push(Piece::Same(gone));
            continue;
        }
        pieces.extend((!gone.is_empty()).then_some(Piece::Gone(gone)));
        pieces.extend((!new.is_empty()).then_some(Piece::New(new)));
    }
    pieces
}

fn signs(text: &str) -> Vec<String> {
    let mut signs: Vec<String> = Vec::new();
    let mut open = false;
    for letter in text.chars() {
        match signs.last_mut() {
            Some(last) if open => last.push(letter),
            _ => signs.push(letter.to_string()),
        }
        open = letter == '{' || (open && letter != '}');
    }
    signs
}

enum Step<'a> {
    Same(&'a String),
    Gone(&'a String),
    New(&'a String),
}

/// The longest common sequence, and what lies between.
fn steps<'a>(before: &'a [String], after: &'a [String]) -> Vec<Step<'a>> {
    let width = after.len() + 1;
    let mut longest = vec![0_u32; (before.len() + 1) * width];
    for (row, one) in before.iter().enumerate().rev() {
        for (column, other) in after.iter().enumerate().rev() {
            let at = row * width + column;
            longest[at] =
                if one == other { longest[at + width + 1] + 1 } else { longest[at + width].max(longest[at + 1]) };
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut steps = Vec::new();
    loop {
        match (before.get(row), after.get(column)) {
            (Some(one), Some(other)) if one == other => {
                steps.push(Step::Same(one));
                row += 1;
                column += 1;
            }
            (Some(one), other) => {
                let at = row * width + column;
                if let Some(other) = other.filter(|_| longest[at + 1] > longest[at + width]) {
                    steps.push(Step::New(other));
                    column += 1;
                } else {
                    steps.push(Step::Gone(one));
                    row += 1;
                }
            }
            (None, Some(other)) => {
                steps.push(Step::New(other));
                column += 1;
            }
            (None, None) => return steps,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Piece::{Gone, New, Same};
    use super::{Piece, paragraphs};

    fn told(before: &[&str], after: &[&str]) -> Vec<Vec<Piece>> {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        paragraphs(&owned(before), &owned(after))
    }

    #[test]
    fn what_was_written_in_is_new_and_the_rest_the_same() {
        let lines = told(&["特此告知。"], &["特此书面告知。", "请妥善保存。"]);
        let expected = vec![
            vec![Same("特此".into()), New("书面".into()), Same("告知。".into())],
            vec![New("请妥善保存。".into())],
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_blank_is_never_taken_apart() {
        let lines = told(&["电话{contact_phone}"], &["电话{contact_name}"]);
        assert_eq!(lines, [[Same("电话".into()), Gone("{contact_phone}".into()), New("{contact_name}".into())]]);
    }

    #[test]
    fn both_texts_can_be_read_back_from_the_pieces() {
        let (before, after) = (["甲乙丙丁", "同", "三"], ["甲丙戊丁", "新", "同"]);
        let (mut old, mut new) = (Vec::new(), Vec::new());
        for line in told(&before, &after) {
            let (mut one, mut other) = (String::new(), String::new());
            for piece in line {
                match piece {
                    Same(text) => {
                        one.push_str(&text);
                        other.push_str(&text);
                    }
                    Gone(text) => one.push_str(&text),
                    New(text) => other.push_str(&text),
                }
            }
            old.push(one);
            new.push(other);
        }
        let said = |texts: Vec<String>| texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>();
        assert_eq!((said(old), said(new)), (before.map(String::from).to_vec(), after.map(String::from).to_vec()));
    }
}
