//! Every act has its sentence; the consumer hears what concerns her and nobody's name.

use domain::act::{Act, AgreementItem};
use domain::case_kind::CaseKind;
use domain::narration::{Audience, Names, tell};
use domain::operator::Tie;
use domain::reward::{Level, Merit};
use domain::rewarding::{NoticeWay, PaymentWay, Shown};
use domain::rule_book::RuleBook;
use domain::rule_set::{Ground, Limit};
use jiff::Timestamp;
use jiff::civil::date;

struct Known(RuleBook);

impl Names for Known {
    fn organization(&self, id: i64) -> String {
        format!("第{id}局")
    }

    fn person(&self, account_id: i64) -> String {
        format!("王{account_id}")
    }

    fn operator(&self, id: i64) -> String {
        format!("第{id}家")
    }

    fn code(&self, _: &str, key: &str) -> String {
        key.to_owned()
    }

    fn refusal_ground(&self, item: u32) -> Option<&Ground> {
        self.0.get("national-2026")?.refusal_ground(item)
    }

    fn termination_ground(&self, item: u32) -> Option<&Ground> {
        self.0.get("national-2026")?.termination_ground(item)
    }

    fn limit(&self, key: &str) -> Option<&Limit> {
        self.0.all().iter().find_map(|set| set.limit(key))
    }
}

fn text(words: &str) -> String {
    words.to_owned()
}

/// One of each, with a name in every free text that colleagues write for themselves.
fn acts() -> Vec<(Act, bool)> {
    let at: Timestamp = "2026-11-24T06:30:00Z".parse().expect("an instant");
    let item = AgreementItem { text: text("退还货款"), amount: 46_900, due: Some(date(2026, 12, 1)) };
    let inside = || text("王所长说先放一放");
    vec![
        (
            Act::File {
                kind: CaseKind::Complaint,
                channel: text("web"),
                bureau: 1,
                intake: 2,
                rule_set: text("national-2026"),
                overlay: None,
                registered: false,
                evidence: 2,
                named: None,
                earlier: None,
                origin: None,
            },
            true,
        ),
        (Act::Register { title: text("座椅"), category: text("food"), problem: text("quality") }, true),
        (Act::Forward { bureau: 3, intake: 4, overlay: None, reason: inside() }, true),
        (Act::Accept { note: inside() }, true),
        (Act::Refuse { ground: 1, reason: text("商家不在本辖区") }, true),
        (Act::Dispatch { unit: 5, reason: inside() }, true),
        (Act::Assign { lead: 7, partner: 8 }, true),
        (Act::Return { code: text("not_in_area"), reason: inside() }, false),
        (Act::SuperiorUrge { by: 3, words: inside() }, false),
        (Act::Supervise { by: 3, automatic: true, what: inside(), reason: inside() }, false),
        (Act::AnswerSupervision { news: inside() }, false),
        (Act::EndSupervision { opinion: inside() }, false),
        (
            Act::NoteChecked {
                check: 1,
                by: 3,
                failed: vec![text("told_in_time")],
                words: inside(),
                rectify_by: Some(date(2026, 12, 1)),
            },
            false,
        ),
        (Act::Rectify { words: inside() }, false),
        (Act::CloseRectification { again_by: Some(date(2026, 12, 8)), opinion: inside() }, false),
        (Act::CloseRectification { again_by: None, opinion: inside() }, false),
        (Act::RaiseDispute { with: 3, with_intake: 4, superior: 5, directly: false, reason: inside() }, true),
        (Act::AgreeDispute { bureau: 3, intake: 4, overlay: None, takes: true, opinion: inside(), told: None }, true),
        (Act::AgreeDispute { bureau: 3, intake: 4, overlay: None, takes: false, opinion: inside(), told: None }, false),
        (Act::DesignateDispute { bureau: 3, intake: 4, overlay: None, reason: inside(), told: None }, true),
        (Act::ProposeReferral { body: text("transport"), reason: inside() }, false),
        (Act::ApproveReferral { body: text("transport"), opinion: inside() }, true),
        (Act::DeclineReferral { opinion: inside() }, false),
        (Act::Assist { unit: 5, asked: inside() }, false),
        (Act::RecordAssist { unit: 5, answer: inside() }, false),
        (Act::ReportUp { level: text("mass"), kind: text("prepaid"), to: 3, on_site: None, reason: inside() }, false),
        (Act::Acknowledge { opinion: inside() }, false),
        (Act::Arrive { at, note: inside() }, true),
        (Act::Notify { at, place: text("所里"), mode: text("onsite"), bring: inside(), enclosed: Vec::new() }, true),
        (Act::RecordAnswer { answer: inside(), agrees: true }, true),
        (Act::Arrange { at, place: String::new(), mode: text("phone") }, true),
        (
            Act::RecordMeeting {
                at,
                mode: text("video"),
                complainant_present: true,
                respondent_present: false,
                absence: None,
                transcript: inside(),
            },
            true,
        ),
        (Act::Settle { items: vec![item], recovered: 46_900, paper: true }, true),
        (Act::Terminate { ground: 2, reason: inside() }, true),
        (Act::Approve { opinion: inside() }, true),
        (Act::SendBack { opinion: inside() }, false),
        (Act::Tell { result: text("已退款") }, true),
        (Act::RecordPerformance { item: 1, performed: true, note: inside() }, true),
        (Act::Archive { file_number: text("1"), papers: 9 }, true),
        (Act::Urge { words: text("有消息吗？") }, true),
        (Act::AnswerUrge { answer: text("明天调解") }, true),
        (Act::Withdraw { reason: text("和解了") }, true),
        (Act::AddEvidence { files: 1, note: text("收据") }, true),
        (
            Act::ProposeReward {
                merit: Merit {
                    level: Level::Second,
                    fine: 10_000_000,
                    raised: None,
                    stated: None,
                    together: 1,
                    already: 0,
                },
                sum: 300_000,
                needs_finance: false,
                gravity: text("large_fine"),
                scope: text("safety"),
                same_case: Vec::new(),
                reason: inside(),
                by: 1,
            },
            false,
        ),
        (Act::ProposeNoReward { ground: text("not_grave"), reason: inside(), by: 1 }, false),
        (Act::RecordFinance { agreed: true, document: inside(), day: date(2026, 12, 1), words: text("请核实") }, false),
        (Act::ApproveReward { opinion: inside(), by: 1 }, false),
        (Act::SendBackReward { opinion: inside() }, false),
        (Act::TellReward { granted: true, way: NoticeWay::Page }, false),
        (Act::ClaimReward {}, false),
        (Act::ExtendClaim { by: 10, reason: inside() }, false),
        (Act::WaiveReward { lapsed: true }, false),
        (Act::AskReview { digest: inside() }, false),
        (Act::AnswerReview { changed: true, answer: inside() }, false),
        (
            Act::PayReward {
                day: date(2026, 12, 1),
                way: PaymentWay::Cash,
                sum: 300_000,
                voucher: inside(),
                shown: Shown::Code,
            },
            false,
        ),
        (Act::LinkOperator { operator: Some(3), by: Some(Tie::CreditCode) }, false),
        (Act::LinkOperator { operator: None, by: None }, false),
        (Act::Rate { solved: true, mark: 5, words: text("谢谢") }, true),
        (Act::Note { text: inside() }, false),
        (Act::Suspend { cause: text("鉴定"), reason: text("送检") }, true),
        (Act::Resume { reason: inside() }, true),
        (Act::RequestExtension { limit: text("mediation"), reason: inside() }, false),
        (Act::GrantExtension { limit: text("close_promised"), by: 5 }, true),
        (Act::DeclineExtension { limit: text("mediation"), reason: inside() }, false),
        (
            Act::MoveDeadline {
                limit: text("acceptance"),
                from: date(2026, 12, 1),
                to: date(2026, 12, 2),
                source: text("放假通知"),
            },
            true,
        ),
        (Act::NoteVisit { result: text("reached"), solved: Some(false), mark: Some(2) }, false),
        (Act::NoteVisit { result: text("declined"), solved: None, mark: None }, false),
        (Act::NoteDue { limit: text("acceptance"), due: date(2026, 12, 1) }, false),
        (Act::NoteOverdue { limit: text("acceptance"), due: date(2026, 12, 1) }, false),
    ]
}

#[test]
fn colleagues_hear_of_every_act_in_a_whole_sentence() {
    let names = Known(RuleBook::builtin().expect("the law reads"));
    for (act, _) in acts() {
        let words = tell(&act, Audience::Staff, &names).unwrap_or_else(|| panic!("{act:?}"));
        assert!(words.ends_with(['。', '？', '！']), "{words}");
        for slip in ["。。", "？。", "，。", "{", "}", "：。"] {
            assert!(!words.contains(slip), "{words}");
        }
    }
}

#[test]
fn the_consumer_hears_what_concerns_her_and_nothing_said_among_colleagues() {
    let names = Known(RuleBook::builtin().expect("the law reads"));
    for (act, hers) in acts() {
        let words = tell(&act, Audience::Complainant, &names);
        assert_eq!(words.is_some(), hers, "{act:?}");
        assert!(!words.unwrap_or_default().contains('王'), "{act:?}");
    }
}

#[test]
fn times_sums_and_grounds_are_told_as_people_say_them() {
    let names = Known(RuleBook::builtin().expect("the law reads"));
    let told = |act: &Act| tell(act, Audience::Complainant, &names).unwrap_or_default();
    let acts = acts();
    let of = |key: &str| &acts.iter().find(|(act, _)| act.key() == key).expect("there is one of each").0;
    assert_eq!(told(of("notify")), "已通知商家，约定11月24日 周二 14:30，在所里现场调解。");
    assert_eq!(told(of("arrange")), "另约11月24日 周二 14:30 电话调解。");
    assert_eq!(told(of("urge")), "您催办了一次。有消息吗？");
    assert!(told(of("refuse")).starts_with("决定不予受理：投诉事项不属于市场监督管理部门职责"));
    let settled = tell(of("settle"), Audience::Staff, &names).unwrap_or_default();
    assert_eq!(
        settled,
        "双方达成协议，制作调解书，报请审批：退还货款（469 元），12月1日 周二前履行。挽回损失 469 元。"
    );
}
