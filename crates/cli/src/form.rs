//! `xiaobao form`: the forms there are, and any of them printed, blank or filled.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand, ValueEnum};
use documents::font::Fonts;
use documents::form::{BlankKind, Form, FormBook, Values};
use documents::{docx, html, pdf};
use domain::rule_book::RuleBook;

/// 文书式样：列出、看空格、打印空白的或者填好的。
#[derive(Debug, Args)]
pub struct FormArgs {
    /// 做什么
    #[command(subcommand)]
    pub command: FormCommand,
}

/// What to do with the forms.
#[derive(Debug, Subcommand)]
pub enum FormCommand {
    /// 列出全部文书式样和出处
    List {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 列出一种文书的空格和含义
    Blanks {
        /// 文书的 key，如 acceptance_decision
        key: String,
        /// 用哪个规则里的文书 [默认：现行的]
        #[arg(long, value_name = "KEY")]
        rules: Option<String>,
    },
    /// 打印一种文书：不给内容就是空白文书
    Print {
        /// 文书的 key，如 acceptance_decision
        key: String,
        /// 用哪个规则里的文书 [默认：现行的]
        #[arg(long, value_name = "KEY")]
        rules: Option<String>,
        /// 填写的内容（JSON：空格名称和文字，明细是一行一项的数组）
        #[arg(long, value_name = "FILE")]
        data: Option<PathBuf>,
        /// 格式
        #[arg(long = "as", value_enum, default_value = "pdf")]
        format: Format,
        /// 写到哪个文件
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// 本单位字体（仿宋、小标宋）所在的文件夹
        #[arg(long, value_name = "DIR", default_value = "data/fonts")]
        fonts: PathBuf,
    },
    /// 填写本单位自己的 Word 文书：把文档里的 {{空格名称}} 换成内容
    Fill {
        /// 本单位的文书（docx）
        template: PathBuf,
        /// 填写的内容（JSON：空格名称和文字）
        #[arg(long, value_name = "FILE")]
        data: PathBuf,
        /// 写到哪个文件
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// In which format a form is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// 可以选取文字的 PDF
    Pdf,
    /// 可以修改的 Word 文档
    Docx,
    /// 网页
    Html,
}

/// Does what was asked.
pub fn run(args: FormArgs) -> anyhow::Result<()> {
    let book = FormBook::over(&RuleBook::builtin()?)?;
    match args.command {
        FormCommand::List { json } => print(&list(&book, json)?),
        FormCommand::Blanks { key, rules } => print(&blanks(&book, find(&book, &key, rules.as_deref())?)),
        FormCommand::Print { key, rules, data, format, out, fonts } => {
            let form = find(&book, &key, rules.as_deref())?;
            let values: Values = data.map_or_else(|| Ok(Values::new()), |file| read(&file))?;
            let paper = book.fill(form, &values)?;
            let bytes = match format {
                Format::Pdf => pdf::pdf(&Fonts::with_folder(&fonts), &paper)?,
                Format::Docx => docx::docx(&paper)?,
                Format::Html => html::page(&paper).into_bytes(),
            };
            write(&out, &bytes)
        }
        FormCommand::Fill { template, data, out } => {
            let values: BTreeMap<String, String> = read(&data)?;
            let bytes = std::fs::read(&template).with_context(|| format!("{} 读不了", template.display()))?;
            write(&out, &docx::fill(&bytes, &values)?)
        }
    }
}

fn print(text: &str) -> anyhow::Result<()> {
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}

fn find<'a>(book: &'a FormBook, key: &str, rules: Option<&str>) -> anyhow::Result<&'a Form> {
    book.find(key, rules).ok_or_else(|| anyhow!("没有“{key}”这种文书，用 xiaobao form list 看有哪些"))
}

fn read<T: serde::de::DeserializeOwned>(file: &Path) -> anyhow::Result<T> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} 读不了", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} 不是所要的 JSON", file.display()))
}

fn write(out: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(out, bytes).with_context(|| format!("{} 写不了", out.display()))
}

fn list(book: &FormBook, json: bool) -> anyhow::Result<String> {
    if json {
        let forms: Vec<_> = book.all().iter().map(described).collect();
        return Ok(serde_json::to_string_pretty(&forms)? + "\n");
    }
    let mut text = String::new();
    for form in book.all() {
        let set = form.rule_set.as_deref().unwrap_or("-");
        let doubt = if form.confirmed { "" } else { "（未确认）" };
        let _ = writeln!(text, "{}\t{set}\t{}\t{}\t{}{doubt}", form.key, name(form), form.mark, form.source);
    }
    Ok(text)
}

/// The title; a cover has none.
fn name(form: &Form) -> &str {
    if form.title.is_empty() { "（卷宗封面）" } else { &form.title }
}

fn described(form: &Form) -> serde_json::Value {
    serde_json::json!({
        "key": form.key, "title": name(form), "rules": form.rule_set, "number": form.mark, "source": form.source,
        "page": form.page, "confirmed": form.confirmed, "note": form.note,
        "from": form.effective_from, "until": form.effective_until, "blanks": form.blanks(),
    })
}

fn blanks(book: &FormBook, form: &Form) -> String {
    let mut text = String::new();
    let mut line = |name: &str, inside: &str| {
        let Some(blank) = book.blank(name) else { return };
        let options = [blank.boxes.as_slice(), &blank.either].concat().join("、");
        let options = if options.is_empty() { String::new() } else { format!("（只能填：{options}）") };
        let _ = writeln!(text, "{inside}{name}\t{}{options}", blank.means);
    };
    for name in form.blanks() {
        line(&name, "");
        if book.blank(&name).is_some_and(|blank| blank.kind == BlankKind::Rows) {
            form.row_blanks(&name).iter().for_each(|inside| line(inside, "    "));
        }
    }
    text
}
