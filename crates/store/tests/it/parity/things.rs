//! Numbers, drafts, keys, leases, settings, the outbox, files.

use std::sync::{Arc, Barrier};

use jiff::Timestamp;
use store::outbox::MessageRow;
use store::{StoreError, calendar, draft, files, idempotency, installation, lease, number, outbox};

use super::seed::{self, minute, tree};
use super::{Behaviour, Telling};

/// What is promised of the rest.
pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour { name: "a series has no gaps", covers: &["number::next"], run: numbers },
    Behaviour {
        name: "a draft belongs to its owner until it is swept",
        covers: &["draft::put", "draft::get", "draft::of_owner", "draft::delete", "draft::sweep"],
        run: drafts,
    },
    Behaviour {
        name: "the first answer under a key stands",
        covers: &["idempotency::find", "idempotency::keep", "idempotency::sweep"],
        run: keys,
    },
    Behaviour { name: "one holder at a time", covers: &["lease::take", "lease::give_back"], run: leases },
    Behaviour { name: "settings", covers: &["installation::put", "installation::get"], run: settings },
    Behaviour { name: "a year's notice can be corrected", covers: &["calendar::put", "calendar::all"], run: years },
    Behaviour {
        name: "messages wait, go and are settled once",
        covers: &[
            "outbox::insert",
            "outbox::waiting",
            "outbox::of_case",
            "outbox::find",
            "outbox::in_state",
            "outbox::count_by_state",
            "outbox::settle",
            "outbox::release",
            "outbox::withhold",
        ],
        run: messages,
    },
    Behaviour {
        name: "bytes are kept once",
        covers: &["files::put", "files::read", "files::place", "files::discard", "files::discard_coming"],
        run: bytes,
    },
];

fn numbers(telling: &mut Telling) {
    for expected in 1..=3 {
        assert_eq!(telling.act("case", |tx| number::next(tx, "案件:1:2026")), expected);
    }
    assert_eq!(telling.act("another series", |tx| number::next(tx, "案件:1:2027")), 1);
    // What a failed act took is given again.
    let failed = telling.refused("failed", |tx| {
        number::next(tx, "案件:1:2026")?;
        Err::<(), _>(StoreError::Overloaded)
    });
    assert_eq!(failed, "store.overloaded");
    assert_eq!(telling.act("no gap", |tx| number::next(tx, "案件:1:2026")), 4);
    let at_once = Arc::new(Barrier::new(4));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (db, at_once) = (telling.db.clone(), at_once.clone());
            std::thread::spawn(move || {
                at_once.wait();
                (0..5)
                    .map(|_| {
                        db.act(|tx| number::next(tx, "at once")).unwrap_or_else(|error: StoreError| panic!("{error:?}"))
                    })
                    .collect::<Vec<_>>()
            })
        })
        .collect();
    let mut taken: Vec<i64> = threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect();
    taken.sort_unstable();
    assert_eq!(taken, (1..=20).collect::<Vec<_>>());
}

fn drafts(telling: &mut Telling) {
    telling.act("put", |tx| {
        draft::put(tx, "key2", "account:1", r#"{"goods":"电饭煲"}"#, minute(1))?;
        draft::put(tx, "key1", "account:1", "{}", minute(1))?;
        draft::put(tx, "key3", "account:1", "{}", minute(2))?;
        draft::put(tx, "key4", "public", "{}", minute(0))?;
        draft::put(tx, "key1", "account:1", r#"{"brand":"x"}"#, minute(1))
    });
    assert_eq!(telling.look("hers", |tx| draft::get(tx, "key1", "account:1")).as_deref(), Some(r#"{"brand":"x"}"#));
    assert_eq!(telling.look("not hers", |tx| draft::get(tx, "key1", "account:2")), None);
    let listed = telling.look("list", |tx| draft::of_owner(tx, "account:1"));
    let order: Vec<_> = listed.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(order, ["key3", "key1", "key2"], "the last touched first, then by key");
    telling.act("delete", |tx| draft::delete(tx, "key3"));
    telling.act("files", |tx| {
        for (draft, sha256) in [("key4", "bb"), ("key4", "aa"), ("key2", "cc")] {
            let file = store::attachment::AttachmentRow {
                id: 0,
                case_id: None,
                draft_hash: Some(draft.to_owned()),
                name: "小票.jpg".to_owned(),
                media_type: "image/jpeg".to_owned(),
                size: 1,
                sha256: sha256.to_owned(),
                added_by: "complainant".to_owned(),
                added_at: minute(0),
            };
            store::attachment::insert(tx, &file)?;
        }
        Ok(())
    });
    assert_eq!(telling.act("sweep", |tx| draft::sweep(tx, minute(1))), ["aa", "bb"]);
    assert_eq!(telling.look("gone", |tx| draft::get(tx, "key4", "public")), None);
    assert_eq!(telling.look("left", |tx| draft::of_owner(tx, "account:1")).len(), 2);
}

fn keys(telling: &mut Telling) {
    assert!(telling.act("keep", |tx| idempotency::keep(tx, "api:1", "k", "hash", "first", minute(0))));
    assert!(!telling.act("keep again", |tx| idempotency::keep(tx, "api:1", "k", "other", "second", minute(1))));
    assert!(telling.act("another scope", |tx| idempotency::keep(tx, "api:2", "k", "hash", "theirs", minute(2))));
    let found = telling.look("find", |tx| idempotency::find(tx, "api:1", "k")).unwrap();
    assert_eq!((found.request_hash.as_str(), found.response.as_str()), ("hash", "first"));
    assert_eq!(telling.look("none", |tx| idempotency::find(tx, "api:3", "k")), None);
    telling.act("more", |tx| {
        for key in ["c", "a", "b"] {
            idempotency::keep(tx, "api:1", key, "hash", "x", minute(0))?;
        }
        Ok(())
    });
    assert_eq!(telling.act("sweep on the bound", |tx| idempotency::sweep(tx, minute(0), 10)), 0);
    assert_eq!(telling.act("sweep two", |tx| idempotency::sweep(tx, minute(1), 2)), 2);
    assert_eq!(telling.look("b went", |tx| idempotency::find(tx, "api:1", "b")), None, "of equal age the first key");
    assert_eq!(telling.act("sweep the rest", |tx| idempotency::sweep(tx, minute(1), 10)), 2);
    assert!(telling.look("young", |tx| idempotency::find(tx, "api:2", "k")).is_some());
}

fn leases(telling: &mut Telling) {
    assert!(telling.act("take", |tx| lease::take(tx, "sweep", "one", minute(0), minute(5))));
    assert!(!telling.act("held", |tx| lease::take(tx, "sweep", "two", minute(4), minute(9))));
    assert!(telling.act("renew", |tx| lease::take(tx, "sweep", "one", minute(4), minute(8))));
    assert!(!telling.act("still held", |tx| lease::take(tx, "sweep", "two", minute(7), minute(12))));
    assert!(telling.act("another lease", |tx| lease::take(tx, "delivery", "two", minute(7), minute(12))));
    assert!(telling.act("ran out at its end", |tx| lease::take(tx, "sweep", "two", minute(8), minute(12))));
    telling.act("the old one cannot give it back", |tx| lease::give_back(tx, "sweep", "one"));
    assert!(!telling.act("held by two", |tx| lease::take(tx, "sweep", "one", minute(9), minute(12))));
    telling.act("give back", |tx| lease::give_back(tx, "sweep", "two"));
    assert!(telling.act("free", |tx| lease::take(tx, "sweep", "one", minute(9), minute(12))));
    for round in 0..5 {
        let at_once = Arc::new(Barrier::new(6));
        let threads: Vec<_> = (0..6)
            .map(|holder| {
                let (db, at_once, name) = (telling.db.clone(), at_once.clone(), format!("race {round}"));
                std::thread::spawn(move || {
                    at_once.wait();
                    let holder = format!("holder {holder}");
                    db.act(move |tx| lease::take(tx, &name, &holder, minute(0), minute(5)))
                        .unwrap_or_else(|error: StoreError| panic!("{error:?}"))
                })
            })
            .collect();
        let winners = threads.into_iter().map(|thread| thread.join().expect("no panic"));
        assert_eq!(winners.filter(|won| *won).count(), 1, "race {round}");
    }
}

fn settings(telling: &mut Telling) {
    assert_eq!(telling.look("none", |tx| installation::get(tx, "regions")), None);
    telling.act("put", |tx| installation::put(tx, "regions", "410000"));
    telling.act("again", |tx| installation::put(tx, "regions", ""));
    assert_eq!(telling.look("kept", |tx| installation::get(tx, "regions")).as_deref(), Some(""));
}

fn years(telling: &mut Telling) {
    telling.act("import", |tx| {
        calendar::put(tx, 2028, "year = 2028", "国办发明电", minute(0))?;
        calendar::put(tx, 2027, "year = 2027", "国办发明电", minute(0))?;
        calendar::put(tx, 2028, "year = 2028 # 更正", "更正", minute(1))
    });
    let all = telling.look("all", calendar::all);
    assert_eq!(all, [(2027, "year = 2027".to_owned()), (2028, "year = 2028 # 更正".to_owned())]);
}

fn messages(telling: &mut Telling) {
    let case = telling.act("start", |tx| {
        let tree = tree(tx)?;
        seed::case(tx, tree, 1, 10)
    });
    let row = move |channel: &str, state: &str, at: i64| MessageRow {
        id: 0,
        case_id: Some(case),
        event_number: Some(1),
        recipient: "complainant".to_owned(),
        channel: channel.to_owned(),
        address: "13800001234".to_owned(),
        subject: "受理".to_owned(),
        body: "您的投诉已受理。\n".to_owned(),
        paper_id: None,
        state: state.to_owned(),
        created_at: minute(at),
        next_try_at: minute(at),
        attempts: 0,
        done_at: None,
        proof: String::new(),
        error: String::new(),
    };
    telling.act("write", move |tx| {
        for (channel, state, at) in [
            ("sms", "waiting", 2),
            ("sms", "waiting", 1),
            ("sms", "waiting", 1),
            ("email", "waiting", 0),
            ("sms", "waiting", 9),
            ("sms", "no_gateway", 1),
            ("sms", "no_gateway", 5),
            ("letter", "by_hand", 1),
        ] {
            outbox::insert(tx, &row(channel, state, at))?;
        }
        outbox::insert(tx, &MessageRow { case_id: None, event_number: None, ..row("email", "failed", 3) })
    });
    let ids = |rows: &[MessageRow]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    let waiting = telling.look("waiting", |tx| outbox::waiting(tx, "sms", minute(2), 10));
    assert_eq!(ids(&waiting), [2, 3, 1], "by the time of the next try, then by row");
    assert_eq!(ids(&telling.look("two", |tx| outbox::waiting(tx, "sms", minute(2), 2))), [2, 3]);
    assert_eq!(telling.look("of case", move |tx| outbox::of_case(tx, case)).len(), 8);
    let mut sent = waiting[0].clone();
    (sent.state, sent.attempts, sent.done_at, sent.proof) = ("sent".to_owned(), 1, Some(minute(3)), "回执".to_owned());
    let (first, second) = (sent.clone(), sent.clone());
    assert!(telling.act("settle", move |tx| outbox::settle(tx, &first, "waiting", 0)));
    assert!(!telling.act("settle again", move |tx| outbox::settle(tx, &second, "waiting", 0)), "compare and set");
    assert_eq!(telling.look("settled", |tx| outbox::find(tx, 2)), Some(sent));
    assert_eq!(telling.look("none", |tx| outbox::find(tx, 4_711)), None);
    assert_eq!(telling.act("release", |tx| outbox::release(tx, "sms", minute(2), minute(30))), 1);
    assert_eq!(telling.look("released", |tx| outbox::find(tx, 7)).unwrap().next_try_at, minute(30));
    assert_eq!(telling.act("withhold", |tx| outbox::withhold(tx, "email")), 1);
    let without = telling.look("without", |tx| outbox::in_state(tx, "no_gateway", i64::MAX, 10));
    assert_eq!(ids(&without), [6, 4], "newest first");
    assert_eq!(ids(&telling.look("before", |tx| outbox::in_state(tx, "no_gateway", 6, 10))), [4]);
    let counts = telling.look("counts", outbox::count_by_state);
    let expected = [("by_hand", 1), ("failed", 1), ("no_gateway", 2), ("sent", 1), ("waiting", 4)];
    assert_eq!(counts, expected.map(|(state, count)| (state.to_owned(), count)));
}

fn bytes(telling: &mut Telling) {
    let folder = tempfile::tempdir().expect("a folder");
    let hash = files::put(folder.path(), "照片".as_bytes()).expect("kept");
    assert_eq!(files::put(folder.path(), "照片".as_bytes()).expect("kept once"), hash);
    assert_eq!(files::read(folder.path(), &hash).expect("there"), "照片".as_bytes());
    assert!(files::place(folder.path(), &hash).starts_with(folder.path()));
    // A name from outside never leads out of the folder.
    assert!(files::place(folder.path(), "../../etc/passwd").starts_with(folder.path().join("files")));
    assert!(files::read(folder.path(), "00").is_err());
    let (long_ago, tomorrow): (Timestamp, Timestamp) = (minute(0), "2999-01-01T00:00:00Z".parse().expect("an instant"));
    assert!(!files::discard(folder.path(), &hash, long_ago).expect("asked"), "too young");
    assert!(files::discard(folder.path(), &hash, tomorrow).expect("asked"));
    assert!(!files::discard(folder.path(), &hash, tomorrow).expect("asked"), "gone already");
    assert!(files::read(folder.path(), &hash).is_err());
    assert_eq!(files::discard_coming(folder.path(), tomorrow).expect("no folder is nothing"), 0);
    let coming = folder.path().join("files").join("coming");
    std::fs::create_dir_all(&coming).and_then(|()| std::fs::write(coming.join("half"), "…")).expect("a half file");
    assert_eq!(files::discard_coming(folder.path(), long_ago).expect("asked"), 0);
    assert_eq!(files::discard_coming(folder.path(), tomorrow).expect("asked"), 1);
    telling.act("hash", move |_| Ok::<_, StoreError>(hash.clone()));
}
