//! Rewards of reports in lists, and the limits that pass.

use store::deadline;
use store::reward::{self, RewardRow};
use store::search::Scope;

use super::seed::{self, minute, tree};
use super::{Behaviour, Telling};

pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        name: "a reward in lists is what it last came to, with the limit that runs",
        covers: &["reward::keep", "reward::find", "reward::list"],
        run: listed,
    },
    Behaviour { name: "a limit that passed is found while it runs", covers: &["deadline::past"], run: passed },
];

const LIMITS: [&str; 2] = ["reward_notice", "reward_claim"];

fn row(stage: &str, minutes: i64) -> RewardRow {
    RewardRow { stage: stage.to_owned(), level: "second".to_owned(), sum: 300_000, changed_at: minute(minutes) }
}

fn listed(telling: &mut Telling) {
    let (id, officer) = telling.act("start", |tx| {
        let tree = tree(tx)?;
        let id = seed::case(tx, tree, 1, 10)?;
        let claim = seed::deadline(id, "reward_claim", 50);
        deadline::insert(tx, &claim)?;
        deadline::insert(tx, &deadline::DeadlineRow { limit_key: "reward_review".to_owned(), ..claim })?;
        Ok((id, tree.officer))
    });
    assert!(telling.look("nothing yet", move |tx| reward::find(tx, id)).is_none());
    for (stage, minutes) in [("proposed", 1), ("granted", 2)] {
        telling.act(stage, move |tx| reward::keep(tx, id, &row(stage, minutes)));
    }
    assert_eq!(telling.look("the last", move |tx| reward::find(tx, id)), Some(row("granted", 2)));
    let scopes = vec![Scope::Reach("/".to_owned()), Scope::Officer(officer)];
    let lines = telling.look("list", move |tx| reward::list(tx, &scopes, LIMITS, 9));
    assert_eq!(lines.len(), 1, "one limit of those asked for runs");
    assert_eq!(lines[0].due.as_ref().map(|(key, _)| key.as_str()), Some("reward_claim"));
    assert!(telling.look("nobody's", |tx| reward::list(tx, &[], LIMITS, 9)).is_empty());
}

fn passed(telling: &mut Telling) {
    let (id, deadline_id) = telling.act("start", |tx| {
        let tree = tree(tx)?;
        let id = seed::case(tx, tree, 1, 10)?;
        Ok((id, deadline::insert(tx, &seed::deadline(id, "reward_claim", 50))?))
    });
    let past = |minutes: i64| move |tx: &mut store::Tx<'_>| deadline::past(tx, "reward_claim", minute(minutes), 9);
    assert!(telling.look("before", past(49)).is_empty());
    let found = telling.look("after", past(50));
    assert_eq!(found.iter().map(|row| row.case_id).collect::<Vec<_>>(), [id]);
    assert!(telling.look("another", |tx| deadline::past(tx, "reward_notice", minute(50), 9)).is_empty());
    telling.act("met", move |tx| deadline::stop(tx, deadline_id, minute(51), "reward_answered"));
    assert!(telling.look("met", past(52)).is_empty());
}
