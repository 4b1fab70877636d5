//! What an act is called: the verb that people use, the key under which its event is found.

use crate::action::Action;
use crate::case_kind::CaseKind;
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
    pub fn filing_triggers(kind: CaseKind, registered: bool) -> Vec<Trigger> {
        let mut fired = vec![Trigger::Received];
        if registered {
            fired.push(Trigger::Registered);
        }
        // Its material is the clue (行政处罚程序规定第十八条).
        if kind == CaseKind::Report {
            fired.push(Trigger::ClueFound);
        }
        fired
    }
}
