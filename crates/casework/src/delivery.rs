//! 投递: messages go out after the act's commit, with proof and retry. (The delivery loop is below the types.)

/// A way out that the administrator configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gateway {
    /// Electronic mail.
    Smtp {
        /// Host and port, `mail.example.cn:465`.
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
    /// A generic HTTP gateway for SMS or WeChat messages.
    Http {
        /// Where to POST.
        url: String,
        /// A bearer token for it.
        token: Option<String>,
    },
}
