//! Papers brought to their sides.

use domain::mediation::Side;
use domain::service::{ServiceOutcome, ServiceWay};
use jiff::civil::{Date, date};
use store::service::{self, AddressRow, ServiceRow};

use super::seed::{self, minute, tree};
use super::{Behaviour, Telling};

/// What is promised of them.
pub const BEHAVIOURS: &[Behaviour] = &[Behaviour {
    name: "every try to serve a paper stays, what a side signed last stands",
    covers: &["service::insert", "service::of_case", "service::put_address", "service::addresses"],
    run: served,
}];

fn tried(paper_id: i64, outcome: ServiceOutcome, effective_on: Option<Date>) -> ServiceRow {
    ServiceRow {
        id: 0,
        paper_id,
        side: Side::Respondent,
        way: ServiceWay::Post,
        outcome,
        day: date(2026, 6, 3),
        effective_on,
        tracking: "XA1".to_owned(),
        receipt_id: None,
        proof_id: None,
        made_by: None,
        made_at: minute(1),
    }
}

fn signed(side: Side, electronic: bool) -> AddressRow {
    AddressRow {
        side,
        electronic,
        mobile: "13800130001".to_owned(),
        fax: String::new(),
        email: "a@example.cn".to_owned(),
        account: String::new(),
        address: "经三路 8 号".to_owned(),
        postcode: "450000".to_owned(),
        receiver: "王某".to_owned(),
        receiver_phone: String::new(),
        signed_on: date(2026, 6, 1),
        proof_id: None,
    }
}

fn served(telling: &mut Telling) {
    let (case, other) = telling.act("start", |tx| {
        let tree = tree(tx)?;
        let cases = (seed::case(tx, tree, 1, 10)?, seed::case(tx, tree, 2, 10)?);
        let paper = store::paper::PaperRow {
            id: 0,
            event_number: 1,
            kind: "mediation_notice".to_owned(),
            title: "调解通知书".to_owned(),
            number: "1号".to_owned(),
            body: "{}".to_owned(),
            attachment_id: None,
            made_at: minute(1),
            made_by: None,
        };
        let paper = store::paper::insert(tx, cases.0, &paper)?;
        service::insert(tx, cases.0, &tried(paper, ServiceOutcome::UnderWay, None))?;
        service::insert(tx, cases.0, &tried(paper, ServiceOutcome::Served, Some(date(2026, 6, 8))))?;
        service::put_address(tx, cases.0, &signed(Side::Respondent, false), minute(1))?;
        service::put_address(tx, cases.0, &signed(Side::Complainant, false), minute(1))?;
        service::put_address(tx, cases.0, &signed(Side::Respondent, true), minute(2))?;
        Ok(cases)
    });
    let rows = telling.look("tries", move |tx| service::of_case(tx, case));
    let came = |row: &ServiceRow| (row.outcome, row.effective_on);
    assert_eq!(
        rows.iter().map(came).collect::<Vec<_>>(),
        [(ServiceOutcome::UnderWay, None), (ServiceOutcome::Served, Some(date(2026, 6, 8)))]
    );
    let all = telling.look("signed", move |tx| service::addresses(tx, case));
    assert_eq!(all, [signed(Side::Complainant, false), signed(Side::Respondent, true)]);
    assert_eq!(telling.look("other", move |tx| service::addresses(tx, other)), []);
    assert_eq!(telling.look("other tries", move |tx| service::of_case(tx, other)), []);
}
