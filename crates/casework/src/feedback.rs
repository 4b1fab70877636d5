//! 告知、履行、评价: both sides hear the result, the agreement is followed up, the consumer has the last word
//! (catalogue 6.4, 8.1, 8.2).

use domain::act::Act;
use domain::case::Outcome;
use domain::case_kind::CaseKind;
use store::Tx;
use store::case::CaseRow;

use crate::error::ActError;
use crate::house::Scene;
use crate::letters::Blanks;
use crate::mediation::item_words;
use crate::{letters, notice, record, report};

/// Tells both sides the result: the consumer in the way she chose.
pub fn tell(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    result: &str,
) -> Result<CaseRow, ActError> {
    if record::readable(tx, scene, number)?.state.kind == CaseKind::Report {
        return report::tell(tx, scene, number, seen, result);
    }
    let proposed = match result.trim() {
        "" => {
            let case = record::readable(tx, scene, number)?;
            proposed_result(tx, scene, &case)?
        }
        written => written.to_owned(),
    };
    let act = Act::Tell { result: proposed.clone() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        let blanks = Blanks::from([("result", proposed.clone())]);
        let paper = letters::make(tx, scene, case, "result_notice", &blanks)?;
        let body = format!(
            "您的投诉（编号 {}）已处理完毕：{proposed}请在 {} 评价这次处理：是否解决、打几分。",
            case.number, scene.house.settings.public_url
        );
        notice::complainant(tx, scene, case, &notice::Notice { subject: "投诉处理结果", body: &body, paper })?;
        let body = format!("关于“{}”的投诉已处理完毕：{proposed}", case.matter.title);
        notice::respondent(tx, scene, case, &notice::Notice { subject: "投诉处理结果", body: &body, paper: None })
    })
}

/// The result in words that the officer can send as it is.
pub fn proposed_result(tx: &mut Tx<'_>, scene: Scene<'_>, case: &CaseRow) -> Result<String, ActError> {
    Ok(match case.state.outcome {
        Some(Outcome::Settled) => {
            let items = store::agreement::of_case(tx, case.id)?;
            let words: Vec<String> =
                items.iter().enumerate().map(|(index, row)| item_words(index, &row.item)).collect();
            format!("经调解，双方达成协议：{}", words.join(""))
        }
        Some(Outcome::Terminated(ground)) => {
            let set = scene.house.book.get(&case.rule_set);
            let ground = set.and_then(|set| set.termination_ground(ground));
            let (article, wording) = ground.map_or((String::new(), String::new()), |ground| {
                (ground.article.clone(), ground.wording.trim_end_matches(['；', '。']).to_owned())
            });
            format!("因{wording}，依据{article}终止调解。您还可以通过仲裁、诉讼等途径解决。")
        }
        Some(Outcome::Withdrawn) => "投诉人已撤回投诉，调解终止。".to_owned(),
        Some(Outcome::Merged) => "与另一件投诉合并办理。".to_owned(),
        _ => String::new(),
    })
}

/// Notes whether an item of the agreement was performed.
pub fn record_performance(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    item: u32,
    performed: bool,
    note: &str,
) -> Result<CaseRow, ActError> {
    let act = Act::RecordPerformance { item, performed, note: note.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, |tx, case| {
        if !store::agreement::perform(tx, case.id, item, performed, scene.now)? {
            return Err(ActError::field("item", "item.unknown", "协议里没有这一项"));
        }
        if performed {
            return Ok(());
        }
        // A mediation agreement cannot be enforced; the other ways stay open (O121 art. 25).
        let body = format!(
            "您的投诉（编号 {}）协议第 {item} 项没有按约定履行，已经记录。您可以按照消费者权益保护法第三十九条的规定，\
             通过仲裁、向人民法院起诉等途径解决，调解材料可以向我们申请查阅。",
            case.number
        );
        notice::complainant(tx, scene, case, &notice::Notice { subject: "协议没有履行", body: &body, paper: None })
    })
}

/// The consumer's word; she may change it, and each is kept.
pub fn rate(
    tx: &mut Tx<'_>,
    scene: Scene<'_>,
    number: &str,
    seen: Option<i64>,
    solved: bool,
    mark: u8,
    words: &str,
) -> Result<CaseRow, ActError> {
    if !(1..=5).contains(&mark) {
        return Err(ActError::field("mark", "mark.missing", "请在 1 到 5 分中选择"));
    }
    if words.chars().count() > 500 {
        return Err(ActError::field("words", "words.too_long", "请控制在 500 个字以内"));
    }
    let act = Act::Rate { solved, mark, words: words.trim().to_owned() };
    record::act(tx, scene, number, seen, &act, record::nothing_more, record::nothing_after)
}
