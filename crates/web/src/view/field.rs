//! One question of a form: label, hint, error and the control, in that order.

use std::borrow::Cow;

use askama::Template;
use askama::filters::HtmlSafe;

use super::errors::Errors;
use super::text::Given;

/// Which control answers the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// One line; the HTML input type, such as `text`, `tel`, `email`, `date`, `datetime-local`, `password`.
    Input(&'static str),
    /// Several lines.
    Textarea,
    /// A year, a month and a day in three boxes, named `x.year`, `x.month`, `x.day`.
    DateParts,
    /// One of a list that drops down.
    Select,
    /// One of a list that is in sight.
    Radios,
    /// Any of a list that is in sight.
    Checkboxes,
    /// Files.
    Files,
}

/// How wide the answer is expected to be. A box of the right size is a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// As wide as the column.
    Full,
    /// About 20 Chinese characters.
    Medium,
    /// About 10 digits: a sum, a date, a postcode.
    Short,
}

/// One answer of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A line of explanation under it, or nothing.
    pub hint: String,
}

impl Choice {
    /// A choice without explanation.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new() }
    }

    /// Adds a line of explanation.
    #[must_use]
    pub fn explained(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// A file that is already with the server, shown under the file control with a button that removes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uploaded {
    /// What the removing button sends as `remove`.
    pub key: String,
    /// The file's name.
    pub name: String,
    /// Its size in words, such as `1.2 MB`.
    pub size: String,
    /// The address of a small picture, or nothing.
    pub thumbnail: Option<String>,
}

/// Something a control can show: text, a number, or the absence of either.
pub trait FieldValue {
    /// What stands in the box.
    fn shown(&self) -> Cow<'_, str>;
}

impl FieldValue for str {
    fn shown(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl FieldValue for String {
    fn shown(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl FieldValue for Cow<'_, str> {
    fn shown(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl FieldValue for i64 {
    fn shown(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl FieldValue for u32 {
    fn shown(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl FieldValue for jiff::civil::Date {
    fn shown(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl<T: FieldValue> FieldValue for Option<T> {
    fn shown(&self) -> Cow<'_, str> {
        self.as_ref().map_or(Cow::Borrowed(""), FieldValue::shown)
    }
}

impl<T: FieldValue + ?Sized> FieldValue for &T {
    fn shown(&self) -> Cow<'_, str> {
        (**self).shown()
    }
}

/// A question of a form. Built in the template: `{{ view::Field::text("goods", "买了什么").value(form.goods).errors(errors) }}`.
#[derive(Template)]
#[template(path = "parts/field.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, set by its own method")]
pub struct Field<'a> {
    control: Control,
    name: Cow<'a, str>,
    label: Cow<'a, str>,
    value: Cow<'a, str>,
    chosen: Vec<Cow<'a, str>>,
    parts: [Cow<'a, str>; 3],
    hint: Cow<'a, str>,
    error: Option<Cow<'a, str>>,
    choices: Cow<'a, [Choice]>,
    uploaded: &'a [Uploaded],
    width: Width,
    rows: u8,
    at_most: u32,
    largest_megabytes: u32,
    unit: Cow<'a, str>,
    accept: &'a str,
    autocomplete: &'a str,
    inputmode: &'a str,
    placeholder: &'a str,
    list: &'a str,
    optional: bool,
    heading: bool,
    inline: bool,
    autofocus: bool,
    readonly: bool,
}

impl HtmlSafe for Field<'_> {}

impl<'a> Field<'a> {
    fn new(control: Control, name: &'a str, label: &'a str) -> Self {
        Self {
            control,
            name: Cow::Borrowed(name),
            label: Cow::Borrowed(label),
            value: Cow::Borrowed(""),
            chosen: Vec::new(),
            parts: Default::default(),
            hint: Cow::Borrowed(""),
            error: None,
            choices: Cow::Borrowed(&[]),
            uploaded: &[],
            width: Width::Full,
            rows: 4,
            at_most: 0,
            largest_megabytes: 0,
            unit: Cow::Borrowed(""),
            accept: "",
            autocomplete: "",
            inputmode: "",
            placeholder: "",
            list: "",
            optional: false,
            heading: false,
            inline: false,
            autofocus: false,
            readonly: false,
        }
    }

    /// One line of text.
    pub fn text(name: &'a str, label: &'a str) -> Self {
        Self::new(Control::Input("text"), name, label)
    }

    /// Several lines of text.
    pub fn textarea(name: &'a str, label: &'a str) -> Self {
        Self::new(Control::Textarea, name, label)
    }

    /// A telephone number.
    pub fn phone(name: &'a str, label: &'a str) -> Self {
        Self::new(Control::Input("tel"), name, label).width(Width::Medium).autocomplete("tel").inputmode("tel")
    }

    /// An e-mail address.
    pub fn email(name: &'a str, label: &'a str) -> Self {
        Self::new(Control::Input("email"), name, label).width(Width::Medium).autocomplete("email")
    }

    /// A password. `autocomplete` says whether it is the present one or a new one.
    pub fn password(name: &'a str, label: &'a str) -> Self {
        Self::new(Control::Input("password"), name, label).width(Width::Medium).autocomplete("current-password")
    }

    /// A sum in 元.
    pub fn money(name: &'a str, label: &'a str) -> Self {
        Self::new(Control::Input("text"), name, label).width(Width::Short).inputmode("decimal").unit("元")
    }

    /// A whole number.
    pub fn number(name: &'a str, label: &'a str) -> Self {
        Self::new(Control::Input("text"), name, label).width(Width::Short).inputmode("numeric")
    }

    /// A day, with the browser's calendar.
    pub fn date(name: &'a str, label: &'a str) -> Self {
        Self::new(Control::Input("date"), name, label).width(Width::Short)
    }

    /// A day and a time, with the browser's calendar.
    pub fn moment(name: &'a str, label: &'a str) -> Self {
        Self::new(Control::Input("datetime-local"), name, label).width(Width::Medium)
    }

    /// A day that is known by heart, in three boxes `name.year`, `name.month`, `name.day`.
    pub fn date_parts(name: &'a str, label: &'a str) -> Self {
        Self::new(Control::DateParts, name, label)
    }

    /// One of a list that drops down.
    pub fn select(name: &'a str, label: &'a str, choices: &'a [Choice]) -> Self {
        Self::new(Control::Select, name, label).choices(choices).width(Width::Medium)
    }

    /// One of a list that is in sight.
    pub fn radios(name: &'a str, label: &'a str, choices: &'a [Choice]) -> Self {
        Self::new(Control::Radios, name, label).choices(choices)
    }

    /// Yes or no, as two radios that send `yes` and `no`.
    pub fn yes_no(name: &'a str, label: &'a str) -> Self {
        let mut field = Self::new(Control::Radios, name, label);
        field.choices = Cow::Owned(vec![Choice::new("yes", "是"), Choice::new("no", "否")]);
        field.inline = true;
        field
    }

    /// Any of a list that is in sight.
    pub fn checkboxes(name: &'a str, label: &'a str, choices: &'a [Choice]) -> Self {
        Self::new(Control::Checkboxes, name, label).choices(choices)
    }

    /// One box to tick, which sends `yes`.
    pub fn tick(name: &'a str, label: &'a str) -> Self {
        let mut field = Self::new(Control::Checkboxes, name, "");
        field.choices = Cow::Owned(vec![Choice::new("yes", label)]);
        field
    }

    /// Files. Say how many and how large: [`Field::at_most`], [`Field::largest_megabytes`].
    pub fn files(name: &'a str, label: &'a str) -> Self {
        Self::new(Control::Files, name, label)
    }

    /// What is in the box, or which choice is chosen.
    #[must_use]
    pub fn value<V: FieldValue + ?Sized>(mut self, value: &'a V) -> Self {
        self.value = value.shown();
        self
    }

    /// Which boxes are ticked.
    #[must_use]
    pub fn chosen<V: FieldValue>(mut self, values: &'a [V]) -> Self {
        self.chosen = values.iter().map(FieldValue::shown).collect();
        self
    }

    /// Whether the box of [`Field::tick`] is ticked.
    #[must_use]
    pub fn ticked(mut self, ticked: bool) -> Self {
        self.chosen = if ticked { vec![Cow::Borrowed("yes")] } else { Vec::new() };
        self
    }

    /// The year, month and day of [`Field::date_parts`], as they were typed.
    #[must_use]
    pub fn parts<V: FieldValue + ?Sized>(mut self, year: &'a V, month: &'a V, day: &'a V) -> Self {
        self.parts = [year.shown(), month.shown(), day.shown()];
        self
    }

    /// A line under the label that helps to answer.
    #[must_use]
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = Cow::Borrowed(hint);
        self
    }

    /// Takes this field's error, if there is one, from the form's errors.
    #[must_use]
    pub fn errors(mut self, errors: &'a Errors) -> Self {
        self.error = errors.get(&self.name).map(Cow::Borrowed);
        self
    }

    /// The choices of a list.
    #[must_use]
    pub fn choices(mut self, choices: &'a [Choice]) -> Self {
        self.choices = Cow::Borrowed(choices);
        self
    }

    /// The files that are already with the server.
    #[must_use]
    pub fn uploaded(mut self, files: &'a [Uploaded]) -> Self {
        self.uploaded = files;
        self
    }

    /// How wide the box is.
    #[must_use]
    pub fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }

    /// A box for about ten digits.
    #[must_use]
    pub fn short(self) -> Self {
        self.width(Width::Short)
    }

    /// A box for about twenty characters.
    #[must_use]
    pub fn medium(self) -> Self {
        self.width(Width::Medium)
    }

    /// The height of a text area in lines.
    #[must_use]
    pub fn rows(mut self, rows: u8) -> Self {
        self.rows = rows;
        self
    }

    /// The most characters (with a counter) or, for files, the most files.
    #[must_use]
    pub fn at_most(mut self, count: u32) -> Self {
        self.at_most = count;
        self
    }

    /// The size in MB that one file may have.
    #[must_use]
    pub fn largest_megabytes(mut self, megabytes: u32) -> Self {
        self.largest_megabytes = megabytes;
        self
    }

    /// What stands behind the box: `元`, `个工作日`.
    #[must_use]
    pub fn unit(mut self, unit: &'a str) -> Self {
        self.unit = Cow::Borrowed(unit);
        self
    }

    /// Which kinds of file, as in HTML: `image/*,application/pdf`.
    #[must_use]
    pub fn accept(mut self, accept: &'a str) -> Self {
        self.accept = accept;
        self
    }

    /// What the browser may fill in, as in HTML: `name`, `tel`, `off`.
    #[must_use]
    pub fn autocomplete(mut self, autocomplete: &'a str) -> Self {
        self.autocomplete = autocomplete;
        self
    }

    /// Which keyboard a phone shows, as in HTML.
    #[must_use]
    pub fn inputmode(mut self, inputmode: &'a str) -> Self {
        self.inputmode = inputmode;
        self
    }

    /// An example inside the empty box. Never the only place where something is said.
    #[must_use]
    pub fn placeholder(mut self, placeholder: &'a str) -> Self {
        self.placeholder = placeholder;
        self
    }

    /// The `id` of a `<datalist>` with proposals.
    #[must_use]
    pub fn list(mut self, list: &'a str) -> Self {
        self.list = list;
        self
    }

    /// Marks the question `（选填）`.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The label is the heading of the page: for pages that ask one thing.
    #[must_use]
    pub fn heading(mut self) -> Self {
        self.heading = true;
        self
    }

    /// Radios or check boxes side by side.
    #[must_use]
    pub fn inline(mut self) -> Self {
        self.inline = true;
        self
    }

    /// The page starts here. Once a page, and never when there is an error summary.
    #[must_use]
    pub fn autofocus(mut self) -> Self {
        self.autofocus = true;
        self
    }

    /// Shown and sent, not to be changed.
    #[must_use]
    pub fn readonly(mut self) -> Self {
        self.readonly = true;
        self
    }

    fn is_group(&self) -> bool {
        matches!(self.control, Control::Radios | Control::Checkboxes | Control::DateParts)
    }

    fn width_class(&self) -> &'static str {
        match self.width {
            Width::Full => "w-full",
            Width::Medium => "w-medium",
            Width::Short => "w-short",
        }
    }

    fn is_chosen(&self, choice: &Choice) -> bool {
        match self.control {
            Control::Checkboxes => self.chosen.iter().any(|value| *value == choice.value),
            _ => self.value == choice.value,
        }
    }

    /// The `id` of a choice; the first has the field's own, so that the error summary can link to it.
    fn choice_id(&self, index: impl Given<usize>) -> String {
        match index.given() {
            0 => format!("f-{}", self.name),
            place => format!("f-{}-{place}", self.name),
        }
    }

    /// What `aria-describedby` names: hint, error and counter, as far as they are there. Empty when none is.
    fn described_by(&self) -> String {
        let mut ids = Vec::with_capacity(3);
        if !self.hint.is_empty() {
            ids.push(format!("f-{}-hint", self.name));
        }
        if self.error.is_some() {
            ids.push(format!("f-{}-error", self.name));
        }
        if self.at_most > 0 && self.control == Control::Textarea {
            ids.push(format!("f-{}-count", self.name));
        }
        ids.join(" ")
    }
}
