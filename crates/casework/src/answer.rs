//! 答复: a question, an opinion or a complaint against staff is answered, and with that it is done (catalogue 3.1, 3.2).

use domain::act::Act;
use store::Tx;
use store::case::CaseRow;

use crate::actor::Actor;
use crate::error::ActError;
use crate::faults::Faults;
use crate::filing::word;
use crate::house::Scene;
use crate::letters::Blanks;
use crate::{letters, notice, record};

/// The longest answer, in characters.
pub const ANSWER_AT_MOST_CHARACTERS: usize = 2_000;

/// Answers. The person is told in the way she chose, unless she heard it there and then (`spoken`); her page shows it either way.
pub fn answer(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    answer: &str,
    spoken: bool,
) -> Result<CaseRow, ActError> {
    let answer = answer.trim();
    Faults::default().needed("answer", answer, "请写答复：怎么办、依据是什么、还可以找谁").done()?;
    if answer.chars().count() > ANSWER_AT_MOST_CHARACTERS {
        let message = format!("请控制在 {ANSWER_AT_MOST_CHARACTERS} 个字以内");
        return Err(ActError::field("answer", "answer.too_long", message));
    }
    let act = Act::Answer { answer: answer.to_owned(), spoken };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        if !case.state.kind.is_secret() {
            sheet(tx, scene, case, answer, spoken)?;
        }
        let (kind, url) = (case.state.kind, &scene.house.settings.public_url);
        let word = word(kind);
        // What leaves the house says nothing of a complaint against staff; she reads the answer with her code.
        let body = if kind.is_secret() {
            format!("您的{word}（编号 {}）已有答复，请凭编号和查询码在 {url} 查看。", case.number)
        } else {
            format!("关于您的{word}（编号 {}）：{answer}请在 {url} 评价这次答复。", case.number)
        };
        let subject = format!("{word}答复");
        let message = notice::Notice { subject: &subject, body: &body, paper: None };
        match spoken {
            true => notice::on_her_page(tx, scene, case, &message),
            false => notice::complainant(tx, scene, case, &message),
        }
    })
}

/// 登记单: what was asked and what was answered, on one sheet for the file.
fn sheet(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow, answer: &str, spoken: bool) -> Result<(), ActError> {
    let label = |table: &str, key: &str| scene.house.codes.label(table, key).unwrap_or("—").to_owned();
    let by = match scene.actor {
        Actor::Staff(staff) => format!("{} {}", staff.organization_name, staff.name),
        _ => String::new(),
    };
    let how = if spoken { "当场口头答复" } else { "按来访人选择的方式告知，查询页同时可见" };
    let blanks = Blanks::from([
        ("channel", label("channels", &case.channel)),
        ("category", label("goods_categories", &case.matter.category)),
        ("received_time", letters::time_words(case.received_at)),
        ("answer", answer.to_owned()),
        ("answered_by", by),
        ("answered_time", letters::time_words(scene.now)),
        ("answered_how", how.to_owned()),
    ]);
    letters::make(tx, scene, case, "asking_record", &blanks).map(drop)
}
