//! 举报奖励 on the pages: computed before it is proposed, signed by two, told, listed without a name, claimed with number and code.

use axum::http::StatusCode;
use casework::report::Proposed;
use casework::split::{self, Part};
use casework::{ActError, Actor, Scene, approval, assignment, dispatch, report, tracking};
use domain::reporting::Decision;
use store::Tx;
use web::redirect::query_value;

use crate::world::{Badge, World};

/// A report that ended with a fine of 200,000 元: its number and the reporter's query code.
fn penalised(world: &World) -> (String, String) {
    let (house, now, facts) = (world.app.house().clone(), world.app.now(), world.facts.clone());
    let act = move |tx: &mut Tx<'_>| -> Result<(String, String), ActError> {
        let person = |tx: &mut Tx<'_>, login: &str| -> Result<Actor, ActError> {
            let account = store::account::by_login(tx, login)?.expect("the account was made");
            Ok(Actor::Staff(casework::staff::load(tx, account.id)?.expect("it is open")))
        };
        let (dispatcher, leader, officer) = (person(tx, "dispatcher")?, person(tx, "leader")?, person(tx, "officer")?);
        let second = store::account::by_login(tx, "officer2")?.expect("the account was made").id;
        let scene = |actor| Scene { house: &house, now, actor };
        let part = Part {
            kind: "report".to_owned(),
            title: "柜台后面有过期奶粉改日期".to_owned(),
            facts: "店员把奶粉罐底的日期擦掉重新打印。".to_owned(),
            respondent_name: "金水区童乐母婴店".to_owned(),
            respondent_address: "郑州市金水区文化路4号".to_owned(),
            ..Part::default()
        };
        split::split(tx, scene(&officer), &facts.number, None, &part)?;
        let complaint = store::case::by_number(tx, &facts.number)?.expect("the case");
        let her = Actor::Complainant { case_id: complaint.id };
        let (number, code) = tracking::own_file(tx, scene(&her), complaint.id)?.reports.remove(0);
        dispatch::dispatch(tx, scene(&dispatcher), &number, None, facts.office, "辖区")?;
        assignment::assign(tx, scene(&leader), &number, None, facts.officer, second)?;
        report::propose_opening(tx, scene(&officer), &number, None, "涉嫌改动生产日期")?;
        approval::approve(tx, scene(&leader), &number, None, "同意")?;
        let fine = Proposed::new(Decision::Penalty, 20_000_000, "罚款二十万元");
        report::propose_decision(tx, scene(&officer), &number, None, &fine)?;
        approval::approve(tx, scene(&leader), &number, None, "同意")?;
        Ok((number, code))
    };
    world.app.db().act(act).unwrap_or_else(|error| panic!("{error:?}"))
}

/// The form of an act from the page as it stands.
async fn send(world: &World, path: &str, badge: &Badge, pairs: &[(&str, &str)]) -> crate::world::Answer {
    let page = world.get(path, badge).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
    let (_, version) = page.text.split_once("name=\"version\" value=\"").expect("a form");
    let mut form = format!("version={}", version.split('"').next().expect("a number"));
    for (name, value) in pairs {
        form.extend(["&", name, "=", &query_value(value)]);
    }
    world.post(path, badge, &form).await
}

const MERIT: &[(&str, &str)] = &[
    ("gravity", "large_fine"),
    ("scope", "safety"),
    ("level", "first"),
    ("fine", "200000"),
    ("together", "1"),
    ("reason", "指认的地点和时间与现场一致"),
];

const EXCLUDED: &[&str] =
    &["official", "infringed", "offender", "paid", "not_first", "not_grave", "different", "organization"];

async fn done(world: &World, path: &str, who: &str, pairs: &[(&str, &str)]) {
    let answer = send(world, path, &world.signed_in_again(who), pairs).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} by {who}: {}", answer.text);
}

/// Proposed, signed by two and told.
async fn granted(world: &World, case: &str) {
    let excluded: Vec<(&str, &str)> = EXCLUDED.iter().map(|key| ("excluded", *key)).collect();
    done(world, &format!("{case}/propose_reward"), "officer", &[MERIT, &excluded].concat()).await;
    for login in ["leader", "duty_director"] {
        done(world, &format!("{case}/approve_reward"), login, &[("opinion", "同意")]).await;
    }
    done(world, &format!("{case}/tell_reward"), "officer", &[("way", "page")]).await;
}

async fn her(world: &World, number: &str, code: &str) -> Badge {
    let answer = world.post("/track", &Badge::None, &format!("number={number}&code={code}")).await;
    Badge::Cookie(answer.cookies())
}

async fn she_does(world: &World, her: &Badge, what: &str) {
    let page = world.get("/track/reward", her).await.text;
    let (_, seen) = page.split_once("name=\"seen\" value=\"").expect("a form");
    let seen = seen.split('"').next().expect("a number").to_owned();
    let answer = world.post("/track/reward", her, &format!("seen={seen}&{what}")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

#[tokio::test]
async fn a_reward_is_computed_signed_by_two_and_claimed_by_code() {
    let world = World::new();
    let (number, code) = penalised(&world);
    let case = format!("/desk/cases/{number}");
    let officer = world.signed_in("officer");
    let queue = world.get("/desk", &officer).await.text;
    assert!(queue.contains("提出是否给予举报奖励") && queue.contains("/desk/rewards"));
    assert!(world.get("/desk/rewards?stage=due", &officer).await.text.contains(&number));
    let propose = format!("{case}/propose_reward");
    // What the case says stands beside the questions.
    let asked = world.get(&propose, &officer).await.text;
    assert!(asked.contains("罚没款 200,000.00 元") && asked.contains("没有本省的数"), "{asked}");
    // What is excluded is looked at point by point.
    let refused = send(&world, &propose, &officer, MERIT).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("请逐项核对不予奖励的情形") && refused.text.contains("指认的地点"));
    let computed = send(&world, &propose, &officer, &[MERIT, &[("compute", "1")]].concat()).await;
    assert_eq!(computed.status, StatusCode::OK);
    assert!(computed.text.contains("10,000 元") && computed.text.contains("5%"), "5 % of 200,000");
    // Before she is told, her page knows of nothing.
    let reporter = her(&world, &number, &code).await;
    assert_eq!(world.get("/track/reward", &reporter).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.post("/track/reward", &reporter, "what=claim").await.status, StatusCode::NOT_FOUND);
    assert!(!world.get("/track/case", &reporter).await.text.contains("/track/reward"));
    granted(&world, &case).await;
    let page = world.get(&case, &officer).await.text;
    assert!(page.contains("待领取") && page.contains("一级 10,000 元") && page.contains("举报奖励审批表"));
    // The form can be printed with each step of the computation.
    let (before, _) = page.split_once("举报奖励审批表").expect("the form");
    let (_, href) = before.rsplit_once("href=\"").expect("a link");
    let form = world.get(href.split('"').next().expect("an address"), &officer).await.text;
    for said in ["罚没款 200000 元的 5% → 10,000.00 元", "身份另存密库", "同意（"] {
        assert!(form.contains(said), "{said}: {form}");
    }
    // The list and its table hold the sum and no name.
    let list = world.get("/desk/rewards", &officer).await.text;
    assert!(list.contains(&number) && list.contains("10,000") && list.contains("待领取"));
    assert!(!world.get("/desk/rewards?stage=paid", &officer).await.text.contains(&number));
    assert!(world.get(&format!("/desk/rewards?q={number}&sort=-due"), &officer).await.text.contains(&number));
    assert!(world.get("/desk/rewards?q=nothing", &officer).await.text.contains("没有符合条件的"));
    let table = world.get("/desk/rewards.csv?level=first&sort=-sum", &officer).await.text;
    assert!(table.contains(&number) && table.contains("10000.00") && !table.contains("陈"), "{table}");
    for login in ["foreign_officer", "intake_agent"] {
        let theirs = world.get("/desk/rewards", &world.signed_in(login)).await;
        assert!(!theirs.text.contains(&number), "{login}");
    }
    // She comes with number and code, and nobody asks her name.
    assert!(world.get("/track/case", &reporter).await.text.contains("/track/reward"));
    let page = world.get("/track/reward", &reporter).await.text;
    assert!(page.contains("10,000 元") && page.contains("不用写姓名和账号") && page.contains("不问您的姓名"));
    she_does(&world, &reporter, "what=claim").await;
    let page = world.get("/track/reward", &reporter).await.text;
    assert!(page.contains("已经收到您的申请") && !page.contains("value=\"claim\""));
    // At the counter her code is checked; a wrong one is said beside its field.
    let today = domain::clock::beijing_day(world.app.now()).to_string();
    let mut paid = vec![("way", "cash"), ("sum", "10000"), ("voucher", "记账凭证 113"), ("day", today.as_str())];
    paid.extend([("shown", "code"), ("code", "123456789012")]);
    let pay = format!("{case}/pay_reward");
    let wrong = send(&world, &pay, &officer, &paid).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("回执码或者查询码不对"));
    paid.pop();
    paid.push(("code", code.as_str()));
    done(&world, &pay, "officer", &paid).await;
    assert!(world.get("/track/reward", &reporter).await.text.contains("已发放"));
    assert!(world.get("/desk/rewards?stage=paid", &officer).await.text.contains(&number));
}

#[tokio::test]
async fn she_objects_and_gives_up_and_a_strangers_code_says_no_more_than_an_unknown_one() {
    let world = World::new();
    let (number, code) = penalised(&world);
    let case = format!("/desk/cases/{number}");
    granted(&world, &case).await;
    let reporter = her(&world, &number, &code).await;
    let empty = world.post("/track/reward", &reporter, "what=review&words=").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("请写对金额有什么意见"));
    let review = format!("what=review&words={}", query_value("比例是不是算少了"));
    she_does(&world, &reporter, &review).await;
    let page = world.get("/track/reward", &reporter).await.text;
    assert!(page.contains("领取期限暂停计算") && !page.contains("value=\"claim\""));
    let director = world.signed_in_again("duty_director");
    let asked = world.get(&format!("{case}/answer_review"), &director).await.text;
    assert!(asked.contains("比例是不是算少了"), "her words stand beside the answer");
    let answer = [("changed", "no"), ("answer", "按 5% 计算，没有差错")];
    done(&world, &format!("{case}/answer_review"), "duty_director", &answer).await;
    assert!(world.get("/track/case", &reporter).await.text.contains("没有差错"));
    she_does(&world, &reporter, "what=waive").await;
    assert!(world.get("/track/reward", &reporter).await.text.contains("已放弃"));
    // Somebody else's number with a code that opens another report, or nothing: the same page.
    let tries = [(number.as_str(), "000000000000"), ("410105-2026-999999", code.as_str())];
    let mut answers = Vec::new();
    for (number, code) in tries {
        let answer = world.post("/track", &Badge::None, &format!("number={number}&code={code}")).await;
        answers.push((answer.status, answer.text.replace(number, "").replace(code, "")));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn why_there_is_none_stands_on_her_page() {
    let world = World::new();
    let (number, code) = penalised(&world);
    let case = format!("/desk/cases/{number}");
    let none = [("ground", "not_grave"), ("reason", "罚没款没有达到本省的较大数额")];
    done(&world, &format!("{case}/propose_no_reward"), "officer", &none).await;
    done(&world, &format!("{case}/approve_reward"), "leader", &[("opinion", "同意")]).await;
    let officer = world.signed_in_again("officer");
    let page = world.get(&format!("{case}/tell_reward"), &officer).await.text;
    assert!(page.contains("《举报不予奖励告知书》") && !page.contains("《举报奖励告知书》"));
    done(&world, &format!("{case}/tell_reward"), "officer", &[("way", "page")]).await;
    let reporter = her(&world, &number, &code).await;
    let page = world.get("/track/reward", &reporter).await.text;
    assert!(page.contains("没有达到本省的较大数额") && page.contains("第二条") && !page.contains("value=\"claim\""));
}
