//! What the law of its day asks of a report: 办法 arts. 29, 31, 32 (whose it is), 35 (the same reporter once more), 36 (who is told, under
//! which law, within what), and the notice of opening that ended on 2026-04-15 (暂行办法 art. 31).

use domain::case_kind::CaseKind;
use domain::jurisdiction::{Facts, resolve};
use domain::reporting::{Origin, origin_boxes, rules};

use super::{book, day, law, rows};

#[test]
fn where_a_report_is_handled() {
    for row in rows(
        "
        received   | seen             | platform | places                | article
        2026-04-14 | shop             |          | Conduct               | 投诉举报处理暂行办法第二十五条
        2026-04-15 | shop             |          | Conduct               | 投诉举报处理办法第二十九条
        2026-04-16 | shop             |          | Conduct               | 投诉举报处理办法第二十九条
        ----------------------------------------------------------------------------------------
        2026-04-14 | platform_shop    | 某平台   | Operating Platform    | 投诉举报处理暂行办法第二十七条第二款
        2026-04-15 | platform_shop    | 某平台   | Operating Platform    | 投诉举报处理办法第三十一条第二款
        2026-04-16 | unreachable_shop | 某平台   | Operating Platform    | 投诉举报处理办法第三十一条第二款
        ----------------------------------------------------------------------------------------
        2026-04-14 | own_site         |          | Registered            | 投诉举报处理暂行办法第二十七条第一款
        2026-04-15 | own_site         |          | Registered            | 投诉举报处理办法第三十一条第一款
        2026-04-16 | platform_shop    | 某店     | Registered            | 投诉举报处理办法第三十一条第一款
        ----------------------------------------------------------------------------------------
        2026-04-16 | platform_operator |        | Registered            | 投诉举报处理办法第三十一条第一款
        ----------------------------------------------------------------------------------------
        2019-12-31 | advertisement    |          | Publisher             | 工商行政管理机关行政处罚程序规定第八条（条次待核） | unconfirmed
        2020-01-01 | advertisement    |          | Publisher             | 投诉举报处理暂行办法第二十八条第一款
        2026-04-14 | advertisement    |          | Publisher             | 投诉举报处理暂行办法第二十八条第一款
        2026-04-15 | advertisement    |          | Publisher             | 投诉举报处理办法第三十二条第一款
        2026-04-16 | advertisement    | 某报     | Publisher             | 投诉举报处理办法第三十二条第一款
        ----------------------------------------------------------------------------------------
        2019-12-31 | internet_advertisement |    | Publisher Agency Advertiser | 互联网广告管理暂行办法第十八条（条次待核） | unconfirmed
        2020-01-01 | internet_advertisement |    | Publisher Agency Advertiser | 投诉举报处理暂行办法第二十八条第一款、第二款
        2026-04-14 | internet_advertisement |    | Publisher Agency Advertiser | 投诉举报处理暂行办法第二十八条第一款、第二款
        2026-04-15 | internet_advertisement |    | Publisher Agency Advertiser | 投诉举报处理办法第三十二条第一款、第二款
        2026-04-16 | internet_advertisement | 某平台 | Publisher Agency Advertiser | 投诉举报处理办法第三十二条第一款、第二款
        ----------------------------------------------------------------------------------------
        2014-03-14 | own_advertisement |         | Conduct               | 行政处罚法关于管辖的规定 | unconfirmed
        2019-12-31 | own_advertisement |         | Advertiser            | 互联网广告管理暂行办法第十八条（条次待核） | unconfirmed
        2020-01-01 | own_advertisement |         | Advertiser            | 投诉举报处理暂行办法第二十八条第三款
        2020-01-02 | own_advertisement | 某平台  | Advertiser            | 投诉举报处理暂行办法第二十八条第三款
        2026-04-14 | own_advertisement |         | Advertiser            | 投诉举报处理暂行办法第二十八条第三款
        2026-04-15 | own_advertisement |         | Advertiser            | 投诉举报处理办法第三十二条第三款
        2026-04-16 | own_advertisement | 某平台  | Advertiser            | 投诉举报处理办法第三十二条第三款
        2026-04-16 | own_advertisement | 某店    | Advertiser            | 投诉举报处理办法第三十二条第三款
        ",
    ) {
        let facts =
            Facts { platform: row[2], name: "某店", address: "郑州市金水区花园路1号", channel: row[1], report: true };
        let book = book();
        let ruling = resolve(&law(&book, day(row[0])).key, facts).unwrap_or_else(|| panic!("received {}", row[0]));
        let places: Vec<String> = ruling.places.iter().map(|place| format!("{place:?}")).collect();
        assert_eq!((places.join(" ").as_str(), ruling.article.as_str()), (row[3], row[4]), "{} {}", row[0], row[1]);
        assert_eq!(ruling.confirmed, row.get(5).is_none(), "{} {}", row[0], row[1]);
    }
}

#[test]
fn the_same_reporter_once_more() {
    // 暂行办法 knew nothing of it; 办法 art. 35(2): no separate handling; new facts are merged and the time is counted anew.
    for row in rows(
        "
        received   | known
        2020-01-01 | no
        2026-04-14 | no
        2026-04-15 | yes
        2026-04-16 | yes
        ",
    ) {
        let book = book();
        let set = law(&book, day(row[0]));
        assert_eq!(rules().repeat.holds_under(&set.key), row[1] == "yes", "received {}", row[0]);
        // What is counted anew is the time to check, in every period, the promise of it too, and nothing else.
        let anew = |overlay| {
            let limits = book.limits(&set.key, overlay, CaseKind::Report);
            let anew = limits.iter().filter(|(_, limit)| limit.until.contains(&rules().repeat.restarts_until));
            anew.map(|(_, limit)| limit.key.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(anew(None), ["verification"], "received {}", row[0]);
        assert!(anew(Some("provincial")).contains(&"filing_promised"), "received {}", row[0]);
    }
    assert_eq!(rules().repeat.article, "投诉举报处理办法第三十五条第二款");
}

#[test]
fn who_gave_her_name_was_told_of_the_opening_until_the_law_changed() {
    for row in rows(
        "
        received   | told within
        2019-12-31 |
        2020-01-01 | 5 workday
        2024-07-01 | 5 workday
        2026-04-14 | 5 workday
        2026-04-15 |
        2026-04-16 |
        ",
    ) {
        let book = book();
        let set = law(&book, day(row[0]));
        let told = rules().filing_notice.rule_sets.contains(&set.key);
        assert_eq!(told, !row[1].is_empty(), "received {}", row[0]);
        if told {
            let limit = set.limit(&rules().filing_notice.limit).expect("the limit");
            assert_eq!(format!("{} {}", limit.length, limit.unit.key()), row[1], "received {}", row[0]);
        }
    }
}

#[test]
fn where_a_law_still_obliges_to_tell_the_result_each_with_its_form_and_limit() {
    // 办法 art. 36: as other laws, regulations and rules say. The day is that of receipt.
    for row in rows(
        "
        key                  | article                                      | form    | limit      | before     | from       | who
        advertising          | 广告法第五十三条                             |         | 7 workday  |            | 2020-01-01
        publicity            | 企业信息公示暂行条例第十三条                 | written | 20 workday |            | 2020-01-01
        annual_report        | 个体工商户年度报告暂行办法第十二条；农民专业合作社年度报告公示暂行办法第九条 | written | 20 workday | | 2020-01-01
        unfair_competition   | 反不正当竞争法（2025年修订）第二十条         |         |            | 2025-10-14 | 2025-10-15 | named
        standardization      | 标准化法第三十五条                           |         |            |            | 2020-01-01 | named
        unlicensed           | 无证无照经营查处办法第九条                   |         |            |            | 2020-01-01 | named
        salt                 | 食盐专营办法第二十五条                       |         |            |            | 2020-01-01 | named
        food                 | 食品安全法第一百一十五条                     |         |            |            | 2020-01-01
        drug                 | 药品管理法第一百零六条                       |         |            |            | 2020-01-01
        personal_information | 个人信息保护法第六十五条                     |         |            | 2021-10-31 | 2021-11-01
        ",
    ) {
        let (key, from) = (row[0], day(row[5]));
        let duty = rules().duty(key, from).unwrap_or_else(|| panic!("{key} holds on {from}"));
        assert_eq!((duty.article.as_str(), duty.written), (row[1], row[2] == "written"), "{key}");
        assert_eq!(duty.named, row.get(6) == Some(&"named"), "{key}: who gave no name is owed nothing");
        if !row[4].is_empty() {
            assert!(rules().duty(key, day(row[4])).is_none(), "{key} is younger");
        }
        for received in ["2026-04-14", "2026-04-15", "2026-04-16"] {
            assert!(rules().duty(key, day(received)).is_some(), "{key}: what other laws oblige to did not end");
            let book = book();
            let limit = duty.limit.as_ref().and_then(|key| law(&book, day(received)).limit(key));
            let told = limit.map(|limit| format!("{} {}", limit.length, limit.unit.key())).unwrap_or_default();
            assert_eq!(told, row[3], "{key} received {received}");
        }
    }
    assert_eq!(rules().duties.len(), 10, "no duty without its row");
}

#[test]
fn how_a_lead_came_is_ticked_on_the_form() {
    // 行政处罚程序规定 art. 18: own inspection, complaints and reports, other departments, superiors, other ways.
    let ticked = |origin: Option<Origin>| {
        let boxes = origin_boxes(origin);
        assert_eq!((boxes.matches('☑').count(), boxes.matches('□').count()), (1, 4), "{boxes}");
        boxes.split('　').find_map(|it| it.strip_prefix('☑').map(str::to_owned)).expect("one")
    };
    assert_eq!((ticked(None), ticked(Some(Origin::Complaint))), ("投诉、举报".to_owned(), "投诉、举报".to_owned()));
    let by_hand = Origin::BY_HAND.map(|origin| ticked(Some(origin)));
    assert_eq!(by_hand, ["监督检查", "其他部门移送", "上级交办", "其他"]);
}
