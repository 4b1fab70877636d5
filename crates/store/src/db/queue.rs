//! The bounded queue between callers and database threads.

use super::StoreError;
use super::job::Job;
use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

thread_local! {
    /// The address of the queue that this thread serves, if it is a database thread.
    static SERVED: Cell<usize> = const { Cell::new(0) };
}

/// Jobs in the order of their arrival.
pub(crate) struct Queue {
    state: Mutex<State>,
    arrived: Condvar,
    closing: Condvar,
    limit: usize,
}

struct State {
    jobs: VecDeque<Box<dyn Job>>,
    closed: bool,
}

impl Queue {
    /// A queue in which at most `limit` jobs wait.
    pub(crate) fn new(limit: usize) -> Self {
        let state = Mutex::new(State { jobs: VecDeque::new(), closed: false });
        Self { state, arrived: Condvar::new(), closing: Condvar::new(), limit }
    }

    /// Lets the job wait for a thread, or answers it at once when it cannot.
    pub(crate) fn push(&self, mut job: Box<dyn Job>) {
        let mut state = self.lock();
        let refusal = if state.closed {
            StoreError::Closed
        } else if state.jobs.len() >= self.limit {
            StoreError::Overloaded
        } else {
            state.jobs.push_back(job);
            drop(state);
            self.arrived.notify_one();
            return;
        };
        drop(state);
        job.fail(refusal);
        job.reply();
    }

    /// Waits for work and moves up to `most` jobs into `batch`; `false` when the queue is closed and empty.
    pub(crate) fn take(&self, most: usize, batch: &mut Vec<Box<dyn Job>>) -> bool {
        SERVED.set(self.address());
        let mut state = self.lock();
        while state.jobs.is_empty() {
            if state.closed {
                return false;
            }
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let count = state.jobs.len().min(most);
        batch.extend(state.jobs.drain(..count));
        true
    }

    /// Whether the current thread serves this queue: waiting for an answer from it would be waiting for itself.
    pub(crate) fn is_served_here(&self) -> bool {
        SERVED.get() == self.address()
    }

    /// Takes no more jobs; those that wait are still done.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
        self.closing.notify_all();
    }

    /// Waits before another attempt at something outside; not at all once the queue is closed.
    pub(crate) fn pause(&self, duration: Duration) {
        let still_open = |state: &mut State| !state.closed;
        drop(self.closing.wait_timeout_while(self.lock(), duration, still_open));
    }

    /// How many jobs wait.
    pub(crate) fn len(&self) -> usize {
        self.lock().jobs.len()
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
