//! 关联: cases that belong together, and how (catalogue 3.2, 3.9).

use serde::{Deserialize, Serialize};

macro_rules! relations {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $from:literal, $to:literal;)*) => {
        /// How two cases belong together. A link is written once, on the case from which it was made.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Relation { $($(#[$doc])* $name,)* }

        impl Relation {
            /// Every relation.
            pub const ALL: &'static [Relation] = &[$(Relation::$name),*];

            /// The key kept in storage.
            pub fn key(self) -> &'static str { match self { $(Relation::$name => $key),* } }

            /// What the other case is, seen from the case on which the link was made.
            pub fn label_of_other(self) -> &'static str { match self { $(Relation::$name => $from),* } }

            /// What the case on which the link was made is, seen from the other.
            pub fn label_of_first(self) -> &'static str { match self { $(Relation::$name => $to),* } }

            /// Reads a stored key.
            pub fn from_key(key: &str) -> Option<Relation> { match key { $($key => Some(Relation::$name),)* _ => None } }
        }
    };
}

relations! {
    /// 拆分: one intake held several matters; the other was taken out of this one.
    Split = "split", "由本件拆出", "拆自该件";
    /// 合并: handled together; the other is the one in which the handling goes on.
    Merged = "merged", "已并入该件", "并入本件";
    /// 重复: the same person about the same matter; the other came first.
    Repeat = "repeat", "先前的同一事项", "后来的重复件";
    /// 相关: the same shop or the same cause.
    Related = "related", "相关", "相关";
    /// 共同: several consumers about one dispute; the other leads.
    Joint = "joint", "共同投诉的主件", "共同投诉";
    /// 线索: the other was opened because this one showed a suspected offence.
    Clue = "clue", "由本件发现的线索", "线索来源";
}
