//! The ordinary courses, from the filing to the archive: what most cases are, and what the turns turn off from.

use domain::action::Action;
use domain::case_kind::CaseKind;

use super::course::{Beat, Wait, decision_wait};
use super::hands::Hand;
use super::vocabulary::{Generator, between, per_mille};

/// What is said in a complaint.
#[derive(Clone, Debug)]
pub struct Said {
    /// Comes in by itself; otherwise an agent types it.
    pub by_itself: bool,
    /// How it ends.
    pub end: End,
    /// The respondent's answer, if it answers, and whether it agrees to mediate.
    pub answer: Option<(String, bool)>,
    /// The talk at the meeting.
    pub transcript: String,
    /// Solved, mark, words.
    pub rating: Option<(bool, u8, String)>,
}

/// How a complaint ends.
#[derive(Clone, Debug)]
pub enum End {
    /// 不予受理: item and why.
    Refuse(u32, String),
    /// 调解协议.
    Settle,
    /// 终止调解: item and why.
    Terminate(u32, String),
    /// 撤回.
    Withdraw(String),
}

/// The item of termination under which the shop stayed away.
const STAYED_AWAY: u32 = 2;

/// The course of a complaint.
pub fn complaint(rng: &mut Generator, said: &Said) -> Vec<Beat> {
    use Action as A;
    use Wait::{Done, Minutes, Workdays};
    let mut beats = vec![Beat::file()];
    if said.by_itself {
        beats.push(Beat::act(A::Register, Hand::Agent, Minutes(15, 300)));
    }
    let decide = decision_wait(rng);
    if let End::Refuse(item, reason) = &said.end {
        beats.push(Beat { item: *item, ..Beat::act(A::Refuse, Hand::Dispatcher, decide).saying(reason) });
        beats.push(Beat::act(A::Archive, Hand::Keeper, Workdays(3, 12)));
        return beats;
    }
    beats.push(Beat::act(A::Accept, Hand::Dispatcher, decide));
    beats.push(Beat::act(A::Dispatch, Hand::Dispatcher, Minutes(8, 260)));
    beats.push(Beat::act(A::Assign, Hand::OfficeLeader, Minutes(30, 460)));
    beats.push(Beat::act(A::Notify, Hand::Lead, Workdays(0, 1)).saying("营业执照、交易记录、进货和售后凭证"));
    if let Some((answer, agrees)) = &said.answer {
        beats.push(Beat { yes: *agrees, ..Beat::act(A::RecordAnswer, Hand::Lead, Workdays(0, 2)).saying(answer) });
    }
    let away = matches!(said.end, End::Terminate(STAYED_AWAY, _));
    let meeting = Beat { yes: !away, ..Beat::act(A::RecordMeeting, Hand::Lead, Done).saying(&said.transcript) };
    let approve = Beat::act(A::Approve, Hand::OfficeLeader, Minutes(20, 460)).saying("同意");
    match &said.end {
        End::Withdraw(reason) => {
            beats.push(Beat::act(A::Withdraw, Hand::Consumer, Workdays(0, 2)).saying(reason));
        }
        End::Terminate(item, reason) => {
            let end = Beat::act(A::Terminate, Hand::Lead, Minutes(10, 90)).saying(reason);
            beats.extend([meeting, Beat { item: *item, ..end }, approve]);
        }
        _ => beats.extend([meeting, Beat::act(A::Settle, Hand::Lead, Minutes(10, 90)), approve]),
    }
    beats.push(Beat::act(A::Tell, Hand::Lead, Workdays(0, 2)));
    if matches!(said.end, End::Settle) {
        let performed = Beat::act(A::RecordPerformance, Hand::Lead, Workdays(1, 6)).saying("电话回访双方，已履行");
        beats.push(Beat { item: 1, ..performed });
    }
    beats.extend(rating(said.rating.as_ref(), 60 * 24 * 6));
    beats.push(Beat::act(A::Archive, Hand::Keeper, Workdays(3, 15)));
    beats
}

/// What is said to a question, an opinion or a complaint against staff.
#[derive(Clone, Debug)]
pub struct Answered {
    /// What kind.
    pub kind: CaseKind,
    /// Comes in by itself; otherwise an agent types it.
    pub by_itself: bool,
    /// The answer.
    pub answer: String,
    /// An office answers.
    pub office: bool,
    /// Answered while it was told.
    pub spoken: bool,
    /// Solved, mark, words.
    pub rating: Option<(bool, u8, String)>,
}

/// The course of a question, an opinion or a complaint against staff.
pub fn asking(rng: &mut Generator, said: &Answered) -> Vec<Beat> {
    use Action as A;
    use Wait::{Minutes, Workdays};
    let mut beats = vec![Beat::file()];
    let answer =
        |by: Hand, wait: Wait| Beat { yes: said.spoken, ..Beat::act(A::Answer, by, wait).saying(&said.answer) };
    if said.kind.is_secret() {
        beats.push(Beat::act(A::Register, Hand::Discipline, Workdays(0, 2)));
        beats.push(answer(Hand::Discipline, Workdays(4, 18)));
    } else if said.office {
        if said.by_itself {
            beats.push(Beat::act(A::Register, Hand::Agent, Minutes(10, 180)));
        }
        beats.push(Beat::act(A::Dispatch, Hand::Dispatcher, Minutes(4, 60)).saying("请辖区所了解情况后答复"));
        beats.push(Beat::act(A::Assign, Hand::OfficeLeader, Minutes(15, 150)));
        // Nearly always within the promised working day.
        let days = if per_mille(rng, 930) { 0 } else { between(rng, 1, 4) };
        beats.push(answer(Hand::Lead, Workdays(days, days)));
    } else {
        let wait = if said.spoken { Wait::Anytime(2, 9) } else { Minutes(15, 380) };
        beats.push(answer(Hand::Agent, wait));
    }
    beats.extend(rating(said.rating.as_ref(), 60 * 24 * 3));
    let keeper = if said.kind.is_secret() { Hand::Discipline } else { Hand::Dispatcher };
    beats.push(Beat::act(A::Archive, keeper, Workdays(3, 12)));
    beats
}

fn rating(said: Option<&(bool, u8, String)>, minutes: i64) -> Option<Beat> {
    let (solved, mark, words) = said?;
    let rate = Beat::act(Action::Rate, Hand::Consumer, Wait::Anytime(40, minutes)).saying(words);
    Some(Beat { yes: *solved, item: u32::from(*mark), ..rate })
}
