//! 行政区划 as the public picks them: from the province down to the township, level by level.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use domain::region_code::Level;

/// A division of a province, a city or a county.
#[derive(Debug)]
struct Area {
    name: Box<str>,
    parent: u32,
}

/// The divisions of China, small enough to stay in memory.
#[derive(Debug)]
pub(super) struct Regions {
    areas: BTreeMap<u32, Area>,
    /// By the code of what they lie in, then by their own.
    townships: Vec<(u32, u32, Box<str>)>,
}

/// The nation's code.
pub(super) const NATION: u32 = 0;

impl Regions {
    /// The table, unpacked once. The first call takes a moment: not on a thread that answers.
    fn table() -> &'static Regions {
        static TABLE: OnceLock<Regions> = OnceLock::new();
        TABLE.get_or_init(Regions::unpack)
    }

    /// The table, unpacked beside the threads that answer when nobody needed it before.
    pub(super) async fn get() -> &'static Regions {
        // The unpacking itself cannot fail: the table was checked when the program was built.
        match tokio::task::spawn_blocking(Regions::table).await {
            Ok(table) => table,
            Err(_) => Regions::table(),
        }
    }

    fn unpack() -> Regions {
        let mut regions = Regions { areas: BTreeMap::new(), townships: Vec::new() };
        for division in domain::divisions::all() {
            let (code, parent) = (number(&division.code), number(&division.parent));
            let name = division.name.into_boxed_str();
            match division.level {
                Level::Nation | Level::Village => {}
                Level::Township => regions.townships.push((parent, code, name)),
                _ => drop(regions.areas.insert(code, Area { name, parent })),
            }
        }
        regions.townships.sort_unstable_by_key(|(parent, code, _)| (*parent, *code));
        regions
    }

    /// Name of a division above the township.
    pub(super) fn name(&self, code: u32) -> Option<&str> {
        self.areas.get(&code).map(|area| &*area.name)
    }

    /// The division above.
    pub(super) fn parent(&self, code: u32) -> Option<u32> {
        self.areas.get(&code).map(|area| area.parent)
    }

    /// From the province down to this division, itself included; empty when there is none of this code.
    pub(super) fn path(&self, code: u32) -> Vec<u32> {
        let mut path = Vec::new();
        let mut at = Some(code);
        while let Some(code) = at.filter(|code| self.areas.contains_key(code)) {
            path.push(code);
            at = self.parent(code);
        }
        path.reverse();
        path
    }

    /// Whether nothing but townships lies below: a county, or a city without counties.
    pub(super) fn is_last(&self, code: u32) -> bool {
        self.areas.contains_key(&code) && !self.areas.values().any(|area| area.parent == code)
    }

    /// The divisions right below, as far as they are in `reachable`.
    pub(super) fn children<'a>(
        &'a self,
        parent: u32,
        reachable: &'a BTreeSet<u32>,
    ) -> impl Iterator<Item = (u32, &'a str)> {
        let below = self.areas.iter().filter(move |(code, area)| area.parent == parent && reachable.contains(code));
        below.map(|(code, area)| (*code, &*area.name))
    }

    /// The townships in a county: code of nine digits and name.
    pub(super) fn townships(&self, county: u32) -> &[(u32, u32, Box<str>)] {
        let from = self.townships.partition_point(|(parent, _, _)| *parent < county);
        let to = self.townships.partition_point(|(parent, _, _)| *parent <= county);
        &self.townships[from..to]
    }

    /// Every last division for which `served` says yes, with all above it.
    pub(super) fn reachable(&self, served: impl Fn(u32) -> bool) -> BTreeSet<u32> {
        let parents: BTreeSet<u32> = self.areas.values().map(|area| area.parent).collect();
        let last = self.areas.keys().filter(|code| !parents.contains(code) && served(**code));
        last.flat_map(|code| self.path(*code)).collect()
    }

    /// `北京市朝阳区三里屯街道` for a code of six or nine digits as it is typed; empty when it is unknown.
    pub(super) fn full_name(&self, typed: &str) -> String {
        let code = number(typed);
        let (county, township) = match typed.len() {
            9 => {
                let found = self.townships.iter().find(|(_, own, _)| *own == code);
                (found.map_or(0, |(parent, _, _)| *parent), found.map(|(_, _, name)| &**name))
            }
            _ => (code, None),
        };
        let names = self.path(county).into_iter().filter_map(|code| self.name(code));
        names.chain(township).collect()
    }

    /// The division above the township in which a typed code lies.
    pub(super) fn county_of(&self, typed: &str) -> u32 {
        let code = number(typed);
        if typed.len() != 9 {
            return code;
        }
        self.townships.iter().find(|(_, own, _)| *own == code).map_or(0, |(parent, _, _)| *parent)
    }
}

/// A code as a number; 0, the nation's, for anything else.
pub(super) fn number(code: &str) -> u32 {
    code.parse().unwrap_or(NATION)
}

/// A code of six digits as text.
pub(super) fn text(code: u32) -> String {
    format!("{code:06}")
}
