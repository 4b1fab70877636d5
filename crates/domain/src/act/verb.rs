//! What an act is called: the verb that people use, the key under which its event is found.

use crate::action::Action;
use crate::trigger::Trigger;

use super::Act;

impl Act {
    /// The verb; none for what the program notes by itself.
    pub fn action(&self) -> Option<Action> {
        Action::from_key(self.key())
    }

    /// The key under which the event is found: the name that the act has in storage, for a verb that of the verb.
    pub fn key(&self) -> &'static str {
        self.into()
    }

    /// What has happened for the clocks when the case came in.
    pub fn filing_triggers(registered: bool) -> &'static [Trigger] {
        if registered { &[Trigger::Received, Trigger::Registered] } else { &[Trigger::Received] }
    }
}
