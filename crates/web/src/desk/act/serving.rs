//! 送达: the forms of its acts.

use casework::reading::CaseFile;
use casework::service::{self, Address, Try};
use casework::{ActError, Scene};
use domain::action::Action;
use domain::clock::beijing_day;
use domain::filing::parse_day;
use domain::mediation::Side;
use domain::service::{ServiceOutcome, ServiceWay, rules};
use store::Tx;
use store::case::CaseRow;

use super::super::forms::{Asked, Kind, Typed};
use crate::view::Choice;

/// The questions of one of these acts.
pub(super) fn fields(scene: Scene<'_>, file: &CaseFile, action: Action) -> Vec<Asked> {
    let today = beijing_day(scene.now).to_string();
    match action {
        Action::Serve => {
            let papers = file.servable.iter().map(|it| {
                let words = format!("{} {} → {}", it.paper.title, it.paper.number, it.side.label());
                Choice::new(it.key(), words)
            });
            let ways = rules().ways.iter().map(|it| Choice::new(it.key.key(), it.key.label()).explained(&it.says));
            let outcomes = ServiceOutcome::ALL.iter().map(|it| Choice::new(it.key(), it.label()));
            vec![
                Asked::new(Kind::Select, "paper", "送达哪一份文书，给谁").choices(papers.collect()),
                Asked::new(Kind::Radios, "way", "送达方式").choices(ways.collect()),
                Asked::new(Kind::Radios, "outcome", "结果").choices(outcomes.collect()),
                Asked::new(Kind::Date, "day", "日期")
                    .value(today)
                    .hint("签收、到达、留置、寄出、退回或者公告发布的那一天"),
                line("receiver", "签收人")
                    .hint("不是本人的，写明关系，例如：王某，负责收件的前台")
                    .only_with("way", "signed"),
                line("place", "地点").hint("公告的写在哪里张贴、刊登").only_with("way", "somewhere"),
                line("mark", "号码、账号或者邮件号")
                    .hint("例如：挂号信 XA12345678941，或者收短信的手机号")
                    .only_with("way", "marked"),
                line("witness", "见证人").hint("留置送达时，基层组织或者所在单位的代表").only_with("way", "left"),
                Asked::area("course", "事由和经过", 3, 1000)
                    .optional()
                    .hint("拒收的事由、没有送到的原因、委托或者转交给谁、为什么公告"),
                proof(file, "回执、照片、截屏"),
            ]
        }
        Action::ConfirmAddress => vec![
            Asked::new(Kind::Radios, "side", "哪一方").choices(
                [Side::Complainant, Side::Respondent].iter().map(|it| Choice::new(it.key(), it.label())).collect(),
            ),
            Asked::new(Kind::YesNo, "electronic", "同意电子送达吗？"),
            line("mobile", "手机号码"),
            line("email", "电子邮件地址"),
            line("account", "即时通讯账号").hint("例如：微信号"),
            line("fax", "传真号码"),
            Asked::new(Kind::Text, "address", "送达地址").at_most(100),
            Asked::new(Kind::Text, "receiver", "收件人").at_most(100),
            line("receiver_phone", "收件人联系电话"),
            line("postcode", "邮政编码"),
            Asked::new(Kind::Date, "day", "签字日期").value(today),
            proof(file, "签好的确认书"),
        ],
        _ => Vec::new(),
    }
}

fn line(name: &str, label: &str) -> Asked {
    Asked::new(Kind::Text, name, label).at_most(100).optional()
}

/// One of the files of the case.
fn proof(file: &CaseFile, what: &str) -> Asked {
    let files = file.attachments.iter().map(|it| Choice::new(it.id.to_string(), it.name.clone())).collect();
    let hint = format!("{what}先用“补充材料”存入本件，再在这里选");
    Asked::new(Kind::Select, "proof", "凭据").optional().choices(files).hint(hint)
}

/// Does one of these acts.
pub(super) fn perform(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    action: Action,
    typed: &Typed,
) -> Result<CaseRow, ActError> {
    let (seen, text) = (typed.version(), |name: &str| typed.get(name).to_owned());
    let proof = Some(typed.id("proof")).filter(|id| *id > 0);
    match action {
        Action::Serve => {
            let tried = Try {
                paper: text("paper"),
                way: ServiceWay::from_key(typed.get("way")),
                outcome: ServiceOutcome::from_key(typed.get("outcome")),
                day: parse_day(typed.get("day")),
                receiver: text("receiver"),
                place: text("place"),
                witness: text("witness"),
                mark: text("mark"),
                course: text("course"),
                proof,
            };
            service::serve(tx, scene, number, seen, &tried)
        }
        Action::ConfirmAddress => {
            let typed = Address {
                side: Side::from_key(typed.get("side")),
                electronic: Some(typed.get("electronic")).filter(|it| !it.is_empty()).map(|it| it == "yes"),
                mobile: text("mobile"),
                fax: text("fax"),
                email: text("email"),
                account: text("account"),
                address: text("address"),
                postcode: text("postcode"),
                receiver: text("receiver"),
                receiver_phone: text("receiver_phone"),
                day: parse_day(typed.get("day")),
                proof,
            };
            service::confirm_address(tx, scene, number, seen, &typed)
        }
        _ => Err(ActError::NotFound),
    }
}
