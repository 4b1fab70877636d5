//! 换锁、移交 (7.3): after somebody left everything is sealed anew, and an identity follows its case to another bureau.

use casework::{ActError, Actor, account, vault};

use crate::vault::{code, identity, seed};
use crate::world::{World, hours, on_both};

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
