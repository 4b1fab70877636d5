//! Every act with particulars that are in order, so that a test can say "tries to accept" in a word; and the ordinary course
//! as far as a test needs it.

use casework::actor::Actor;
use casework::appraisal::{self, Appraisal};
use casework::copies::{self, Enclosed, Purpose, Source, Wish};
use casework::major::Report;
use casework::mediation::{Appointment, Meeting};
use casework::repeat::{self, Again};
use casework::report::Proposed;
use casework::split::{self, Part};
use casework::{
    ActError, Scene, acceptance, answer, approval, archive, assignment, assist, clue, consumer, delegation, dispatch,
    dispute, feedback, handing_on, major, mediation, on_the_spot, recusal, registration, reopening, report, reporter,
    spot_check, supervision, timing, transfer,
};
use domain::act::AgreementItem;
use domain::action::Action;
use domain::clock::beijing_day;
use domain::mediation::{Payer, Side};
use domain::money::Money;
use domain::reporting::{Decision, Same};
use domain::status::Status;
use jiff::{SignedDuration, Timestamp};
use store::attachment::AttachmentRow;
use store::case::CaseRow;
use store::{StoreError, Tx};

use crate::world::{World, hours};

/// The places and people that particulars name.
#[derive(Clone, Debug)]
pub struct Named {
    /// Where a case is dispatched to.
    pub office: i64,
    /// Where it is forwarded to.
    pub other_bureau: i64,
    /// The office asked to help.
    pub next_office: i64,
    /// First officer.
    pub lead: i64,
    /// Second officer.
    pub partner: i64,
    /// An officer of the office who is not on the case.
    pub third: i64,
}

impl Named {
    /// Those of the world.
    pub fn of(world: &World) -> Named {
        Named {
            office: world.place("office"),
            other_bureau: world.place("other"),
            next_office: world.place("next_office"),
            lead: world.account("officer1"),
            partner: world.account("officer2"),
            third: world.account("officer3"),
        }
    }
}

/// The meeting two days on.
pub fn appointment(now: Timestamp) -> Appointment {
    Appointment {
        at: now + SignedDuration::from_hours(48),
        place: "经八路所调解室".to_owned(),
        mode: "onsite".to_owned(),
    }
}

/// One item, performed at once, and one to be performed.
pub fn items() -> Vec<AgreementItem> {
    vec![
        AgreementItem { text: "商家退货退款".to_owned(), amount: 29_900, due: None },
        AgreementItem { text: "商家上门取货".to_owned(), amount: 0, due: Some(jiff::civil::date(2027, 6, 1)) },
    ]
}

/// The files of an upload that a consumer adds.
pub fn upload(tx: &mut Tx<'_>, key: &str, now: Timestamp) -> Result<(), StoreError> {
    let file = AttachmentRow {
        id: 0,
        case_id: None,
        draft_hash: Some(key.to_owned()),
        name: "小票.jpg".to_owned(),
        media_type: "image/jpeg".to_owned(),
        size: 12_345,
        sha256: "ab".repeat(32),
        added_by: "complainant".to_owned(),
        added_at: now,
    };
    store::attachment::insert(tx, &file).map(drop)
}

/// Does an act with particulars that are in order.
pub fn perform(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    action: Action,
    named: &Named,
) -> Result<CaseRow, ActError> {
    match action {
        Action::Register => registration::register(tx, scene, number, seen, "电饭煲不加热", "food", "quality"),
        Action::Forward => dispatch::forward(tx, scene, number, seen, named.other_bureau, "实际经营地在中原区"),
        Action::Accept => acceptance::accept(tx, scene, number, seen, ""),
        Action::Refuse => acceptance::refuse(tx, scene, number, seen, 1, "不是为生活消费需要购买"),
        Action::Dispatch => dispatch::dispatch(tx, scene, number, seen, named.office, "辖区"),
        Action::Assign => assignment::assign(tx, scene, number, seen, named.lead, named.partner),
        Action::Replace => assignment::replace(tx, scene, number, seen, named.partner, named.third, "调往其他单位"),
        Action::Return => dispatch::give_back(tx, scene, number, seen, "not_in_area", "不在辖区"),
        Action::Notify => mediation::notify(tx, scene, number, seen, &appointment(scene.now), "", &Enclosed::default()),
        Action::RecordAnswer => mediation::record_answer(tx, scene, number, seen, "同意调解", true),
        Action::Arrange => mediation::arrange(tx, scene, number, seen, &appointment(scene.now)),
        Action::RecordMeeting => mediation::record_meeting(tx, scene, number, seen, &meeting(scene.now)),
        Action::Settle => mediation::settle(tx, scene, number, seen, items(), Money::from_fen(29_900), true),
        Action::Terminate => mediation::terminate(tx, scene, number, seen, 1, "双方不能达成一致"),
        Action::Approve => approval::approve(tx, scene, number, seen, "同意"),
        Action::SendBack => approval::send_back(tx, scene, number, seen, "请再调解一次"),
        Action::Tell => feedback::tell(tx, scene, number, seen, ""),
        Action::RecordPerformance => feedback::record_performance(tx, scene, number, seen, 1, true, "有转账截图"),
        Action::Archive => archive::archive(tx, scene, number, seen),
        Action::Urge => consumer::urge(tx, scene, number, seen, "怎么样了"),
        Action::AnswerUrge => consumer::answer_urge(tx, scene, number, seen, "已约好调解"),
        Action::Withdraw => consumer::withdraw(tx, scene, number, seen, "已和解"),
        Action::AddEvidence => {
            upload(tx, "upload", scene.now)?;
            consumer::add_evidence(tx, scene, number, seen, "upload", "小票")
        }
        Action::MakeCopy => {
            let original = copies::original(tx, scene, number, Source::Facts)?;
            let made = copies::text_copy(&original, &copies::mark(&original, &Wish::default()))?;
            copies::put(&scene.house.settings.data, &made)?;
            let purpose = Purpose { purpose: "respondent".to_owned(), recipient: "被投诉人".to_owned() };
            copies::record(tx, scene, number, seen, &original, &made, &purpose)
        }
        Action::Answer => answer::answer(tx, scene, number, seen, "可以，请在七日内提出", false),
        Action::Split => split::split(tx, scene, number, seen, &other_matter()),
        Action::Rate => feedback::rate(tx, scene, number, seen, true, 5, "谢谢"),
        Action::RequestMaterials
        | Action::RequestIdentity
        | Action::Supplement
        | Action::Merge
        | Action::Unmerge
        | Action::Link
        | Action::Unlink
        | Action::AddParty
        | Action::EndParty
        | Action::LinkOperator
        | Action::RecordConsent => crate::accepting_acts::perform(tx, scene, number, seen, action),
        Action::Note => timing::note(tx, scene, number, seen, "商家下午回电"),
        Action::Suspend => timing::suspend(tx, scene, number, seen, "鉴定", "送检"),
        Action::Resume => timing::resume(tx, scene, number, seen, "报告已出"),
        Action::RequestRecusal => {
            recusal::request(tx, scene, number, seen, Side::Respondent, named.lead, "与投诉人是亲属")
        }
        Action::DecideRecusal => recusal::decide(tx, scene, number, seen, true, named.third, "确有利害关系"),
        Action::Appraise => appraisal::appraise(tx, scene, number, seen, &sent()),
        Action::RecordAppraisal => {
            let today = beijing_day(scene.now);
            appraisal::record_result(tx, scene, number, seen, "加热管断裂", Some(today))
        }
        Action::ProposeTerms => delegation::propose_terms(tx, scene, number, seen, Side::Respondent, "退一半货款"),
        Action::Delegate => delegation::delegate(tx, scene, number, seen, "金水区消费者协会", "退货争议", (true, true)),
        Action::RecordDelegated => delegation::record_result(tx, scene, number, seen, false, "双方分歧大"),
        Action::TakeBack => delegation::take_back(tx, scene, number, seen, "商家不再同意"),
        Action::SettleOnSpot => on_the_spot::settle(tx, scene, number, seen, items(), Money::from_fen(29_900), true),
        Action::Reopen => reopening::reopen(tx, scene, number, seen, "退款没有到账"),
        Action::FindClue => clue::find(tx, scene, number, seen, "标签没有厂名厂址"),
        Action::CheckClue => clue::check(tx, scene, number, seen, true, "查实后立案"),
        Action::MakeLead => clue::make_lead(tx, scene, number, seen, &crate::leads::lead()),
        Action::RecordPenalty => report::record_penalty(tx, scene, number, seen, &crate::penalties::penalty(scene)),
        Action::RecordTransfer => {
            let today = beijing_day(scene.now);
            report::record_transfer(tx, scene, number, seen, Some(today), "区公安分局经侦大队接收，回执 12 号")
        }
        Action::DecideClueTime => timing::decide_clue_time(tx, scene, number, seen, true, "需要外地协查"),
        Action::ReferLegalAid => handing_on::legal_aid(tx, scene, number, seen, "金水区法律援助中心", "争议复杂"),
        Action::RecordInquiry => report::inquire(tx, scene, number, seen, "现场检查，货架上有过期食品三件"),
        Action::NoteDuty => report::note_duty(tx, scene, number, seen, "food"),
        Action::ProposeOpening => report::propose_opening(tx, scene, number, seen, "涉嫌经营超过保质期的食品"),
        Action::ProposeNotOpening => report::propose_not_opening(tx, scene, number, seen, 5, "现场没有发现"),
        Action::ProposeDecision => {
            let proposed = Proposed::new(Decision::Penalty, 500_000, "警告并罚款");
            report::propose_decision(tx, scene, number, seen, &proposed)
        }
        Action::AskReporter => reporter::ask(tx, scene, number, seen, "过期食品放在哪个货架"),
        Action::WriteOfficers => reporter::write(tx, scene, number, seen, "在最里面的冷柜"),
        Action::TellFiling => report::tell_filing(tx, scene, number, seen),
        Action::JoinForces => report::join_forces(tx, scene, number, seen, "区公安分局", "联合检查，查封仓库一处"),
        Action::ReadReporter => reporter::read(tx, scene, number, seen),
        Action::ProposeReward
        | Action::ProposeNoReward
        | Action::RecordFinance
        | Action::ApproveReward
        | Action::SendBackReward
        | Action::TellReward
        | Action::ClaimReward
        | Action::ExtendClaim
        | Action::WaiveReward
        | Action::AskReview
        | Action::AnswerReview
        | Action::PayReward => crate::rewarding::perform(tx, scene, number, seen, action),
        Action::Serve | Action::ConfirmAddress => crate::service::perform(tx, scene, number, seen, action),
        Action::NotSeparately => {
            let of = crate::report_again::earlier(tx, scene, number)?;
            let again = Again { of: &of, same: Some(Same::Told), reason: "时间、地点、商品都相同" };
            repeat::not_separately(tx, scene, number, seen, &again)
        }
        Action::TurnAway => report::turn_away(tx, scene, number, seen, ("市生态环境局", None), "是油烟排放的问题"),
        Action::ReferPolice => handing_on::police(tx, scene, number, seen, "小票系伪造"),
        Action::DecidePolice => handing_on::decide_police(tx, scene, number, seen, true, "同意移送"),
        Action::RequestExtension => timing::request_extension(tx, scene, number, seen, "close_promised", "等检测报告"),
        Action::GrantExtension => timing::grant_extension(tx, scene, number, seen),
        Action::DeclineExtension => timing::decline_extension(tx, scene, number, seen, "可以按期办结"),
        Action::SuperiorUrge => supervision::urge(tx, scene, number, seen, "办到哪一步了"),
        Action::Supervise => supervision::supervise(tx, scene, number, seen, "七日内办结", "投诉人多次反映"),
        Action::AnswerSupervision => supervision::answer(tx, scene, number, seen, "已约定调解"),
        Action::EndSupervision => supervision::end(tx, scene, number, seen, "已有结果"),
        Action::RaiseDispute => {
            dispute::raise(tx, scene, number, seen, named.other_bureau, false, "实际经营地在中原区")
        }
        Action::AgreeDispute => dispute::agree(tx, scene, number, seen, true, "同意处理"),
        Action::DesignateDispute => dispute::designate(tx, scene, number, seen, named.other_bureau, "经营地在该区"),
        Action::ProposeReferral => transfer::propose(tx, scene, number, seen, "transport", "网约车服务质量"),
        Action::ApproveReferral => transfer::approve(tx, scene, number, seen, "同意移送"),
        Action::DeclineReferral => transfer::decline(tx, scene, number, seen, "继续处理"),
        Action::Assist => assist::assist(tx, scene, number, seen, named.next_office, "查看仓库"),
        Action::RecordAssist => assist::answer(tx, scene, number, seen, "库存已封存"),
        Action::ReportUp => major::report_up(tx, scene, number, seen, &reported()),
        Action::Acknowledge => major::acknowledge(tx, scene, number, seen, "请当天到现场"),
        Action::Arrive => major::arrive(tx, scene, number, seen, scene.now, "已到现场"),
        Action::Rectify => spot_check::rectify(tx, scene, number, seen, "已补发告知书"),
        Action::CloseRectification => spot_check::close_rectification(tx, scene, number, seen, true, "回执已入卷"),
    }
}

/// A question that stood in the same letter.
pub fn other_matter() -> Part {
    Part {
        kind: "consultation".to_owned(),
        title: "保修期从哪天算".to_owned(),
        facts: "另外想问保修期从哪天算".to_owned(),
        ..Part::default()
    }
}

/// A shop of prepaid cards closed, in the county town.
pub fn reported() -> Report {
    Report {
        level: "mass".to_owned(),
        kind: "prepaid".to_owned(),
        on_site: "on_site_county_town".to_owned(),
        reason: "预付卡商家关门，三十人到店".to_owned(),
    }
}

/// A cooker sent to a laboratory that both sides chose.
pub fn sent() -> Appraisal {
    Appraisal {
        cause: "检测".to_owned(),
        object: "电饭煲一台，不加热的原因".to_owned(),
        body: "省产品质量检验院".to_owned(),
        payer: Payer::Respondent,
        designated: false,
    }
}

fn meeting(now: Timestamp) -> Meeting {
    Meeting {
        at: now,
        mode: "onsite".to_owned(),
        complainant_present: true,
        respondent_present: true,
        absence: None,
        transcript: "双方各说经过。".to_owned(),
    }
}

impl World {
    /// Does an act with particulars that are in order.
    pub fn try_to(&self, who: &Actor, now: Timestamp, number: &str, action: Action) -> Result<CaseRow, ActError> {
        self.try_from_page(who, now, number, None, action)
    }

    /// The same from a page that showed the version `seen`.
    pub fn try_from_page(
        &self,
        who: &Actor,
        now: Timestamp,
        number: &str,
        seen: Option<i64>,
        action: Action,
    ) -> Result<CaseRow, ActError> {
        let (named, number) = (Named::of(self), number.to_owned());
        self.act(who, now, move |tx, scene| perform(tx, scene, &number, seen, action, &named))
    }

    /// The same, and it must succeed.
    pub fn does(&self, who: &str, now: Timestamp, number: &str, action: Action) -> CaseRow {
        let actor = match who {
            "consumer" => Actor::Complainant { case_id: self.case(number).id },
            name => self.staff(name),
        };
        self.try_to(&actor, now, number, action).unwrap_or_else(|error| panic!("{who} could not {action:?}: {error:?}"))
    }

    /// A new case brought to a status by the ordinary course, an hour for each act; gives its number.
    pub fn case_in(&self, status: Status) -> String {
        let registered = !matches!(status, Status::Filed);
        let number = if registered { self.registered(hours(0)) } else { self.filed(hours(0)) }.number;
        for (hour, (who, action)) in course_to(status).iter().enumerate() {
            self.does(who, hours(hour as i64 + 1), &number, *action);
        }
        assert_eq!(self.case(&number).state.status, status);
        number
    }
}

/// Where a complaint can stand; only a report is investigated.
pub fn statuses() -> impl Iterator<Item = &'static Status> {
    Status::ALL.iter().filter(|status| **status != Status::Investigating)
}

/// Who does what from a registered case to a status.
fn course_to(status: Status) -> &'static [(&'static str, Action)] {
    const ORDINARY: &[(&str, Action)] = &[
        ("dispatcher", Action::Accept),
        ("dispatcher", Action::Dispatch),
        ("leader", Action::Assign),
        ("officer1", Action::Notify),
        ("officer1", Action::Settle),
        ("leader", Action::Approve),
        ("officer2", Action::Tell),
        ("officer1", Action::Archive),
    ];
    match status {
        Status::Filed | Status::Registered => &[],
        Status::Accepted => &ORDINARY[..1],
        Status::Dispatched => &ORDINARY[..2],
        Status::Assigned => &ORDINARY[..3],
        Status::Mediating => &ORDINARY[..4],
        // Only a report is investigated.
        Status::Investigating => unreachable!("a complaint does not come there"),
        Status::PendingApproval => &ORDINARY[..5],
        Status::Concluded => &ORDINARY[..6],
        Status::Told => &ORDINARY[..7],
        Status::Archived => ORDINARY,
        Status::Refused => &[("dispatcher", Action::Refuse)],
        Status::Withdrawn => &[("consumer", Action::Withdraw)],
    }
}
