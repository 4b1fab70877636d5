//! The one SQL text and what each engine needs done to it.

use super::error::{EngineError, StoreError};
use super::value::Value;
use std::fmt::Write as _;

/// `$1` as `?1`: SQLite would take `$1` for a named parameter. Quoted text and comments stay as they are.
pub(crate) fn question_marks(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut quote: Option<char> = None;
    let mut characters = sql.chars().peekable();
    while let Some(character) = characters.next() {
        match quote {
            Some('\n') if character == '\n' => quote = None,
            Some(end) if end != '\n' && character == end => quote = None,
            None if character == '\'' || character == '"' => quote = Some(character),
            None if character == '-' && characters.peek() == Some(&'-') => quote = Some('\n'),
            None if character == '$' && characters.peek().is_some_and(char::is_ascii_digit) => {
                out.push('?');
                continue;
            }
            _ => {}
        }
        out.push(character);
    }
    out
}

/// A clear error instead of a driver's panic or SQLite's silent `NULL`.
pub(crate) fn expect_params(expected: usize, params: &[Value]) -> Result<(), StoreError> {
    if expected == params.len() {
        return Ok(());
    }
    let mut message = format!("the statement has {expected} parameters, {} were given:", params.len());
    for value in params {
        let _ = write!(message, " {}", value.kind());
    }
    Err(StoreError::Statement { source: EngineError { code: "parameters".to_owned(), message } })
}

#[cfg(test)]
mod tests {
    use super::question_marks;

    #[test]
    fn parameters_are_rewritten_outside_of_quotes_and_comments() {
        assert_eq!(question_marks("SELECT $1, $12 FROM t"), "SELECT ?1, ?12 FROM t");
        assert_eq!(question_marks("SELECT '$1', \"$2\", $3"), "SELECT '$1', \"$2\", ?3");
        assert_eq!(question_marks("SELECT 'it''s $1', $1"), "SELECT 'it''s $1', ?1");
        assert_eq!(question_marks("SELECT $1 -- the 'price' in $2\n, $2"), "SELECT ?1 -- the 'price' in $2\n, ?2");
        assert_eq!(question_marks("SELECT '元$', 1"), "SELECT '元$', 1");
    }
}
