//! What the decision on acceptance looks at: like cases, and what a consumer was asked to bring.

use jiff::civil::date;
use store::likeness::{self, LikeKey};
use store::party::{self, Contact, Party};
use store::supplement::{self, SupplementRow};

use super::seed::{self, minute, tree};
use super::{Behaviour, Telling};

/// What is promised of it.
pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        name: "like cases are found by telephone, address, order and shop",
        covers: &["likeness::by"],
        run: like,
    },
    Behaviour {
        name: "a request for materials waits, is answered or lapses once",
        covers: &[
            "supplement::insert",
            "supplement::of_case",
            "supplement::answer",
            "supplement::lapsing",
            "supplement::note_lapsed",
        ],
        run: requests,
    },
    Behaviour { name: "a consumer's data are corrected", covers: &["party::correct", "party::end"], run: corrected },
];

fn person(role: &str) -> Party {
    Party {
        role: role.to_owned(),
        name: "陈晓梅".to_owned(),
        phone: "13837120001".to_owned(),
        address: "花园路1号".to_owned(),
        ..Party::default()
    }
}

fn like(telling: &mut Telling) {
    let (first, second) = telling.act("cases", |tx| {
        let tree = tree(tx)?;
        let (first, second) = (seed::case(tx, tree, 1, 10)?, seed::case(tx, tree, 2, 20)?);
        for id in [first, second] {
            party::insert(tx, id, &person("complainant"))?;
            party::insert(tx, id, &person("respondent"))?;
            tx.execute(
                "UPDATE cases SET order_number = 'A-1', respondent_name = '好又来超市' WHERE id = $1",
                store::params![id],
            )?;
        }
        Ok((first, second))
    });
    telling.act("an agent", move |tx| {
        party::insert(tx, first, &Party { phone: "13900000009".to_owned(), ..person("agent") })
    });
    let ids = |rows: &[likeness::LikeRow]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    let since = minute(0);
    let found = telling.look("phone", move |tx| likeness::by(tx, LikeKey::Phone("13837120001"), second, since, 10));
    assert_eq!(ids(&found), [first]);
    let found = telling.look("address", move |tx| likeness::by(tx, LikeKey::Address("花园路1号"), first, since, 10));
    assert_eq!(ids(&found), [second]);
    let found = telling.look("order", move |tx| likeness::by(tx, LikeKey::Order("A-1"), 0, since, 10));
    assert_eq!(ids(&found), [second, first], "newest first");
    let found = telling.look("shop", move |tx| likeness::by(tx, LikeKey::Respondent("好又来超市"), 0, since, 1));
    assert_eq!(ids(&found), [second]);
    let found = telling.look("agent", move |tx| likeness::by(tx, LikeKey::Agent("13900000009"), 0, since, 10));
    assert_eq!(ids(&found), [first]);
    assert_eq!(telling.look("nothing", move |tx| likeness::by(tx, LikeKey::Order(""), 0, since, 10)), []);
    let later = telling.look("later", move |tx| likeness::by(tx, LikeKey::Phone("13837120001"), 0, minute(2), 10));
    assert_eq!(ids(&later), [second]);
}

fn requests(telling: &mut Telling) {
    let id = telling.act("a case", |tx| {
        let tree = tree(tx)?;
        let id = seed::case(tx, tree, 1, 10)?;
        tx.execute("UPDATE cases SET status = 'registered' WHERE id = $1", store::params![id])?;
        Ok(id)
    });
    let row = move |kind: &str, day| SupplementRow {
        id: 0,
        case_id: id,
        kind: kind.to_owned(),
        wanted: "demand,facts".to_owned(),
        words: "请补小票".to_owned(),
        by_day: date(2026, 6, day),
        asked_at: minute(1),
        answered_at: None,
        lapsed_at: None,
    };
    let first = telling.act("ask", move |tx| supplement::insert(tx, &row("materials", 5)));
    telling.act("ask again", move |tx| supplement::insert(tx, &row("identity", 8)).map(drop));
    assert_eq!(telling.look("both", move |tx| supplement::of_case(tx, id)).len(), 2);
    assert_eq!(telling.look("on the day", |tx| supplement::lapsing(tx, date(2026, 6, 5), 10)), []);
    let late = telling.look("the day after", |tx| supplement::lapsing(tx, date(2026, 6, 6), 10));
    assert_eq!(late.iter().map(|it| it.id).collect::<Vec<_>>(), [first]);
    assert!(telling.act("note", move |tx| supplement::note_lapsed(tx, first, minute(5))));
    assert!(!telling.act("once", move |tx| supplement::note_lapsed(tx, first, minute(6))));
    assert_eq!(telling.act("answer", move |tx| supplement::answer(tx, id, minute(7))), 2);
    assert_eq!(telling.act("answered", move |tx| supplement::answer(tx, id, minute(8))), 0);
    assert_eq!(telling.look("none waits", |tx| supplement::lapsing(tx, date(2026, 6, 30), 10)), []);
}

fn corrected(telling: &mut Telling) {
    let id = telling.act("a case", |tx| {
        let tree = tree(tx)?;
        let id = seed::case(tx, tree, 1, 10)?;
        party::insert(tx, id, &person("complainant"))?;
        party::insert(tx, id, &person("respondent"))?;
        Ok(id)
    });
    let contact = Contact {
        name: "陈小梅".to_owned(),
        phone: "13937120009".to_owned(),
        address: "东风路8号".to_owned(),
        email: "chen@example.cn".to_owned(),
        id_kind: "citizen_id".to_owned(),
        id_number: "410105".to_owned(),
    };
    telling.act("correct", move |tx| party::correct(tx, id, &contact));
    let parties = telling.look("parties", move |tx| party::of_case(tx, id));
    assert_eq!(parties.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["陈小梅", "陈晓梅"]);
    let case = telling.look("case", move |tx| store::case::by_id(tx, id)).expect("it is there");
    assert_eq!(case.matter.complainant_name, "陈小梅");
    let agent = Party { mandate: "{}".to_owned(), represents_id: Some(parties[0].id), ..person("agent") };
    let agent = telling.act("an agent", move |tx| party::insert(tx, id, &agent));
    assert!(telling.act("end", move |tx| party::end(tx, id, agent, minute(9))));
    assert!(!telling.act("end once", move |tx| party::end(tx, id, agent, minute(9))));
    assert!(!telling.act("of another case", move |tx| party::end(tx, id + 1, agent, minute(9))));
    let parties = telling.look("all", move |tx| party::of_case(tx, id));
    assert_eq!(parties.last().and_then(|it| it.ended_at), Some(minute(9)));
    assert_eq!(parties.last().and_then(|it| it.represents_id), Some(parties[0].id));
}
