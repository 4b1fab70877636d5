//! 旁路: what is under way beside the ordinary course of a case, and whose turn it is to do something about it.
//!
//! Part of the state, so it is the fold of the acts like everything else. Stored as one text, because no list asks for what is
//! inside; what a list asks for is an [`Errand`], and those have a table of their own that follows the state.

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::case::Case;

/// What is under way beside the ordinary course.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Turns {}

/// What somebody other than the holder of the case's desk has to do about it (待办旁件).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Errand {
    /// What.
    pub kind: ErrandKind,
    /// On which desk it lies, as `domain::case::Desk::key` writes desks: `leader:7`, `superior:3`.
    pub desk: String,
}

macro_rules! errands {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $label:literal, $action:ident;)*) => {
        /// The kinds of errand; each is done by one act.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ErrandKind { $($(#[$doc])* $name,)* }

        impl ErrandKind {
            /// Every kind.
            pub const ALL: &'static [ErrandKind] = &[$(ErrandKind::$name),*];

            /// The key kept in storage.
            pub fn key(self) -> &'static str { match self { $(ErrandKind::$name => $key),* } }

            /// What is to be done, in words.
            pub fn label(self) -> &'static str { match self { $(ErrandKind::$name => $label),* } }

            /// The act that does it.
            pub fn action(self) -> Action { match self { $(ErrandKind::$name => Action::$action),* } }

            /// Reads a stored key.
            pub fn from_key(key: &str) -> Option<ErrandKind> { match key { $($key => Some(ErrandKind::$name),)* _ => None } }
        }
    };
}

errands! {
    /// 延长申请: the one who sent the case grants or declines more time (5.3).
    Extension = "extension", "答复延长申请", GrantExtension;
}

/// What follows from the state of a case for others than its desk's holder.
pub(crate) fn errands_of(case: &Case) -> Vec<Errand> {
    let mut errands = Vec::new();
    if !case.status.is_open() {
        return errands;
    }
    if case.extension_asked.is_some() {
        errands.push(Errand { kind: ErrandKind::Extension, desk: format!("dispatch:{}", case.intake) });
    }
    errands
}
