//! 举报人身份密库 (7.3): who opens, who never opens, what a stolen database holds, and that no lost password loses a case.

use std::sync::atomic::{AtomicU8, Ordering};

use casework::throttle::{self, Refusal};
use casework::vault::{
    self, Ceremony, Cost, EscrowKey, Identity, KeyChange, OpenKey, Share, Suite, VaultError, identity_file,
};
use casework::{ActError, Actor, account};
use domain::role::Role;
use domain::status::Status;
use domain::vault::vault_rules;
use jiff::Timestamp;
use store::{Dialect, Value};

use crate::world::{World, at, hours, on_both};

const PASSWORD: &str = "Meihua-lu-88";
const REASON: &str = "约举报人辨认现场照片";
const CANARY: [&str; 5] = ["欧阳金丝雀", "18738190006", "梅花巷九十九号", "410105199001019876", "夜班质检组长"];

/// Bytes that no other test of this process was given.
pub fn seed() -> [u8; 32] {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    [NEXT.fetch_add(1, Ordering::Relaxed); 32]
}

/// Somebody of whom nothing may be found anywhere.
pub fn identity() -> Identity {
    let [name, phone, address, id_number, other] = CANARY.map(str::to_owned);
    Identity { name, phone, address, id_number, other, ..Identity::default() }
}

fn code(error: &ActError) -> String {
    match error {
        ActError::Invalid(faults) => faults[0].code.clone(),
        other => other.code().to_owned(),
    }
}

impl World {
    /// She signs in with her password for the first time.
    pub fn makes_key(&self, who: &str) {
        let change = KeyChange::at_login(None, &self.house.settings, PASSWORD, seed()).unwrap();
        let id = self.account(who);
        self.act(&Actor::System, hours(0), move |tx, scene| vault::keep_key(tx, scene, id, &change)).unwrap();
    }

    fn unlocks(&self, who: &str, password: &str) -> Result<OpenKey, VaultError> {
        let id = self.account(who);
        let row = self.look(move |tx| store::vault::live_key(tx, id)).expect("she has a key");
        vault::unlock(&row, password)
    }

    /// Her key, opened.
    pub fn key(&self, who: &str) -> OpenKey {
        self.unlocks(who, PASSWORD).unwrap()
    }

    /// Five holders, three of them needed.
    pub fn ceremony(&self) -> Vec<Share> {
        let ceremony = Ceremony::prepare(self.house.settings.suite, 5, 3, seed()).unwrap();
        let shares = ceremony.shares.clone();
        let names = ["甲", "乙", "丙", "丁", "戊"].map(str::to_owned);
        self.act(&Actor::System, hours(0), move |tx, scene| vault::set_up(tx, scene, &ceremony, &names, None, [0; 32]))
            .unwrap();
        shares
    }

    /// The key in escrow, from shares.
    pub fn escrow_key(&self, shares: &[Share]) -> Result<EscrowKey, VaultError> {
        let row = self.look(store::vault::escrow).expect("there was a ceremony");
        EscrowKey::combine(&row, shares)
    }

    fn seals(&self, number: &str) -> Result<(), ActError> {
        let (number, seed) = (number.to_owned(), seed());
        self.act(&Actor::System, hours(20), move |tx, scene| {
            let case = store::case::by_number(tx, &number)?.expect("the case");
            vault::seal_identity(tx, scene, &case, &identity(), seed)
        })
    }

    /// 交接 from one custodian to another.
    pub fn hands_over(&self, from: &str, to: &str) -> Result<usize, ActError> {
        let (to, key, seed) = (self.account(to), self.key(from), seed());
        self.act(&self.staff(from), hours(21), move |tx, scene| vault::hand_over(tx, scene, to, &key, seed))
    }

    /// A case in hand, its reporter sealed to two custodians and the escrow; officers and leader have keys too.
    fn sealed(&self) -> (String, Vec<Share>) {
        let shares = self.ceremony();
        for who in ["custodian1", "custodian2", "officer1", "officer3", "leader"] {
            self.makes_key(who);
        }
        assert_eq!(self.hands_over("custodian1", "custodian2").unwrap(), 0);
        let number = self.case_in(Status::Assigned);
        self.seals(&number).unwrap();
        (number, shares)
    }

    fn opens_at(&self, who: &str, number: &str, now: Timestamp) -> Result<Identity, ActError> {
        let (number, key) = (number.to_owned(), self.key(who));
        self.act(&self.staff(who), now, move |tx, scene| vault::open_identity(tx, scene, &number, REASON, &key))
    }

    /// Opens an identity with her own key.
    pub fn opens(&self, who: &str, number: &str) -> Result<Identity, ActError> {
        self.opens_at(who, number, hours(30))
    }

    /// Asks to see an identity.
    pub fn asks(&self, who: &str, number: &str) -> Result<(), ActError> {
        let number = number.to_owned();
        self.act(&self.staff(who), hours(25), move |tx, scene| vault::request_opening(tx, scene, &number, REASON))
    }

    /// Approves the newest wish.
    pub fn approves(&self, who: &str, number: &str) -> Result<(), ActError> {
        let case_id = self.case(number).id;
        let request = self.look(move |tx| {
            let identity = store::vault::identity(tx, case_id, "reporter")?.expect("it is sealed");
            store::vault::requests(tx, identity.id)
        });
        let (id, key, seed) = (request[0].id, self.key(who), seed());
        self.act(&self.staff(who), hours(26), move |tx, scene| vault::approve_opening(tx, scene, id, &key, seed))
    }

    fn names(&self, who: &str, number: &str, reader: &str) -> Result<(), ActError> {
        let (number, reader, key, seed) = (number.to_owned(), self.account(reader), self.key(who), seed());
        self.act(&self.staff(who), hours(22), move |tx, scene| {
            vault::name_reader(tx, scene, &number, reader, &key, seed)
        })
    }

    /// Every value of every table.
    pub fn everything(&self) -> Vec<Value> {
        self.look(|tx| {
            let sql = match tx.dialect() {
                Dialect::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%search%'",
                Dialect::Postgres => {
                    "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()"
                }
            };
            let mut all = Vec::new();
            for table in tx.query(sql, &[])? {
                let table = table.text(0)?;
                let columns = match tx.dialect() {
                    Dialect::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
                    Dialect::Postgres => format!(
                        "SELECT CAST(column_name AS TEXT) FROM information_schema.columns WHERE table_name = '{table}' \
                         AND table_schema = current_schema() AND data_type IN ('bigint', 'text', 'bytea')"
                    ),
                };
                let columns: Result<Vec<_>, _> = tx.query(&columns, &[])?.iter().map(|row| row.text(0)).collect();
                for row in tx.query(&format!("SELECT {} FROM {table}", columns?.join(", ")), &[])? {
                    for index in 0..row.len() {
                        all.push(row.value(index)?.clone());
                    }
                }
            }
            Ok(all)
        })
    }
}

#[test]
fn a_stolen_database_holds_no_identity_and_no_key() {
    on_both("stolen database", |world| {
        let (number, shares) = world.sealed();
        world.names("custodian1", &number, "officer1").unwrap();
        assert_eq!(world.opens("officer1", &number).unwrap(), identity());
        world.asks("custodian1", &number).unwrap();
        world.approves("custodian2", &number).unwrap();
        assert_eq!(world.opens("custodian1", &number).unwrap(), identity());
        let lines: Vec<String> = shares.iter().flat_map(Share::lines).collect();
        let secrets = CANARY.into_iter().chain([PASSWORD]).chain(lines.iter().map(String::as_str));
        let secrets: Vec<&str> = secrets.collect();
        let all = world.everything();
        assert!(all.len() > 1_000, "the tables were read");
        assert!(all.iter().any(|value| matches!(value, Value::Blob(bytes) if bytes.len() > 60)));
        for value in all {
            let bytes = match &value {
                Value::Text(text) => text.as_bytes(),
                Value::Blob(bytes) => bytes,
                _ => continue,
            };
            for secret in &secrets {
                let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
                assert!(!found, "{secret} lies in the database");
            }
        }
    });
}

#[test]
fn nothing_is_taken_in_clear_while_nothing_is_in_escrow() {
    on_both("no escrow", |world| {
        world.makes_key("custodian1");
        let number = world.case_in(Status::Assigned);
        assert_eq!(code(&world.seals(&number).unwrap_err()), "vault.no_escrow");
        let refused = world.act(&Actor::Public, hours(1), |tx, _| vault::require_open(tx)).unwrap_err();
        assert_eq!(code(&refused), "vault.no_escrow");
        world.ceremony();
        world.act(&Actor::Public, hours(1), |tx, _| vault::require_open(tx)).unwrap();
    });
}

/// Without any custodian the identity is sealed all the same, to the escrow alone.
#[test]
fn without_a_custodian_the_escrow_keeps_it() {
    on_both("escrow only", |world| {
        let shares = world.ceremony();
        let number = world.case_in(Status::Assigned);
        world.seals(&number).unwrap();
        let key = world.escrow_key(&shares[1..4]).unwrap();
        for who in ["custodian1", "custodian2"] {
            world.makes_key(who);
        }
        assert_eq!(code(&world.opens("custodian1", &number).unwrap_err()), "vault.not_held");
        let to = [world.account("custodian1"), world.account("custodian2")];
        let (target, key) = (number.clone(), key.clone());
        let granted = world.act(&Actor::System, hours(22), move |tx, scene| {
            vault::recover_case(tx, scene, &key, &target, &to, [3; 32])
        });
        assert_eq!(granted.unwrap(), 2);
        world.asks("custodian1", &number).unwrap();
        world.approves("custodian2", &number).unwrap();
        assert_eq!(world.opens("custodian1", &number).unwrap(), identity());
    });
}

#[test]
fn the_curious_learn_not_even_that_there_is_an_identity() {
    on_both("curious", |world| {
        let (number, _) = world.sealed();
        let curious =
            ["agent", "archivist", "statistician", "administrator", "auditor", "next_officer", "other_custodian"];
        for who in curious {
            if who != "agent" {
                world.makes_key(who);
            }
            let target = number.clone();
            let seen =
                world.act(&world.staff(who), hours(22), move |tx, scene| identity_file(tx, scene, &target).map(|_| ()));
            assert!(matches!(seen.unwrap_err(), ActError::NotFound), "{who} sees the page");
            assert!(matches!(world.asks(who, &number).unwrap_err(), ActError::NotFound), "{who} asks");
        }
        for who in &curious[1..] {
            assert!(matches!(world.opens(who, &number).unwrap_err(), ActError::NotFound), "{who} opens");
        }
        // Whoever handles the case knows of it, and still opens nothing by herself.
        assert_eq!(code(&world.opens("officer1", &number).unwrap_err()), "vault.not_held");
        assert_eq!(code(&world.opens("leader", &number).unwrap_err()), "vault.not_held");
        // Nor with the key of another.
        let (target, key) = (number.clone(), world.key("custodian1"));
        let borrowed = world.act(&world.staff("leader"), hours(30), move |tx, scene| {
            vault::open_identity(tx, scene, &target, REASON, &key)
        });
        assert!(matches!(borrowed.unwrap_err(), ActError::Forbidden));
    });
}

#[test]
fn a_custodian_opens_once_what_another_person_approved() {
    on_both("four eyes", |world| {
        let (number, _) = world.sealed();
        assert_eq!(code(&world.opens("custodian1", &number).unwrap_err()), "vault.approval");
        world.asks("custodian1", &number).unwrap();
        world.asks("custodian1", &number).unwrap();
        assert_eq!(code(&world.approves("custodian1", &number).unwrap_err()), "vault.not_yours");
        assert_eq!(code(&world.approves("officer1", &number).unwrap_err()), "vault.not_yours");
        // Her superior may, since she holds it already.
        world.approves("leader", &number).unwrap();
        assert!(matches!(world.approves("custodian2", &number).unwrap_err(), ActError::Conflict { .. }));
        assert_eq!(world.opens("custodian1", &number).unwrap(), identity());
        assert_eq!(code(&world.opens("custodian1", &number).unwrap_err()), "vault.approval", "once");
        let target = number.clone();
        let file = world
            .act(&world.staff("custodian2"), hours(31), move |tx, scene| {
                let file = identity_file(tx, scene, &target)?;
                Ok((file.openings, file.requests.len(), file.keeps, file.opens))
            })
            .unwrap();
        assert_eq!(file.0.len(), 1);
        assert_eq!(file.0[0].reason, REASON);
        assert_eq!(file.0[0].at, hours(30));
        assert!(file.0[0].approved_by.as_ref().is_some_and(|name| name.ends_with("leader")));
        assert_eq!((file.1, file.2, file.3), (1, true, false));
        let looks = world.look(|tx| store::access::latest(tx, i64::MAX, 100));
        let kinds: Vec<&str> = looks.iter().map(|look| look.what.as_str()).collect();
        for kind in ["打开举报人身份", "批准查看举报人身份", "申请查看举报人身份"] {
            assert_eq!(kinds.iter().filter(|what| **what == kind).count(), 1, "{kind}");
        }
    });
}

#[test]
fn an_approval_ends_by_itself() {
    on_both("approval ends", |world| {
        let (number, _) = world.sealed();
        world.asks("custodian1", &number).unwrap();
        world.approves("custodian2", &number).unwrap();
        let after = hours(26 + vault_rules().opening.approved_hours);
        assert_eq!(code(&world.opens_at("custodian1", &number, after).unwrap_err()), "vault.approval");
        // The same for whoever was let in for one look.
        world.asks("officer1", &number).unwrap();
        world.approves("custodian2", &number).unwrap();
        assert_eq!(code(&world.opens_at("officer1", &number, after).unwrap_err()), "vault.not_held");
    });
}

#[test]
fn an_officer_is_let_in_for_one_look() {
    on_both("one look", |world| {
        let (number, _) = world.sealed();
        world.asks("officer1", &number).unwrap();
        // The leader holds nothing that she could give.
        assert_eq!(code(&world.approves("leader", &number).unwrap_err()), "vault.not_yours");
        world.approves("custodian2", &number).unwrap();
        assert_eq!(world.opens("officer1", &number).unwrap(), identity());
        assert_eq!(code(&world.opens("officer1", &number).unwrap_err()), "vault.not_held");
    });
}

#[test]
fn a_declined_wish_opens_nothing() {
    on_both("declined", |world| {
        let (number, _) = world.sealed();
        world.asks("officer1", &number).unwrap();
        let bureau = world.place("bureau");
        let id = world.look(move |tx| store::vault::waiting(tx, bureau, 9))[0].id;
        let decline = |answer: &'static str| {
            world.act(&world.staff("custodian1"), hours(26), move |tx, scene| {
                vault::decline_opening(tx, scene, id, answer)
            })
        };
        assert_eq!(code(&decline("不").unwrap_err()), "reason.missing");
        decline("照片可以由举报人自己上传").unwrap();
        assert_eq!(code(&world.opens("officer1", &number).unwrap_err()), "vault.not_held");
        let waiting = world.look(move |tx| store::vault::waiting(tx, bureau, 9));
        assert!(waiting.is_empty());
    });
}

#[test]
fn a_named_reader_reads_until_she_is_revoked() {
    on_both("named reader", |world| {
        let (number, _) = world.sealed();
        assert_eq!(code(&world.names("custodian1", &number, "next_officer").unwrap_err()), "vault.reader");
        assert_eq!(code(&world.names("officer1", &number, "officer1").unwrap_err()), "vault.not_custodian");
        assert_eq!(code(&world.names("custodian1", &number, "officer2").unwrap_err()), "vault.no_key");
        world.names("custodian1", &number, "officer1").unwrap();
        world.names("custodian1", &number, "officer1").unwrap();
        assert_eq!(world.opens("officer1", &number).unwrap(), identity());
        assert_eq!(world.opens("officer1", &number).unwrap(), identity(), "each look is recorded");
        let target = number.clone();
        let (readers, openings) = world
            .act(&world.staff("custodian1"), hours(31), move |tx, scene| {
                let file = identity_file(tx, scene, &target)?;
                let readers: Vec<i64> =
                    file.wraps.iter().filter(|wrap| wrap.holder == "reader").map(|wrap| wrap.id).collect();
                Ok((readers, file.openings.len()))
            })
            .unwrap();
        assert_eq!((readers.len(), openings), (1, 2));
        let (target, key, fresh) = (number.clone(), world.key("custodian2"), seed());
        let case_id = world.case(&number).id;
        let body =
            move |tx: &mut store::Tx<'_>| Ok(store::vault::identity(tx, case_id, "reporter")?.expect("sealed").body);
        let before = world.look(body);
        world
            .act(&world.staff("custodian2"), hours(32), move |tx, scene| {
                vault::revoke_reader(tx, scene, &target, readers[0], &key, fresh)
            })
            .unwrap();
        assert_ne!(world.look(body), before, "sealed anew: a data key that was copied opens nothing");
        assert_eq!(code(&world.opens("officer1", &number).unwrap_err()), "vault.not_held");
    });
}

/// An administrator resets a custodian's password and signs in as her.
#[test]
fn a_reset_password_opens_nothing_old_and_nothing_new() {
    on_both("reset", |world| {
        let (number, _) = world.sealed();
        let id = world.account("custodian1");
        world
            .act(&world.staff("administrator"), hours(22), move |tx, scene| {
                account::reset_password(tx, scene, id, "hash").map(drop)
            })
            .unwrap();
        assert_eq!(world.look(move |tx| store::vault::live_key(tx, id)), None);
        world.makes_key("custodian1");
        world.asks("custodian1", &number).unwrap();
        assert_eq!(code(&world.opens("custodian1", &number).unwrap_err()), "vault.not_held");
        // What comes in afterwards is not sealed to the new key either, until the other custodian hands over.
        let next = world.case_in(Status::Assigned);
        world.seals(&next).unwrap();
        world.asks("custodian1", &next).unwrap();
        assert_eq!(code(&world.opens("custodian1", &next).unwrap_err()), "vault.not_held");
        assert_eq!(code(&world.hands_over("custodian1", "custodian2").unwrap_err()), "vault.hand_over");
        assert_eq!(world.hands_over("custodian2", "custodian1").unwrap(), 2);
        world.approves("custodian2", &number).unwrap();
        assert_eq!(world.opens("custodian1", &number).unwrap(), identity());
    });
}

#[test]
fn a_lost_password_is_recovered_by_enough_holders() {
    on_both("recovery", |world| {
        let (number, shares) = world.sealed();
        for who in ["custodian1", "custodian2"] {
            let id = world.account(who);
            world
                .act(&Actor::System, hours(22), move |tx, scene| {
                    account::reset_password(tx, scene, id, "hash").map(drop)
                })
                .unwrap();
            world.makes_key(who);
        }
        let thin = world.act(&Actor::System, hours(23), vault::status).unwrap().thin;
        assert_eq!(thin, [(number.clone(), 0)]);
        assert_eq!(world.escrow_key(&shares[..2]).unwrap_err(), VaultError::SharesMissing { missing: 1 });
        // As they were typed from paper.
        let typed: Vec<Share> = shares[2..].iter().map(|share| share.lines().join("\n").parse().unwrap()).collect();
        let key = world.escrow_key(&typed).unwrap();
        for who in ["custodian1", "custodian2"] {
            let (id, key, seed) = (world.account(who), key.clone(), seed());
            let recover = world
                .act(&Actor::System, hours(23), move |tx, scene| vault::recover_account(tx, scene, &key, id, seed));
            assert_eq!(recover.unwrap(), 1);
        }
        world.asks("custodian1", &number).unwrap();
        world.approves("custodian2", &number).unwrap();
        assert_eq!(world.opens("custodian1", &number).unwrap(), identity());
        assert!(world.act(&Actor::System, hours(23), vault::status).unwrap().thin.is_empty());
        let (id, key) = (world.account("officer1"), key.clone());
        let by_page = world.act(&world.staff("administrator"), hours(23), move |tx, scene| {
            vault::recover_account(tx, scene, &key, id, [1; 32])
        });
        assert!(matches!(by_page.unwrap_err(), ActError::Forbidden));
    });
}

#[test]
fn a_new_ceremony_takes_every_identity_along() {
    on_both("new ceremony", |world| {
        let (number, old_shares) = world.sealed();
        let ceremony = Ceremony::prepare(Suite::National, 3, 2, seed()).unwrap();
        let (new_shares, names) = (ceremony.shares.clone(), ["甲".to_owned()]);
        let ceremony = std::sync::Arc::new(ceremony);
        let replace = |old: Option<EscrowKey>| {
            let (ceremony, names) = (ceremony.clone(), names.clone());
            world.act(&Actor::System, hours(24), move |tx, scene| {
                vault::set_up(tx, scene, &ceremony, &names, old.as_ref(), [9; 32])
            })
        };
        assert_eq!(code(&replace(None).unwrap_err()), "vault.old_shares");
        let old = world.escrow_key(&old_shares[..3]).unwrap();
        replace(Some(old)).unwrap();
        let refused = world.escrow_key(&old_shares[..3]).unwrap_err();
        assert_eq!(refused, VaultError::ShareForeign { number: 1 });
        let key = world.escrow_key(&new_shares[..2]).unwrap();
        world.makes_key("other_custodian");
        let (target, to) = (number.clone(), [world.account("other_custodian")]);
        let granted = world.act(&Actor::System, hours(25), move |tx, scene| {
            vault::recover_case(tx, scene, &key, &target, &to, [8; 32])
        });
        assert_eq!(granted.unwrap(), 1);
    });
}

#[test]
fn a_leaving_custodian_hands_over_first() {
    on_both("hand-over", |world| {
        world.ceremony();
        for who in ["custodian1", "custodian2"] {
            world.makes_key(who);
        }
        let number = world.case_in(Status::Assigned);
        world.seals(&number).unwrap();
        let (id, bureau) = (world.account("custodian1"), world.place("bureau"));
        let leave =
            || world.act(&world.staff("administrator"), hours(23), move |tx, scene| account::deactivate(tx, scene, id));
        let lose_role = world.act(&world.staff("security"), hours(23), move |tx, scene| {
            account::revoke(tx, scene, id, Role::IdentityCustodian, bureau)
        });
        assert_eq!(code(&lose_role.unwrap_err()), "vault.last_holder");
        assert_eq!(code(&leave().unwrap_err()), "vault.last_holder");
        assert_eq!(code(&world.hands_over("custodian1", "leader").unwrap_err()), "vault.hand_over");
        assert_eq!(world.hands_over("custodian1", "custodian2").unwrap(), 1);
        assert_eq!(world.hands_over("custodian1", "custodian2").unwrap(), 0, "once is enough");
        leave().unwrap();
        let held = world.look(move |tx| store::vault::held_by_account(tx, id));
        assert!(held.is_empty(), "what she held went with her");
        world.makes_key("leader");
        world.asks("custodian2", &number).unwrap();
        world.approves("leader", &number).unwrap();
        assert_eq!(world.opens("custodian2", &number).unwrap(), identity());
    });
}

#[test]
fn rows_moved_to_another_case_do_not_open() {
    on_both("moved rows", |world| {
        let (number, _) = world.sealed();
        let other = world.case_in(Status::Assigned);
        world.seals(&other).unwrap();
        let (one, two) = (world.case(&number).id, world.case(&other).id);
        world.look(move |tx| {
            let sql = "UPDATE sealed_identity SET case_id = $1, what = $2 WHERE case_id = $3 AND what = 'reporter'";
            tx.execute(sql, &[Value::Int(two), "aside".into(), Value::Int(one)])?;
            tx.execute(sql, &[Value::Int(one), "reporter".into(), Value::Int(two)])
        });
        world.asks("custodian1", &number).unwrap();
        world.approves("custodian2", &number).unwrap();
        let refused = world.opens("custodian1", &number).unwrap_err();
        assert!(matches!(refused, ActError::Vault(VaultError::DoesNotOpen)), "{refused:?}");
        let looks = world.look(|tx| store::vault::openings_since(tx, hours(0)));
        assert_eq!(looks, 0, "what did not open was not seen, and the approval is not used up");
    });
}

#[test]
fn wrong_passwords_are_counted_and_lock() {
    on_both("wrong password", |world| {
        let (number, _) = world.sealed();
        assert_eq!(world.unlocks("custodian1", "Meihua-lu-89").unwrap_err(), VaultError::WrongPassword);
        let mut last = None;
        for _ in 0..domain::account::account_rules().throttle.allowed {
            let target = number.clone();
            last = Some(
                world
                    .act(&world.staff("custodian1"), hours(30), move |tx, scene| {
                        vault::note_wrong_password(tx, scene, Some(&target))
                    })
                    .unwrap(),
            );
        }
        assert!(matches!(last, Some(Refusal::Locked { .. })));
        let waits = |login: &'static str| {
            world.act(&Actor::System, hours(30), move |tx, scene| throttle::waits_inside(tx, scene, login)).unwrap()
        };
        assert!(waits("custodian1").is_some_and(|until| until > hours(30)));
        assert_eq!(waits("custodian2"), None);
        let looks = world.look(|tx| store::access::latest(tx, i64::MAX, 50));
        let tried = looks.iter().filter(|look| look.what.contains("密码输错"));
        assert_eq!(tried.clone().filter(|look| look.case_number.as_ref() == Some(&number)).count(), 5);
    });
}

#[test]
fn a_changed_password_keeps_the_key() {
    on_both("change", |world| {
        let (number, _) = world.sealed();
        let id = world.account("custodian1");
        let row = world.look(move |tx| store::vault::live_key(tx, id)).unwrap();
        let settings = &world.house.settings;
        let change = KeyChange::at_change(Some(&row), settings, PASSWORD, "Huanghe-lu-99", seed()).unwrap();
        assert!(matches!(change, KeyChange::Relocked { .. }));
        world
            .act(&world.staff("custodian1"), hours(22), move |tx, scene| {
                account::change_password(tx, scene, "hash", &change)
            })
            .unwrap();
        assert_eq!(world.unlocks("custodian1", PASSWORD).unwrap_err(), VaultError::WrongPassword);
        world.asks("custodian1", &number).unwrap();
        world.approves("custodian2", &number).unwrap();
        let (target, key) = (number.clone(), world.unlocks("custodian1", "Huanghe-lu-99").unwrap());
        let opened = world.act(&world.staff("custodian1"), hours(27), move |tx, scene| {
            vault::open_identity(tx, scene, &target, REASON, &key)
        });
        assert_eq!(opened.unwrap(), identity());
        // A key that the old password does not open any more is replaced.
        let row = world.look(move |tx| store::vault::live_key(tx, id)).unwrap();
        let change = KeyChange::at_change(Some(&row), settings, "another", "a third one", seed()).unwrap();
        assert!(matches!(change, KeyChange::Made { .. }));
        assert_eq!(KeyChange::at_login(Some(&row), settings, PASSWORD, seed()).unwrap(), KeyChange::Kept);
    });
}

#[test]
fn the_national_suite_seals_and_what_was_sealed_before_stays_readable() {
    store::testing::on_both("suites", |db| {
        let mut world = World::with_settings(db, |settings| {
            settings.suite = Suite::National;
            settings.key_cost = Cost::new(8, 1).unwrap();
        });
        let (number, _) = world.sealed();
        world.names("custodian1", &number, "officer1").unwrap();
        let mut settings = world.house.settings.clone();
        settings.suite = Suite::International;
        let house = db
            .act(move |tx| {
                let secret = casework::secret::Secret::from_bytes([7; 32]);
                casework::House::open(tx, settings.clone(), secret).map_err(|error| ActError::File(error.to_string()))
            })
            .unwrap();
        world.house = std::sync::Arc::new(house);
        assert_eq!(world.opens("officer1", &number).unwrap(), identity());
        let next = world.case_in(Status::Assigned);
        world.seals(&next).unwrap();
        let bodies: Vec<u8> = [&number, &next]
            .map(|number| {
                let id = world.case(number).id;
                world.look(move |tx| store::vault::identity(tx, id, "reporter")).unwrap().body[0]
            })
            .to_vec();
        assert_eq!(bodies, [2, 1], "the first byte says which");
        world.names("custodian1", &next, "officer1").unwrap();
        assert_eq!(world.opens("officer1", &next).unwrap(), identity());
    });
}

#[test]
fn reasons_are_reasons() {
    on_both("reasons", |world| {
        let (number, _) = world.sealed();
        for (reason, expected) in [("", "reason.missing"), ("看看", "reason.missing")] {
            let target = number.clone();
            let refused = world.act(&world.staff("officer1"), at("2026-06-02T09:00:00+08:00"), move |tx, scene| {
                vault::request_opening(tx, scene, &target, reason)
            });
            assert_eq!(code(&refused.unwrap_err()), expected);
        }
        let target = number.clone();
        let long = "查".repeat(vault_rules().asking.reason_at_most + 1);
        let refused = world.act(&world.staff("officer1"), hours(24), move |tx, scene| {
            vault::request_opening(tx, scene, &target, &long)
        });
        assert_eq!(code(&refused.unwrap_err()), "reason.too_long");
    });
}

/// Closes an account, as an administrator does.
fn leaves(world: &World, who: &str) {
    let id = world.account(who);
    world.act(&world.staff("administrator"), hours(40), move |tx, scene| account::deactivate(tx, scene, id)).unwrap();
}

#[test]
fn after_somebody_left_everything_is_sealed_anew_to_those_who_stay() {
    on_both("renewed", |world| {
        let (number, shares) = world.sealed();
        world.names("custodian1", &number, "officer1").unwrap();
        let stale = |who: &'static str| {
            world.act(&world.staff(who), hours(41), |tx, scene| Ok(vault::desk(tx, scene)?.stale.len())).unwrap()
        };
        assert_eq!(stale("custodian1"), 0);
        leaves(world, "custodian2");
        assert_eq!(stale("custodian1"), 1, "whoever left may have kept her data key");
        let (key, fresh) = (world.key("custodian1"), seed());
        let renewed = world
            .act(&world.staff("custodian1"), hours(42), move |tx, scene| vault::renew_all(tx, scene, &key, fresh))
            .unwrap();
        assert_eq!((renewed, stale("custodian1")), (1, 0));
        assert_eq!(world.opens("officer1", &number).unwrap(), identity(), "a named reader stays one");
        // The holders of the escrow are taken along.
        let key = world.escrow_key(&shares[..3]).unwrap();
        let (target, to, fresh) = (number.clone(), world.account("custodian1"), seed());
        let granted = world.act(&Actor::System, hours(43), move |tx, scene| {
            vault::recover_case(tx, scene, &key, &target, &[to], fresh)
        });
        assert_eq!(granted.unwrap(), 0, "she has it already, and it was found");
    });
}

#[test]
fn the_identity_follows_its_case_to_another_bureau_and_the_old_custodians_lose_it() {
    on_both("passed on", |world| {
        world.ceremony();
        for who in ["custodian1", "custodian2"] {
            world.makes_key(who);
        }
        world.hands_over("custodian1", "custodian2").unwrap();
        let (receipt, _) =
            crate::report_filing::reported(world, &world.staff("agent"), hours(1), Some(identity())).unwrap();
        let number = receipt.number;
        let passes = |world: &World| {
            let (number, key, fresh) = (number.clone(), world.key("custodian1"), seed());
            world.act(&world.staff("custodian1"), hours(30), move |tx, scene| {
                vault::pass_on(tx, scene, &number, &key, fresh)
            })
        };
        assert_eq!(passes(world).unwrap(), 0, "the case is still here");
        world.does("dispatcher", hours(2), &number, domain::action::Action::Forward);
        let moved = world
            .act(&world.staff("custodian1"), hours(3), |tx, scene| Ok(vault::desk(tx, scene)?.moved.len()))
            .unwrap();
        assert_eq!(moved, 1, "it waits for her");
        assert_eq!(code(&passes(world).unwrap_err()), "vault.nobody_there", "nobody over there could open it");
        world.makes_key("other_custodian");
        assert_eq!(passes(world).unwrap(), 1);
        assert!(matches!(world.opens("custodian1", &number), Err(ActError::NotFound)));
        assert!(matches!(world.opens("custodian2", &number), Err(ActError::NotFound)));
        world.asks("other_custodian", &number).unwrap();
        let decides =
            world.act(&world.staff("custodian1"), hours(27), |tx, scene| Ok(vault::desk(tx, scene)?.waiting.len()));
        assert_eq!(decides.unwrap(), 0, "it is no longer theirs to decide");
        assert!(code(&world.opens("other_custodian", &number).unwrap_err()) == "vault.approval");
    });
}
