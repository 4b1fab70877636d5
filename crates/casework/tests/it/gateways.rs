//! A mail server and a message gateway on the loopback, as good and as bad as the real ones.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What a server does with one connection.
#[derive(Clone, Debug)]
pub enum Manner {
    /// Takes the message.
    Takes,
    /// Answers with this: an SMTP reply to the recipient, or an HTTP status line with body.
    Says(&'static str),
    /// Takes the connection and never answers.
    Silent,
    /// Takes the whole message and breaks the connection instead of answering.
    Breaks,
    /// Asks for a login and refuses it (SMTP).
    RefusesLogin,
}

/// What a server was given and what it does next; it takes messages when nothing else is planned.
#[derive(Clone, Default)]
pub struct Server {
    /// Requests as they came, one text each.
    pub got: Arc<Mutex<Vec<String>>>,
    /// The manners of the next connections.
    pub plan: Arc<Mutex<VecDeque<Manner>>>,
    held: Arc<Mutex<Vec<TcpStream>>>,
    /// `127.0.0.1:PORT`.
    pub address: String,
}

impl Server {
    /// A mail server that speaks SMTP without encryption.
    pub fn smtp() -> Server {
        Server::start(mail)
    }

    /// A message gateway that speaks HTTP.
    pub fn http() -> Server {
        Server::start(post)
    }

    /// Plans the manners of the next connections.
    pub fn then(&self, manners: &[Manner]) -> &Server {
        self.plan.lock().unwrap().extend(manners.iter().cloned());
        self
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<String> {
        self.got.lock().unwrap().clone()
    }

    fn start(talk: fn(&Server, TcpStream, Manner) -> std::io::Result<()>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let server = Server { address, ..Server::default() };
        let serving = server.clone();
        // It ends with the test process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let manner = serving.plan.lock().unwrap().pop_front().unwrap_or(Manner::Takes);
                match manner {
                    Manner::Silent => serving.held.lock().unwrap().push(stream),
                    // A client that hangs up is its own affair.
                    manner => drop(talk(&serving, stream, manner)),
                }
            }
        });
        server
    }
}

fn mail(server: &Server, stream: TcpStream, manner: Manner) -> std::io::Result<()> {
    let (mut reader, mut writer) = (BufReader::new(stream.try_clone()?), stream);
    let (mut line, mut letter) = (String::new(), String::new());
    writer.write_all(b"220 mail.example.cn ready\r\n")?;
    while {
        line.clear();
        reader.read_line(&mut line)? > 0
    } {
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match (verb.as_str(), &manner) {
            ("EHLO", Manner::RefusesLogin) => "250-mail.example.cn\r\n250 AUTH PLAIN LOGIN",
            ("EHLO", _) => "250 mail.example.cn",
            ("AUTH", _) => "535 authentication failed",
            ("RCPT", Manner::Says(reply)) => reply,
            ("MAIL" | "RCPT", _) => {
                letter.push_str(&line);
                "250 ok"
            }
            ("DATA", _) => {
                writer.write_all(b"354 go on\r\n")?;
                while {
                    line.clear();
                    reader.read_line(&mut line)? > 0 && line != ".\r\n"
                } {
                    letter.push_str(&line);
                }
                server.got.lock().unwrap().push(std::mem::take(&mut letter));
                if matches!(manner, Manner::Breaks) {
                    return Ok(());
                }
                "250 2.0.0 queued as 4F3C"
            }
            ("QUIT", _) => "221 bye",
            _ => "250 ok",
        };
        writer.write_all(answer.as_bytes())?;
        writer.write_all(b"\r\n")?;
    }
    Ok(())
}

fn post(server: &Server, stream: TcpStream, manner: Manner) -> std::io::Result<()> {
    let (mut reader, mut writer) = (BufReader::new(stream.try_clone()?), stream);
    let (mut request, mut length) = (String::new(), 0);
    loop {
        let start = request.len();
        if reader.read_line(&mut request)? == 0 || request[start..].trim().is_empty() {
            break;
        }
        if let Some(value) = request[start..].to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    request.push_str(&String::from_utf8_lossy(&body));
    server.got.lock().unwrap().push(request);
    let (status, body) = match manner {
        Manner::Breaks => return Ok(()),
        Manner::Says(answer) => answer.split_once('|').unwrap_or((answer, "")),
        _ => ("200 OK", r#"{"id":"receipt-1"}"#),
    };
    write!(
        writer,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nDate: Tue, 02 Jun 2026 01:00:00 GMT\r\nLocation: /elsewhere\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
