//! Organisations, accounts, sessions, tokens, looks.

use domain::account::Gate;
use domain::audit::AuditKind;
use domain::organization::OrganizationKind;
use domain::role::Role;
use store::{access, account, organization, session, token};

use super::seed::{self, minute, tree};
use super::{Behaviour, Telling};

/// What is promised of people and places.
pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        name: "an organisation knows its place in the tree",
        covers: &["organization::insert", "organization::find", "organization::update", "organization::count"],
        run: tree_of_organizations,
    },
    Behaviour {
        name: "organisations are listed in one order",
        covers: &[
            "organization::by_region",
            "organization::of_bureau",
            "organization::children",
            "organization::roots",
            "organization::at_level",
            "organization::after",
        ],
        run: organizations_in_order,
    },
    Behaviour {
        name: "many organisations are written at once as each would be by itself",
        covers: &["organization::insert_leaves"],
        run: leaves,
    },
    Behaviour { name: "organisations are found by a part of the name", covers: &["organization::search"], run: search },
    Behaviour {
        name: "an account is written, changed and found",
        covers: &[
            "account::insert",
            "account::update",
            "account::find",
            "account::by_login",
            "account::set_password",
            "account::rehash",
            "account::last_passwords",
            "account::allow_later",
            "account::security",
            "account::note_login",
            "account::count",
        ],
        run: accounts,
    },
    Behaviour {
        name: "accounts and roles are listed in one order",
        covers: &[
            "account::at_organization",
            "account::after",
            "account::grant",
            "account::revoke",
            "account::grants",
            "account::with_role",
        ],
        run: roles,
    },
    Behaviour {
        name: "a session lives until it ends, idles or is swept",
        covers: &[
            "session::insert",
            "session::find",
            "session::touch",
            "session::of_account",
            "session::open_gate",
            "session::prove",
            "session::note_wrong",
            "session::delete",
            "session::delete_of",
            "session::sweep",
        ],
        run: sessions,
    },
    Behaviour {
        name: "a token is found until it is taken back, and still known then",
        covers: &["token::insert", "token::by_hash", "token::all", "token::revoke"],
        run: tokens,
    },
    Behaviour {
        name: "looks are listed newest first",
        covers: &["access::record", "access::latest", "access::search", "access::remove"],
        run: looks,
    },
];

fn tree_of_organizations(telling: &mut Telling) {
    let tree = telling.act("tree", tree);
    let office = telling.look("office", move |tx| organization::find(tx, tree.office)).unwrap();
    assert_eq!(office.path, format!("/{}/{}/", tree.bureau, tree.office));
    assert_eq!((office.bureau_id, &office.reach), (Some(tree.bureau), &office.path));
    let centre = telling.look("centre", move |tx| organization::find(tx, tree.centre)).unwrap();
    assert_eq!(centre.reach, format!("/{}/", tree.bureau), "a centre looks over its bureau's");
    assert_eq!(telling.look("none", |tx| organization::find(tx, 4_711)), None);
    let mut changed = office.clone();
    changed.overlay = Some("provincial".to_owned());
    "郑州市".clone_into(&mut changed.address);
    let (first, second) = (changed.clone(), changed.clone());
    assert!(telling.act("change", move |tx| organization::update(tx, &first)));
    assert!(!telling.act("stale change", move |tx| organization::update(tx, &second)), "compare and set");
    let now = telling.look("changed", move |tx| organization::find(tx, tree.office)).unwrap();
    assert_eq!((now.version, now.overlay.as_deref()), (2, Some("provincial")));
    let twin = seed::organization(OrganizationKind::Office, "410105001", "经八路所");
    let code = telling.refused("twin", move |tx| organization::insert(tx, None, twin.clone()));
    assert_eq!(code, "store.conflict");
    assert_eq!(telling.look("count", organization::count), 3);
}

fn organizations_in_order(telling: &mut Telling) {
    use OrganizationKind::{Bureau, Centre, Office, Station};
    telling.act("many", |tx| {
        let province = organization::insert(tx, None, seed::organization(Bureau, "410000", "河南省局"))?;
        let mut bureaus = Vec::new();
        for (region, name) in [("410105", "金水"), ("410102", "中原"), ("410105", "金水开发区"), ("410103", "二七")]
        {
            bureaus.push(organization::insert(tx, Some(&province), seed::organization(Bureau, region, name))?);
        }
        for (kind, region, name) in [
            (Office, "410105003", "丰产路所"),
            (Centre, "410105", "中心"),
            (Office, "410105001", "经八路所"),
            (Office, "410105001", "经八路二所"),
            (Station, "410105001", "站"),
        ] {
            organization::insert(tx, Some(&bureaus[0]), seed::organization(kind, region, name))?;
        }
        let closed = organization::insert(tx, None, seed::organization(Bureau, "420000", "湖北省局"))?;
        organization::update(tx, &organization::OrganizationRow { active: false, ..closed })
    });
    let first = telling.look("by region", |tx| organization::by_region(tx, "410105", Bureau)).unwrap();
    assert_eq!(first.name, "金水", "the first one made, of two in a division");
    assert_eq!(telling.look("closed", |tx| organization::by_region(tx, "420000", Bureau)), None);
    let bureau = first.id;
    let offices = telling.look("offices", move |tx| organization::of_bureau(tx, bureau, Office));
    assert_eq!(names(&offices), ["经八路所", "经八路二所", "丰产路所"]);
    let children = telling.look("children", move |tx| organization::children(tx, bureau));
    assert_eq!(names(&children), ["中心", "经八路所", "经八路二所", "丰产路所", "站"]);
    let roots = telling.look("roots", organization::roots);
    assert_eq!(names(&roots), ["河南省局", "湖北省局"]);
    let level = telling.look("level", |tx| organization::at_level(tx, Bureau, "county"));
    assert_eq!(names(&level), ["河南省局", "中原", "二七", "金水", "金水开发区"]);
    let page = telling.look("page", |tx| organization::after(tx, 2, 3));
    assert_eq!(page.iter().map(|row| row.id).collect::<Vec<_>>(), [3, 4, 5]);
}

fn search(telling: &mut Telling) {
    let top = telling.act("many", |tx| {
        let top = organization::insert(tx, None, seed::organization(OrganizationKind::Bureau, "410000", "省局"))?;
        for name in ["ABC所", "abc分所", "百分之100%所", "下划_线所", "反斜\\杠所", "波浪~所", "单'引号所"]
        {
            organization::insert(tx, Some(&top), seed::organization(OrganizationKind::Office, "410105", name))?;
        }
        Ok(top)
    });
    for (part, expected) in [
        ("所", 7),
        ("abc", 2),
        ("ABC", 2),
        ("100%", 1),
        ("%", 1),
        ("_", 1),
        ("\\", 1),
        ("~", 1),
        ("'", 1),
        ("", 8),
        ("没有", 0),
    ] {
        let reach = top.path.clone();
        let found = telling.look(part, move |tx| organization::search(tx, &reach, part, 20));
        assert_eq!(found.len(), expected, "{part}: {:?}", names(&found));
    }
    let reach = top.path.clone();
    assert_eq!(telling.look("limit", move |tx| organization::search(tx, &reach, "所", 2)).len(), 2);
    assert_eq!(telling.look("elsewhere", |tx| organization::search(tx, "/99/", "所", 20)), []);
}

fn names(rows: &[organization::OrganizationRow]) -> Vec<&str> {
    rows.iter().map(|row| row.name.as_str()).collect()
}

fn accounts(telling: &mut Telling) {
    let tree = telling.act("tree", tree);
    assert_eq!(telling.look("count", account::count), 2);
    let code = telling.refused("login taken", move |tx| {
        account::insert(tx, &seed::account("zhang", "另一人", tree.office), minute(1))
    });
    assert_eq!(code, "store.conflict");
    let code = telling.refused("nowhere", |tx| account::insert(tx, &seed::account("wu", "无名", 4_711), minute(1)));
    assert_eq!(code, "store.reference");
    let zhang = telling.look("by login", |tx| account::by_login(tx, "zhang")).unwrap();
    assert_eq!(telling.look("case matters", |tx| account::by_login(tx, "Zhang")), None);
    let mut changed = zhang.clone();
    (changed.phone, changed.active) = ("13900000000".to_owned(), false);
    let (first, second) = (changed.clone(), changed.clone());
    assert!(telling.act("change", move |tx| account::update(tx, &first)));
    assert!(!telling.act("stale change", move |tx| account::update(tx, &second)), "compare and set");
    let id = zhang.id;
    telling.act("login", move |tx| account::note_login(tx, id, minute(20)));
    telling.act("later", move |tx| account::allow_later(tx, id, Some(minute(99))));
    let known = telling.look("security", move |tx| account::security(tx, id)).unwrap();
    assert_eq!((known.last_login_at, known.factor_later_until), (Some(minute(20)), Some(minute(99))));
    let first = zhang.password_hash.clone();
    assert!(telling.act("dearer", move |tx| account::rehash(tx, id, &first, "dearer")));
    assert!(!telling.act("changed meanwhile", |tx| account::rehash(tx, 1, "other", "lost")));
    for (index, hash) in ["new", "newer", "newest"].into_iter().enumerate() {
        let at = minute(30 + index as i64);
        telling.act("password", move |tx| account::set_password(tx, id, hash, false, at));
    }
    let set = telling.look("set", move |tx| account::find(tx, id)).unwrap();
    assert_eq!((set.password_hash.as_str(), set.must_change), ("newest", false));
    let known = telling.look("security", move |tx| account::security(tx, id)).unwrap();
    assert_eq!(known.password_set_at, minute(32));
    let last = telling.look("last", move |tx| account::last_passwords(tx, id, 3));
    assert_eq!(last, ["newest", "newer", "new"]);
    assert_eq!(telling.look("none", |tx| account::find(tx, 4_711)), None);
}

fn roles(telling: &mut Telling) {
    let tree = telling.act("tree", |tx| {
        let tree = tree(tx)?;
        // Chinese names sort by code point on both engines, and equal names by row.
        for (login, name) in [("a", "王五"), ("b", "丁一"), ("c", "𠮷野"), ("d", "丁一"), ("e", "Smith"), ("f", "李四")]
        {
            account::insert(tx, &seed::account(login, name, tree.office), minute(0))?;
        }
        Ok(tree)
    });
    let there = telling.look("there", move |tx| account::at_organization(tx, tree.office));
    let logins: Vec<_> = there.iter().map(|row| row.login.as_str()).collect();
    assert_eq!(logins, ["e", "b", "d", "zhang", "li", "f", "a", "c"]);
    let page = telling.look("page", |tx| account::after(tx, 2, 3));
    assert_eq!(page.iter().map(|row| row.id).collect::<Vec<_>>(), [3, 4, 5]);
    telling.act("grants", move |tx| {
        for role in [Role::Officer, Role::Leader, Role::Officer] {
            account::grant(tx, tree.officer, role, tree.office)?;
        }
        account::grant(tx, tree.partner, Role::Officer, tree.office)?;
        account::grant(tx, tree.officer, Role::Archivist, tree.centre)
    });
    let grants = telling.look("her grants", move |tx| account::grants(tx, tree.officer));
    let held: Vec<_> = grants.iter().map(|grant| (grant.role, grant.organization_id)).collect();
    assert_eq!(
        held,
        [(Role::Archivist, tree.centre), (Role::Leader, tree.office), (Role::Officer, tree.office)],
        "given twice, held once"
    );
    let officers = telling.look("officers", move |tx| account::with_role(tx, tree.office, Role::Officer));
    assert_eq!(officers.len(), 2);
    telling.act("one leaves", move |tx| {
        account::revoke(tx, tree.officer, Role::Leader, tree.office)?;
        account::revoke(tx, tree.officer, Role::Leader, tree.office)?;
        let partner = account::find(tx, tree.partner)?.expect("she is there");
        account::update(tx, &account::AccountRow { active: false, ..partner })
    });
    let officers = telling.look("active officers", move |tx| account::with_role(tx, tree.office, Role::Officer));
    assert_eq!(officers.iter().map(|row| row.id).collect::<Vec<_>>(), [tree.officer]);
    assert_eq!(telling.look("left", move |tx| account::grants(tx, tree.officer)).len(), 2);
    let code = telling.refused("to nobody", move |tx| account::grant(tx, 4_711, Role::Officer, tree.office));
    assert_eq!(code, "store.reference");
}

fn sessions(telling: &mut Telling) {
    let tree = telling.act("tree", tree);
    telling.act("open", move |tx| {
        for (hash, account) in
            [("one", tree.officer), ("two", tree.officer), ("three", tree.partner), ("four", tree.partner)]
        {
            session::insert(tx, &seed::session(hash, account, 0, 600))?;
        }
        Ok(())
    });
    let code = telling.refused("same cookie", move |tx| session::insert(tx, &seed::session("one", tree.partner, 0, 1)));
    assert_eq!(code, "store.conflict");
    telling.act("touch", |tx| session::touch(tx, "one", minute(50)));
    telling.act("touch nothing", |tx| session::touch(tx, "none", minute(50)));
    assert_eq!(telling.look("one", |tx| session::find(tx, "one")).unwrap().seen_at, minute(50));
    let waits = session::SessionRow { gate: Gate::Prove, ..seed::session("waits", tree.officer, 40, 600) };
    telling.act("waits", move |tx| session::insert(tx, &waits));
    let hers = telling.look("hers", move |tx| session::of_account(tx, tree.officer));
    let hashes: Vec<_> = hers.iter().map(|session| session.token_hash.as_str()).collect();
    assert_eq!(hashes, ["one", "two"], "the last used first, none that waits");
    assert_eq!(telling.act("wrong", |tx| session::note_wrong(tx, "waits")), 1);
    assert_eq!(telling.act("wrong again", |tx| session::note_wrong(tx, "waits")), 2);
    assert_eq!(telling.act("wrong nowhere", |tx| session::note_wrong(tx, "none")), 0);
    telling.act("proved", |tx| session::prove(tx, "waits", minute(45)));
    telling.act("opened", |tx| session::open_gate(tx, "waits"));
    let opened = telling.look("opened", |tx| session::find(tx, "waits")).unwrap();
    assert_eq!((opened.gate, opened.wrong, opened.proved_at), (Gate::Open, 0, minute(45)));
    telling.act("delete", |tx| session::delete(tx, "four"));
    assert_eq!(telling.look("gone", |tx| session::find(tx, "four")), None);
    // `two` and `three` idled; the bound itself is still alive.
    assert_eq!(telling.act("sweep on the bound", |tx| session::sweep(tx, minute(60), minute(0))), 0);
    assert_eq!(telling.act("sweep", |tx| session::sweep(tx, minute(60), minute(30))), 2);
    telling.act("delete of", move |tx| session::delete_of(tx, tree.officer));
    assert_eq!(telling.look("none left", |tx| session::find(tx, "one")), None);
    telling.act("short", move |tx| session::insert(tx, &seed::session("five", tree.officer, 0, 10)));
    assert_eq!(telling.act("expired", |tx| session::sweep(tx, minute(10), minute(0))), 1, "over at its end");
}

fn tokens(telling: &mut Telling) {
    let tree = telling.act("tree", tree);
    let id = telling.act("make", move |tx| {
        token::insert(tx, "hash", "热线", "filing", None, None, minute(0))?;
        token::insert(tx, "other", "平台", "filing,reading", Some(tree.bureau), Some(60), minute(1))
    });
    let code = telling.refused("same name", |tx| token::insert(tx, "third", "热线", "filing", None, None, minute(2)));
    assert_eq!(code, "store.conflict");
    telling.act("revoke", move |tx| token::revoke(tx, id, minute(3)));
    telling.act("revoke again", move |tx| token::revoke(tx, id, minute(4)));
    let taken = telling.look("taken back", |tx| token::by_hash(tx, "other")).unwrap();
    assert_eq!(taken.revoked_at, Some(minute(3)), "the first time stands");
    assert_eq!(telling.look("unknown", |tx| token::by_hash(tx, "none")), None);
    assert_eq!(telling.look("all", token::all).len(), 2);
}

fn looks(telling: &mut Telling) {
    let tree = telling.act("tree", tree);
    telling.act("look", move |tx| {
        let case = seed::case(tx, tree, 1, 10)?;
        tx.set_origin("10.0.0.7");
        access::record(tx, minute(1), AuditKind::Look, Some(tree.officer), Some(case), "查看电话", "回访")?;
        access::record(tx, minute(1), AuditKind::Export, None, None, "导出", "")?;
        access::record(tx, minute(0), AuditKind::Administration, Some(tree.partner), None, "管理操作", "")
    });
    let all = telling.look("all", |tx| access::latest(tx, i64::MAX, 10));
    assert_eq!(all.iter().map(|row| row.id).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(all[2].case_number.as_deref(), Some("410105-2026-000001"));
    assert_eq!(all[1].account_name, None);
    assert_eq!(telling.look("before", |tx| access::latest(tx, 3, 1)).len(), 1);
    assert_eq!((all[2].address.as_str(), all[2].kind), ("10.0.0.7", AuditKind::Look));
    let mut found = |what: &str, wanted: access::Wanted| {
        let rows = telling.look(what, move |tx| access::search(tx, &wanted, None, 10));
        rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let login = all[2].login.clone().expect("her login");
    assert_eq!(found("hers", access::Wanted { person: login, ..access::Wanted::default() }), [1]);
    assert_eq!(found("by name", access::Wanted { person: "三".to_owned(), ..access::Wanted::default() }), [1]);
    assert_eq!(found("exports", access::Wanted { kind: Some(AuditKind::Export), ..access::Wanted::default() }), [2]);
    let case_number = "410105-2026-000001".to_owned();
    assert_eq!(found("of a case", access::Wanted { case_number, ..access::Wanted::default() }), [1]);
    assert_eq!(
        found("elsewhere", access::Wanted { address: "10.0.0.8".to_owned(), ..access::Wanted::default() }),
        [] as [i64; 0]
    );
    let (from, before) = (Some(minute(0)), Some(minute(1)));
    assert_eq!(found("early", access::Wanted { from, before, ..access::Wanted::default() }), [3]);
    assert_eq!(found("oldest first", access::Wanted { oldest_first: true, ..access::Wanted::default() }), [1, 2, 3]);
    assert_eq!(telling.act("remove the old", |tx| access::remove(tx, minute(1), i64::MAX, 10)), 1);
    assert_eq!(telling.act("not beyond", |tx| access::remove(tx, minute(9), 1, 10)), 1);
    assert_eq!(telling.look("left", |tx| access::latest(tx, i64::MAX, 10)).len(), 1);
    let code =
        telling.refused("of no case", |tx| access::record(tx, minute(1), AuditKind::Look, None, Some(4_711), "看", ""));
    assert_eq!(code, "store.reference");
}

fn leaves(telling: &mut Telling) {
    let bureau = telling.act("bureau", |tx| {
        organization::insert(tx, None, seed::organization(OrganizationKind::Bureau, "410105", "金水区局"))
    });
    let one = telling.act("one by itself", {
        let bureau = bureau.clone();
        move |tx| {
            organization::insert(tx, Some(&bureau), seed::organization(OrganizationKind::Office, "410105001", "甲所"))
        }
    });
    let below = bureau.clone();
    telling.act("many", move |tx| {
        let leaf = |kind, region: &str, name: &str| organization::OrganizationRow {
            parent_id: Some(below.id),
            bureau_id: below.bureau_id,
            ..seed::organization(kind, region, name)
        };
        let mut leaves = vec![leaf(OrganizationKind::Centre, "410105", "中心")];
        leaves.extend((0..600).map(|number| leaf(OrganizationKind::Office, &format!("4101{number:05}"), "所")));
        organization::insert_leaves(tx, &leaves)
    });
    assert_eq!(telling.look("count", organization::count), 603);
    let id = bureau.id;
    let centre = telling.look("centre", move |tx| organization::of_bureau(tx, id, OrganizationKind::Centre)).remove(0);
    assert_eq!((centre.path, centre.reach), (format!("/{id}/{}/", centre.id), bureau.path.clone()));
    let offices = telling.look("offices", move |tx| organization::of_bureau(tx, id, OrganizationKind::Office));
    assert!(offices.iter().all(|office| office.path == format!("/{id}/{}/", office.id) && office.reach == office.path));
    assert!(offices.contains(&one) && offices.iter().all(|office| office.version == one.version));
}
