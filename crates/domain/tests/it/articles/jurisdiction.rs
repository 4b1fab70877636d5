//! Which bureau has the power over a complaint: 暂行办法 art. 12, 办法 art. 13.

use domain::jurisdiction::{Facts, resolve};

use super::{book, day, law, rows};

#[test]
fn where_a_complaint_is_handled() {
    // The address shown on the platform decides from 2026-04-15 on; before, the place where the shop really does business.
    for row in rows(
        "
        received   | bought           | platform | address | places               | article
        2018-06-01 |                  |          | known   | Registered Conduct   | 工商行政管理部门处理消费者投诉办法第六条（条次待核）
        2020-01-01 |                  |          | known   | Operating Registered | 投诉举报处理暂行办法第十二条第一款
        2024-07-01 |                  |          | known   | Operating Registered | 投诉举报处理暂行办法第十二条第一款
        2026-04-14 | shop             |          | known   | Operating Registered | 投诉举报处理暂行办法第十二条第一款
        2026-04-15 | shop             |          | known   | Operating Registered | 投诉举报处理办法第十三条第一款
        ----------------------------------------------------------------------------------------
        2018-06-01 | platform_shop    | 某平台   | known   | Registered Platform  | 工商行政管理部门处理消费者投诉办法第六条（条次待核）
        2020-01-01 |                  | 某平台   | known   | Operating Platform   | 投诉举报处理暂行办法第十二条第三款
        2024-06-30 |                  | 某平台   | known   | Operating Platform   | 投诉举报处理暂行办法第十二条第三款
        2024-07-01 |                  | 某平台   | known   | Operating Platform   | 投诉举报处理暂行办法第十二条第三款
        2026-04-14 | platform_shop    | 某平台   | known   | Operating Platform   | 投诉举报处理暂行办法第十二条第三款
        2026-04-15 | platform_shop    | 某平台   | known   | Shown Platform       | 投诉举报处理办法第十三条第三款
        2026-04-16 |                  | 某平台   | known   | Shown Platform       | 投诉举报处理办法第十三条第三款
        ----------------------------------------------------------------------------------------
        2026-04-14 | unreachable_shop | 某平台   | known   | Operating Platform   | 投诉举报处理暂行办法第十二条第三款
        2026-04-15 | unreachable_shop | 某平台   | known   | Platform             | 投诉举报处理办法第十三条第三款
        2026-04-15 |                  | 某平台   |         | Platform             | 投诉举报处理办法第十三条第三款
        ----------------------------------------------------------------------------------------
        2020-01-01 | own_site         |          | known   | Registered           | 投诉举报处理暂行办法第十二条第二款
        2026-04-14 | own_site         |          | known   | Registered           | 投诉举报处理暂行办法第十二条第二款
        2026-04-15 | own_site         |          | known   | Registered           | 投诉举报处理办法第十三条第二款
        2026-04-14 | advertisement    |          | known   | Operating Registered | 投诉举报处理暂行办法第十二条第一款
        2026-04-15 | advertisement    |          | known   | Operating Registered | 投诉举报处理办法第十三条第一款、第三十二条
        ",
    ) {
        let address = if row[3].is_empty() { "" } else { "郑州市金水区花园路1号" };
        let facts = Facts { platform: row[2], name: "某店", address, channel: row[1], report: false };
        let book = book();
        let set = law(&book, day(row[0]));
        let ruling = resolve(&set.key, facts).unwrap_or_else(|| panic!("received {}", row[0]));
        let places: Vec<String> = ruling.places.iter().map(|place| format!("{place:?}")).collect();
        assert_eq!((places.join(" "), ruling.article.as_str()), (row[4].to_owned(), row[5]), "received {}", row[0]);
    }
}
