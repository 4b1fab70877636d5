//! Electronic mail over SMTP.

use std::time::{Duration, SystemTime};

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{SmtpTransport, Transport};

use super::{Carrier, CarryError, Parcel};

/// For one answer of the server; a whole delivery takes some eight.
const TIMEOUT: Duration = Duration::from_secs(15);
const PROOF_AT_MOST_CHARACTERS: usize = 200;

/// Hands messages to a mail server.
pub struct SmtpCarrier {
    transport: SmtpTransport,
    from: Mailbox,
}

impl SmtpCarrier {
    /// A carrier for a server; the error says what is wrong with the settings. `login` is user and password.
    pub fn new(server: &str, from: &str, login: Option<(String, String)>, plain: bool) -> Result<SmtpCarrier, String> {
        SmtpCarrier::with_timeout(server, from, login, plain, TIMEOUT)
    }

    /// As [`SmtpCarrier::new`], with another patience for each answer.
    pub fn with_timeout(
        server: &str,
        from: &str,
        login: Option<(String, String)>,
        plain: bool,
        timeout: Duration,
    ) -> Result<SmtpCarrier, String> {
        let from: Mailbox = from.parse().map_err(|_| format!("发件人“{from}”不是邮箱地址"))?;
        let (host, port) = host_and_port(server, if plain { 25 } else { 465 })?;
        let builder = match (plain, port) {
            (true, _) => SmtpTransport::builder_dangerous(host),
            (false, 465) => SmtpTransport::relay(host).map_err(|_| format!("服务器名“{host}”不能用于加密连接"))?,
            // Required, never opportunistic: nobody in between may take the encryption away.
            (false, _) => {
                SmtpTransport::starttls_relay(host).map_err(|_| format!("服务器名“{host}”不能用于加密连接"))?
            }
        };
        let mut builder = builder.port(port).timeout(Some(timeout));
        if let Some((user, password)) = login {
            builder = builder.credentials(Credentials::new(user, password));
        }
        Ok(SmtpCarrier { transport: builder.build(), from })
    }

    fn letter(&self, parcel: &Parcel) -> Result<Message, CarryError> {
        let message = &parcel.message;
        let unusable = || CarryError::refused("收件邮箱写法不对，请核对后改用其他方式告知。");
        let to = message.address.parse().map_err(|_| unusable())?;
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(message.subject.clone())
            .date(SystemTime::from(message.created_at))
            // The same at every try: a mail system that got it twice can tell.
            .message_id(Some(format!("<{}@{}>", parcel.key(), self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(message.body.clone())
            .map_err(|_| unusable())
    }
}

impl Carrier for SmtpCarrier {
    fn carry(&self, parcel: &Parcel) -> Result<String, CarryError> {
        let answer = self.transport.send(&self.letter(parcel)?).map_err(|error| carry_error(&error))?;
        let said: String = answer.message().collect::<Vec<_>>().join(" ");
        Ok(format!("{} {said}", answer.code()).trim().chars().take(PROOF_AT_MOST_CHARACTERS).collect())
    }
}

/// The server's own words are left out: they repeat the address.
fn carry_error(error: &lettre::transport::smtp::Error) -> CarryError {
    let code = error.status().map(|code| code.to_string()).unwrap_or_default();
    match code.as_str() {
        // RFC 4954: the login, not the message, is at fault; the other messages would fare no better.
        "454" | "530" | "534" | "535" | "538" => {
            CarryError::unreachable(format!("邮件服务器不接受登录（{code}）。请核对用户名和密码。"))
        }
        "421" => CarryError::unreachable("邮件服务器暂停服务（421），稍后自动重发。"),
        _ if error.is_permanent() => {
            CarryError::refused(format!("邮件服务器拒收（{code}）。请核对邮箱，或改用其他方式告知。"))
        }
        _ if error.is_transient() => CarryError::put_off(format!("邮件服务器暂时不收（{code}），稍后自动重发。")),
        _ if error.is_tls() => CarryError::unreachable("与邮件服务器的加密连接没有建立。请核对端口和证书。"),
        _ if error.is_timeout() => CarryError::unreachable("邮件服务器没有应答，稍后自动重发。"),
        _ => CarryError::unreachable("连不上邮件服务器，稍后自动重发。请核对服务器地址和网络。"),
    }
}

/// `mail.example.cn:465`, `[::1]:25`, or a host alone.
fn host_and_port(server: &str, otherwise: u16) -> Result<(&str, u16), String> {
    let fault = || format!("服务器“{server}”应写成 mail.example.cn:465 这样：主机名、冒号、端口");
    let (host, port) = match server.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port.parse().map_err(|_| fault())?),
        _ => (server, otherwise),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() || host.contains(char::is_whitespace) { Err(fault()) } else { Ok((host, port)) }
}

#[cfg(test)]
mod tests {
    use super::host_and_port;

    #[test]
    fn a_server_is_a_host_with_or_without_a_port() {
        assert_eq!(host_and_port("mail.example.cn:587", 465), Ok(("mail.example.cn", 587)));
        assert_eq!(host_and_port("mail.example.cn", 465), Ok(("mail.example.cn", 465)));
        assert_eq!(host_and_port("[::1]:25", 465), Ok(("::1", 25)));
        assert_eq!(host_and_port("[::1]", 465), Ok(("::1", 465)));
        assert!(host_and_port(":25", 465).is_err());
        assert!(host_and_port("mail.example.cn:post", 465).is_err());
    }
}
