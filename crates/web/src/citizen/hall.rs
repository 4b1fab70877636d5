//! What the public pages share: which places this installation serves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use domain::organization::OrganizationKind;
use jiff::{SignedDuration, Timestamp};
use store::StoreError;
use store::organization::OrganizationRow;

use crate::app::App;
use crate::citizen::regions::{NATION, Regions};

/// Shared by all public pages of one program.
#[derive(Default)]
pub(super) struct Hall {
    served: Mutex<Option<(Timestamp, Arc<Served>)>>,
}

/// Which places this installation serves, and in whose name.
#[derive(Debug)]
pub(super) struct Served {
    /// The bureau in the head of each page: the one at the top of the tree.
    pub(super) bureau: String,
    /// Its telephone, when one is known.
    pub(super) phone: String,
    /// Every division a shop can be chosen in, and those above it.
    pub(super) reachable: BTreeSet<u32>,
}

impl Hall {
    /// The places served, read anew once a minute: a bureau that was added is there soon.
    pub(super) async fn served(&self, app: &App) -> Result<Arc<Served>, StoreError> {
        const FRESH: SignedDuration = SignedDuration::from_secs(60);
        let now = app.now();
        if let Some((read_at, served)) = &*self.kept()
            && now >= *read_at
            && now < *read_at + FRESH
        {
            return Ok(served.clone());
        }
        let served = Arc::new(read(app).await?);
        // An empty tree is somebody still setting up: not kept.
        if !served.reachable.is_empty() {
            *self.kept() = Some((now, served.clone()));
        }
        Ok(served)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Option<(Timestamp, Arc<Served>)>> {
        self.served.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn read(app: &App) -> Result<Served, StoreError> {
    let regions = Regions::get().await;
    let (bureaus, centres) = app
        .read(|tx| {
            let (mut bureaus, mut centres) = (Vec::new(), Vec::new());
            for level in ["nation", "province", "city", "county"] {
                bureaus.extend(store::organization::at_level(tx, OrganizationKind::Bureau, level)?);
                centres.extend(store::organization::at_level(tx, OrganizationKind::Centre, level)?);
            }
            Ok::<_, StoreError>((bureaus, centres))
        })
        .await?;
    // Only a bureau with a centre takes complaints in; one above may stand in the tree for its name alone.
    let centre_of: BTreeMap<i64, &OrganizationRow> =
        centres.iter().filter_map(|centre| Some((centre.bureau_id?, centre))).collect();
    let serving: Vec<&OrganizationRow> = bureaus.iter().filter(|bureau| centre_of.contains_key(&bureau.id)).collect();
    let codes: BTreeSet<u32> = serving.iter().map(|bureau| super::regions::number(&bureau.region_code)).collect();
    let (bureau, phone) = match topmost(&serving).as_slice() {
        [top] => (top.name.clone(), centre_of.get(&top.id).map_or(&top.phone, |centre| &centre.phone).clone()),
        _ => ("消费者投诉举报".to_owned(), String::new()),
    };
    let phone = if phone == "12315" { String::new() } else { phone };
    Ok(Served { bureau, phone, reachable: regions.reachable(|code| is_served(&codes, code)) })
}

/// The bureaus with no other above them.
fn topmost<'a>(bureaus: &[&'a OrganizationRow]) -> Vec<&'a OrganizationRow> {
    let length = |bureau: &&OrganizationRow| bureau.path.matches('/').count();
    let least = bureaus.iter().map(length).min();
    bureaus.iter().filter(|bureau| Some(length(bureau)) == least).copied().collect()
}

/// As the receiving bureau is found: the place's own, or one above by its digits.
fn is_served(bureaus: &BTreeSet<u32>, code: u32) -> bool {
    [code, code / 100 * 100, code / 10_000 * 10_000, NATION].iter().any(|above| bureaus.contains(above))
}

impl Served {
    /// As far down as there is only one way: the county itself for a county's bureau.
    pub(super) fn only_way(&self, regions: &Regions) -> u32 {
        let mut at = NATION;
        loop {
            let mut below = regions.children(at, &self.reachable);
            match (below.next(), below.next()) {
                (Some((only, _)), None) => at = only,
                _ => return at,
            }
        }
    }

    /// Whether a shop's place is fine enough and is served.
    pub(super) fn takes(&self, regions: &Regions, county: u32) -> bool {
        self.reachable.contains(&county) && regions.is_last(county)
    }
}
