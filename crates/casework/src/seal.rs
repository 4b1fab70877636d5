//! 封存: closes the ledger day by day, and tells the seals to whoever wants to check them (docs/seals.md).

use std::collections::BTreeMap;

use domain::chain::hex;
use domain::clock::beijing_day;
use domain::seal::{Seal, Tree, path};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::seal::SealRow;
use store::{LedgerSuite, StoreError, Tx};

const PAGE: i64 = 10_000;

/// Seals everything since the last seal, in the name of the day before; nothing when that day is sealed.
pub fn close(tx: &mut Tx<'_>, now: Timestamp) -> Result<Option<SealRow>, StoreError> {
    let latest = store::seal::latest(tx)?;
    let (first, previous) = latest.as_ref().map_or((1, ""), |row| (row.seal.last + 1, &row.print));
    let (Ok(day), last) = (beijing_day(now).yesterday(), store::ledger::head(tx)?) else { return Ok(None) };
    if last < first || latest.as_ref().is_some_and(|row| row.seal.day >= day) {
        return Ok(None);
    }
    let suite = tx.ledger_key().suite();
    let mut tree = Tree::new(suite.hash_function());
    for from in (first..=last).step_by(PAGE as usize) {
        for hash in store::ledger::hashes(tx, from, last.min(from + PAGE - 1))? {
            tree.push(&hash);
        }
    }
    let seal = Seal {
        day,
        suite: suite.key().to_owned(),
        first,
        last,
        root: hex(&tree.root()),
        previous: previous.to_owned(),
    };
    let row = SealRow { print: seal.print(suite.hash_function()), seal, made_at: now };
    store::seal::insert(tx, &row)?;
    Ok(Some(row))
}

/// A file for those who check from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Every seal, the oldest first.
    pub seals: Vec<Published>,
    /// For some days the hashes of their entries.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub entries: BTreeMap<Date, Vec<String>>,
    /// The way from single entries to their seals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<Proof>,
}

/// A seal with its print.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// What was sealed.
    #[serde(flatten)]
    pub seal: Seal,
    /// The hash of its text.
    pub print: String,
}

impl Published {
    /// Whether the print is that of the seal.
    pub fn is_sound(&self) -> bool {
        let suite = LedgerSuite::from_key(&self.seal.suite);
        suite.is_some_and(|suite| self.seal.print(suite.hash_function()) == self.print)
    }
}

/// That an entry lies under a seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The day of the seal.
    pub day: Date,
    /// The number of the entry.
    pub entry: i64,
    /// Its hash.
    pub hash: String,
    /// What stands beside the way up, the lowest first.
    pub path: Vec<String>,
}

/// Every seal.
pub fn export(tx: &mut Tx<'_>) -> Result<Export, StoreError> {
    let seals = store::seal::all(tx)?.into_iter().map(|row| Published { seal: row.seal, print: row.print });
    Ok(Export { seals: seals.collect(), ..Export::default() })
}

/// Every seal, with the hashes of all entries under them.
pub fn export_entries(tx: &mut Tx<'_>) -> Result<Export, StoreError> {
    let mut export = export(tx)?;
    for Published { seal, .. } in &export.seals {
        let hashes = store::ledger::hashes(tx, seal.first, seal.last)?;
        export.entries.insert(seal.day, hashes.iter().map(|hash| hex(hash)).collect());
    }
    Ok(export)
}

/// Every seal, with the way from one entry to its own; nothing when the entry lies under none yet.
pub fn export_proof(tx: &mut Tx<'_>, entry: i64) -> Result<Option<Export>, StoreError> {
    let mut export = export(tx)?;
    let Some(Published { seal, .. }) = export.seals.iter().find(|it| (it.seal.first..=it.seal.last).contains(&entry))
    else {
        return Ok(None);
    };
    let leaves = store::ledger::hashes(tx, seal.first, seal.last)?;
    let index = (entry - seal.first) as usize;
    let (Some(suite), Some(leaf)) = (LedgerSuite::from_key(&seal.suite), leaves.get(index)) else { return Ok(None) };
    let up = path(suite.hash_function(), &leaves, index);
    let proof = Proof { day: seal.day, entry, hash: hex(leaf), path: up.iter().map(|beside| hex(beside)).collect() };
    export.proofs.push(proof);
    Ok(Some(export))
}
