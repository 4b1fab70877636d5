//! The divisions of China down to the township, unpacked when asked for. `make_divisions.py` beside the table made it.

use std::io::Read as _;

use flate2::read::GzDecoder;
use serde::{Deserialize, Serialize};

use crate::region_code::{Level, RegionCode};

/// A division (行政区划).
///
/// `parent` is the division that governs it, not always the one its digits name: the districts of 北京市 stand directly
/// under it (the code table's grouping row 市辖区 is left out), 济源市 (419001) directly under 河南省, and the townships of
/// the cities without counties (东莞市, 中山市, 儋州市, 嘉峪关市) directly under their city.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Division {
    /// 6 digits to the county, 9 for a township; `000000` for the nation.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of the division above; empty for the nation.
    pub parent: String,
    /// Level.
    pub level: Level,
}

impl Division {
    /// The code as a value.
    pub fn region(&self) -> RegionCode {
        RegionCode::parse(&self.code).unwrap_or_else(|_| RegionCode::nation())
    }
}

#[derive(Deserialize)]
struct Row {
    code: String,
    name: String,
    parent: String,
}

/// Every division, each after the one above it: the nation, provinces and cities, counties, townships.
///
/// Unpacks the table anew (some tens of milliseconds): keep what you need, not the whole.
pub fn all() -> Vec<Division> {
    let mut text = String::new();
    GzDecoder::new(crate::embedded::DIVISIONS).read_to_string(&mut text).expect("the built-in table unpacks");
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .map(|row| {
            let Row { code, name, parent } = row.expect("the built-in table reads");
            let level = RegionCode::parse(&code).map_or(Level::Nation, |region| region.level());
            Division { code, name, parent, level }
        })
        .collect()
}

/// The division and all that lies inside it, each after the one above it; empty when there is no such division.
pub fn within(region: &RegionCode) -> Vec<Division> {
    let mut inside: Vec<Division> =
        all().into_iter().filter(|division| division.code.starts_with(region.prefix())).collect();
    if region.level() == Level::Township {
        inside.retain(|division| division.code == region.as_str());
    }
    if inside.first().is_none_or(|first| first.code != region.as_str()) {
        inside.clear();
    }
    inside
}
