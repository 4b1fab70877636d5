//! 投递: messages go out after the act, with proof and retry; nothing is lost, nothing is said twice (issue row 7).

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use casework::actor::Actor;
use casework::delivery::{
    BACK_OFF, Carrier, Carriers, CarryError, Delivered, Gateway, HttpCarrier, Parcel, SmtpCarrier, carriers,
    delivered_by_hand, release, retry, run_round,
};
use domain::action::Action;
use domain::status::Status;
use jiff::{SignedDuration, Timestamp};
use store::Db;
use store::outbox::MessageRow;

use crate::gateways::{Manner, Server};
use crate::turns::field_codes;
use crate::world::{World, hours};

/// With servers that answer: however slow the machine, they do.
const PATIENCE: Duration = Duration::from_secs(20);
/// With servers that never answer.
const NO_PATIENCE: Duration = Duration::from_millis(100);

fn patience(manner: &Manner) -> Duration {
    if matches!(manner, Manner::Silent) { NO_PATIENCE } else { PATIENCE }
}

/// Both channels have a gateway, whichever that is.
fn with_gateways(db: &Db) -> World {
    World::with_settings(db, |settings| {
        for channel in ["sms", "email"] {
            let gateway = Gateway::Http { url: "http://127.0.0.1:9/".to_owned(), token: None };
            settings.gateways.insert(channel.to_owned(), gateway);
        }
    })
}

fn on_both(name: &str, body: impl Fn(&World)) {
    store::testing::on_both(name, |db| body(&with_gateways(db)));
}

fn on_one(body: impl Fn(&World)) {
    let fresh = store::testing::Fresh::new(store::Dialect::Sqlite);
    let db = Db::open(&fresh.url).expect("a database");
    body(&with_gateways(&db));
    db.close();
}

fn http(server: &Server) -> Carriers {
    http_for(server, PATIENCE)
}

fn http_for(server: &Server, patience: Duration) -> Carriers {
    let carrier = HttpCarrier::with_timeout(&format!("http://{}/send", server.address), Some("t0ken"), patience);
    BTreeMap::from([("sms".to_owned(), Box::new(carrier.unwrap()) as Box<dyn Carrier>)])
}

fn smtp(server: &Server, login: Option<(String, String)>) -> Carriers {
    smtp_for(server, login, PATIENCE)
}

fn smtp_for(server: &Server, login: Option<(String, String)>, patience: Duration) -> Carriers {
    let carrier = SmtpCarrier::with_timeout(&server.address, "12315 <12315@jinshui.example.cn>", login, true, patience);
    BTreeMap::from([("email".to_owned(), Box::new(carrier.unwrap()) as Box<dyn Carrier>)])
}

fn round(world: &World, carriers: &Carriers, now: Timestamp) -> Delivered {
    run_round(&world.db, carriers, "this process", &|| now).unwrap_or_else(|error| panic!("{error:?}"))
}

/// A case with one message to a machine: number and query code to the consumer.
fn one_message(world: &World, channel: &str) -> i64 {
    let number = world.file(&Actor::Public, hours(0), &crate::world::complaint(channel)).number;
    world.messages(&number).into_iter().find(|it| it.channel == channel).expect("she chose it").id
}

fn message(world: &World, id: i64) -> MessageRow {
    world.look(move |tx| store::outbox::find(tx, id)).expect("the message")
}

#[test]
fn a_mail_goes_out_with_proof() {
    on_both("mail", |world| {
        let server = Server::smtp();
        let id = one_message(world, "email");
        let delivered = round(world, &smtp(&server, None), hours(1));
        assert_eq!(delivered, Delivered { sent: 1, ..Delivered::default() });
        let kept = message(world, id);
        assert_eq!((kept.state.as_str(), kept.attempts, kept.done_at), ("sent", 1, Some(hours(1))));
        assert!(kept.proof.contains("queued as 4F3C"), "{}", kept.proof);
        let letter = server.requests().pop().unwrap();
        assert!(
            letter.contains("RCPT TO:<chen@example.cn>") && letter.contains("MAIL FROM:<12315@jinshui.example.cn>")
        );
        let key = Parcel { message: kept, case_number: None }.key();
        assert!(letter.contains(&format!("Message-ID: <{key}@jinshui.example.cn>")), "{letter}");
        assert_eq!(round(world, &smtp(&server, None), hours(2)), Delivered::default(), "it goes once");
    });
}

#[test]
fn a_refused_recipient_is_final_and_named_nowhere() {
    on_one(|world| {
        let server = Server::smtp();
        server.then(&[Manner::Says("550 5.1.1 <chen@example.cn> unknown user")]);
        let id = one_message(world, "email");
        assert_eq!(round(world, &smtp(&server, None), hours(1)).failed, 1);
        let kept = message(world, id);
        assert_eq!(kept.state, "failed");
        assert!(kept.error.contains("550") && !kept.error.contains('@'), "{}", kept.error);
    });
}

#[test]
fn a_mail_server_in_trouble_is_asked_again() {
    on_one(|world| {
        for (manner, unreachable) in
            [(Manner::Says("451 try later"), false), (Manner::Silent, true), (Manner::Breaks, true)]
        {
            let server = Server::smtp();
            server.then(std::slice::from_ref(&manner));
            let id = one_message(world, "email");
            let delivered = round(world, &smtp_for(&server, None, patience(&manner)), hours(1));
            assert_eq!((delivered.put_off, delivered.unreachable.len()), (1, usize::from(unreachable)), "{manner:?}");
            let kept = message(world, id);
            assert_eq!((kept.state.as_str(), kept.attempts), ("waiting", 1), "{manner:?}");
            assert_eq!(kept.next_try_at, hours(1) + SignedDuration::from_mins(1));
            assert_eq!(round(world, &smtp(&server, None), hours(1)), Delivered::default(), "not before its time");
            assert_eq!(round(world, &smtp(&server, None), hours(2)).sent, 1, "{manner:?}");
        }
    });
}

#[test]
fn a_mail_whose_answer_was_lost_comes_again_under_the_same_message_id() {
    on_one(|world| {
        let server = Server::smtp();
        server.then(&[Manner::Breaks]);
        one_message(world, "email");
        round(world, &smtp(&server, None), hours(1));
        round(world, &smtp(&server, None), hours(2));
        let ids: Vec<_> = server
            .requests()
            .iter()
            .map(|letter| letter.lines().find(|line| line.starts_with("Message-ID")).unwrap().to_owned())
            .collect();
        assert_eq!(ids.len(), 2);
        assert_eq!(ids[0], ids[1]);
    });
}

#[test]
fn a_refused_login_costs_one_message_one_try() {
    on_one(|world| {
        let server = Server::smtp();
        server.then(&[Manner::RefusesLogin, Manner::RefusesLogin]);
        let (first, second) = (one_message(world, "email"), one_message(world, "email"));
        let login = Some(("clerk".to_owned(), "wr0ng".to_owned()));
        let delivered = round(world, &smtp(&server, login), hours(1));
        assert_eq!((delivered.put_off, delivered.unreachable), (1, vec!["email".to_owned()]));
        assert!(message(world, first).error.contains("535"), "{}", message(world, first).error);
        assert_eq!(message(world, second).attempts, 0, "the others are left alone");
    });
}

#[test]
fn without_encryption_nothing_is_said_unless_it_was_asked_for() {
    on_one(|world| {
        let server = Server::smtp();
        one_message(world, "email");
        let carrier = SmtpCarrier::with_timeout(&server.address, "a@example.cn", None, false, PATIENCE).unwrap();
        let carriers = BTreeMap::from([("email".to_owned(), Box::new(carrier) as Box<dyn Carrier>)]);
        assert_eq!(round(world, &carriers, hours(1)).put_off, 1);
        assert_eq!(server.requests(), Vec::<String>::new());
    });
}

#[test]
fn a_gateway_gets_the_message_as_documented() {
    on_both("gateway", |world| {
        let server = Server::http();
        let id = one_message(world, "sms");
        assert_eq!(round(world, &http(&server), hours(1)).sent, 1);
        let kept = message(world, id);
        assert_eq!((kept.state.as_str(), kept.proof.as_str()), ("sent", "receipt-1"));
        let request = server.requests().pop().unwrap();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let key = format!("{id}-{}", hours(0).as_microsecond());
        assert!(head.starts_with("POST /send HTTP/1.1"), "{head}");
        let head = head.to_ascii_lowercase();
        for line in [format!("idempotency-key: {key}"), "authorization: bearer t0ken".to_owned()] {
            assert!(head.contains(&line), "{head}");
        }
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        let case = world.look(move |tx| store::case::by_id(tx, kept.case_id.unwrap())).unwrap();
        assert_eq!(
            body,
            serde_json::json!({
                "id": key,
                "channel": "sms",
                "to": "13837120001",
                "subject": kept.subject,
                "text": kept.body,
                "case_number": case.number,
            })
        );
    });
}

#[test]
fn the_proof_is_the_gateways_id_or_its_date() {
    on_one(|world| {
        for (answer, proof) in [
            ("201 Created|{\"id\":7}", "7"),
            ("200 OK|{\"id\":\"abc\"}", "abc"),
            ("204 No Content", "Tue, 02 Jun 2026 01:00:00 GMT"),
            ("200 OK|not json", "Tue, 02 Jun 2026 01:00:00 GMT"),
            ("200 OK|{\"id\":\"\"}", "Tue, 02 Jun 2026 01:00:00 GMT"),
        ] {
            let server = Server::http();
            server.then(&[Manner::Says(answer)]);
            let id = one_message(world, "sms");
            round(world, &http(&server), hours(1));
            assert_eq!(message(world, id).proof, proof, "{answer}");
        }
    });
}

#[test]
fn a_gateways_answer_decides_whether_it_is_asked_again() {
    on_one(|world| {
        for (manner, state, unreachable) in [
            (Manner::Says("400 Bad Request"), "failed", false),
            (Manner::Says("422 Unprocessable|13837120001 is no number"), "failed", false),
            (Manner::Says("404 Not Found"), "failed", false),
            (Manner::Says("408 Request Timeout"), "waiting", false),
            (Manner::Says("401 Unauthorized"), "waiting", true),
            (Manner::Says("429 Too Many Requests"), "waiting", true),
            (Manner::Says("307 Temporary Redirect"), "waiting", true),
            (Manner::Says("500 Internal Server Error"), "waiting", false),
            (Manner::Says("503 Unavailable"), "waiting", false),
            (Manner::Silent, "waiting", true),
            (Manner::Breaks, "waiting", true),
        ] {
            let server = Server::http();
            server.then(std::slice::from_ref(&manner));
            let id = one_message(world, "sms");
            let delivered = round(world, &http_for(&server, patience(&manner)), hours(1));
            let kept = message(world, id);
            assert_eq!((kept.state.as_str(), kept.attempts), (state, 1), "{manner:?}");
            assert_eq!(delivered.unreachable.is_empty(), !unreachable, "{manner:?}");
            assert!(!kept.error.is_empty() && !kept.error.contains("13837120001"), "{}", kept.error);
            assert!(server.requests().len() <= 1, "one try, and no redirect followed");
            // Out of the way of the next.
            world.look(move |tx| tx.execute("UPDATE outbox SET state = 'failed' WHERE id = $1", store::params![id]));
        }
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        one_message(world, "sms");
        let carrier = HttpCarrier::with_timeout(&format!("http://{nobody}/"), None, PATIENCE).unwrap();
        assert_eq!(round(world, &sms(carrier), hours(1)).unreachable, ["sms"]);
    });
}

#[test]
fn an_answer_that_was_lost_leads_to_a_repeat_under_the_same_key() {
    on_both("lost answer", |world| {
        let server = Server::http();
        server.then(&[Manner::Breaks, Manner::Says("500 Internal Server Error")]);
        let id = one_message(world, "sms");
        for hour in 1..=3 {
            round(world, &http(&server), hours(hour));
        }
        assert_eq!(message(world, id).state, "sent");
        let keys: Vec<String> = server.requests().iter().map(|request| key_of(request)).collect();
        assert_eq!(keys.len(), 3);
        assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    });
}

fn key_of(request: &str) -> String {
    let line = request.lines().find(|line| line.to_ascii_lowercase().starts_with("idempotency-key")).unwrap();
    line.split_once(':').unwrap().1.trim().to_owned()
}

#[test]
fn eight_tries_and_then_a_person() {
    on_both("eight tries", |world| {
        let server = Server::http();
        let id = one_message(world, "sms");
        let mut now = hours(0);
        for (tried, wait) in BACK_OFF.iter().enumerate() {
            server.then(&[Manner::Says("500 Internal Server Error")]);
            assert_eq!(round(world, &http(&server), now).put_off, 1, "{tried}");
            let kept = message(world, id);
            assert_eq!((kept.attempts, kept.next_try_at), (tried as i64 + 1, now + *wait));
            let too_early = kept.next_try_at - SignedDuration::from_secs(1);
            assert_eq!(round(world, &http(&server), too_early), Delivered::default());
            now = kept.next_try_at;
        }
        server.then(&[Manner::Says("500 Internal Server Error")]);
        assert_eq!(round(world, &http(&server), now).failed, 1);
        assert_eq!((message(world, id).state.as_str(), message(world, id).attempts), ("failed", 8));
        assert_eq!(round(world, &http(&server), now + SignedDuration::from_hours(1_000)), Delivered::default());
    });
}

#[test]
fn a_gateway_that_is_down_holds_up_no_other() {
    on_one(|world| {
        let (down, up) = (Server::http(), Server::smtp());
        down.then(&[Manner::Breaks]);
        for _ in 0..60 {
            one_message(world, "sms");
        }
        let mail = one_message(world, "email");
        let mut carriers = http(&down);
        carriers.append(&mut smtp(&up, None));
        let delivered = round(world, &carriers, hours(1));
        assert_eq!((delivered.sent, delivered.put_off, delivered.unreachable), (1, 1, vec!["sms".to_owned()]));
        assert_eq!(message(world, mail).state, "sent");
        let next = round(world, &carriers, hours(1));
        assert_eq!((next.sent, next.more), (50, true), "a full round says that more waits");
        assert_eq!(round(world, &carriers, hours(1)).sent, 9);
        assert_eq!(round(world, &carriers, hours(2)).sent, 1);
    });
}

/// Carries and then fails in its own way.
struct Then<F: Fn(&Parcel) + Send + Sync>(F);

impl<F: Fn(&Parcel) + Send + Sync> Carrier for Then<F> {
    fn carry(&self, parcel: &Parcel) -> Result<String, CarryError> {
        (self.0)(parcel);
        Ok("proof".to_owned())
    }
}

fn sms(carrier: impl Carrier + 'static) -> Carriers {
    BTreeMap::from([("sms".to_owned(), Box::new(carrier) as Box<dyn Carrier>)])
}

#[test]
fn a_program_that_dies_between_carrying_and_writing_down_repeats_the_same_key() {
    on_both("death", |world| {
        let id = one_message(world, "sms");
        let carried = Arc::new(Mutex::new(Vec::new()));
        let dying = sms(Then({
            let carried = carried.clone();
            move |parcel: &Parcel| {
                carried.lock().unwrap().push(parcel.key());
                panic!("the lights go out");
            }
        }));
        let died = std::panic::catch_unwind(AssertUnwindSafe(|| run_round(&world.db, &dying, "dying", &|| hours(1))));
        assert!(died.is_err());
        assert_eq!((message(world, id).state.as_str(), message(world, id).attempts), ("waiting", 0));
        let living = sms(Then({
            let carried = carried.clone();
            move |parcel: &Parcel| carried.lock().unwrap().push(parcel.key())
        }));
        let early = run_round(&world.db, &living, "living", &|| hours(1)).unwrap();
        assert!(early.elsewhere, "the dead one's lease runs out first");
        let later = run_round(&world.db, &living, "living", &|| hours(2)).unwrap();
        assert_eq!(later.sent, 1);
        let keys = carried.lock().unwrap().clone();
        assert_eq!((keys.len(), &keys[0]), (2, &keys[1]));
    });
}

#[test]
fn an_idle_installation_writes_nothing() {
    on_both("idle", |world| {
        let until = hours(1) + SignedDuration::from_mins(5);
        assert!(world.look(move |tx| store::lease::take(tx, "delivery", "elsewhere", hours(1), until)));
        let nothing = sms(Then(|_: &Parcel| {}));
        assert_eq!(round(world, &nothing, hours(1)), Delivered::default(), "nobody even asks for the lease");
        one_message(world, "sms");
        assert!(round(world, &nothing, hours(1)).elsewhere);
    });
}

#[test]
fn whoever_lost_the_lease_stops() {
    on_both("lost lease", |world| {
        for _ in 0..3 {
            one_message(world, "sms");
        }
        let db = world.db.clone();
        let thief = sms(Then(move |_: &Parcel| {
            let far = hours(50);
            let until = far + SignedDuration::from_mins(5);
            let taken = db.act(move |tx| store::lease::take(tx, "delivery", "thief", far, until));
            assert!(taken.is_ok_and(|taken| taken));
        }));
        let delivered = round(world, &thief, hours(1));
        assert_eq!((delivered.sent, delivered.elsewhere), (1, true));
    });
}

#[test]
fn many_processes_say_everything_once() {
    on_both("many", |world| {
        for _ in 0..20 {
            one_message(world, "sms");
        }
        let said = Arc::new(Mutex::new(Vec::new()));
        let threads: Vec<_> = (0..4)
            .map(|number| {
                let (db, said) = (world.db.clone(), said.clone());
                std::thread::spawn(move || {
                    let carriers = sms(Then(move |parcel: &Parcel| said.lock().unwrap().push(parcel.message.id)));
                    let holder = format!("process {number}");
                    run_round(&db, &carriers, &holder, &|| hours(1)).expect("a round")
                })
            })
            .collect();
        let sent: usize = threads.into_iter().map(|thread| thread.join().unwrap().sent).sum();
        let mut said = said.lock().unwrap().clone();
        said.sort_unstable();
        assert_eq!(said.len(), 20);
        said.dedup();
        assert_eq!((said.len(), sent), (20, 20));
    });
}

#[test]
fn a_channel_whose_gateway_was_taken_away_says_so() {
    on_both("taken away", |world| {
        let id = one_message(world, "sms");
        let delivered = round(world, &Carriers::new(), hours(1));
        assert_eq!(delivered.without_gateway, 1);
        assert_eq!((message(world, id).state.as_str(), message(world, id).attempts), ("no_gateway", 0));
    });
}

#[test]
fn what_waited_for_a_gateway_goes_only_when_it_is_released() {
    on_both("release", |world| {
        let server = Server::http();
        let (old, new) = (one_message(world, "sms"), one_message(world, "sms"));
        round(world, &Carriers::new(), hours(1));
        world.look(move |tx| tx.execute("UPDATE outbox SET created_at = 0 WHERE id = $1", store::params![old]));
        assert_eq!(round(world, &http(&server), hours(1)), Delivered::default(), "nothing goes by itself");
        let since = hours(0);
        let by = |who: &Actor| world.act(who, hours(2), move |tx, scene| release(tx, scene, "sms", since));
        assert_eq!(by(&world.staff("dispatcher")).expect_err("no administrator").code(), "act.forbidden");
        assert_eq!(by(&world.staff("administrator")).expect_err("of one county only").code(), "act.forbidden");
        assert_eq!(by(&Actor::System).unwrap(), 1);
        assert_eq!(message(world, old).state, "no_gateway", "an old one stays");
        assert_eq!(round(world, &http(&server), hours(2)).sent, 1);
        assert_eq!(message(world, new).state, "sent");
        let letter = world.act(&Actor::System, hours(2), move |tx, scene| release(tx, scene, "letter", since));
        assert_eq!(field_codes(&letter.expect_err("no machine carries letters")), ["channel.by_hand"]);
    });
}

#[test]
fn a_person_delivers_by_hand_and_signs_for_it() {
    store::testing::on_both("by hand", |db| {
        let world = World::new(db); // no gateways
        let number = world.case_in(Status::Mediating);
        let id = world.messages(&number).into_iter().find(|it| it.state == "no_gateway").unwrap().id;
        let by = |who: &Actor, proof: &'static str| {
            world.act(who, hours(30), move |tx, scene| delivered_by_hand(tx, scene, id, proof))
        };
        for (who, code) in [
            ("next_officer", "case.not_found"),
            ("other_dispatcher", "case.not_found"),
            ("city_dispatcher", "act.forbidden"),
            ("auditor", "act.forbidden"),
            ("administrator", "case.not_found"),
        ] {
            assert_eq!(by(&world.staff(who), "电话").expect_err("not hers").code(), code, "{who}");
        }
        assert_eq!(by(&crate::world::consumer(&world.case(&number)), "x").expect_err("staff").code(), "act.forbidden");
        assert_eq!(field_codes(&by(&world.staff("officer1"), " ").expect_err("how?")), ["proof.missing"]);
        let done = by(&world.staff("officer1"), "6月2日电话告知，本人接听").unwrap();
        assert_eq!((done.state.as_str(), done.done_at), ("sent", Some(hours(30))));
        assert_eq!(message(&world, id), done);
        assert_eq!(done.proof, "承办人officer1：6月2日电话告知，本人接听");
        assert_eq!(by(&world.staff("officer1"), "6月2日电话告知，本人接听").unwrap(), done, "twice counts once");
        assert_eq!(by(&world.staff("officer2"), "信函").expect_err("done already").code(), "act.conflict");
        let letter = world.file(&Actor::Public, hours(0), &crate::world::complaint("letter")).number;
        let letter = world.messages(&letter).into_iter().find(|it| it.state == "by_hand").unwrap().id;
        let posted = world
            .act(&world.staff("agent"), hours(30), move |tx, scene| delivered_by_hand(tx, scene, letter, "EMS 1042"));
        assert_eq!(posted.unwrap().state, "sent");
    });
    on_one(|world| {
        let waiting = one_message(world, "sms");
        let refused =
            world.act(&world.staff("agent"), hours(1), move |tx, scene| delivered_by_hand(tx, scene, waiting, "电话"));
        assert_eq!(field_codes(&refused.expect_err("the machine has it")), ["message.waiting"]);
    });
}

#[test]
fn an_administrator_sends_a_failed_message_again() {
    on_both("retry", |world| {
        let server = Server::http();
        server.then(&[Manner::Says("422 Unprocessable")]);
        let id = one_message(world, "sms");
        round(world, &http(&server), hours(1));
        let by = |who: &Actor| world.act(who, hours(2), move |tx, scene| retry(tx, scene, id));
        assert_eq!(by(&world.staff("officer1")).expect_err("no administrator").code(), "act.forbidden");
        let again = by(&world.staff("administrator")).unwrap();
        assert_eq!((again.state.as_str(), again.attempts, again.next_try_at), ("waiting", 0, hours(2)));
        assert_eq!(round(world, &http(&server), hours(2)).sent, 1);
        assert_eq!(field_codes(&by(&world.staff("administrator")).expect_err("it went")), ["message.not_failed"]);
        let elsewhere = domain::filing::RawFiling { region: "410102".to_owned(), ..crate::world::complaint("sms") };
        let number = world.file(&Actor::Public, hours(0), &elsewhere).number;
        let other = world.messages(&number).into_iter().find(|it| it.channel == "sms").unwrap().id;
        let refused = world.act(&world.staff("administrator"), hours(2), move |tx, scene| retry(tx, scene, other));
        assert_eq!(refused.expect_err("another county's").code(), "case.not_found");
    });
}

#[test]
fn settings_that_cannot_work_are_named_at_the_start() {
    let data = tempfile::tempdir().unwrap();
    let smtp = |server: &str, from: &str| Gateway::Smtp {
        server: server.to_owned(),
        from: from.to_owned(),
        user: Some("clerk".to_owned()),
        password: Some("s3cret".to_owned()),
        plain: false,
    };
    let http = |url: &str, token: Option<&str>| Gateway::Http { url: url.to_owned(), token: token.map(str::to_owned) };
    for (channel, gateway, named) in [
        ("email", smtp("mail.example.cn:post", "a@example.cn"), "mail.example.cn:post"),
        ("email", smtp("mail.example.cn:465", "nobody"), "nobody"),
        ("sms", http("ftp://gateway", None), "https://"),
        ("sms", http("gateway", None), "https://"),
        ("sms", http("https://gateway", Some("two words")), "令牌"),
        ("letter", http("https://gateway", None), "email、sms"),
    ] {
        let mut settings = casework::Settings::new(data.path());
        settings.gateways.insert(channel.to_owned(), gateway.clone());
        let fault = carriers(&settings).err().expect("it cannot work").to_string();
        assert!(fault.contains(channel) && fault.contains(named), "{fault}");
        let shown = format!("{settings:?}");
        assert!(!shown.contains("s3cret") && !shown.contains("two words"), "{shown}");
    }
    let mut settings = casework::Settings::new(data.path());
    settings.gateways.insert("email".to_owned(), smtp("mail.example.cn:465", "12315 <a@example.cn>"));
    settings.gateways.insert("sms".to_owned(), http("https://gateway.example.cn/send", Some("t")));
    assert_eq!(carriers(&settings).unwrap().into_keys().collect::<Vec<_>>(), ["email", "sms"]);
}

#[test]
fn an_encrypted_gateway_is_spoken_to_encrypted() {
    on_one(|world| {
        let server = Server::http(); // speaks no TLS
        one_message(world, "sms");
        let carrier = HttpCarrier::with_timeout(&format!("https://{}/", server.address), None, NO_PATIENCE).unwrap();
        let delivered = round(world, &sms(carrier), hours(1));
        assert_eq!((delivered.put_off, delivered.unreachable.len()), (1, 1));
        assert!(server.requests().iter().all(|request| !request.contains("13837120001")));
    });
}

#[test]
fn logs_name_messages_by_id_only() {
    on_one(|world| {
        let log = Arc::new(Mutex::new(Vec::<u8>::new()));
        let writer = {
            let log = log.clone();
            move || Into(log.clone())
        };
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(writer)
            .finish();
        let server = Server::http();
        server.then(&[Manner::Says("500 x|13837120001"), Manner::Says("400 x|13837120001"), Manner::Breaks]);
        tracing::subscriber::with_default(subscriber, || {
            for _ in 0..4 {
                let number = world.case_in(Status::Accepted);
                world.does("consumer", hours(9), &number, Action::Urge);
                one_message(world, "sms");
                round(world, &http(&server), hours(10));
            }
        });
        let log = String::from_utf8(log.lock().unwrap().clone()).unwrap();
        assert!(log.contains("outbox="), "{log}");
        for personal in ["13837120001", "chen@example.cn", "陈晓梅", "查询码", "已决定受理", "t0ken"] {
            assert!(!log.contains(personal), "{personal} in {log}");
        }
    });
}

struct Into(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Into {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
