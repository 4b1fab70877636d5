//! A closed list of things that are kept by a key and shown by a Chinese name: one line a thing.

/// Declares the enum with `ALL`, `key`, `label` and `from_key`. The key must be the name in snake case: serde writes that.
macro_rules! keyed {
    ($(#[$meta:meta])* pub enum $Name:ident: $($(#[$doc:meta])* $one:ident = $key:literal, $label:literal;)*) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $Name { $($(#[$doc])* $one,)* }

        impl $Name {
            /// Every one, in the order in which lists show them.
            pub const ALL: &'static [Self] = &[$(Self::$one),*];

            /// The stable key in storage, data files, addresses and JSON.
            pub const fn key(self) -> &'static str { match self { $(Self::$one => $key),* } }

            /// The Chinese words shown to people.
            pub const fn label(self) -> &'static str { match self { $(Self::$one => $label),* } }

            /// The one that has this key.
            pub fn from_key(key: &str) -> Option<Self> { match key { $($key => Some(Self::$one),)* _ => None } }
        }
    };
}

pub(crate) use keyed;
