//! Which bureau has the power over a complaint: 暂行办法 art. 12, 办法 art. 13.

use domain::jurisdiction::{Facts, resolve};

use super::{book, day, law, rows};

#[test]
fn where_a_complaint_is_handled() {
    // The address shown on the platform decides from 2026-04-15 on; before, the place where the shop really does business.
    for row in rows(
        "
        received   | platform | address | reached | places               | article
        2020-01-01 |          | known   | yes     | Operating Registered | 投诉举报处理暂行办法第十二条第一款
        2024-07-01 |          | known   | yes     | Operating Registered | 投诉举报处理暂行办法第十二条第一款
        2026-04-14 |          | known   | yes     | Operating Registered | 投诉举报处理暂行办法第十二条第一款
        2026-04-15 |          | known   | yes     | Operating Registered | 投诉举报处理办法第十三条第一款
        ----------------------------------------------------------------------------------
        2020-01-01 | 某平台   | known   | yes     | Operating Platform   | 投诉举报处理暂行办法第十二条第三款
        2024-06-30 | 某平台   | known   | yes     | Operating Platform   | 投诉举报处理暂行办法第十二条第三款
        2024-07-01 | 某平台   | known   | yes     | Operating Platform   | 投诉举报处理暂行办法第十二条第三款
        2026-04-14 | 某平台   | known   | yes     | Operating Platform   | 投诉举报处理暂行办法第十二条第三款
        2026-04-15 | 某平台   | known   | yes     | Shown Platform       | 投诉举报处理办法第十三条第三款
        2026-04-16 | 某平台   | known   | yes     | Shown Platform       | 投诉举报处理办法第十三条第三款
        ----------------------------------------------------------------------------------
        2026-04-14 | 某平台   | known   | no      | Operating Platform   | 投诉举报处理暂行办法第十二条第三款
        2026-04-15 | 某平台   | known   | no      | Platform             | 投诉举报处理办法第十三条第三款
        2026-04-15 | 某平台   |         | yes     | Platform             | 投诉举报处理办法第十三条第三款
        ",
    ) {
        let address = if row[2].is_empty() { "" } else { "郑州市金水区花园路1号" };
        let channel = if row[3] == "no" { "unreachable_shop" } else { "" };
        let facts = Facts { platform: row[1], name: "某店", address, channel };
        let book = book();
        let set = law(&book, day(row[0]));
        let ruling = resolve(&set.key, facts).unwrap_or_else(|| panic!("received {}", row[0]));
        let places: Vec<String> = ruling.places.iter().map(|place| format!("{place:?}")).collect();
        assert_eq!((places.join(" "), ruling.article.as_str()), (row[4].to_owned(), row[5]), "received {}", row[0]);
    }
}
