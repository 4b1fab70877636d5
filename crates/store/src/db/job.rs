//! A closure on its way to a database thread and its answer on the way back.

use super::StoreError;
use super::tx::Tx;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What the engine has to do after an act ran.
#[derive(Debug)]
pub(crate) enum Ran {
    /// Commit.
    Keep,
    /// Roll back; the act has its answer.
    Discard,
    /// Roll back and run the act again: it failed for a reason that passes.
    Again(StoreError),
}

/// An act that waits for its transaction.
pub(crate) trait Job: Send {
    /// Runs the act; may be called again after a rollback.
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran;
    /// Notes that the transaction did not come about; an error of the act's own stays.
    fn fail(&mut self, error: StoreError);
    /// Tells the caller; only after the commit is on disk, or after the rollback.
    fn reply(self: Box<Self>);
}

/// The one kind of [`Job`].
pub(crate) struct Task<F, D, T, E> {
    act: F,
    done: D,
    /// `None` until the act ran for the first time.
    outcome: Option<Result<T, E>>,
}

impl<F, D, T, E> Task<F, D, T, E>
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
    D: FnOnce(Result<T, E>) + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    /// `act` is run in a transaction, `done` is called once with the answer.
    pub(crate) fn new(act: F, done: D) -> Self {
        Self { act, done, outcome: None }
    }
}

impl<F, D, T, E> Job for Task<F, D, T, E>
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
    D: FnOnce(Result<T, E>) + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran {
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.act)(tx)));
        let (outcome, ran) = match (outcome, tx.take_lost()) {
            (Err(panic), _) => {
                let error = StoreError::Panicked { message: message_of(panic.as_ref()) };
                tracing::error!(error = %error, "an act panicked and was rolled back");
                (Err(error.into()), Ran::Discard)
            }
            (Ok(outcome), Some(lost)) if lost.passes() => {
                (outcome.and_then(|_| Err(lost.clone().into())), Ran::Again(lost))
            }
            // An act that overlooks a failed statement must not be half kept.
            (Ok(Ok(_)), Some(lost)) => (Err(lost.into()), Ran::Discard),
            (Ok(Err(error)), _) => (Err(error), Ran::Discard),
            (Ok(Ok(value)), None) => (Ok(value), Ran::Keep),
        };
        self.outcome = Some(outcome);
        ran
    }

    fn fail(&mut self, error: StoreError) {
        if !matches!(self.outcome, Some(Err(_))) {
            self.outcome = Some(Err(error.into()));
        }
    }

    fn reply(self: Box<Self>) {
        let Self { done, outcome, .. } = *self;
        let outcome = outcome.unwrap_or_else(|| Err(StoreError::Closed.into()));
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| done(outcome))) {
            tracing::error!(message = message_of(panic.as_ref()), "the receiver of an answer panicked");
        }
    }
}

fn message_of(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}
