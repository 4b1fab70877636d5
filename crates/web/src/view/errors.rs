//! Everything that is wrong with a form, at once.

use askama::Template;
use askama::filters::HtmlSafe;

/// One thing to change: the field's name in the form, and a sentence that says what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's `name`; empty for an error that belongs to the whole form.
    pub field: String,
    /// What to do, such as `请只写数字，例如 469`.
    pub message: String,
}

/// The errors of a form in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Errors {
    items: Vec<FieldError>,
}

impl Errors {
    /// No errors.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.items.push(FieldError { field: field.into(), message: message.into() });
    }

    /// Whether the form is in order.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// The first error of a field.
    pub fn get(&self, field: &str) -> Option<&str> {
        let of_field = self.items.iter().find(|item| item.field == field)?;
        Some(&of_field.message)
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, FieldError> {
        self.items.iter()
    }

    /// The box at the head of the page, which takes the focus and links to each field.
    pub fn summary(&self) -> ErrorSummary<'_> {
        ErrorSummary { errors: self }
    }
}

impl<'a> IntoIterator for &'a Errors {
    type Item = &'a FieldError;
    type IntoIter = std::slice::Iter<'a, FieldError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<F: Into<String>, M: Into<String>> FromIterator<(F, M)> for Errors {
    fn from_iter<I: IntoIterator<Item = (F, M)>>(pairs: I) -> Self {
        let mut errors = Self::none();
        for (field, message) in pairs {
            errors.push(field, message);
        }
        errors
    }
}

/// The box that lists what is to be changed. Renders nothing when there is nothing.
#[derive(Template)]
#[template(path = "parts/error_summary.html")]
pub struct ErrorSummary<'a> {
    errors: &'a Errors,
}

impl HtmlSafe for ErrorSummary<'_> {}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::Errors;
    use crate::view::{Choice, Field};

    fn errors() -> Errors {
        [("amount", "请只写数字，例如 469"), ("demand", "请选一项"), ("", "请先登录")].into_iter().collect()
    }

    #[test]
    fn the_summary_links_to_each_field() {
        let html = errors().summary().render().unwrap();
        assert!(html.contains(r##"<a href="#f-amount">请只写数字，例如 469</a>"##), "{html}");
        assert!(html.contains("还有 3 处要改") && html.contains("<li>请先登录</li>"), "{html}");
        assert_eq!(Errors::none().summary().render().unwrap(), "");
    }

    #[test]
    fn a_field_with_an_error_keeps_what_was_typed_and_says_so() {
        let html =
            Field::money("amount", "金额").hint("只写数字").value("四百\"多").errors(&errors()).render().unwrap();
        for piece in [
            r#"<label class="label" for="f-amount">金额</label>"#,
            r#"id="f-amount-error""#,
            r#"value="四百&#34;多""#,
            r#"aria-describedby="f-amount-hint f-amount-error" aria-invalid="true""#,
        ] {
            assert!(html.contains(piece), "{piece} in {html}");
        }
        let (hint, error, input) = (html.find("f-amount-hint"), html.find("f-amount-error"), html.find("<input"));
        assert!(hint < error && error < input, "label, hint, error, control");
    }

    #[test]
    fn the_first_choice_has_the_id_that_the_summary_links_to() {
        let choices = [Choice::new("refund", "退款"), Choice::new("repair", "修理")];
        let html = Field::radios("demand", "要求", &choices).value("repair").errors(&errors()).render().unwrap();
        assert!(html.contains(r#"id="f-demand" name="demand" value="refund""#), "{html}");
        assert!(html.contains(r#"id="f-demand-1" name="demand" value="repair" checked"#), "{html}");
        assert_eq!(html.matches("checked").count(), 1);
    }

    #[test]
    fn a_field_without_an_error_claims_none() {
        let html = Field::text("goods", "商品").errors(&errors()).render().unwrap();
        assert!(!html.contains("aria-invalid") && !html.contains("bad"), "{html}");
    }
}
