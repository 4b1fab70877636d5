//! What every act needs besides its transaction: the law, the calendar, the secret, the settings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, RwLock};

use documents::font::Fonts;
use documents::form::FormBook;
use domain::account::{FactorPolicy, account_rules};
use domain::calendar::Calendar;
use domain::codes::Codes;
use domain::rule_book::RuleBook;
use domain::year_notice::YearNotice;
use jiff::{SignedDuration, Timestamp};
use store::{StoreError, Tx};

use crate::basis::ActBook;
use crate::press::Press;
use crate::secret::Secret;
use crate::stamping::Signers;

/// The installation as the acts see it. Shared by every thread; only the calendar changes while it runs.
pub struct House {
    /// The law.
    pub book: RuleBook,
    /// The article behind each verb.
    pub acts: ActBook,
    /// Code tables.
    pub codes: Codes,
    /// Keys the hashes of query codes and signs cookies.
    pub secret: Secret,
    /// What the administrator set.
    pub settings: Settings,
    /// Fonts and forms for what is printed.
    pub press: Press,
    calendar: RwLock<Arc<Calendar>>,
    pub(crate) signers: OnceLock<Signers>,
    fonts: OnceLock<Fonts>,
    forms: OnceLock<FormBook>,
}

/// What the administrator sets when the program starts.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where files, the secret and a SQLite database lie.
    pub data: PathBuf,
    /// The address people type, for links in messages.
    pub public_url: String,
    /// Gateways that are configured, by channel (`sms`, `email`).
    pub gateways: BTreeMap<String, crate::delivery::Gateway>,
    /// A session ends after so long without use.
    pub idle_limit: SignedDuration,
    /// Whether everybody must have a second factor; a role may have a rule of its own.
    pub second_factor: FactorPolicy,
    /// A password is changed after so many days; 0 for never.
    pub password_days: i64,
    /// Algorithms of what is sealed from now on; what was sealed under another stays readable.
    pub suite: ::vault::Suite,
    /// What it costs to try a password on a stolen key.
    pub key_cost: ::vault::Cost,
    /// Audit entries older than so many months are removed by the sweep; none are when nothing is set.
    pub audit_months: Option<i64>,
    /// Where the audit trail is sent to as well.
    pub audit_stream: Option<crate::audit_stream::Stream>,
    /// Files a filing may bring.
    pub evidence_at_most: usize,
    /// Bytes a file may have.
    pub evidence_bytes_at_most: u64,
}

impl Settings {
    /// The defaults (GB/T 22239-2019 8.1.4 in practice: two factors, idle thirty minutes).
    pub fn new(data: &Path) -> Settings {
        Settings {
            data: data.to_owned(),
            public_url: "http://127.0.0.1:12315".to_owned(),
            gateways: BTreeMap::new(),
            idle_limit: SignedDuration::from_mins(30),
            second_factor: FactorPolicy::Required,
            password_days: account_rules().password.change_after_days,
            suite: ::vault::Suite::default(),
            key_cost: ::vault::Cost::ORDINARY,
            audit_months: None,
            audit_stream: None,
            evidence_at_most: 20,
            evidence_bytes_at_most: 20 * 1024 * 1024,
        }
    }
}

impl House {
    /// A house with the law inside the program and the calendar kept in the database.
    pub fn open(tx: &mut Tx<'_>, settings: Settings, secret: Secret) -> Result<House, HouseError> {
        let house = House {
            book: RuleBook::builtin()?,
            acts: ActBook::builtin()?,
            codes: Codes::builtin(),
            secret,
            settings,
            press: Press::default(),
            calendar: RwLock::new(Arc::new(Calendar::builtin())),
            signers: OnceLock::new(),
            fonts: OnceLock::new(),
            forms: OnceLock::new(),
        };
        house.reload_calendar(tx)?;
        Ok(house)
    }

    /// The faces that papers are printed with: the bureau's own, the one in the program, the machine's.
    pub fn fonts(&self) -> &Fonts {
        self.fonts.get_or_init(|| Fonts::with_folder(&self.settings.data.join("fonts")))
    }

    /// All forms and letters with their layouts.
    pub fn forms(&self) -> &FormBook {
        self.forms
            .get_or_init(|| FormBook::over(&self.book).expect("the forms in the program are whole: a test reads them"))
    }

    /// The working-day calendar as it stands.
    pub fn calendar(&self) -> Arc<Calendar> {
        self.calendar.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Reads the imported years again (after an import, or when another process imported).
    pub fn reload_calendar(&self, tx: &mut Tx<'_>) -> Result<(), HouseError> {
        let mut calendar = Calendar::builtin();
        for (_, text) in store::calendar::all(tx)? {
            let notice = YearNotice::parse(&text).map_err(|error| HouseError::Calendar(error.to_string()))?;
            calendar = calendar.with_notice(notice);
        }
        *self.calendar.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(calendar);
        Ok(())
    }
}

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
pub enum HouseError {
    /// A rule file is wrong.
    #[error(transparent)]
    Rules(#[from] domain::rule_book::RuleError),
    /// The table of articles is wrong.
    #[error(transparent)]
    Acts(#[from] crate::basis::ActBookError),
    /// An imported calendar cannot be read.
    #[error("已导入的节假日安排读不出来：{0}。请重新导入。")]
    Calendar(String),
    /// The database.
    #[error("{}", .0.sentence())]
    Store(#[from] StoreError),
}

/// The moment and the person of an act.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The installation.
    pub house: &'a House,
    /// Now, as told by the edge.
    pub now: Timestamp,
    /// Who acts.
    pub actor: &'a crate::actor::Actor,
}
