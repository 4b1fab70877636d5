//! 机构: the tree of bureaus, centres and offices (1.1).

use store::organization::OrganizationRow;
use store::{StoreError, Tx};

/// Key in `store::installation`: codes of the divisions this installation was made for, joined by commas.
const REGIONS: &str = "regions";

/// The bureaus at the top of what this installation was made for; the roots when that is not known.
pub fn tops(tx: &mut Tx<'_>) -> Result<Vec<OrganizationRow>, StoreError> {
    let regions = store::installation::get(tx, REGIONS)?.unwrap_or_default();
    let mut tops = Vec::new();
    for code in regions.split(',').filter(|code| !code.is_empty()) {
        tops.extend(store::organization::by_region(tx, code, domain::organization::OrganizationKind::Bureau)?);
    }
    if tops.is_empty() { store::organization::roots(tx) } else { Ok(tops) }
}
