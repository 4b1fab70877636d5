//! Many rows in one statement: a server elsewhere is asked once for hundreds of rows, not once for each.

use std::fmt::Write as _;

/// Rows of one statement, at most.
const MOST: usize = 256;

/// The rows in pieces that are powers of two long, so that a connection prepares a handful of texts, not one for each number of rows.
pub(crate) fn pieces<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = MOST.min(1 << rows.len().checked_ilog2()?);
        let (piece, rest) = rows.split_at(length);
        rows = rest;
        Some(piece)
    })
}

/// `(CAST($1 AS BIGINT), CAST($2 AS TEXT)), ($3, $4)`: the first row tells PostgreSQL the types, the others follow it.
pub(crate) fn values(types: &[&str], rows: usize) -> String {
    let mut text = String::new();
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for (index, class) in types.iter().enumerate() {
            let place = row * types.len() + index + 1;
            let comma = if index == 0 { "" } else { ", " };
            let _ = match row {
                0 => write!(text, "{comma}CAST(${place} AS {class})"),
                _ => write!(text, "{comma}${place}"),
            };
        }
        text.push(')');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{pieces, values};

    #[test]
    fn pieces_are_powers_of_two_and_leave_nothing_out() {
        let rows: Vec<usize> = (0..683).collect();
        let lengths: Vec<usize> = pieces(&rows).map(<[usize]>::len).collect();
        assert_eq!(lengths, [256, 256, 128, 32, 8, 2, 1]);
        assert_eq!(pieces(&rows).flatten().copied().collect::<Vec<_>>(), rows);
        assert_eq!(pieces::<usize>(&[]).count(), 0);
    }

    #[test]
    fn only_the_first_row_tells_the_types() {
        assert_eq!(values(&["BIGINT", "TEXT"], 2), "(CAST($1 AS BIGINT), CAST($2 AS TEXT)), ($3, $4)");
    }
}
