//! Pages with made-up data, to look at and to start from: `cargo run -p xiaobao-web --example gallery`.

use askama::Template;
use domain::calendar::Calendar;
use domain::clock::{Basis, Suspension, Unit, beijing_instant};
use jiff::Timestamp;
use jiff::civil::{Date, date};

use crate::view;

/// Every sample page, by the name of its file without the ending.
pub fn all() -> Vec<(&'static str, askama::Result<String>)> {
    vec![
        ("gallery", Gallery::new().render()),
        ("queue", queue().render()),
        ("case", case().render()),
        ("register", register().render()),
        ("leader", leader().render()),
        ("login", Login.render()),
        ("start", start().render()),
        ("goods", goods().render()),
        ("check", check().render()),
        ("receipt", receipt().render()),
        ("track", track(false).render()),
        ("track-large", track(true).render()),
        ("letter", letter().render()),
        ("form", form().render()),
        ("error", view::ErrorPage::not_found().link("查进度", "/track").render()),
        ("busy", view::ErrorPage::busy(20).render()),
    ]
}

const TODAY: Date = date(2026, 11, 20);

fn at(month: i8, day: i8, hour: i8, minute: i8) -> Timestamp {
    beijing_instant(date(2026, month, day).at(hour, minute, 0, 0))
}

fn now() -> Timestamp {
    at(11, 20, 10, 30)
}

struct Sample {
    name: &'static str,
    basis: Basis,
    unit: Unit,
    length: u32,
    article: &'static str,
}

impl Sample {
    const ACCEPT: Self =
        Self { name: "受理决定", basis: Basis::Statutory, unit: Unit::Workday, length: 7, article: "第十四条" };
    const CLOSE: Self =
        Self { name: "办结", basis: Basis::Promised, unit: Unit::Workday, length: 7, article: "第八条" };
    const TELL: Self =
        Self {
            name: "告知调解结果", basis: Basis::Promised, unit: Unit::Workday, length: 2, article: "第二十条"
        };
    const MEDIATE: Self =
        Self { name: "调解期限", basis: Basis::Statutory, unit: Unit::Day, length: 60, article: "第二十三条" };
    const REVIEW: Self =
        Self { name: "初审", basis: Basis::Promised, unit: Unit::Hour, length: 24, article: "第六条" };

    fn clock(
        &self,
        started_at: Timestamp,
        suspensions: &[Suspension],
        stopped_at: Option<Timestamp>,
    ) -> view::ClockView {
        let calendar = Calendar::builtin();
        let counted = domain::clock::due(&calendar, self.length, self.unit, started_at, 0, suspensions, Some(now()));
        let limit = view::RunningLimit {
            name: self.name,
            law: "市场监督管理投诉举报处理办法",
            article: self.article,
            basis: self.basis,
            unit: self.unit,
            length: self.length,
            extended_by: 0,
            started_at,
            due_at: counted.at,
            due_day: counted.day,
            suspensions,
            stopped_at,
            provisional: false,
        };
        limit.clock(&calendar, now())
    }
}

fn appraisal() -> Vec<Suspension> {
    vec![Suspension { from: at(11, 16, 15, 40), until: Some(at(11, 18, 9, 0)), reason: "鉴定".to_owned() }]
}

fn desk(section: view::Section) -> view::DeskPage {
    view::DeskPage {
        person: "王素琴".to_owned(),
        office: "城关所".to_owned(),
        section,
        sections: view::DeskPage::usual_sections(true),
        search: String::new(),
        side: Vec::new(),
        notice: None,
    }
}

fn citizen(here: &str, large_type: bool) -> view::CitizenPage {
    view::CitizenPage {
        bureau: "二七区市场监督管理局".to_owned(),
        phone: "0371-6812 3456".to_owned(),
        large_type,
        here: here.to_owned(),
        notice: None,
    }
}

fn side_link(label: &str, count: i64, current: bool) -> view::SideLink {
    view::SideLink { label: label.to_owned(), href: "/desk".to_owned(), count: Some(count), current, alarming: false }
}

#[derive(Template)]
#[template(path = "samples/gallery.html")]
struct Gallery {
    page: view::DeskPage,
    clocks: Vec<view::ClockView>,
    empty: view::EmptyState,
    notices: Vec<view::Notice>,
    tags: Vec<view::Tag>,
    errors: view::Errors,
    choices: Vec<view::Choice>,
    person: view::Person,
    progress: view::Progress,
    tabs: view::Tabs,
    pagination: view::Pagination,
    attachments: view::Attachments,
    uploaded: Vec<view::Uploaded>,
}

impl Gallery {
    fn new() -> Self {
        let open = vec![Suspension { from: at(11, 17, 9, 0), until: None, reason: "鉴定".to_owned() }];
        Self {
            page: desk(view::Section::Elsewhere),
            clocks: vec![
                Sample::ACCEPT.clock(at(11, 17, 9, 0), &[], None),
                Sample::ACCEPT.clock(at(11, 12, 9, 0), &[], None),
                Sample::ACCEPT.clock(at(11, 11, 9, 0), &[], None),
                Sample::ACCEPT.clock(at(11, 6, 9, 0), &[], None),
                Sample::CLOSE.clock(at(11, 11, 9, 0), &appraisal(), None),
                Sample::CLOSE.clock(at(11, 12, 9, 0), &open, None),
                Sample::TELL.clock(at(11, 17, 9, 0), &[], Some(at(11, 18, 15, 0))),
                Sample::TELL.clock(at(11, 12, 9, 0), &[], Some(at(11, 19, 15, 0))),
                Sample::MEDIATE.clock(at(10, 11, 9, 0), &[], None),
                Sample::MEDIATE.clock(at(9, 11, 9, 0), &[], None),
                Sample::REVIEW.clock(at(11, 19, 15, 0), &[], None),
                Sample::REVIEW.clock(at(11, 19, 8, 0), &[], None),
            ],
            empty: view::EmptyState::new("还没有待您办的案件", "分送到您名下的案件会按到期先后出现在这里。")
                .link("看本所全部", "/desk"),
            notices: vec![
                view::Notice::done("已登记，编号 410103-2026-004432")
                    .text("受理期限到 <b>12月1日 周二</b>。")
                    .link("打开", "/desk"),
                view::Notice::information("没有配置短信网关").text("告知内容已存好，配置后自动发出。"),
                view::Notice::warning("2027 年放假安排还没有公布").text("跨年的期限是暂定的。"),
                view::Notice::refused("没有保存：这件案件刚被李建军改过").text("您填的内容还在下面，请核对后再提交。"),
            ],
            tags: vec![
                view::tag("待受理", view::Tone::Plain),
                view::tag("调解中", view::Tone::Teal),
                view::tag("已达成协议", view::Tone::Green),
                view::tag("待审批", view::Tone::Amber),
                view::tag("逾期", view::Tone::Red),
            ],
            errors: [("amount", "请只写数字，例如 469"), ("demand", "请选一项您的要求")].into_iter().collect(),
            choices: demands(),
            person: view::Person {
                name: "周**".to_owned(),
                role: "投诉人".to_owned(),
                phone: "138****2207".to_owned(),
                reveal: Some("/desk".to_owned()),
            },
            progress: view::Progress {
                label: "正在导入机构名录".to_owned(),
                done: 31_250,
                total: 45_102,
                remark: "3 行有问题，已记下".to_owned(),
            },
            tabs: view::Tabs {
                label: "案件的各部分".to_owned(),
                tabs: vec![
                    view::Tab { label: "办理过程".to_owned(), href: "#".to_owned(), count: None, current: true },
                    view::Tab { label: "证据".to_owned(), href: "#".to_owned(), count: Some(5), current: false },
                    view::Tab { label: "文书".to_owned(), href: "#".to_owned(), count: Some(3), current: false },
                ],
            },
            pagination: view::Pagination {
                previous: Some("#".to_owned()),
                next: Some("#".to_owned()),
                place: "第 51–100 件，共 1,204 件".to_owned(),
            },
            attachments: evidence(),
            uploaded: vec![view::Uploaded {
                key: "1".to_owned(),
                name: "卡扣断裂.jpg".to_owned(),
                size: "1.2 MB".to_owned(),
                thumbnail: None,
            }],
        }
    }
}

fn demands() -> Vec<view::Choice> {
    vec![
        view::Choice::new("refund", "退款").explained("退还已经付的钱"),
        view::Choice::new("exchange", "更换"),
        view::Choice::new("repair", "修理"),
        view::Choice::new("compensate", "赔偿损失").explained("请在下一页写明赔多少、怎么算的"),
    ]
}

fn step_names() -> Vec<String> {
    ["商家", "事情", "要求", "您的联系方式", "核对"].map(str::to_owned).to_vec()
}

fn evidence() -> view::Attachments {
    let file = |name: &str, kind| view::Attachment {
        name: name.to_owned(),
        href: "/desk".to_owned(),
        kind,
        thumbnail: None,
        note: "投诉人 11月9日".to_owned(),
    };
    view::Attachments {
        files: vec![
            file("卡扣断裂.jpg", view::AttachmentKind::Picture),
            file("小票.jpg", view::AttachmentKind::Picture),
            file("通话.m4a", view::AttachmentKind::Sound),
            file("检验报告.pdf", view::AttachmentKind::Document),
        ],
    }
}

struct QueueRow {
    group: String,
    late: bool,
    clock: view::ClockView,
    what: &'static str,
    under: &'static str,
    respondent: &'static str,
    respondent_note: &'static str,
    status: view::Tag,
    amount: i64,
}

#[derive(Template)]
#[template(path = "samples/queue.html")]
struct Queue {
    page: view::DeskPage,
    filters: view::FilterBar,
    sort: view::Sort,
    rows: Vec<QueueRow>,
}

fn queue() -> Queue {
    let mut page = desk(view::Section::Queue);
    page.side = vec![
        view::SideGroup {
            title: String::new(),
            links: vec![
                side_link("等我办", 14, true),
                view::SideLink { alarming: true, ..side_link("其中逾期", 1, false) },
                side_link("等别人", 22, false),
                side_link("待我签批", 3, false),
                side_link("本所全部", 61, false),
            ],
        },
        view::SideGroup {
            title: "常用视图".to_owned(),
            links: vec![
                side_link("预付卡", 6, false),
                side_link("与惠友超市有关", 4, false),
                side_link("可简易处理", 5, false),
            ],
        },
    ];
    Queue {
        page,
        filters: view::FilterBar {
            chips: vec![view::Chip {
                name: "种类".to_owned(), value: "投诉".to_owned(), without: "/desk".to_owned()
            }],
            clear: "/desk".to_owned(),
            found: "14 件".to_owned(),
        },
        sort: view::Sort::parse("due", "/desk?kind=complaint&"),
        rows: queue_rows(),
    }
}

fn queue_rows() -> Vec<QueueRow> {
    let row = |group: &str, clock, what, under, respondent, respondent_note, status, amount| QueueRow {
        group: group.to_owned(),
        late: group.starts_with("逾期"),
        clock,
        what,
        under,
        respondent,
        respondent_note,
        status,
        amount,
    };
    vec![
        row(
            "逾期 1",
            Sample::ACCEPT.clock(at(11, 10, 9, 0), &[], None),
            "健身房停业，余额 3,280 元不退",
            "410103-2026-004417 · 李** · 电话",
            "中原力健健身",
            "今年第 9 件",
            view::tag("待受理", view::Tone::Plain),
            328_000,
        ),
        row(
            "今天 2",
            Sample::TELL.clock(at(11, 18, 9, 0), &[], None),
            "儿童座椅卡扣断裂，要求更换并赔偿",
            "410103-2026-004391 · 周** · 微信",
            "惠友超市二七店",
            "设有服务站",
            view::tag("待告知", view::Tone::Amber),
            46_900,
        ),
        row(
            "",
            Sample::REVIEW.clock(at(11, 19, 15, 0), &[], None),
            "楼下烧烤店计量短斤少两",
            "410103-2026-004402 · 陈** · 来访",
            "老侯烧烤",
            "",
            view::tag("待登记", view::Tone::Plain),
            8_650,
        ),
        row(
            "本周和下周 11",
            Sample::CLOSE.clock(at(11, 11, 9, 0), &appraisal(), None),
            "新手机三天黑屏，商家只肯修不肯换",
            "410103-2026-004399 · 赵** · 网页",
            "讯捷数码二七广场店",
            "",
            view::tag("调解中", view::Tone::Teal),
            219_900,
        ),
        row(
            "",
            Sample::ACCEPT.clock(at(11, 16, 9, 0), &[], None),
            "婚纱照加价，不加不给底片",
            "410103-2026-004431 · 马** · 电话",
            "花嫁摄影",
            "今年第 3 件",
            view::tag("待受理", view::Tone::Plain),
            180_000,
        ),
        row(
            "",
            Sample::MEDIATE.clock(at(10, 11, 9, 0), &[], None),
            "装修公司增项不认账，停工两个月",
            "410103-2026-004102 · 孙** · 来信",
            "安居装饰工程有限公司",
            "",
            view::tag("调解中", view::Tone::Teal),
            2_650_000,
        ),
    ]
}

#[derive(Template)]
#[template(path = "samples/case.html")]
struct Case {
    page: view::DeskPage,
    status: view::Tag,
    limits: Vec<view::ClockView>,
    evidence: view::Attachments,
    complainant: view::Summary,
    respondent: view::Summary,
    course: view::Course,
    acts: view::ActList,
}

fn case() -> Case {
    let mut page = desk(view::Section::Cases);
    page.notice = Some(view::Notice::done("检验报告已收到，期限恢复计算"));
    Case {
        page,
        status: view::tag("调解中", view::Tone::Teal),
        limits: vec![
            Sample::CLOSE.clock(at(11, 11, 9, 0), &appraisal(), None),
            Sample::MEDIATE.clock(at(11, 11, 9, 0), &[], None),
        ],
        evidence: evidence(),
        complainant: view::Summary::compact(vec![
            view::SummaryRow::new("姓名", "周**"),
            view::SummaryRow::new("电话", "138****2207"),
            view::SummaryRow::new("告知方式", "微信、短信"),
            view::SummaryRow::new("同意公示", "是"),
            view::SummaryRow::new("以往", "2 件，均已解决"),
        ]),
        respondent: view::Summary::compact(vec![
            view::SummaryRow::new("名称", "惠友超市有限公司二七店"),
            view::SummaryRow::new("信用代码", "91410103MA3X0****Q"),
            view::SummaryRow::new("联络员", "赵敏（服务站）"),
            view::SummaryRow::new("今年", "4 件，调解成功 3 件"),
        ]),
        course: course(),
        acts: acts(),
    }
}

fn course() -> view::Course {
    use view::{CourseMark, CourseStep};
    view::Course {
        today: TODAY,
        steps: vec![
            CourseStep::new(
                at(11, 18, 9, 12),
                "收到<b>检验机构</b>意见：卡扣材料不合格。期限恢复计算，不计 2 个工作日。",
            )
            .mark(CourseMark::Received)
            .paper("检验报告", "", "/"),
            CourseStep::new(at(11, 16, 15, 40), "双方同意送检，费用由商家先付，期限<b>暂停</b>。")
                .article("第二十二条")
                .paper("调解笔录（一）", "", "/"),
            CourseStep::new(
                at(11, 16, 10, 5),
                "王素琴、李建军主持<b>第一次调解</b>，双方到场。商家愿更换，对赔偿有异议。",
            ),
            CourseStep::new(at(11, 11, 16, 30), "王素琴<b>决定受理</b>，向商家发出调解通知，5 日内答复。")
                .mark(CourseMark::Official)
                .article("第十四条")
                .paper("投诉受理决定书", "二七市监〔2026〕第391号", "/")
                .paper("投诉调解通知书", "", "/")
                .delivery("微信 16:31 送达"),
            CourseStep::new(at(11, 10, 11, 20), "12315 中心<b>分送</b>城关所：商家实际经营地在辖区。")
                .article("第十三条"),
            CourseStep::new(
                at(11, 9, 20, 14),
                "投诉人经<b>微信</b>提交，附照片 2 张、录音 1 段。首问责任人：坐席孙丽。",
            )
            .mark(CourseMark::Received),
        ],
    }
}

fn acts() -> view::ActList {
    let act = |label: &str, effect: &str, weight, key: &str| view::Act {
        label: label.to_owned(),
        href: "/desk".to_owned(),
        effect: effect.into(),
        weight,
        key: key.to_owned(),
    };
    view::ActList::new(
        vec![
            act("记录调解结果", "达成协议或终止；制作调解书，2 个工作日内告知双方", view::Weight::Primary, "m"),
            act("约定下次调解", "通知双方时间和地点", view::Weight::Ordinary, "y"),
            act("向投诉人要材料", "一次说全；等材料期间照常计时", view::Weight::Ordinary, "e"),
            act("申请延长", "加 5 个工作日，须 12315 中心同意", view::Weight::Ordinary, ""),
            act("终止调解", "制作终止调解决定书，告知双方可以起诉或仲裁", view::Weight::Official, ""),
        ],
        vec![
            view::NotNow {
                label: "归档".to_owned(),
                reason: "还没有告知投诉人处理结果。告知以后才能归档。".into(),
                article: "第二十条".to_owned(),
            },
            view::NotNow {
                label: "不予受理".to_owned(),
                reason: "11月11日已经<b>决定受理</b>，受理以后只能调解或终止调解。".into(),
                article: "第十五条".to_owned(),
            },
        ],
    )
}

#[derive(Template)]
#[template(path = "samples/register.html")]
struct Register {
    page: view::DeskPage,
    errors: view::Errors,
    categories: Vec<view::Choice>,
    channels: Vec<view::Choice>,
}

fn register() -> Register {
    Register {
        page: desk(view::Section::Register),
        errors: view::Errors::none(),
        categories: ["儿童用品", "通讯产品", "健身服务", "婚庆摄影"].map(|name| view::Choice::new(name, name)).to_vec(),
        channels: ["电话", "来访", "来信"].map(|name| view::Choice::new(name, name)).to_vec(),
    }
}

struct OfficeRow {
    name: &'static str,
    open: i64,
    late: i64,
    on_time: &'static str,
    rising: &'static str,
}

#[derive(Template)]
#[template(path = "samples/leader.html")]
struct Leader {
    page: view::DeskPage,
    tallies: Vec<view::Tally>,
    waiting: Vec<(view::ClockView, &'static str, &'static str)>,
    offices: Vec<OfficeRow>,
}

fn leader() -> Leader {
    let tally = |label: &str, count: &str, compared: &str, tone| view::Tally {
        label: label.to_owned(),
        count: count.to_owned(),
        compared: compared.to_owned(),
        href: "/desk".to_owned(),
        tone,
    };
    Leader {
        page: desk(view::Section::Statistics),
        tallies: vec![
            tally("逾期", "3", "比上周少 2 件", view::Tone::Red),
            tally("三天内到期", "17", "城关所 9 件", view::Tone::Amber),
            tally("待我签批", "3", "最早一件等了 1 天", view::Tone::Plain),
            tally("在办", "214", "比上周多 31 件", view::Tone::Plain),
            tally("按时率", "98.6%", "本月，去年同月 97.9%", view::Tone::Green),
        ],
        waiting: vec![
            (
                Sample::TELL.clock(at(11, 18, 9, 0), &[], None),
                "终止调解：装修公司增项不认账",
                "城关所 王素琴 · 昨天 16:20 提出",
            ),
            (
                Sample::CLOSE.clock(at(11, 12, 9, 0), &[], None),
                "延长 5 个工作日：二手车里程",
                "建中街所 刘洋 · 今天 08:50 提出",
            ),
        ],
        offices: vec![
            OfficeRow { name: "城关所", open: 61, late: 1, on_time: "98.1%", rising: "预付卡 +9" },
            OfficeRow { name: "建中街所", open: 48, late: 2, on_time: "96.0%", rising: "" },
            OfficeRow { name: "福华街所", open: 37, late: 0, on_time: "100%", rising: "外卖 +5" },
        ],
    }
}

#[derive(Template)]
#[template(path = "samples/login.html")]
struct Login;

#[derive(Template)]
#[template(path = "samples/start.html")]
struct Start {
    page: view::CitizenPage,
}

fn start() -> Start {
    Start { page: citizen("/", false) }
}

#[derive(Template)]
#[template(path = "samples/goods.html")]
struct Goods {
    page: view::CitizenPage,
    steps: view::Steps,
    errors: view::Errors,
    uploaded: Vec<view::Uploaded>,
}

fn goods() -> Goods {
    Goods {
        page: citizen("/complaints/new/goods", false),
        steps: view::Steps { current: 2, names: step_names(), saved: "已自动保存 10:31".to_owned() },
        errors: [("amount", "请只写数字，例如 469")].into_iter().collect(),
        uploaded: Gallery::new().uploaded,
    }
}

#[derive(Template)]
#[template(path = "samples/check.html")]
struct Check {
    page: view::CitizenPage,
    steps: view::Steps,
    answers: view::Summary,
}

fn check() -> Check {
    let row = |name: &str, value: &str| view::SummaryRow::new(name, value).change("/complaints/new");
    Check {
        page: citizen("/complaints/new/check", false),
        steps: view::Steps { current: 5, names: step_names(), saved: String::new() },
        answers: view::Summary::new(vec![
            row("商家", "惠友超市有限公司二七店\n二七区大学路 18 号"),
            row("买了什么", "儿童安全座椅"),
            row("金额", "469 元"),
            row("经过", "10月28日在二七店买的，11月6日卡扣断了，幸好孩子没事。找过店里，只同意修。"),
            row("要求", "更换、赔偿损失 60 元"),
            row("照片和录音", "2 张照片、1 段录音"),
            row("您", "周敏 138 0013 2207"),
            row("信用代码", ""),
        ]),
    }
}

#[derive(Template)]
#[template(path = "samples/receipt.html")]
struct Receipt {
    page: view::CitizenPage,
}

fn receipt() -> Receipt {
    Receipt { page: citizen("/", false) }
}

#[derive(Template)]
#[template(path = "samples/track.html")]
struct Track {
    page: view::CitizenPage,
    status: view::Tag,
    clock: view::ClockView,
    course: view::Course,
}

fn track(large_type: bool) -> Track {
    let mut course = course();
    course.steps.retain(|step| !step.papers.is_empty() || step.mark == view::CourseMark::Received);
    Track {
        page: citizen("/track/410103-2026-004391", large_type),
        status: view::tag("调解中", view::Tone::Teal),
        clock: Sample::CLOSE.clock(at(11, 11, 9, 0), &appraisal(), None),
        course,
    }
}

#[derive(Template)]
#[template(path = "samples/letter.html")]
struct Letter {
    page: view::PrintPage,
}

fn letter() -> Letter {
    Letter {
        page: view::PrintPage {
            red_head: String::new(),
            title: "投诉受理决定书".to_owned(),
            number: "二七市监〔2026〕第391号".to_owned(),
            back: "/desk".to_owned(),
        },
    }
}

#[derive(Template)]
#[template(path = "samples/form.html")]
struct PaperForm {
    page: view::PrintPage,
}

fn form() -> PaperForm {
    PaperForm {
        page: view::PrintPage {
            title: "投诉登记表".to_owned(),
            back: "/desk".to_owned(),
            ..view::PrintPage::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::all;

    #[test]
    fn every_part_renders() {
        for (name, page) in all() {
            let html = page.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"), "{name}");
            assert!(!html.contains("missing/"), "{name} asks for an asset that is not there");
        }
    }
}
