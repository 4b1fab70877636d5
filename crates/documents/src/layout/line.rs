//! Lines of Chinese text: where they may break (避头尾), how they are filled from edge to edge.

use crate::font::{Fonts, MissingCharacter, Role, Shown};
use crate::paper::{Align, Text};

/// What may not begin a line.
const NOT_FIRST: &str = "，。、；：？！）》」』】〕﹞”’…—％℃·,.;:?!)]}%";
/// What may not end a line.
const NOT_LAST: &str = "（《「『【〔﹝“‘([{";
/// What takes half its width at the end of a line, being empty on its right.
const HALVED_LAST: &str = "，。、；：）》」』】〕﹞”’";

/// A character in its place.
#[derive(Clone)]
pub(crate) struct Atom {
    /// The character.
    pub(crate) letter: char,
    /// What shows it.
    pub(crate) shown: Shown,
    /// How far the next one stands from it, in points.
    pub(crate) advance: f32,
    /// Whether a rule stands under it.
    pub(crate) ruled: bool,
    /// Whether it is printed heavy.
    pub(crate) strong: bool,
}

/// A line as set.
#[derive(Clone, Default)]
pub(crate) struct SetLine {
    /// Its characters from the left.
    pub(crate) atoms: Vec<Atom>,
    /// Where the first one stands, in points from the left edge.
    pub(crate) x: f32,
}

/// How a text is set.
#[derive(Clone, Copy)]
pub(crate) struct Measure {
    /// The width of the lines, in points.
    pub(crate) width: f32,
    /// The size of the type, in points.
    pub(crate) size: f32,
    /// For which role the face is chosen.
    pub(crate) role: Role,
}

/// The lines of a text; an empty text makes one empty line.
pub(crate) fn set(fonts: &Fonts, text: &Text, measure: Measure) -> Result<Vec<SetLine>, MissingCharacter> {
    let Measure { width, size, role } = measure;
    let heavy_title = role == Role::Title && !fonts.has_title_face();
    let mut lines = Vec::new();
    for (part, atoms) in paragraphs(fonts, text, size, role, heavy_title)?.into_iter().enumerate() {
        let mut rest = atoms.as_slice();
        let mut first = part == 0;
        loop {
            let inset = match first {
                true if text.indented => 2.0 * size,
                true => 0.0,
                false => f32::from(text.hanging) * size,
            };
            let room = width - inset;
            let taken = fitting(rest, room, size);
            let last = taken == rest.len();
            lines.push(placed(&rest[..taken], inset, room, text.align, last));
            rest = &rest[taken..];
            first = false;
            if last {
                break;
            }
        }
    }
    Ok(lines)
}

/// The lines of a title: one that runs over is broken so that its lines are about as long as each other.
pub(crate) fn balanced(fonts: &Fonts, text: &Text, measure: Measure) -> Result<Vec<SetLine>, MissingCharacter> {
    let mut lines = set(fonts, text, measure)?;
    let mut width = measure.width;
    while lines.len() > 1 {
        width -= measure.size / 2.0;
        let mut closer = set(fonts, text, Measure { width, ..measure })?;
        if closer.len() > lines.len() {
            break;
        }
        for line in &mut closer {
            line.x += (measure.width - width) / 2.0;
        }
        lines = closer;
    }
    Ok(lines)
}

/// The characters with their glyphs, a list for each line that the text itself begins.
fn paragraphs(
    fonts: &Fonts,
    text: &Text,
    size: f32,
    role: Role,
    heavy: bool,
) -> Result<Vec<Vec<Atom>>, MissingCharacter> {
    let mut all = vec![Vec::new()];
    for run in &text.runs {
        for letter in run.text.chars() {
            match letter {
                '\n' => all.push(Vec::new()),
                '\r' => {}
                letter => {
                    let letter = if letter == '\t' { '\u{3000}' } else { letter };
                    let shown = fonts.show(letter, role)?;
                    let advance = shown.width * size;
                    let atom = Atom { letter, shown, advance, ruled: run.ruled, strong: run.strong || heavy };
                    all.last_mut().expect("there is always one").push(atom);
                }
            }
        }
    }
    Ok(all)
}

/// How many characters go on the next line: at least one, unless there are none.
fn fitting(atoms: &[Atom], room: f32, size: f32) -> usize {
    let mut width = 0.0;
    let mut breakable = 0;
    for (index, atom) in atoms.iter().enumerate() {
        width += atom.advance;
        let squeezed = if HALVED_LAST.contains(atom.letter) { atom.advance / 2.0 } else { 0.0 };
        // A hundredth of a character is a matter of rounding.
        if width - squeezed > room + size * 0.01 {
            return match breakable {
                0 => index.max(1),
                found => found,
            };
        }
        if atoms.get(index + 1).is_some_and(|next| may_break(atom.letter, next.letter)) {
            breakable = index + 1;
        }
    }
    atoms.len()
}

/// Whether a line may end between two characters.
fn may_break(before: char, after: char) -> bool {
    if NOT_FIRST.contains(after) || NOT_LAST.contains(before) {
        return false;
    }
    // A word or a number stays whole, with what belongs to it.
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || "-_/@.".contains(letter);
    !(is_word(before) && is_word(after))
}

/// One line, its slack given to the gaps when it goes from edge to edge.
fn placed(atoms: &[Atom], inset: f32, room: f32, align: Align, last: bool) -> SetLine {
    let mut atoms = atoms.to_vec();
    if !last
        && let Some(end) = atoms.last_mut()
        && HALVED_LAST.contains(end.letter)
        && atoms.iter().map(|atom| atom.advance).sum::<f32>() > room
        && let Some(end) = atoms.last_mut()
    {
        end.advance /= 2.0;
    }
    while atoms.last().is_some_and(|atom| atom.letter == ' ') {
        atoms.pop();
    }
    let slack = room - atoms.iter().map(|atom| atom.advance).sum::<f32>();
    let x = inset
        + match align {
            Align::Justified | Align::Left => 0.0,
            Align::Centre => slack / 2.0,
            Align::Right => slack,
        };
    if align == Align::Justified && !last && slack > 0.0 {
        stretch(&mut atoms, slack);
    } else if last && slack > 0.0 && slack < room * 0.4 && ends_in_blank(&atoms) && align != Align::Centre {
        // A blank at the end is written on up to the edge.
        let blanks = atoms.iter().rev().take_while(|atom| atom.ruled && atom.letter == '\u{3000}').count();
        let length = atoms.len();
        for atom in &mut atoms[length - blanks..] {
            atom.advance += slack / blanks as f32;
        }
        return SetLine { atoms, x: inset };
    }
    SetLine { atoms, x }
}

fn ends_in_blank(atoms: &[Atom]) -> bool {
    // Short blanks stay as long as they are: they are followed by nothing because nothing belongs there.
    atoms.len() > 7 && atoms[atoms.len() - 6..].iter().all(|atom| atom.ruled && atom.letter == '\u{3000}')
}

fn stretch(atoms: &mut [Atom], slack: f32) {
    let open: Vec<usize> = (1..atoms.len()).filter(|at| may_open(atoms[at - 1].letter, atoms[*at].letter)).collect();
    let each = slack / open.len().max(1) as f32;
    for at in open {
        atoms[at - 1].advance += each;
    }
}

/// Whether a gap between two characters may be widened: within a Latin word it may not.
fn may_open(before: char, after: char) -> bool {
    !(before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric())
}
