//! 账号安全: two factors, sessions, step-up, wrong tries from elsewhere, trusted networks, passwords.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casework::role_security;
use domain::account::FactorPolicy;
use domain::role::Role;
use jiff::SignedDuration;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret};

use crate::world::{Answer, Badge, PASSWORD, World};

const MINUTE: SignedDuration = SignedDuration::from_secs(60);

async fn log_in(world: &World, login: &str, password: &str) -> Answer {
    world.post("/login", &Badge::None, &format!("login={login}&password={password}&next=")).await
}

fn badge(answer: &Answer) -> Badge {
    Badge::Cookie(answer.cookies())
}

/// What stands between two marks.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before}"));
    rest.split_once(after).unwrap_or_else(|| panic!("no {after}")).0
}

/// The code that an app would show now.
fn code(world: &World, key: &str) -> String {
    let secret = Secret::try_from_base32(key).expect("a key");
    let app = Builder::new().with_secret(secret).build().expect("an app");
    app.generate(u64::try_from(world.app.now().as_second()).unwrap()).to_string()
}

/// Sets an app up on the page; gives its key and the recovery codes.
async fn set_up_app(world: &World, badge: &Badge) -> (String, Vec<String>) {
    let page = world.get("/account/factors/totp", badge).await;
    let key = between(&page.text, "data-totp-key>", "<").replace(' ', "");
    let sealed = between(&page.text, "name=\"sealed\" value=\"", "\"").to_owned();
    assert!(page.text.contains("data:image/svg+xml;base64,"), "and a picture");
    let form = format!("sealed={sealed}&code={}&name=", code(world, &key));
    let added = world.post("/account/factors/totp", badge, &form).await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.location());
    let list = between(&added.text, "<ol class=\"recovery-codes\">", "</ol>");
    let codes = list.split("<code>").skip(1).filter_map(|rest| rest.split('<').next()).map(str::to_owned).collect();
    (key, codes)
}

/// An authenticator in software, for a site that is this machine.
struct Authenticator {
    pair: Ed25519KeyPair,
    counter: u32,
}

impl Authenticator {
    const ID: &'static [u8] = b"a key of the tests";

    fn new() -> Authenticator {
        Authenticator { pair: Ed25519KeyPair::from_seed_unchecked(&[5; 32]).expect("a seed"), counter: 0 }
    }

    fn client(kind: &str, question: &str, origin: &str) -> Vec<u8> {
        let question: serde_json::Value = serde_json::from_str(question).expect("a question");
        let challenge = question["challenge"].as_str().expect("a challenge");
        format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}"}}"#).into_bytes()
    }

    fn data(&mut self, flags: u8) -> Vec<u8> {
        self.counter += 1;
        [Sha256::digest(b"localhost").as_slice(), &[flags], &self.counter.to_be_bytes()].concat()
    }

    /// The answer to the wish for a new key, as a form.
    fn makes(&mut self, question: &str) -> String {
        let public = self.pair.public_key().as_ref();
        // {1: 1 (OKP), 3: -8 (EdDSA), -1: 6 (Ed25519), -2: the key}
        let key = [&[0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20], public].concat();
        let length = u16::try_from(Self::ID.len()).unwrap().to_be_bytes();
        let data = [&self.data(0x45)[..], &[0; 16], &length, Self::ID, &key].concat();
        let size = u8::try_from(data.len()).unwrap();
        let attestation = [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".as_slice(), &[size], &data].concat();
        let client = Self::client("webauthn.create", question, "http://localhost:12315");
        form(&serde_json::json!({
            "id": text(Self::ID), "clientData": text(&client), "attestation": text(&attestation),
        }))
    }

    /// The answer to a question, as a form.
    fn answers(&mut self, question: &str, flags: u8, origin: &str) -> String {
        let client = Self::client("webauthn.get", question, origin);
        let data = self.data(flags);
        let signed = [data.as_slice(), &Sha256::digest(&client)].concat();
        form(&serde_json::json!({
            "id": text(Self::ID), "clientData": text(&client), "authenticatorData": text(&data),
            "signature": text(self.pair.sign(&signed).as_ref()),
        }))
    }
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn form(answer: &serde_json::Value) -> String {
    let escaped: Vec<_> = answer.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("passkey={}&next=&name=", escaped.concat())
}

const HERE: &str = "http://localhost:12315";
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x05;

#[tokio::test]
async fn with_an_app_a_password_alone_opens_nothing() {
    let world = World::new();
    let (key, codes) = set_up_app(&world, &badge(&log_in(&world, "officer", PASSWORD).await)).await;
    assert_eq!(codes.len(), 10);
    world.pass(MINUTE);
    let first = log_in(&world, "officer", PASSWORD).await;
    assert_eq!(first.location(), "/login/second");
    let half = badge(&first);
    for page in ["/desk", "/account", "/account/factors/totp", "/account/password"] {
        assert_eq!(world.get(page, &half).await.location(), "/login/second", "{page}");
    }
    let wrong = world.post("/login/second", &half, "code=000000").await;
    assert!(wrong.text.contains("再错 4 次"));
    let right = world.post("/login/second", &half, &format!("code={}", code(&world, &key))).await;
    assert_eq!(right.location(), "/desk");
    assert_eq!(world.get("/desk", &badge(&right)).await.status, StatusCode::OK);
    assert_eq!(world.get("/desk", &half).await.location(), "/login?next=%2Fdesk", "the half session is gone");
}

#[tokio::test]
async fn a_code_is_good_once_and_wrong_ones_end_the_sign_in() {
    let world = World::new();
    let (key, codes) = set_up_app(&world, &badge(&log_in(&world, "officer", PASSWORD).await)).await;
    let used = code(&world, &key);
    let half = badge(&log_in(&world, "officer", PASSWORD).await);
    let again = world.post("/login/second", &half, &format!("code={used}")).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "the code that set it up is used up");
    // A recovery code stands in, once.
    let recovered = world.post("/login/second", &half, &format!("code={}", codes[3])).await;
    assert_eq!(recovered.location(), "/desk");
    assert!(world.get("/account", &badge(&recovered)).await.text.contains("还剩 <b class=\"number\">9</b>"));
    let half = badge(&log_in(&world, "officer", PASSWORD).await);
    for _ in 0..4 {
        let refused = world.post("/login/second", &half, &format!("code={}", codes[3])).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert!(world.post("/login/second", &half, "code=1").await.text.contains("请重新输入登录名和密码"));
    let late = world.post("/login/second", &half, &format!("code={}", codes[4])).await;
    assert!(late.location().starts_with("/login"), "the right one comes too late");
}

#[tokio::test]
async fn a_passkey_is_the_second_step_and_with_a_verified_user_the_only_one() {
    let world = World::new();
    let mut key = Authenticator::new();
    let here = badge(&log_in(&world, "officer", PASSWORD).await);
    let question = world.post("/account/factors/passkey/ask", &here, "").await.text;
    let made = key.makes(&question);
    assert_eq!(world.post("/account/factors/passkey", &here, &made).await.status, StatusCode::OK);
    let again = world.post("/account/factors/passkey", &here, &made).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a question is answered once");

    let half = badge(&log_in(&world, "officer", PASSWORD).await);
    let question = world.post("/login/second/passkey", &half, "").await.text;
    let elsewhere = key.answers(&question, PRESENT, "http://evil.example");
    assert_eq!(world.post("/login/second", &half, &elsewhere).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = key.answers(&question, PRESENT, HERE);
    assert_eq!(world.post("/login/second", &half, &answer).await.location(), "/desk");

    let ask = async || world.post("/login/passkey", &Badge::None, "").await.text;
    let alone = key.answers(&ask().await, PRESENT, HERE);
    let refused = world.post("/login/passkey/answer", &Badge::None, &alone).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody said whose finger it was");
    let alone = key.answers(&ask().await, VERIFIED, HERE);
    let entered = world.post("/login/passkey/answer", &Badge::None, &alone).await;
    assert_eq!(entered.location(), "/desk");
    assert_eq!(world.get("/account", &badge(&entered)).await.status, StatusCode::OK);
    // A copy of the key whose counter lags behind.
    key.counter = 0;
    let copied = key.answers(&ask().await, VERIFIED, HERE);
    let refused = world.post("/login/passkey/answer", &Badge::None, &copied).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn where_a_factor_is_required_it_can_be_put_off_for_three_days_and_the_last_one_stays() {
    let world = World::new();
    world.as_system(|tx, scene| {
        let local = std::net::IpAddr::from([127, 0, 0, 1]);
        role_security::set(tx, scene, Role::Officer, Some(FactorPolicy::Required), "", local, false)
    });
    let first = log_in(&world, "officer", PASSWORD).await;
    assert_eq!(first.location(), "/account/enrol");
    let page = world.get("/account/enrol", &badge(&first)).await;
    assert!(page.text.contains("以后再说"));
    assert_eq!(world.get("/desk", &badge(&first)).await.status, StatusCode::OK, "later");
    assert_eq!(log_in(&world, "leader", PASSWORD).await.location(), "/desk", "another role");
    world.pass(SignedDuration::from_hours(73));
    let late = badge(&log_in(&world, "officer", PASSWORD).await);
    assert_eq!(world.get("/desk", &late).await.location(), "/account/enrol");
    assert!(!world.get("/account/enrol", &late).await.text.contains("以后再说"));
    set_up_app(&world, &late).await;
    assert_eq!(world.get("/desk", &late).await.status, StatusCode::OK, "the session opens with it");
    let account = world.get("/account", &late).await.text;
    let id = between(&account, "name=\"id\" value=\"", "\"").to_owned();
    let refused = world.post("/account/factors/remove", &late, &format!("id={id}")).await;
    assert!(refused.text.contains("最后一个不能移除"));
}

#[tokio::test]
async fn a_security_administrator_resets_lost_factors_and_the_sessions_end() {
    let world = World::new();
    let here = badge(&log_in(&world, "officer", PASSWORD).await);
    set_up_app(&world, &here).await;
    let path = format!("/admin/accounts/{}/factors", world.facts.officer);
    let foreign = world.signed_in("foreign_security");
    assert_eq!(world.post(&path, &foreign, "").await.status, StatusCode::NOT_FOUND);
    let security = world.signed_in("security");
    assert_eq!(world.post(&path, &security, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get("/desk", &here).await.location(), "/login?next=%2Fdesk");
    assert_eq!(log_in(&world, "officer", PASSWORD).await.location(), "/desk", "the password does again");
}

#[tokio::test]
async fn before_a_sensitive_act_one_proves_oneself_again_and_nothing_typed_is_lost() {
    let world = World::new();
    let administrator = world.signed_in("administrator");
    let form = format!("organization={}&login=neuling&name=%E6%96%B0%E4%BA%BA&roles=officer", world.facts.office);
    world.pass(MINUTE * 16);
    let asked = world.post("/admin/accounts/new", &administrator, &form).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.text.contains("再验证一次") && asked.text.contains("name=\"login\" value=\"neuling\""));
    assert!(asked.text.contains("name=\"name\" value=\"新人\""));
    let wrong = format!("{form}&proof_password=Wrong-pass-1");
    let refused = world.post("/admin/accounts/new", &administrator, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!refused.text.contains("Wrong-pass-1") && refused.text.contains("value=\"neuling\""));
    let right = format!("{form}&proof_password={PASSWORD}");
    let made = world.post("/admin/accounts/new", &administrator, &right).await;
    assert!(made.text.contains("一次性密码，只显示这一次"));
    // Fresh now: the next act asks nothing.
    let reset = world.post(&format!("/admin/accounts/{}/reset", world.facts.officer), &administrator, "").await;
    assert!(reset.text.contains("一次性密码，只显示这一次"));
    // A page that is only looked at is asked for, too, and comes afterwards.
    world.pass(MINUTE * 16);
    let page = world.get("/account/factors/totp", &administrator).await;
    assert!(page.text.contains("再验证一次"));
    let form = format!("next=%2Faccount%2Ffactors%2Ftotp&proof_password={PASSWORD}");
    assert_eq!(world.post("/account/prove", &administrator, &form).await.location(), "/account/factors/totp");
}

#[tokio::test]
async fn whoever_has_a_factor_proves_herself_with_it_and_not_with_the_password() {
    let world = World::new();
    let here = badge(&log_in(&world, "administrator", PASSWORD).await);
    let (key, _) = set_up_app(&world, &here).await;
    world.pass(MINUTE * 16);
    let path = format!("/admin/accounts/{}/reset", world.facts.officer);
    let by_password = world.post(&path, &here, &format!("proof_password={PASSWORD}")).await;
    assert_eq!(by_password.status, StatusCode::UNPROCESSABLE_ENTITY);
    let by_code = world.post(&path, &here, &format!("proof_code={}", code(&world, &key))).await;
    assert!(by_code.text.contains("一次性密码，只显示这一次"));
    // Wrong codes are counted, and only her own session waits.
    world.pass(MINUTE * 16);
    for _ in 0..5 {
        world.post(&path, &here, "proof_code=000000").await;
    }
    let waits = world.post(&path, &here, &format!("proof_code={}", code(&world, &key))).await;
    assert!(waits.text.contains("错的次数太多"));
    assert_eq!(log_in(&world, "administrator", PASSWORD).await.location(), "/login/second");
}

#[tokio::test]
async fn ones_sessions_are_listed_and_ended_one_by_one_or_all_others() {
    let world = World::new();
    let [here, there, third] =
        [log_in(&world, "officer", PASSWORD).await, log_in(&world, "officer", PASSWORD).await, {
            world.post_from("203.0.113.9", "/login", &Badge::None, &format!("login=officer&password={PASSWORD}")).await
        }]
        .map(|answer| badge(&answer));
    let page = world.get("/account", &here).await.text;
    assert!(page.contains("203.0.113.9") && page.matches("这一个").count() == 1);
    let handles: Vec<_> = page.split("name=\"handle\" value=\"").skip(1).map(|rest| &rest[..16]).collect();
    assert_eq!(handles.len(), 2, "one's own is ended by signing out");
    let line = page.split("<tr>").find(|line| line.contains("203.0.113.9")).expect("her telephone");
    let handle = between(line, "name=\"handle\" value=\"", "\"");
    // Whoever is not its owner ends nothing.
    let colleague = world.signed_in("leader");
    world.post("/account/sessions/end", &colleague, &format!("handle={handle}")).await;
    assert_eq!(world.get("/desk", &third).await.status, StatusCode::OK);
    world.post("/account/sessions/end", &here, &format!("handle={handle}")).await;
    assert_eq!(world.get("/desk", &third).await.location(), "/login?next=%2Fdesk");
    assert_eq!(world.get("/desk", &there).await.status, StatusCode::OK);
    world.post("/account/sessions/end", &here, "").await;
    assert_eq!(world.get("/desk", &there).await.location(), "/login?next=%2Fdesk");
    assert_eq!(world.get("/desk", &here).await.status, StatusCode::OK);
    let security = world.signed_in("security");
    world.post(&format!("/admin/accounts/{}/sessions", world.facts.officer), &security, "").await;
    assert_eq!(world.get("/desk", &here).await.location(), "/login?next=%2Fdesk");
}

#[tokio::test]
async fn a_change_of_roles_ends_the_sessions() {
    let world = World::new();
    let security = world.signed_in("security");
    let form = format!("role=archivist&organization={}", world.facts.office);
    for act in ["grant", "revoke"] {
        let here = badge(&log_in(&world, "officer2", PASSWORD).await);
        let id = world.as_system(|tx, _| Ok(store::account::by_login(tx, "officer2")?.expect("she is there").id));
        let done = world.post(&format!("/admin/accounts/{id}/{act}"), &security, &form).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{act}");
        assert_eq!(world.get("/desk", &here).await.location(), "/login?next=%2Fdesk", "{act}");
    }
}

#[tokio::test]
async fn a_thousand_wrong_tries_from_elsewhere_keep_the_owner_in_and_the_guesser_out() {
    let world = World::new();
    let known = log_in(&world, "officer", PASSWORD).await.cookies();
    let device = known.split("; ").find(|pair| pair.starts_with("xiaobao-device=")).expect("known now").to_owned();
    let mut judged = 0;
    for number in 0..1_000u32 {
        // From a thousand networks, so that no single one has to wait.
        let address = format!("198.{}.{}.7", 18 + number / 256, number % 256);
        let form = "login=officer&password=Wrong-pass-1&next=";
        let answer = world.post_from(&address, "/login", &Badge::None, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        judged += usize::from(answer.text.contains("登录名或密码不对"));
    }
    assert!(judged <= 30, "in total so many guesses and no more: {judged}");
    let form = format!("login=officer&password={PASSWORD}&next=");
    let guessed = world.post_from("198.51.100.1", "/login", &Badge::None, &form).await;
    assert_eq!(guessed.status, StatusCode::UNPROCESSABLE_ENTITY, "even the right one, from nowhere");
    let owner = world.post_from("192.0.2.44", "/login", &Badge::Cookie(device), &form).await;
    assert_eq!(owner.status, StatusCode::OK, "on her own device she comes in from anywhere");
    assert!(owner.text.contains("有人试过您的账号") && owner.text.contains("1001"), "and is told");
    assert_eq!(world.get("/desk", &badge(&owner)).await.status, StatusCode::OK);
    let office = log_in(&world, "officer", PASSWORD).await;
    assert_eq!(office.location(), "/desk", "and from the network where she usually is; she is told once");
}

#[tokio::test]
async fn a_device_of_somebody_elses_opens_no_other_way_in() {
    let world = World::new();
    let device = |answer: &Answer| {
        let cookies = answer.cookies();
        cookies.split("; ").find(|pair| pair.starts_with("xiaobao-device=")).expect("known").to_owned()
    };
    let insider = device(&log_in(&world, "leader", PASSWORD).await);
    let form = "login=officer&password=Wrong-pass-1&next=";
    let mut judged = 0;
    for number in 0..40u32 {
        let address = format!("198.18.{number}.7");
        let answer = world.post_from(&address, "/login", &Badge::Cookie(insider.clone()), form).await;
        judged += usize::from(answer.text.contains("登录名或密码不对"));
    }
    assert!(judged < 30, "it is a stranger for this login: {judged}");
}

#[tokio::test]
async fn a_role_signs_in_from_its_networks_only_and_nobody_locks_herself_out_by_mistake() {
    let world = World::new();
    let security = world.signed_in("security");
    let set = async |form: &str| world.post("/admin/security", &security, form).await;
    let bad = set("role=officer&factor=&networks=office%0A10.1.0.0%2F16").await;
    assert!(bad.text.contains("“office”不是网段") && bad.text.contains("10.1.0.0/16</textarea>"));
    assert_eq!(set("role=officer&factor=&networks=10.1.0.0%2F16").await.location(), "/admin/security?done=saved");
    let form = format!("login=officer&password={PASSWORD}&next=");
    let refused = world.post_from("10.2.0.1", "/login", &Badge::None, &form).await;
    assert!(refused.text.contains("只能从本单位设定的网段登录") && refused.text.contains("10.2.0.1"));
    let wrong = world.post_from("10.2.0.1", "/login", &Badge::None, "login=officer&password=Wrong-pass-1").await;
    assert!(!wrong.text.contains("网段"), "a guesser learns nothing of it");
    let inside = world.post_from("10.1.9.9", "/login", &Badge::None, &form).await;
    assert!(inside.text.contains("有人试过您的账号"), "she is told of what was tried outside");
    assert_eq!(world.get_from("10.1.9.9", "/desk", &badge(&inside)).await.status, StatusCode::OK);
    assert_eq!(log_in(&world, "leader", PASSWORD).await.location(), "/desk", "another role");
    // One's own role.
    let shut = set("role=security_administrator&factor=&networks=10.1.0.0%2F16").await;
    assert!(shut.text.contains("127.0.0.1 不在这些网段里"));
    let meant = set("role=security_administrator&factor=&networks=10.1.0.0%2F16&meant=yes").await;
    assert_eq!(meant.location(), "/admin/security?done=saved");
    let narrow = world.signed_in("foreign_security");
    let read = world.get_from("10.1.9.9", "/admin/security?role=officer", &narrow).await.text;
    assert!(read.contains("10.1.0.0/16") && !read.contains("<textarea"), "she reads what holds and changes nothing");
    let form = "role=officer&factor=&networks=";
    assert_eq!(world.post_from("10.1.9.9", "/admin/security", &narrow, form).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_password_is_not_taken_twice_and_changed_after_ninety_days() {
    let world = World::new();
    let mut here = badge(&log_in(&world, "officer", PASSWORD).await);
    let change = async |here: &Badge, current: &str, new: &str| {
        world.post("/account/password", here, &format!("current={current}&password={new}&again={new}")).await
    };
    let passwords = ["Huanghe-lu-77", "Jinshui-lu-78", "Wenhua-lu-79", "Nongye-lu-80"];
    let mut current = PASSWORD;
    for new in passwords {
        let changed = change(&here, current, new).await;
        assert_eq!(changed.location(), "/account?done=password", "{new}");
        (here, current) = (badge(&changed), new);
    }
    let refused = change(&here, current, PASSWORD).await;
    assert!(refused.text.contains("最近 5 次用过"), "the fifth last");
    let changed = change(&here, current, "Dongfeng-lu-81").await;
    here = badge(&changed);
    let sixth = change(&here, "Dongfeng-lu-81", PASSWORD).await;
    assert_eq!(sixth.location(), "/account?done=password", "the sixth last may come again");
    world.pass(SignedDuration::from_hours(24 * 91));
    let old = log_in(&world, "officer", PASSWORD).await;
    assert_eq!(old.location(), "/account/password");
    let door = badge(&old);
    assert_eq!(world.get("/desk", &door).await.location(), "/account/password");
    assert!(world.get("/account/password", &door).await.text.contains("请换一个新密码"));
    let changed = change(&door, PASSWORD, "Weilai-lu-82").await;
    assert_eq!(world.get("/desk", &badge(&changed)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_hash_of_an_older_cost_is_made_anew_at_the_next_sign_in() {
    let world = World::new();
    let kept = || {
        let id = world.facts.officer;
        world.as_system(move |tx, _| Ok(store::account::find(tx, id)?.expect("she is there").password_hash))
    };
    let id = world.facts.officer;
    let cheap = casework::password::hash(PASSWORD, [3; 16], casework::vault::Cost::new(16, 2).unwrap());
    world.as_system(move |tx, scene| Ok(store::account::set_password(tx, id, &cheap, false, scene.now)?));
    log_in(&world, "officer", "Wrong-pass-1").await;
    assert!(kept().contains("m=16,t=2"), "a wrong password changes nothing");
    assert_eq!(log_in(&world, "officer", PASSWORD).await.location(), "/desk");
    assert!(kept().contains("m=8,t=1"), "the cost of this installation");
    assert_eq!(log_in(&world, "officer", PASSWORD).await.location(), "/desk");
}
