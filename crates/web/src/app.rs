//! The running program as every page sees it: the database, the installation, the clock, chance.
//!
//! The core below is synchronous; a page hands it a closure and waits for the answer. A closure may run more than once (PostgreSQL
//! runs an act again after contention), so it clones what it gives away and takes time and chance from outside.

use std::sync::Arc;

use casework::{Actor, House, Scene};
use jiff::Timestamp;
use store::{Db, StoreError, Tx};
use tokio::sync::{Semaphore, oneshot};

use crate::limits::{Limits, Tries};

/// A clock: the machine's in the program, a set one in tests and in the simulator.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What every handler has at hand. Clones share it.
#[derive(Clone)]
pub struct App {
    db: Db,
    house: Arc<House>,
    clock: Clock,
    limits: Arc<Limits>,
    hashing: Arc<Semaphore>,
    tries: Arc<Tries>,
}

impl App {
    /// The program over an open database. Password hashing takes memory, so only a few run at a time.
    pub fn new(db: Db, house: Arc<House>, clock: Clock, limits: Limits) -> App {
        let hashing = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        App {
            db,
            house,
            clock,
            limits: Arc::new(limits),
            hashing: Arc::new(Semaphore::new(hashing)),
            tries: Arc::default(),
        }
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Bytes that nobody can guess: session ids, query codes, seeds. Taken before an act, never inside one.
    pub fn fresh<const N: usize>(&self) -> [u8; N] {
        fresh_bytes()
    }

    /// The installation: law, calendar, settings.
    pub fn house(&self) -> &Arc<House> {
        &self.house
    }

    /// The database, for what runs beside the pages: sweeps, deliveries, the health page.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// How often strangers may try.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Wrong query codes, on the public page and in the interface together.
    pub(crate) fn tries(&self) -> &Tries {
        &self.tries
    }

    /// Whether cookies go over TLS only: always, unless the address is plain HTTP on this very machine.
    pub fn secure_cookies(&self) -> bool {
        !is_plain_loopback(&self.house.settings.public_url)
    }

    /// Does something in one writing transaction; answers when it is on disk. The time is read once.
    pub async fn act<T, E>(
        &self,
        actor: Actor,
        mut act: impl FnMut(&mut Tx<'_>, Scene<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (house, now, origin) = (self.house.clone(), self.now(), crate::audit::origin());
        let (done, answer) = oneshot::channel();
        self.db.submit(
            move |tx| {
                tx.set_origin(&origin);
                act(tx, Scene { house: &house, now, actor: &actor })
            },
            // Whoever asked may have gone away; the act stands.
            move |outcome| drop(done.send(outcome)),
        );
        answer.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Reads one unchanging view of the database as somebody: for pages whose content depends on who looks.
    pub async fn look<T, E>(
        &self,
        actor: Actor,
        mut look: impl FnMut(&mut Tx<'_>, Scene<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (house, now) = (self.house.clone(), self.now());
        self.read(move |tx| look(tx, Scene { house: &house, now, actor: &actor })).await
    }

    /// Reads one unchanging view of the database.
    pub async fn read<T, E>(&self, read: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (done, answer) = oneshot::channel();
        self.db.submit_read(read, move |outcome| drop(done.send(outcome)));
        answer.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Runs slow arithmetic (argon2id) off the threads that answer, a few at a time.
    pub(crate) async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        let _turn = self.hashing.acquire().await.map_err(|_| StoreError::Closed)?;
        tokio::task::spawn_blocking(work).await.map_err(|error| StoreError::Panicked { message: error.to_string() })
    }
}

/// The machine's clock: the one place where the pages read it.
#[expect(clippy::disallowed_methods, reason = "the edge reads the clock and hands it in")]
pub fn system_clock() -> Clock {
    Arc::new(Timestamp::now)
}

/// The system's generator: the one place where the pages open it.
#[expect(clippy::disallowed_methods, reason = "the edge opens the generator and hands bytes in")]
pub fn fresh_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes);
    bytes
}

fn is_plain_loopback(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return false };
    let authority = rest.split('/').next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_plain_loopback;

    #[test]
    fn only_plain_http_on_this_machine_does_without_tls() {
        for url in ["http://127.0.0.1:12315", "http://localhost/", "http://[::1]:80"] {
            assert!(is_plain_loopback(url), "{url}");
        }
        for url in ["https://127.0.0.1", "http://12315.example.cn", "http://127.evil", "http://10.0.0.1:12315"] {
            assert!(!is_plain_loopback(url), "{url}");
        }
    }
}
