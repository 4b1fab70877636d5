//! A paper laid out on sheets: every character and every rule in its place.

pub(crate) mod line;
mod table;

use crate::font::{Fonts, MissingCharacter, Role};
use crate::layout::line::{Measure, SetLine, balanced, set};
use crate::paper::{Align, Block, Paper, Picture, Run, Seal, Text};

/// Points in a millimetre.
pub(crate) const MM: f32 = 72.0 / 25.4;
/// A4 in points.
const A4: (f32, f32) = (210.0 * MM, 297.0 * MM);
/// The size of notes at the foot.
const NOTE: f32 = 10.5;

/// A line of type on a sheet.
pub(crate) struct Placed {
    /// The characters.
    pub(crate) line: SetLine,
    /// Left edge and baseline, in points from the upper left corner.
    pub(crate) at: (f32, f32),
    /// The size of the type.
    pub(crate) size: f32,
}

/// A straight rule between two points.
pub(crate) struct Rule {
    /// From where.
    pub(crate) from: (f32, f32),
    /// To where.
    pub(crate) to: (f32, f32),
    /// How thick, in points.
    pub(crate) thick: f32,
}

/// A picture on a sheet.
pub(crate) struct PlacedPicture {
    /// The picture.
    pub(crate) picture: Picture,
    /// Its upper left corner.
    pub(crate) at: (f32, f32),
}

/// A code to be read by a telephone.
pub(crate) struct PlacedCode {
    /// What it says.
    pub(crate) address: String,
    /// Its upper left corner.
    pub(crate) at: (f32, f32),
    /// Its width.
    pub(crate) side: f32,
}

/// One sheet.
#[derive(Default)]
pub(crate) struct Page {
    /// Its lines of type.
    pub(crate) lines: Vec<Placed>,
    /// Its rules.
    pub(crate) rules: Vec<Rule>,
    /// Seal and signatures, over the type.
    pub(crate) pictures: Vec<PlacedPicture>,
    /// The code by which it is checked.
    pub(crate) code: Option<PlacedCode>,
}

/// A paper on its sheets.
pub(crate) struct Pages {
    /// Width and height of the sheets in points.
    pub(crate) size: (f32, f32),
    /// The sheets.
    pub(crate) pages: Vec<Page>,
}

/// How close lines may come so that a paper stays on one sheet, as shares of their usual distance.
const CLOSER: [f32; 4] = [0.95, 0.9, 0.85, 0.8];

/// Lays a paper out. One that runs over its sheet by little is set closer, as a clerk would do.
pub(crate) fn lay_out(fonts: &Fonts, paper: &Paper) -> Result<Pages, MissingCharacter> {
    let usual = lay_out_at(fonts, paper)?;
    if usual.pages.len() == 2 {
        for share in CLOSER {
            let mut closer = paper.clone();
            closer.sizes.leading = (paper.sizes.leading * share).max(paper.sizes.text * 1.35);
            let laid = lay_out_at(fonts, &closer)?;
            if laid.pages.len() == 1 {
                return Ok(laid);
            }
        }
    }
    Ok(usual)
}

fn lay_out_at(fonts: &Fonts, paper: &Paper) -> Result<Pages, MissingCharacter> {
    let size = if paper.landscape { (A4.1, A4.0) } else { A4 };
    let foot_height = paper.foot.len() as f32 * FOOT_LEADING;
    let mut press = Press {
        fonts,
        paper,
        left: paper.margins.left * MM,
        width: size.0 - (paper.margins.left + paper.margins.right) * MM,
        top: paper.margins.top * MM,
        bottom: size.1 - paper.margins.bottom * MM - foot_height,
        y: paper.margins.top * MM,
        pages: vec![Page::default()],
    };
    press.head()?;
    let tail = press.tail_lines()?;
    let tail_height = match (tail.is_empty(), paper.tail_ruled) {
        (true, _) => 0.0,
        (false, true) => tail.len() as f32 * paper.sizes.leading,
        (false, false) => tail.len() as f32 * NOTE * 1.5 + NOTE,
    };
    for (index, block) in paper.blocks.iter().enumerate() {
        let after = tail_height + height_after(&paper.blocks[index + 1..], paper.sizes.leading);
        let from = (press.pages.len(), press.y);
        press.block(block, if matches!(block, Block::Table(_)) { after } else { tail_height })?;
        press.signatures(index, block, from);
    }
    press.tail(tail, tail_height);
    press.feet(size.1)?;
    press.code(size.1)?;
    Ok(Pages { size, pages: press.pages })
}

/// About how high the blocks after a table are, so that it leaves room for who signs below it.
fn height_after(blocks: &[Block], leading: f32) -> f32 {
    let height = |block: &Block| match block {
        Block::Text(_) | Block::Beside(_) => leading,
        Block::Room(lines) => f32::from(*lines) * leading,
        Block::Seal(seal) => (seal.lines.len() + 1) as f32 * leading,
        Block::Table(table) => table.rows.iter().sum::<f32>() * MM,
    };
    blocks.iter().map(height).sum()
}

/// Width of the code in millimetres, so that it stays within the margin.
const CODE: f32 = 14.5;
/// The size of the words beside it.
const CODE_WORDS: f32 = 8.0;
/// From line to line at the foot of every page.
const FOOT_LEADING: f32 = 24.0;

/// What a paper is laid out with.
struct Press<'a> {
    fonts: &'a Fonts,
    paper: &'a Paper,
    left: f32,
    width: f32,
    top: f32,
    bottom: f32,
    /// How far down the sheet is filled.
    y: f32,
    pages: Vec<Page>,
}

impl Press<'_> {
    fn page(&mut self) -> &mut Page {
        self.pages.last_mut().expect("there is always a sheet")
    }

    fn new_page(&mut self) {
        self.pages.push(Page::default());
        self.y = self.top;
    }

    /// A measure for running text.
    fn running(&self) -> Measure {
        Measure { width: self.width, size: self.paper.sizes.text, role: Role::Text }
    }

    /// Puts one line below what is there, on a new sheet when there is no room.
    fn put(&mut self, line: SetLine, x: f32, size: f32, leading: f32) {
        if self.y + leading > self.bottom + 0.5 {
            self.new_page();
        }
        let baseline = self.y + (leading - size) / 2.0 + size * 0.86;
        let at = (x, baseline);
        self.page().lines.push(Placed { line, at, size });
        self.y += leading;
    }

    /// Title and number; the mark stands above the text, in the margin.
    fn head(&mut self) -> Result<(), MissingCharacter> {
        let paper = self.paper;
        let (size, leading) = (paper.sizes.title, paper.sizes.title * 1.45);
        if let Some(mark) = &paper.mark {
            let text = Text { align: Align::Right, ..Text::flush(mark.clone()) };
            let line = set(self.fonts, &text, self.running())?.remove(0);
            let at = (self.left, self.top - 3.0 * MM);
            self.page().lines.push(Placed { line, at, size: paper.sizes.text });
        }
        let title = Text { align: Align::Centre, ..Text::flush(paper.title.clone()) };
        let shown = (!paper.title.is_empty()).then_some(&title);
        for text in paper.head.iter().chain(shown) {
            let text = Text { align: Align::Centre, ..text.clone() };
            for line in balanced(self.fonts, &text, Measure { width: self.width, size, role: Role::Title })? {
                self.put(line, self.left, size, leading);
            }
        }
        if let Some(number) = &paper.number {
            let text = Text { align: Align::Centre, ..number.clone() };
            for line in set(self.fonts, &text, self.running())? {
                self.put(line, self.left, paper.sizes.text, paper.sizes.leading);
            }
            self.y += paper.sizes.leading * 0.7;
        } else if shown.is_some() {
            self.y += paper.sizes.leading * 0.4;
        }
        Ok(())
    }

    fn block(&mut self, block: &Block, tail_height: f32) -> Result<(), MissingCharacter> {
        match block {
            Block::Text(text) => self.text(text),
            Block::Beside(texts) => self.beside(texts),
            Block::Table(table) => table::lay(self, table, tail_height),
            Block::Seal(seal) => self.seal(seal, tail_height),
            Block::Room(lines) => {
                self.y += f32::from(*lines) * self.paper.sizes.leading;
                Ok(())
            }
        }
    }

    /// A paragraph. It is not left with a single line at the foot of a sheet, nor with one at the head of the next.
    fn text(&mut self, text: &Text) -> Result<(), MissingCharacter> {
        let (size, leading) = (self.paper.sizes.text, self.paper.sizes.leading);
        let lines = set(self.fonts, text, self.running())?;
        let count = lines.len();
        for (index, line) in lines.into_iter().enumerate() {
            let room = ((self.bottom + 0.5 - self.y) / leading).floor().max(0.0) as usize;
            let left = count - index;
            let widow = room == 1 && left == 2 && index > 0;
            let orphan = room == 1 && index == 0 && left > 1;
            if widow || orphan {
                self.new_page();
            }
            self.put(line, self.left, size, leading);
        }
        Ok(())
    }

    fn beside(&mut self, texts: &[Text]) -> Result<(), MissingCharacter> {
        let (size, leading) = (self.paper.sizes.text, self.paper.sizes.leading);
        let share = self.width / texts.len().max(1) as f32;
        let mut columns = Vec::new();
        for text in texts {
            columns.push(set(self.fonts, text, Measure { width: share - size * 0.5, size, role: Role::Text })?);
        }
        let height = columns.iter().map(Vec::len).max().unwrap_or_default() as f32 * leading;
        if self.y + height > self.bottom + 0.5 {
            self.new_page();
        }
        // One after the other, so that who selects or searches reads each of them whole.
        let from = self.y;
        for (index, column) in columns.into_iter().enumerate() {
            self.y = from;
            for line in column {
                self.put(line, self.left + share * index as f32, size, leading);
            }
        }
        self.y = from + height;
        Ok(())
    }

    /// The seal's lines stay together, in the middle of the right half.
    fn seal(&mut self, seal: &Seal, tail_height: f32) -> Result<(), MissingCharacter> {
        let (size, leading) = (self.paper.sizes.text, self.paper.sizes.leading);
        let mut lines = Vec::new();
        for text in &seal.lines {
            let text = Text { align: Align::Centre, ..text.clone() };
            lines.extend(set(self.fonts, &text, Measure { width: self.width * 0.62, size, role: Role::Text })?);
        }
        let wanted = lines.len() as f32 * leading;
        // A seal must not touch the text above it, and covers the day (党政机关公文格式 7.3.5.1).
        let picture = self.paper.stamps.seal.clone();
        let above = picture.as_ref().map_or(0.0, |picture| (picture.height * MM - wanted).max(0.0));
        if self.y + above + wanted > self.bottom {
            self.new_page();
            self.y += above;
        } else {
            // Room for the seal itself above the day, as far as there is any.
            self.y += ((self.bottom - self.y - wanted - tail_height).clamp(0.0, 3.0 * leading) * 0.9).max(above);
        }
        for line in lines {
            self.put(line, self.left + self.width * 0.38, size, leading);
        }
        if let Some(picture) = picture {
            let x = self.left + self.width * 0.69 - picture.width * MM / 2.0;
            let at = (x, self.y - picture.height * MM);
            self.page().pictures.push(PlacedPicture { picture, at });
        }
        Ok(())
    }

    /// The signatures that stand beside the words of a block, as high as the line lets them be.
    fn signatures(&mut self, index: usize, block: &Block, from: (usize, f32)) {
        let words = match block {
            Block::Beside(texts) => texts.first(),
            Block::Text(text) => Some(text),
            _ => None,
        };
        let length = words.map_or(0, |text| text.plain().trim_end_matches('\u{3000}').chars().count());
        let top = if from.0 == self.pages.len() { from.1 } else { self.top };
        let x = self.left + length as f32 * self.paper.sizes.text + 2.0 * MM;
        for (_, picture) in self.paper.stamps.signatures.iter().filter(|(block, _)| *block == index) {
            let middle = top + self.paper.sizes.leading / 2.0;
            let at = (x, middle - picture.height * MM / 2.0);
            let placed = PlacedPicture { picture: picture.clone(), at };
            self.page().pictures.push(placed);
        }
    }

    /// The code by which the paper is checked, in the margin at the foot of the last sheet, with what to do with it.
    fn code(&mut self, height: f32) -> Result<(), MissingCharacter> {
        let Some((address, words)) = &self.paper.stamps.code else { return Ok(()) };
        let (side, top) = (CODE * MM, height - (CODE + 2.5) * MM);
        let x = self.left + side + 2.0 * MM;
        for (row, words) in words.lines().enumerate() {
            let measure = Measure { width: self.width, size: CODE_WORDS, role: Role::Text };
            for line in set(self.fonts, &Text::flush(words), measure)? {
                let at = (x, top + 4.0 * MM + row as f32 * CODE_WORDS * 1.4);
                self.page().lines.push(Placed { line, at, size: CODE_WORDS });
            }
        }
        let code = PlacedCode { address: address.clone(), at: (self.left, top), side };
        self.page().code = Some(code);
        Ok(())
    }

    fn tail_lines(&self) -> Result<Vec<SetLine>, MissingCharacter> {
        let size = if self.paper.tail_ruled { self.paper.sizes.text } else { NOTE };
        let mut lines = Vec::new();
        for text in &self.paper.tail {
            lines.extend(set(self.fonts, text, Measure { width: self.width, size, role: Role::Text })?);
        }
        Ok(lines)
    }

    /// Notes at the foot of the last sheet.
    fn tail(&mut self, lines: Vec<SetLine>, height: f32) {
        if lines.is_empty() {
            return;
        }
        let (size, leading) = match self.paper.tail_ruled {
            true => (self.paper.sizes.text, self.paper.sizes.leading),
            false => (NOTE, NOTE * 1.5),
        };
        if self.y + height > self.bottom + 1.0 {
            self.new_page();
        }
        self.y = self.y.max(self.bottom - height + if self.paper.tail_ruled { 0.0 } else { NOTE });
        if self.paper.tail_ruled {
            let (from, to) = ((self.left, self.y), (self.left + self.width, self.y));
            self.page().rules.push(Rule { from, to, thick: 0.7 });
        }
        for line in lines {
            self.put(line, self.left, size, leading);
        }
    }

    /// What stands at the foot of every sheet, and its number where there are several.
    fn feet(&mut self, height: f32) -> Result<(), MissingCharacter> {
        let pages = self.pages.len();
        let numbered = self.paper.foot.is_empty() && pages > 1;
        let own = vec![vec![Text { align: Align::Centre, ..Text::flush("— {page} —") }]];
        let foot = if numbered { &own } else { &self.paper.foot };
        let from = match numbered {
            true => height - self.paper.margins.bottom * MM + 4.0 * MM,
            false => height - self.paper.margins.bottom * MM - foot.len() as f32 * FOOT_LEADING + 4.0,
        };
        let size = if numbered { 14.0 } else { self.paper.sizes.text.min(14.0) };
        for (index, page) in self.pages.iter_mut().enumerate() {
            for (row, texts) in foot.iter().enumerate() {
                let mut x = self.left;
                for (text, share) in texts.iter().zip(foot_shares(texts.len())) {
                    let text = numbered_text(text, index + 1, pages);
                    let measure = Measure { width: self.width * share, size, role: Role::Text };
                    for line in set(self.fonts, &text, measure)? {
                        let baseline = from + row as f32 * FOOT_LEADING + size;
                        page.lines.push(Placed { line, at: (x, baseline), size });
                    }
                    x += self.width * share;
                }
            }
        }
        Ok(())
    }
}

/// How texts side by side at the foot share its width: who signs needs more room than the day.
pub(crate) fn foot_shares(count: usize) -> Vec<f32> {
    match count {
        2 => vec![0.6, 0.4],
        count => vec![1.0 / count.max(1) as f32; count],
    }
}

fn numbered_text(text: &Text, page: usize, pages: usize) -> Text {
    let number = |run: &Run| {
        let text = run.text.replace("{page}", &page.to_string()).replace("{pages}", &pages.to_string());
        Run { text, ..run.clone() }
    };
    Text { runs: text.runs.iter().map(number).collect(), ..text.clone() }
}
