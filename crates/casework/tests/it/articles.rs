//! The article that stands behind each decision in a case's events, by the law of the day of receipt: the citations were
//! written from the texts (暂行办法 of 2020, 实施条例 of 2024, 办法 of 2026). Before 2020 the texts were not read in full:
//! nothing is cited rather than something guessed.

use casework::basis::ActBook;
use domain::action::Action;

/// Act | 暂行办法, received from 2020-01-01 | with 实施条例, from 2024-07-01 | 办法, from 2026-04-15.
const CITED: &str = "
register          | 暂行办法第九条             | 暂行办法第九条                              | 办法第十条
request_materials | 暂行办法第九条、第十条     | 暂行办法第九条、第十条                      | 办法第十条、第十一条
request_identity  |                            | 实施条例第四十六条第一款                    | 办法第十条第三款、第十六条第六项；实施条例第四十六条第一款
add_party         | 暂行办法第十条、第十一条   | 暂行办法第十条、第十一条                    | 办法第十一条、第十二条
record_consent    | 暂行办法第十一条           | 暂行办法第十一条                            | 办法第十二条第二款
split             | 暂行办法第七条             | 暂行办法第七条                              | 办法第九条
forward           | 暂行办法第十二条、第三十七条 | 暂行办法第十二条、第三十七条              | 办法第十三条、第四十一条
accept            | 暂行办法第十四条           | 暂行办法第十四条                            | 办法第十五条
refuse            | 暂行办法第十五条           | 暂行办法第十五条；实施条例第四十六条        | 办法第十五条、第十六条
dispatch          | 暂行办法第三十七条         | 暂行办法第三十七条                          | 办法第四十一条
return            | 暂行办法第三十七条         | 暂行办法第三十七条                          | 办法第四十一条
raise_dispute     | 暂行办法第三十条           | 暂行办法第三十条                            | 办法第三十三条
agree_dispute     | 暂行办法第三十条           | 暂行办法第三十条                            | 办法第三十三条
designate_dispute | 暂行办法第三十条           | 暂行办法第三十条                            | 办法第三十三条
notify            | 暂行办法第十六条、第十八条 | 暂行办法第十六条、第十八条                  | 办法第十八条、第二十条
delegate          | 暂行办法第十七条           | 实施条例第四十六条第四款；暂行办法第十七条  | 办法第十九条
request_recusal   | 暂行办法第十九条           | 暂行办法第十九条                            | 办法第二十一条
decide_recusal    | 暂行办法第十九条           | 暂行办法第十九条                            | 办法第二十一条
appraise          | 暂行办法第二十条           | 实施条例第四十六条；暂行办法第二十条        | 办法第二十二条、第二十三条第一款第四项
terminate         | 暂行办法第二十一条         | 暂行办法第二十一条；实施条例第四十六条      | 办法第二十三条
tell              | 暂行办法第二十一条         | 暂行办法第二十一条                          | 办法第二十三条、第二十五条
settle            | 暂行办法第二十二条         | 暂行办法第二十二条                          | 办法第二十四条
settle_on_spot    | 暂行办法第十六条、第二十二条 | 暂行办法第十六条、第二十二条              | 办法第十八条、第二十四条
find_clue         | 暂行办法第二十三条         | 暂行办法第二十三条                          | 办法第二十七条
check_clue        | 暂行办法第二十三条         | 暂行办法第二十三条                          | 办法第二十七条
decide_clue_time  | 暂行办法第二十三条         | 暂行办法第二十三条                          | 办法第二十七条
refer_police      |                            | 实施条例第四十九条                          | 办法第四十二条
link              | 暂行办法第十一条、第十五条第二项 | 暂行办法第十一条、第十五条第二项      | 办法第十二条、第十六条第二项
";

#[test]
fn each_act_cites_the_law_of_the_day_of_receipt() {
    let acts = ActBook::builtin().expect("the table of acts");
    for line in CITED.lines().filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let action = Action::from_key(cells[0]).unwrap_or_else(|| panic!("{line}"));
        for (set, words) in [("national-2020", cells[1]), ("national-2024", cells[2]), ("national-2026", cells[3])] {
            // The tables above name the laws in short.
            let words =
                words.replace("暂行办法", "投诉举报处理@").replace("办法", "投诉举报处理办法").replace('@', "暂行办法");
            assert_eq!(acts.cited(action, set, None), words, "{} under {set}", cells[0]);
        }
        for older in ["national-1996", "national-2014"] {
            assert_eq!(acts.cited(action, older, None), "", "{} under {older}", cells[0]);
        }
    }
}
