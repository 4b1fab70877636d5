//! What stands at the door: second factors, recovery codes, questions to passkeys, wrong tries by source.

use domain::account::FactorKind;
use store::factor::{self, FactorRow};
use store::login_source::{self, SourceRow};

use super::seed::{minute, tree};
use super::{Behaviour, Telling};

/// What is promised of the door.
pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        name: "a factor is hers, counts upwards only and goes",
        covers: &[
            "factor::insert",
            "factor::of_account",
            "factor::any",
            "factor::by_credential",
            "factor::spend",
            "factor::touch",
            "factor::delete",
            "factor::delete_of",
        ],
        run: factors,
    },
    Behaviour {
        name: "a recovery code is good once",
        covers: &["factor::put_codes", "factor::spend_code", "factor::codes_left"],
        run: codes,
    },
    Behaviour {
        name: "a question is answered once, in time, for its purpose",
        covers: &["factor::ask", "factor::take", "factor::sweep"],
        run: questions,
    },
    Behaviour {
        name: "wrong tries are kept by source",
        covers: &[
            "login_source::find",
            "login_source::of_login",
            "login_source::put",
            "login_source::told",
            "login_source::release",
            "login_source::forget",
            "login_source::sweep",
        ],
        run: sources,
    },
];

fn row(account_id: i64, kind: FactorKind, credential: Option<&str>) -> FactorRow {
    FactorRow {
        id: 0,
        account_id,
        kind,
        name: "蓝色安全密钥".to_owned(),
        credential: credential.map(str::to_owned),
        secret: vec![0, 1, 255],
        counter: 3,
        made_at: minute(1),
        used_at: None,
    }
}

fn factors(telling: &mut Telling) {
    let tree = telling.act("tree", tree);
    assert!(!telling.look("none", move |tx| factor::any(tx, tree.officer)));
    let code = telling.act("code", move |tx| factor::insert(tx, &row(tree.officer, FactorKind::Totp, None)));
    let key = telling.act("key", move |tx| factor::insert(tx, &row(tree.officer, FactorKind::Passkey, Some("abc"))));
    telling.act("another code", move |tx| factor::insert(tx, &row(tree.partner, FactorKind::Totp, None)));
    assert!(telling.look("some", move |tx| factor::any(tx, tree.officer)));
    let hers = telling.look("hers", move |tx| factor::of_account(tx, tree.officer));
    assert_eq!(hers.iter().map(|row| row.id).collect::<Vec<_>>(), [code, key]);
    assert_eq!(hers[0].secret, [0, 1, 255]);
    assert!(telling.act("step", move |tx| factor::spend(tx, code, 4, minute(2))));
    assert!(!telling.act("the same step", move |tx| factor::spend(tx, code, 4, minute(3))), "a code is good once");
    assert!(!telling.act("an older step", move |tx| factor::spend(tx, code, 2, minute(3))));
    telling.act("touch", move |tx| factor::touch(tx, key, minute(9)));
    let found = telling.look("by credential", |tx| factor::by_credential(tx, "abc")).unwrap();
    assert_eq!((found.id, found.used_at, found.counter), (key, Some(minute(9)), 3));
    assert_eq!(telling.look("unknown", |tx| factor::by_credential(tx, "abd")), None);
    assert!(!telling.act("not hers", move |tx| factor::delete(tx, tree.partner, key)));
    assert!(telling.act("goes", move |tx| factor::delete(tx, tree.officer, code)));
    telling.act("all go", move |tx| factor::delete_of(tx, tree.officer));
    assert!(!telling.look("none left", move |tx| factor::any(tx, tree.officer)));
    assert!(telling.look("the other's stays", move |tx| factor::any(tx, tree.partner)));
    telling.act("key again", move |tx| factor::insert(tx, &row(tree.officer, FactorKind::Passkey, Some("abc"))));
    let code = telling
        .refused("the same key", move |tx| factor::insert(tx, &row(tree.partner, FactorKind::Passkey, Some("abc"))));
    assert_eq!(code, "store.conflict");
}

fn codes(telling: &mut Telling) {
    let tree = telling.act("tree", tree);
    let hashes = |names: [&str; 2]| names.map(str::to_owned);
    telling.act("codes", move |tx| factor::put_codes(tx, tree.officer, &hashes(["one", "two"])));
    assert!(telling.act("used", move |tx| factor::spend_code(tx, tree.officer, "one", minute(1))));
    assert!(!telling.act("used again", move |tx| factor::spend_code(tx, tree.officer, "one", minute(2))));
    assert!(!telling.act("not hers", move |tx| factor::spend_code(tx, tree.partner, "two", minute(2))));
    assert_eq!(telling.look("left", move |tx| factor::codes_left(tx, tree.officer)), 1);
    telling.act("new ones", move |tx| factor::put_codes(tx, tree.officer, &hashes(["three", "four"])));
    assert_eq!(telling.look("left", move |tx| factor::codes_left(tx, tree.officer)), 2);
    assert!(!telling.act("old", move |tx| factor::spend_code(tx, tree.officer, "two", minute(3))));
}

fn questions(telling: &mut Telling) {
    for hash in ["a", "b", "c"] {
        telling.act("ask", move |tx| factor::ask(tx, hash, "alone", minute(10)));
    }
    assert!(!telling.act("another purpose", |tx| factor::take(tx, "a", "second:x", minute(1))));
    assert!(telling.act("taken", |tx| factor::take(tx, "a", "alone", minute(1))));
    assert!(!telling.act("taken again", |tx| factor::take(tx, "a", "alone", minute(1))));
    assert!(!telling.act("too late", |tx| factor::take(tx, "b", "alone", minute(10))));
    assert_eq!(telling.act("sweep", |tx| factor::sweep(tx, minute(10))), 2);
}

fn sources(telling: &mut Telling) {
    let put = |telling: &mut Telling, source: SourceRow| {
        telling.act("put", move |tx| login_source::put(tx, "login", &source));
    };
    let named = |source: &str| SourceRow { source: source.to_owned(), ..SourceRow::default() };
    put(
        telling,
        SourceRow {
            failures: 5,
            untold: 5,
            failed_at: Some(minute(5)),
            waits_until: Some(minute(20)),
            ..named("network:b")
        },
    );
    put(telling, SourceRow { failures: 1, untold: 1, failed_at: Some(minute(9)), ..named("network:a") });
    put(telling, SourceRow { known_until: Some(minute(90)), ..named("device:c") });
    telling.act("another login", move |tx| login_source::put(tx, "other", &named("network:a")));
    let all = telling.look("all", |tx| login_source::of_login(tx, "login"));
    let order: Vec<_> = all.iter().map(|row| row.source.as_str()).collect();
    assert_eq!(order, ["network:a", "network:b", "device:c"]);
    put(telling, SourceRow { failures: 6, untold: 6, failed_at: Some(minute(21)), ..named("network:b") });
    let found = telling.look("found", |tx| login_source::find(tx, "login", "network:b")).unwrap();
    assert_eq!((found.failures, found.waits_until), (6, None), "written over");
    assert_eq!(telling.look("unknown", |tx| login_source::find(tx, "login", "network:z")), None);
    telling.act("release", |tx| login_source::release(tx, "login"));
    telling.act("told", |tx| login_source::told(tx, "login"));
    let found = telling.look("released", |tx| login_source::find(tx, "login", "network:b")).unwrap();
    assert_eq!((found.failures, found.untold, found.failed_at), (0, 0, Some(minute(21))));
    // The other login's row was quiet all along.
    assert_eq!(telling.act("sweep", |tx| login_source::sweep(tx, minute(30), minute(15))), 2);
    telling.act("forget", |tx| login_source::forget(tx, "login"));
    assert_eq!(telling.act("sweep later", |tx| login_source::sweep(tx, minute(30), minute(25))), 2);
}
