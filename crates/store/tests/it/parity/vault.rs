//! Keys, escrow, sealed identities, wraps, requests, openings.

use domain::role::Role;
use store::vault::{EscrowRow, Keeper, NewWrap};
use store::{StoreError, Tx, account, vault};

use super::seed::{self, Tree, minute, tree};
use super::{Behaviour, Telling};

/// What is promised of them.
pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        name: "a person has one key, and loses it for good",
        covers: &[
            "vault::put_key",
            "vault::live_key",
            "vault::relock_key",
            "vault::lose_key",
            "vault::admit_key",
            "vault::ever_admitted",
            "vault::custodians",
            "vault::without_key",
        ],
        run: keys,
    },
    Behaviour { name: "one key is in escrow", covers: &["vault::put_escrow", "vault::escrow"], run: escrow },
    Behaviour {
        name: "a wrap is held until it is revoked, and then holds nothing",
        covers: &[
            "vault::put_identity",
            "vault::identity",
            "vault::put_wrap",
            "vault::wraps",
            "vault::held",
            "vault::held_by_account",
            "vault::revoke_wrap",
            "vault::thinly_held",
        ],
        run: wraps,
    },
    Behaviour {
        name: "what somebody lost is found until it is sealed anew, and what moved until it is passed on",
        covers: &[
            "vault::renew_identity",
            "vault::to_renew",
            "vault::held_elsewhere",
            "vault::public_key",
            "vault::waiting_for",
            "vault::put_file",
            "vault::file",
        ],
        run: renewal,
    },
    Behaviour {
        name: "a wish is decided once and used once",
        covers: &[
            "vault::ask",
            "vault::request",
            "vault::requests",
            "vault::waiting",
            "vault::decide",
            "vault::spend",
            "vault::note_opening",
            "vault::openings",
            "vault::openings_since",
        ],
        run: requests,
    },
];

fn custodians(tx: &mut Tx<'_>) -> Result<Tree, StoreError> {
    let tree = tree(tx)?;
    for id in [tree.officer, tree.partner] {
        account::grant(tx, id, Role::IdentityCustodian, tree.bureau)?;
    }
    Ok(tree)
}

fn keys(telling: &mut Telling) {
    let tree = telling.act("start", custodians);
    let without = telling.look("nobody", vault::without_key).len();
    let first = telling.act("key", move |tx| vault::put_key(tx, tree.officer, b"public", b"locked", minute(1)));
    assert!(!telling.look("not yet", move |tx| vault::ever_admitted(tx, tree.bureau)));
    telling.act("admit", move |tx| vault::admit_key(tx, first, tree.bureau, Some(tree.partner), minute(2)));
    assert!(telling.look("admitted", move |tx| vault::ever_admitted(tx, tree.bureau)));
    assert!(telling.act("relock", move |tx| vault::relock_key(tx, first, b"again")));
    let live = telling.look("live", move |tx| vault::live_key(tx, tree.officer)).expect("a key");
    assert_eq!((live.locked_key.as_slice(), live.admitted_for), (&b"again"[..], Some(tree.bureau)));
    let keepers = telling.look("custodians", move |tx| vault::custodians(tx, tree.bureau));
    let seen: Vec<_> = keepers.iter().map(|it| (it.account_id, it.key.is_some())).collect();
    assert_eq!(seen, [(tree.officer, true), (tree.partner, false)]);
    assert_eq!(telling.look("one has", vault::without_key).len(), without - 1);
    let second = telling.act("another", move |tx| vault::put_key(tx, tree.officer, b"public2", b"locked2", minute(3)));
    assert!(!telling.act("the old one is gone", move |tx| vault::relock_key(tx, first, b"late")));
    let live = telling.look("the new one", move |tx| vault::live_key(tx, tree.officer)).expect("a key");
    assert_eq!((live.id, live.admitted_for), (second, None));
    telling.act("lose", move |tx| vault::lose_key(tx, tree.officer, minute(4)));
    assert_eq!(telling.look("none", move |tx| vault::live_key(tx, tree.officer)), None);
    assert!(telling.look("but once there was", move |tx| vault::ever_admitted(tx, tree.bureau)));
}

fn escrow_of(public: &str, at: i64) -> EscrowRow {
    EscrowRow {
        id: 0,
        public_key: public.as_bytes().to_vec(),
        holders: 5,
        needed: 3,
        names: "甲\n乙".to_owned(),
        made_at: minute(at),
    }
}

fn escrow(telling: &mut Telling) {
    assert_eq!(telling.look("none", vault::escrow), None);
    telling.act("first", |tx| vault::put_escrow(tx, &escrow_of("one", 1)));
    let second = telling.act("second", |tx| vault::put_escrow(tx, &escrow_of("two", 2)));
    let now = telling.look("the last", vault::escrow).expect("one");
    assert_eq!((now.id, now.public_key.as_slice(), now.needed), (second, &b"two"[..], 3));
}

/// A case with a sealed identity; gives tree, case and identity.
fn sealed(tx: &mut Tx<'_>) -> Result<(Tree, i64, i64), StoreError> {
    let tree = custodians(tx)?;
    let case = seed::case(tx, tree, 1, 10)?;
    let identity = vault::put_identity(tx, case, "reporter", "international", b"sealed", minute(1))?;
    Ok((tree, case, identity))
}

fn wraps(telling: &mut Telling) {
    let (tree, case, identity) = telling.act("start", sealed);
    let row = telling.look("identity", move |tx| vault::identity(tx, case, "reporter")).expect("sealed");
    assert_eq!((row.id, row.body.as_slice()), (identity, &b"sealed"[..]));
    assert_eq!(telling.look("no other", move |tx| vault::identity(tx, case, "voice")), None);
    let twice = telling.refused("once a case", move |tx| {
        vault::put_identity(tx, case, "reporter", "international", b"again", minute(2))
    });
    assert_eq!(twice, "store.conflict");
    let (first, escrow) = telling.act("holders", move |tx| {
        let first = vault::put_key(tx, tree.officer, b"p1", b"l1", minute(1))?;
        let second = vault::put_key(tx, tree.partner, b"p2", b"l2", minute(1))?;
        let escrow = vault::put_escrow(tx, &escrow_of("one", 1))?;
        let wrap = |holder, keeper, by| NewWrap {
            identity_id: identity,
            holder,
            keeper,
            wrapped: b"key".to_vec(),
            granted_by: by,
            until: None,
        };
        vault::put_wrap(tx, &wrap("escrow", Keeper::Escrow(escrow), None), minute(2))?;
        vault::put_wrap(tx, &wrap("custodian", Keeper::Key(first), None), minute(2))?;
        vault::put_wrap(tx, &wrap("reader", Keeper::Key(second), Some(tree.officer)), minute(3))?;
        Ok((first, escrow))
    });
    let all = telling.look("all", move |tx| vault::wraps(tx, identity));
    let holders: Vec<_> = all.iter().map(|it| (it.holder.as_str(), it.account_id, it.opens)).collect();
    assert_eq!(
        holders,
        [("escrow", None, true), ("custodian", Some(tree.officer), true), ("reader", Some(tree.partner), true)]
    );
    assert_eq!(telling.look("by key", move |tx| vault::held(tx, Keeper::Key(first))).len(), 1);
    assert_eq!(telling.look("by escrow", move |tx| vault::held(tx, Keeper::Escrow(escrow))).len(), 1);
    let thin = telling.look("thin", |tx| vault::thinly_held(tx, 2, 10));
    assert_eq!(thin.iter().map(|it| it.1).collect::<Vec<_>>(), [1]);
    assert!(telling.look("not thin", |tx| vault::thinly_held(tx, 1, 10)).is_empty());
    telling.act("lose", move |tx| vault::lose_key(tx, tree.officer, minute(4)));
    let lost = telling.look("lost", move |tx| vault::held_by_account(tx, tree.officer));
    assert_eq!(lost.iter().map(|it| it.opens).collect::<Vec<_>>(), [false]);
    assert_eq!(telling.look("nobody", |tx| vault::thinly_held(tx, 1, 10))[0].1, 0);
    let wrap = lost[0].id;
    telling.act("revoke", move |tx| vault::revoke_wrap(tx, wrap, minute(5)));
    assert!(telling.look("gone", move |tx| vault::held_by_account(tx, tree.officer)).is_empty());
}

fn renewal(telling: &mut Telling) {
    let (tree, case, identity) = telling.act("start", sealed);
    let (first, second) = telling.act("holders", move |tx| {
        let first = vault::put_key(tx, tree.officer, b"p1", b"l1", minute(1))?;
        let second = vault::put_key(tx, tree.partner, b"p2", b"l2", minute(1))?;
        for (key, holder) in [(first, "custodian"), (second, "reader")] {
            let keeper = Keeper::Key(key);
            let wrap = NewWrap {
                identity_id: identity,
                holder,
                keeper,
                wrapped: b"key".to_vec(),
                granted_by: None,
                until: None,
            };
            vault::put_wrap(tx, &wrap, minute(2))?;
        }
        Ok((first, second))
    });
    assert_eq!(telling.look("public", move |tx| vault::public_key(tx, first)), Some(b"p1".to_vec()));
    assert!(telling.look("nobody lost it", move |tx| vault::to_renew(tx, first, 10)).is_empty());
    let reader = telling.look("reader", move |tx| vault::held(tx, Keeper::Key(second)))[0].id;
    telling.act("revoke", move |tx| vault::revoke_wrap(tx, reader, minute(5)));
    assert_eq!(telling.look("lost", move |tx| vault::to_renew(tx, first, 10)).len(), 1);
    telling.act("renew", move |tx| vault::renew_identity(tx, identity, "national", b"anew", minute(6)));
    assert!(telling.look("renewed", move |tx| vault::to_renew(tx, first, 10)).is_empty());
    let row = telling.look("body", move |tx| vault::identity(tx, case, "reporter")).expect("sealed");
    assert_eq!(row.body, b"anew");
    assert!(telling.look("here", move |tx| vault::held_elsewhere(tx, first, tree.bureau, 10)).is_empty());
    assert_eq!(telling.look("there", move |tx| vault::held_elsewhere(tx, first, tree.bureau + 1_000, 10)).len(), 1);
    telling.act("ask", move |tx| vault::ask(tx, identity, tree.partner, "约见", minute(7)));
    assert_eq!(telling.look("hers to decide", move |tx| vault::waiting_for(tx, first, 10)).len(), 1);
    assert!(telling.look("not a reader's", move |tx| vault::waiting_for(tx, second, 10)).is_empty());
    let file = telling.act("file", move |tx| vault::put_file(tx, case, b"sealed voice", minute(8)));
    assert_eq!(telling.look("bytes", move |tx| vault::file(tx, case, file)), Some(b"sealed voice".to_vec()));
    assert_eq!(telling.look("another's", move |tx| vault::file(tx, case + 1_000, file)), None);
}

fn requests(telling: &mut Telling) {
    let (tree, _, identity) = telling.act("start", sealed);
    let one = telling.act("ask", move |tx| vault::ask(tx, identity, tree.officer, "约见", minute(2)));
    let two = telling.act("ask too", move |tx| vault::ask(tx, identity, tree.partner, "回电", minute(3)));
    assert_eq!(telling.look("wait", move |tx| vault::waiting(tx, tree.bureau, 10)).len(), 2);
    assert_eq!(telling.look("the first", move |tx| vault::waiting(tx, tree.bureau, 1))[0].id, one);
    assert!(telling.look("elsewhere", move |tx| vault::waiting(tx, tree.bureau + 1_000, 10)).is_empty());
    let grant = |id| move |tx: &mut Tx<'_>| vault::decide(tx, id, tree.partner, Some(minute(60)), "", minute(4));
    assert!(telling.act("grant", grant(one)));
    assert!(!telling.act("once", grant(one)));
    assert!(telling.act("decline", move |tx| vault::decide(tx, two, tree.officer, None, "不必", minute(5))));
    let seen = telling.look("newest first", move |tx| vault::requests(tx, identity));
    let states: Vec<_> = seen.iter().map(|it| (it.id, it.approved, it.until.is_some())).collect();
    assert_eq!(states, [(two, Some(false), false), (one, Some(true), true)]);
    assert!(telling.act("spend", move |tx| vault::spend(tx, one, minute(6))));
    assert!(!telling.act("spent", move |tx| vault::spend(tx, one, minute(7))));
    let row = telling.look("one", move |tx| vault::request(tx, one)).expect("it is there");
    assert_eq!(row.used_at, Some(minute(6)));
    telling.act("look", move |tx| {
        vault::note_opening(tx, identity, tree.officer, Some(one), "约见", minute(6))?;
        vault::note_opening(tx, identity, tree.partner, None, "回电", minute(8))
    });
    let looks = telling.look("looks", move |tx| vault::openings(tx, identity));
    assert_eq!(looks.iter().map(|it| it.approved_by.is_some()).collect::<Vec<_>>(), [false, true]);
    assert_eq!(telling.look("since", |tx| vault::openings_since(tx, minute(7))), 1);
}
