//! A paper (文书) without any layout: what stands on it and in what relation. PDF, Word and HTML are made from this, and from
//! nothing else, so they cannot say different things.

/// How the lines of a text lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// From edge to edge, the last line from the left.
    #[default]
    Justified,
    /// From the left.
    Left,
    /// In the middle.
    Centre,
    /// From the right.
    Right,
}

/// A stretch of text of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The characters. An empty blank is made of U+3000.
    pub text: String,
    /// Whether a rule stands under it, as under a blank to be written on.
    pub ruled: bool,
    /// Whether somebody's value stands here, rather than printed wording.
    pub filled: bool,
    /// Whether it is printed heavy.
    pub strong: bool,
}

impl Run {
    /// Printed wording.
    pub fn printed(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// A paragraph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// What it says.
    pub runs: Vec<Run>,
    /// How its lines lie.
    pub align: Align,
    /// Whether its first line begins two characters in.
    pub indented: bool,
    /// By how many characters all lines but the first are set in.
    pub hanging: u8,
}

impl Text {
    /// Printed wording from the left.
    pub fn flush(text: impl Into<String>) -> Self {
        Self { runs: vec![Run::printed(text)], align: Align::Left, ..Self::default() }
    }

    /// The characters alone.
    pub fn plain(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }

    /// Whether nothing at all stands in it.
    pub fn is_empty(&self) -> bool {
        self.runs.iter().all(|run| run.text.is_empty())
    }
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// First row and first column that it covers, from nought.
    pub at: (usize, usize),
    /// How many rows and columns it covers.
    pub span: (usize, usize),
    /// Its paragraphs.
    pub body: Vec<Text>,
    /// What stands at its lower edge: who signs, and the day.
    pub foot: Vec<Text>,
    /// Whether it only names what stands in others.
    pub label: bool,
}

/// A table. Every place of the grid is covered by exactly one cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Widths of the columns, as shares of the whole.
    pub columns: Vec<f32>,
    /// The least height of each row in millimetres.
    pub rows: Vec<f32>,
    /// How many rows at the top are printed again on every page.
    pub head: usize,
    /// The cells, by row and column.
    pub cells: Vec<Cell>,
}

impl Table {
    /// Whether a cell's text stands in the middle of its height: labels and short answers do, what is written at length begins
    /// at the top, and who signs stands below.
    pub(crate) fn is_in_the_middle(&self, cell: &Cell) -> bool {
        let short = self.rows[cell.at.0] < HIGH || cell.body.iter().any(|text| text.align == Align::Centre);
        cell.label || (cell.foot.is_empty() && short)
    }
}

/// From which height, in millimetres, a row is there to be written in at length.
pub(crate) const HIGH: f32 = 20.0;

/// Where the seal goes, with the name and day under it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seal {
    /// The lines, the day last.
    pub lines: Vec<Text>,
}

/// One thing below another.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph.
    Text(Text),
    /// Several texts side by side on one line, in equal shares.
    Beside(Vec<Text>),
    /// A table.
    Table(Table),
    /// The seal.
    Seal(Seal),
    /// Room, in lines.
    Room(u8),
}

/// Margins in millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Margins {
    /// Above.
    pub top: f32,
    /// Below.
    pub bottom: f32,
    /// On the left.
    pub left: f32,
    /// On the right.
    pub right: f32,
}

/// How large things are, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizes {
    /// Running text (三号 is 16).
    pub text: f32,
    /// From line to line of running text.
    pub leading: f32,
    /// Text in tables.
    pub table: f32,
    /// The title.
    pub title: f32,
}

/// A picture (PNG) with the room that it takes on paper.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Its bytes.
    pub png: std::sync::Arc<[u8]>,
    /// Its width in millimetres.
    pub width: f32,
    /// Its height in millimetres.
    pub height: f32,
}

/// What an issued paper bears beside its words. Only the PDF shows it: a Word file is written on, and a seal must not be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stamps {
    /// The bureau's electronic seal, over the name and the day.
    pub seal: Option<Picture>,
    /// Signatures, each with the block of the paper beside whose words it stands.
    pub signatures: Vec<(usize, Picture)>,
    /// The address behind the code by which anybody may check the paper, and the line beside it.
    pub code: Option<(String, String)>,
}

/// A paper on A4 sheets.
#[derive(Clone, Debug, PartialEq)]
pub struct Paper {
    /// The mark at the upper right, such as 文书式样五.
    pub mark: Option<String>,
    /// The line above the title, as a rule the bureau.
    pub head: Option<Text>,
    /// The title.
    pub title: String,
    /// The document number, or its blank.
    pub number: Option<Text>,
    /// What stands on it, from above.
    pub blocks: Vec<Block>,
    /// What stands at the foot of the last page: notes, or how many copies there are.
    pub tail: Vec<Text>,
    /// Whether a rule stands above `tail`.
    pub tail_ruled: bool,
    /// What stands at the foot of every page; `{page}` and `{pages}` are replaced.
    pub foot: Vec<Vec<Text>>,
    /// Whether the sheet lies on its side.
    pub landscape: bool,
    /// The margins.
    pub margins: Margins,
    /// The sizes.
    pub sizes: Sizes,
    /// What it bears once it is issued.
    pub stamps: Stamps,
}

impl Default for Paper {
    /// The sheet of 《党政机关公文格式》 as the official forms use it: 28 characters of 16 points a line.
    fn default() -> Self {
        Self {
            mark: None,
            head: None,
            title: String::new(),
            number: None,
            blocks: Vec::new(),
            tail: Vec::new(),
            tail_ruled: false,
            foot: Vec::new(),
            landscape: false,
            margins: Margins { top: 30.0, bottom: 24.0, left: 26.0, right: 25.5 },
            sizes: Sizes { text: 16.0, leading: 28.0, table: 12.0, title: 22.0 },
            stamps: Stamps::default(),
        }
    }
}

impl Paper {
    /// Puts one character in the place of another, wherever it stands.
    pub fn replace(&mut self, old: char, new: char) {
        let in_words = |words: &mut String| {
            if words.contains(old) {
                *words = words.replace(old, new.encode_utf8(&mut [0; 4]));
            }
        };
        let in_text = |text: &mut Text| text.runs.iter_mut().for_each(|run| in_words(&mut run.text));
        in_words(&mut self.title);
        self.mark.iter_mut().for_each(in_words);
        self.head.iter_mut().chain(&mut self.number).for_each(in_text);
        for block in &mut self.blocks {
            match block {
                Block::Text(text) => in_text(text),
                Block::Beside(texts) => texts.iter_mut().for_each(in_text),
                Block::Table(table) => {
                    table
                        .cells
                        .iter_mut()
                        .flat_map(|cell| cell.body.iter_mut().chain(&mut cell.foot))
                        .for_each(in_text);
                }
                Block::Seal(seal) => seal.lines.iter_mut().for_each(in_text),
                Block::Room(_) => {}
            }
        }
        self.tail.iter_mut().chain(self.foot.iter_mut().flatten()).for_each(in_text);
    }

    /// Every text on it in reading order, the foot of the pages left out.
    pub fn texts(&self) -> Vec<&Text> {
        let mut all: Vec<&Text> = self.head.iter().chain(&self.number).collect();
        for block in &self.blocks {
            match block {
                Block::Text(text) => all.push(text),
                Block::Beside(texts) => all.extend(texts),
                Block::Table(table) => {
                    all.extend(table.cells.iter().flat_map(|cell| cell.body.iter().chain(&cell.foot)));
                }
                Block::Seal(seal) => all.extend(&seal.lines),
                Block::Room(_) => {}
            }
        }
        all.extend(&self.tail);
        all
    }
}
