//! 投递: messages go out after the act's commit, with proof and retry (catalogue 3.12). An act only writes to the outbox;
//! what is here carries it away afterwards, so that no gateway can hold up or undo an act.

mod by_hand;
mod http;
mod round;
mod smtp;

pub use by_hand::{delivered_by_hand, release, retry};
pub use http::HttpCarrier;
pub use round::{BACK_OFF, Delivered, run_round};
pub use smtp::SmtpCarrier;

use std::collections::BTreeMap;
use std::fmt;

use store::outbox::MessageRow;

use crate::house::Settings;

/// The channels that a machine serves; all others are served by people.
pub const MACHINE_CHANNELS: &[&str] = &["email", "sms"];

/// A way out that the administrator configured.
#[derive(Clone, PartialEq, Eq)]
pub enum Gateway {
    /// Electronic mail.
    Smtp {
        /// Host and port, `mail.example.cn:465`. Port 465 speaks TLS from the start, any other one must offer STARTTLS.
        server: String,
        /// Sender's address.
        from: String,
        /// Login, when the server asks.
        user: Option<String>,
        /// Its password.
        password: Option<String>,
        /// Plain, for a server on this machine.
        plain: bool,
    },
    /// A generic HTTP gateway for SMS or WeChat messages (`docs/gateway.md`).
    Http {
        /// Where to POST.
        url: String,
        /// A bearer token for it.
        token: Option<String>,
    },
}

impl fmt::Debug for Gateway {
    /// Without password and token: settings end up in logs.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Gateway::Smtp { server, from, plain, .. } => formatter
                .debug_struct("Smtp")
                .field("server", server)
                .field("from", from)
                .field("plain", plain)
                .finish_non_exhaustive(),
            Gateway::Http { url, .. } => formatter.debug_struct("Http").field("url", url).finish_non_exhaustive(),
        }
    }
}

/// One message on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The message.
    pub message: MessageRow,
    /// The number of the case it is about.
    pub case_number: Option<String>,
}

impl Parcel {
    /// The key by which a gateway knows a repeat: the outbox id, and the instant of writing so that an installation restored
    /// from a backup, which gives the same ids again, is not taken for one that repeats itself.
    pub fn key(&self) -> String {
        format!("{}-{}", self.message.id, self.message.created_at.as_microsecond())
    }
}

/// Carries one message to a gateway. It may be asked again for a message that it did carry (the program ended before it could
/// write that down), and then gives the same [`Parcel::key`].
pub trait Carrier: Send + Sync {
    /// Gives the proof of delivery: an id or an instant that the gateway stands for.
    fn carry(&self, parcel: &Parcel) -> Result<String, CarryError>;
}

/// Why a message was not carried. Never holds an address, the text, or what the other side said about them, so that it may be
/// logged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct CarryError {
    /// Worth another try.
    pub temporary: bool,
    /// The gateway itself could not be used: the other messages for it would fare no better now.
    pub unreachable: bool,
    /// What happened and what to do.
    pub sentence: String,
}

impl CarryError {
    fn refused(sentence: impl Into<String>) -> CarryError {
        CarryError { temporary: false, unreachable: false, sentence: sentence.into() }
    }

    fn put_off(sentence: impl Into<String>) -> CarryError {
        CarryError { temporary: true, unreachable: false, sentence: sentence.into() }
    }

    fn unreachable(sentence: impl Into<String>) -> CarryError {
        CarryError { temporary: true, unreachable: true, sentence: sentence.into() }
    }
}

/// A gateway's settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("通道 {channel} 的网关设置有误：{reason}。请改正后重新启动。")]
pub struct GatewayError {
    /// Its channel.
    pub channel: String,
    /// What is wrong.
    pub reason: String,
}

/// The carriers by channel.
pub type Carriers = BTreeMap<String, Box<dyn Carrier>>;

/// A carrier for every gateway of the settings. Nothing is connected to yet.
pub fn carriers(settings: &Settings) -> Result<Carriers, GatewayError> {
    let mut carriers = Carriers::new();
    for (channel, gateway) in &settings.gateways {
        let fault = |reason: String| GatewayError { channel: channel.clone(), reason };
        if !MACHINE_CHANNELS.contains(&channel.as_str()) {
            return Err(fault(format!("只有 {} 可以接网关", MACHINE_CHANNELS.join("、"))));
        }
        let carrier: Box<dyn Carrier> = match gateway {
            Gateway::Smtp { server, from, user, password, plain } => {
                let login = user.clone().map(|user| (user, password.clone().unwrap_or_default()));
                Box::new(SmtpCarrier::new(server, from, login, *plain).map_err(fault)?)
            }
            Gateway::Http { url, token } => Box::new(HttpCarrier::new(url, token.as_deref()).map_err(fault)?),
        };
        carriers.insert(channel.clone(), carrier);
    }
    Ok(carriers)
}
