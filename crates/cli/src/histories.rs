//! The histories of the cases, each by itself: its chain holds, its state is what its events add up to, every deadline has its article.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};

use casework::ActError;
use casework::record::{self, Verdict};
use jiff::Timestamp;
use store::{Db, Tx};

/// What was found.
#[derive(Debug, Default)]
pub struct Histories {
    /// Cases that were looked at.
    pub cases: usize,
    /// What is wrong, in the order of the cases: a sentence each.
    pub wrong: Vec<String>,
}

/// Cases that one processor takes at a time.
const PAGE: i64 = 200;

/// Looks at every case; with an instant: at those in which something happened since. Every processor takes its part.
pub fn check(db: &Db, since: Option<Timestamp>) -> Result<Histories, ActError> {
    let after = Mutex::new(0);
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
    let parts: Result<Vec<_>, ActError> = std::thread::scope(|scope| {
        let begun: Vec<_> = (0..workers).map(|_| scope.spawn(|| in_turn(db, since, &after))).collect();
        begun.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    let mut all = Histories::default();
    let mut wrong = Vec::new();
    for (cases, found) in parts? {
        all.cases += cases;
        wrong.extend(found);
    }
    wrong.sort_unstable();
    all.wrong.extend(wrong.into_iter().map(|(_, sentence)| sentence));
    Ok(all)
}

/// What is wrong in which case.
type Wrong = (i64, String);

/// Takes page after page, from where anybody's last one ended, until none is left.
fn in_turn(db: &Db, since: Option<Timestamp>, after: &Mutex<i64>) -> Result<(usize, Vec<Wrong>), ActError> {
    let (mut cases, mut wrong) = (0, Vec::new());
    loop {
        let ids = {
            let mut after = after.lock().unwrap_or_else(PoisonError::into_inner);
            let from = *after;
            let ids = db.read(move |tx| match since {
                None => store::case::ids_after(tx, from, PAGE),
                Some(since) => store::event::cases_since(tx, since, from, PAGE),
            })?;
            let Some(last) = ids.last() else { return Ok((cases, wrong)) };
            *after = *last;
            ids
        };
        cases += ids.len();
        wrong.extend(db.read(move |tx| page(tx, &ids))?);
    }
}

fn page(tx: &mut Tx<'_>, ids: &[i64]) -> Result<Vec<Wrong>, ActError> {
    let mut wrong = Vec::new();
    for id in ids {
        match record::verify(tx, *id)? {
            Verdict::Sound => {}
            Verdict::BrokenChain { number, event } => {
                wrong.push((*id, format!("案件 {number} 的办理记录从第 {event} 条起被改动、删除或插入过")));
            }
            Verdict::StateDiffers { number } => {
                wrong.push((*id, format!("案件 {number} 现在的状态与办理记录不一致")));
            }
        }
        let unfounded =
            store::deadline::of_case(tx, *id)?.into_iter().find(|it| it.article.is_empty() || it.law.is_empty());
        wrong.extend(unfounded.map(|it| (*id, format!("期限 {}（案件 id={id}）没有依据", it.limit_key))));
    }
    Ok(wrong)
}
