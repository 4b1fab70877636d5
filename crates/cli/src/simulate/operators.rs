//! The register of operators as the simulated bureau keeps it: nearly all of its shops, with those they run on platforms.

use std::sync::Arc;

use casework::operators::{self, Particulars};
use casework::{ActError, House, Scene};
use jiff::Timestamp;
use store::Db;

use super::script::region_of;
use super::shop::{Shop, Street};
use super::town::Bureau;

/// Every so manieth shop nobody has entered yet: its complaints wait for somebody to say who it is.
const NOT_ENTERED: usize = 9;

/// Enters the shops of a bureau's county; gives how many.
pub fn enter(db: &Db, house: &Arc<House>, bureau: &Bureau, street: &Street, at: Timestamp) -> Result<usize, ActError> {
    let Some(agent) = bureau.agents.first().cloned() else { return Ok(0) };
    let shops = street.shops().iter().enumerate().filter(|(index, _)| index % NOT_ENTERED != NOT_ENTERED - 1);
    let entries: Vec<Particulars> = shops.map(|(_, shop)| particulars(bureau, shop)).collect();
    let house = house.clone();
    db.act(move |tx| {
        let scene = Scene { house: &house, now: at, actor: &agent };
        for entry in &entries {
            operators::register(tx, scene, entry)?;
        }
        Ok(entries.len())
    })
}

fn particulars(bureau: &Bureau, shop: &Shop) -> Particulars {
    let online = |platform: &String| [platform.clone(), shop.short_name.clone(), String::new()];
    Particulars {
        name: shop.name.clone(),
        credit_code: shop.credit_code.clone(),
        kind: domain::operator::likely_kind(&shop.credit_code, &shop.name).to_owned(),
        region: region_of(bureau, shop).to_owned(),
        address: shop.address.clone(),
        contact_name: shop.liaison.as_ref().map_or(&shop.contact_name, |(name, _)| name).clone(),
        phone: shop.liaison.as_ref().map_or(&shop.phone, |(_, phone)| phone).clone(),
        shops: shop.is_online.iter().map(online).collect(),
        ..Particulars::default()
    }
}
