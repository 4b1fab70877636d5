//! Drawing in proportion, and fitting the stories to the shares that the authorities publish.

use std::collections::BTreeMap;

use rand::Rng;

use super::vocabulary::below;

/// Items drawn in proportion to their weights.
#[derive(Debug, Clone)]
pub struct Weighted<T> {
    items: Vec<T>,
    ends: Vec<usize>,
}

impl<T> Weighted<T> {
    /// Weights are relative; an item of weight zero is never drawn.
    ///
    /// # Panics
    /// When nothing has a weight.
    pub fn new(items: impl IntoIterator<Item = (T, usize)>) -> Self {
        let mut end = 0;
        let (items, ends): (Vec<T>, Vec<usize>) = items
            .into_iter()
            .map(|(item, weight)| {
                end += weight;
                (item, end)
            })
            .unzip();
        assert!(end > 0, "a draw without weights");
        Self { items, ends }
    }

    /// One item in proportion to its weight.
    pub fn draw(&self, rng: &mut impl Rng) -> &T {
        let ticket = below(rng, self.ends[self.ends.len() - 1]);
        &self.items[self.ends.partition_point(|end| *end <= ticket)]
    }
}

/// The weights of a few shops that draw most complaints and many that draw few: the n-th has 1/n (Zipf's law), in
/// parts of a hundred thousand.
pub fn zipf(count: usize) -> Vec<usize> {
    (1..=count).map(|rank| 100_000 / rank).collect()
}

/// Weights, in parts of ten million, for cells of a two-way table so that both margins come out as published:
/// iterative proportional fitting. `cells` holds each cell's row and column key; `rows` and `columns` the wanted
/// shares. Cells of the same row and column share what falls to them evenly.
///
/// # Panics
/// When a wanted row or column has no cell, naming it.
pub fn fit_margins(
    cells: &[(&str, &str)],
    rows: &BTreeMap<String, f64>,
    columns: &BTreeMap<String, f64>,
) -> Vec<usize> {
    let mut weights = vec![1.0_f64; cells.len()];
    for _ in 0..400 {
        scale(&mut weights, cells.iter().map(|cell| cell.1), columns);
        scale(&mut weights, cells.iter().map(|cell| cell.0), rows);
    }
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| (weight / total * 10_000_000.0).round() as usize).collect()
}

fn scale<'a>(weights: &mut [f64], keys: impl Iterator<Item = &'a str>, wanted: &BTreeMap<String, f64>) {
    let keys: Vec<&str> = keys.collect();
    let total: f64 = wanted.values().sum();
    for (key, share) in wanted {
        let present: f64 = keys.iter().zip(&*weights).filter(|(own, _)| *own == key).map(|(_, weight)| weight).sum();
        assert!(present > 0.0, "no story tells of {key}");
        for (own, weight) in keys.iter().zip(&mut *weights) {
            if own == key {
                *weight *= share / total / present;
            }
        }
    }
}
