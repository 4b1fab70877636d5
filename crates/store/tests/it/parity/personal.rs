//! 个人信息请求、对外发布: asked and decided once, and what is erased is gone.

use domain::personal_data::{Asker, Right};
use domain::statement::{StatementKind, StatementState};
use jiff::civil::date;
use store::party::Party;
use store::personal::{Decided, NewRequest};
use store::statement::NewStatement;
use store::{paper, params, party, personal, statement};

use super::seed::{self, minute, tree};
use super::{Behaviour, Telling};

/// What is promised of them.
pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        name: "a request is decided once, and what was wanted is forgotten",
        covers: &[
            "personal::insert",
            "personal::find",
            "personal::of_case",
            "personal::of_bureau",
            "personal::decide",
            "personal::restrict",
        ],
        run: requested,
    },
    Behaviour {
        name: "what points to a person is taken away",
        covers: &["personal::erase", "paper::rewrite"],
        run: erased,
    },
    Behaviour {
        name: "a statement goes from proposal to publication",
        covers: &[
            "statement::insert",
            "statement::find",
            "statement::of_bureau",
            "statement::decide",
            "statement::publish",
            "statement::withdraw",
        ],
        run: stated,
    },
];

fn request(case_id: i64) -> NewRequest {
    NewRequest {
        case_id,
        right: Right::Correct,
        asker: Asker::Herself,
        words: "电话变了".to_owned(),
        wanted: "{\"phone\":\"1\"}".to_owned(),
        taken_by: None,
        due_day: date(2026, 6, 20),
    }
}

fn requested(telling: &mut Telling) {
    let (tree, case) = telling.act("start", |tx| {
        let tree = tree(tx)?;
        let case = seed::case(tx, tree, 1, 10)?;
        tx.execute("UPDATE cases SET consent_publish = 1 WHERE id = $1", params![case])?;
        Ok((tree, case))
    });
    let id = telling.act("ask", move |tx| personal::insert(tx, &request(case), minute(1)));
    let later = telling.act("another", move |tx| {
        personal::insert(tx, &NewRequest { right: Right::Delete, wanted: String::new(), ..request(case) }, minute(2))
    });
    let decided = Decided {
        granted: true,
        ground: String::new(),
        reason: "核对了证件".to_owned(),
        ends_on: Some(date(2030, 1, 1)),
        fields: "phone".to_owned(),
        by: String::new(),
        at: minute(3),
    };
    let again = decided.clone();
    assert!(telling.act("decide", move |tx| personal::decide(tx, id, &decided, tree.officer)));
    assert!(!telling.act("decide again", move |tx| personal::decide(tx, id, &again, tree.partner)));
    let row = telling.look("decided", move |tx| personal::find(tx, id)).expect("kept");
    assert_eq!(row.asked.wanted, "");
    assert_eq!(
        row.decided.map(|it| (it.granted, it.by, it.ends_on)),
        Some((true, "张三".to_owned(), Some(date(2030, 1, 1))))
    );
    let order = telling.look("of the bureau", move |tx| personal::of_bureau(tx, tree.bureau, 10));
    assert_eq!(order.iter().map(|row| row.id).collect::<Vec<_>>(), [later, id], "what waits first");
    assert_eq!(telling.look("of the case", move |tx| personal::of_case(tx, case)).len(), 2);
    telling.act("restrict", move |tx| personal::restrict(tx, case));
    let row = telling.look("restricted", move |tx| store::case::by_id(tx, case)).expect("the case");
    assert_eq!(row.matter.consent_publish, Some(false));
}

fn erased(telling: &mut Telling) {
    let case = telling.act("start", |tx| {
        let tree = tree(tx)?;
        let case = seed::case(tx, tree, 1, 10)?;
        for role in ["complainant", "respondent"] {
            let person = Party {
                role: role.to_owned(),
                name: role.to_owned(),
                phone: "13837120001".to_owned(),
                ..Party::default()
            };
            party::insert(tx, case, &person)?;
        }
        Ok(case)
    });
    let made = paper::PaperRow {
        id: 0,
        event_number: 1,
        kind: "registration_form".to_owned(),
        title: "登记表".to_owned(),
        number: String::new(),
        body: "陈晓梅".to_owned(),
        attachment_id: None,
        made_at: minute(1),
        made_by: None,
    };
    let id = telling.act("a paper", move |tx| paper::insert(tx, case, &made));
    telling.act("rewrite", move |tx| paper::rewrite(tx, id, "清除"));
    assert_eq!(telling.look("paper", move |tx| paper::of_case(tx, case))[0].body, "清除");
    let files = telling.act("erase", move |tx| personal::erase(tx, case, "已删除"));
    assert!(files.is_empty());
    let parties = telling.look("parties", move |tx| party::of_case(tx, case));
    assert_eq!((parties[0].name.as_str(), parties[0].phone.as_str()), ("已删除", ""));
    assert_eq!(parties[1].name, "respondent", "the other side stays");
    let row = telling.look("case", move |tx| store::case::by_id(tx, case)).expect("it stays");
    assert_eq!((row.matter.complainant_name.as_str(), row.matter.facts.as_str()), ("已删除", "已删除"));
}

fn stated(telling: &mut Telling) {
    let tree = telling.act("start", tree);
    let new = NewStatement {
        bureau_id: tree.bureau,
        kind: StatementKind::Publication,
        title: "消费提示".to_owned(),
        medium: "本局公众号".to_owned(),
        occasion: String::new(),
        text: "保留小票。".to_owned(),
        cases: String::new(),
        proposed_by: tree.officer,
    };
    let (other, refused) = (new.clone(), new.clone());
    let id = telling.act("propose", move |tx| statement::insert(tx, &new, minute(1)));
    assert!(!telling.act("not approved", move |tx| statement::publish(tx, id, "公众号", minute(2))));
    assert!(telling.act("approve", move |tx| statement::decide(tx, id, true, "同意", tree.partner, minute(3))));
    assert!(!telling.act("again", move |tx| statement::decide(tx, id, false, "不", tree.partner, minute(4))));
    assert!(telling.act("publish", move |tx| statement::publish(tx, id, "公众号", minute(5))));
    assert!(!telling.act("too late", move |tx| statement::withdraw(tx, id)));
    let second = telling.act("another", move |tx| statement::insert(tx, &other, minute(6)));
    assert!(telling.act("withdraw", move |tx| statement::withdraw(tx, second)));
    let third = telling.act("a third", move |tx| statement::insert(tx, &refused, minute(7)));
    let order = telling.look("of the bureau", move |tx| statement::of_bureau(tx, tree.bureau, 10));
    assert_eq!(order.iter().map(|row| row.id).collect::<Vec<_>>(), [third, second, id], "what waits first");
    let row = telling.look("one", move |tx| statement::find(tx, id)).expect("kept");
    assert_eq!((row.state, row.decider.as_deref()), (StatementState::Published, Some("李四")));
}
