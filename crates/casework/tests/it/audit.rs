//! 审计: how long the trail is kept, and how it is sent on without losing anything.

use std::net::{TcpListener, UdpSocket};
use std::path::Path;
use std::sync::Arc;

use casework::audit_stream::{self, Format, Stream, Target, run_round};
use casework::{House, sweep};
use domain::audit::AuditKind;
use jiff::{SignedDuration, Timestamp};
use store::testing::Fresh;
use store::{Db, Dialect};

use crate::world::{World, hours};

fn later(days: i64) -> Timestamp {
    hours(0) + SignedDuration::from_hours(24 * days)
}

/// A world on SQLite with these settings of the trail.
fn world(months: Option<i64>, stream: Option<Stream>) -> (Fresh, World) {
    let fresh = Fresh::new(Dialect::Sqlite);
    let db = Db::open(&fresh.url).expect("a database");
    let world = World::with_settings(&db, |settings| {
        (settings.audit_months, settings.audit_stream) = (months, stream);
    });
    (fresh, world)
}

fn note(world: &World, at: Timestamp, kind: AuditKind, what: &'static str) {
    let account = Some(world.account("officer1"));
    world.look(move |tx| {
        tx.set_origin("10.0.0.7");
        store::access::record(tx, at, kind, account, None, what, "办理\n案件")
    });
}

fn kept(world: &World) -> Vec<String> {
    world.look(|tx| store::access::latest(tx, i64::MAX, 100)).into_iter().map(|row| row.what).collect()
}

#[test]
fn fewer_months_than_the_law_wants_are_refused_with_its_article() {
    let refused = audit_stream::months("5").expect_err("too short");
    assert!(
        refused.contains("网络安全法") && refused.contains("第二十三条") && refused.contains("6 个月"),
        "{refused}"
    );
    assert_eq!(audit_stream::months("6"), Ok(6));
    assert_eq!(audit_stream::months("36"), Ok(36));
    assert!(audit_stream::months("half a year").is_err());
}

#[test]
fn what_is_older_than_wanted_is_removed_and_the_removal_is_an_entry() {
    let (_fresh, world) = world(Some(6), None);
    note(&world, later(0), AuditKind::Look, "旧的");
    note(&world, later(100), AuditKind::Look, "新的");
    let swept = sweep::sweep(&world.db, &world.house, "test", later(182)).expect("a sweep");
    assert_eq!(swept.audit, 0, "half a year is not over");
    let swept = sweep::sweep(&world.db, &world.house, "test", later(184)).expect("a sweep");
    assert_eq!(swept.audit, 1);
    assert_eq!(kept(&world), ["清除保存期满 6 个月的审计记录 1 条", "新的"]);
    let checked = world.look(|tx| store::ledger::check(tx, &store::ledger::Scope::default()));
    assert_eq!(checked.findings, [], "that it is gone is in the ledger");
}

#[test]
fn nothing_is_removed_unless_it_was_asked_for() {
    let (_fresh, world) = world(None, None);
    note(&world, later(0), AuditKind::Look, "旧的");
    sweep::sweep(&world.db, &world.house, "test", later(4_000)).expect("a sweep");
    assert_eq!(kept(&world), ["旧的"]);
}

fn round(world: &World) -> Result<usize, casework::ActError> {
    let house: &Arc<House> = &world.house;
    run_round(&world.db, house, "test", later(1))
}

#[test]
fn an_entry_is_a_line_of_syslog_or_cef() {
    let folder = tempfile::tempdir().expect("a folder");
    let told = |format: Format, name: &str| {
        let file = folder.path().join(name);
        let (_fresh, world) = world(None, Some(Stream { target: Target::File(file.clone()), format }));
        note(&world, later(0), AuditKind::Refused, "GET /desk/cases/{number} \"]\\=|");
        assert_eq!(round(&world).expect("it is sent"), 1);
        assert_eq!(round(&world).expect("nothing waits"), 0, "once");
        std::fs::read_to_string(file).expect("a file")
    };
    assert_eq!(
        told(Format::Syslog, "syslog"),
        "<108>1 2026-06-01T01:00:00.000000Z - xiaobao - refused [xiaobao@32473 id=\"1\" outcome=\"failure\" \
         account=\"officer1\" address=\"10.0.0.7\"] \u{feff}GET /desk/cases/{number} \"]\\=|；办理 案件\n"
    );
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        told(Format::Cef, "cef"),
        format!(
            "<108>1 2026-06-01T01:00:00.000000Z - xiaobao - refused - CEF:0|xiaobao|xiaobao|{version}|refused|被拒|6|rt=1780275600000 \
             cs1Label=case externalId=1 outcome=failure suser=officer1 src=10.0.0.7 msg=GET /desk/cases/{{number}} \"]\\\\\\=|；办理 案件\n"
        )
    );
}

#[test]
fn what_cannot_be_sent_waits_and_is_not_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("not yet").join("audit.log");
    let stream = Stream { target: Target::File(missing.clone()), format: Format::Syslog };
    let (_fresh, world) = world(Some(6), Some(stream));
    note(&world, later(0), AuditKind::Look, "第一条");
    assert!(round(&world).is_err());
    sweep::sweep(&world.db, &world.house, "test", later(400)).expect("a sweep");
    assert!(kept(&world).contains(&"第一条".to_owned()), "the collector has not seen it");
    std::fs::create_dir(missing.parent().map(Path::to_owned).expect("a folder")).expect("a folder");
    note(&world, later(1), AuditKind::Look, "第二条");
    round(&world).expect("it is sent");
    let sent = std::fs::read_to_string(&missing).expect("a file");
    assert!(sent.contains("第一条") && sent.contains("第二条"), "{sent}");
    let swept = sweep::sweep(&world.db, &world.house, "test", later(400)).expect("a sweep");
    assert_eq!(swept.audit, 2);
}

#[test]
fn a_collector_hears_it_over_udp_and_tcp() {
    let udp = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let address = format!("udp://{}", udp.local_addr().expect("its address"));
    let (_fresh, heard) = world(None, Some(Stream::parse(&address, "").expect("an address")));
    note(&heard, later(0), AuditKind::Export, "GET /desk/cases.csv");
    round(&heard).expect("it is sent");
    let mut buffer = [0; 2_000];
    let length = udp.recv(&mut buffer).expect("a datagram");
    assert!(String::from_utf8_lossy(&buffer[..length]).starts_with("<110>1 2026-06-01T01:00:00"));

    let tcp = TcpListener::bind("127.0.0.1:0").expect("a socket");
    let address = format!("tcp://{}", tcp.local_addr().expect("its address"));
    let (_fresh, heard) = world(None, Some(Stream::parse(&address, "cef").expect("an address")));
    note(&heard, later(0), AuditKind::Export, "GET /desk/cases.csv");
    round(&heard).expect("it is sent");
    let (mut stream, _) = tcp.accept().expect("a connection");
    let mut told = String::new();
    std::io::Read::read_to_string(&mut stream, &mut told).expect("a line");
    let (length, line) = told.split_once(' ').expect("its length");
    assert_eq!(length.parse::<usize>().ok(), Some(line.len()), "counted, as RFC 6587 wants");
}

#[test]
fn an_address_that_cannot_be_understood_is_refused() {
    for wrong in ["10.0.0.9", "udp://10.0.0.9", "http://10.0.0.9:80", "tcp://host:port"] {
        assert!(Stream::parse(wrong, "").is_err(), "{wrong}");
    }
    assert!(Stream::parse("udp://10.0.0.9:514", "xml").is_err());
    assert!(Stream::parse("unix:/dev/log", "syslog").is_ok());
}
