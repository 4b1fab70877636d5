//! What a reporter hears of her report: what she did herself, the end, and what a law lets her hear (O121 arts. 36, 37).

use crate::act::Act;
use crate::rewarding;

use super::words::ended;
use super::{Names, said, to_complainant};

/// An act in a sentence for her; none where it is not for outside.
pub(super) fn tell(act: &Act, names: &dyn Names) -> Option<String> {
    match act {
        Act::File { .. } | Act::Forward { .. } | Act::AddEvidence { .. } | Act::Tell { .. } | Act::Archive { .. } => {
            to_complainant(act, names)
        }
        Act::Dispatch { .. } => Some("已经交办核查。".to_owned()),
        Act::AskReporter { .. } => Some("承办人给您留言。".to_owned()),
        Act::TellFiling { opened: true } => Some("您举报的事情已经立案。".to_owned()),
        Act::TellFiling { opened: false } => Some("您举报的事情决定不予立案。".to_owned()),
        Act::WriteOfficers { .. } => Some("您给承办人留言。".to_owned()),
        Act::NotSeparately { .. } => Some(
            "这件和您先前的举报是同一事实，不再另行处理；先前的一件照常办理。有新的事实，可以在这里留言补充。"
                .to_owned(),
        ),
        Act::Merge { .. } => {
            Some("您补充的新事实已经并入您先前的举报一起办理，核查期限自收到这一次举报起重新计算。".to_owned())
        }
        Act::Unmerge { .. } => Some("这件举报恢复单独办理。".to_owned()),
        Act::TurnAway { body, reason, over: None } => Some(format!("请您直接向{}举报：{}", ended(body), said(reason))),
        Act::TurnAway { body, reason, .. } => Some(format!("您的举报已移交{}处理：{}", ended(body), said(reason))),
        _ => rewarding::tell_reporter(act),
    }
}
