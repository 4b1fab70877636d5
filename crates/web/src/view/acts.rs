//! What may be done now (现在可以), what each act will do, and why another act may not be done now.

use askama::Template;
use askama::filters::HtmlSafe;

use super::text::Rich;

/// How an act is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// The act the case waits for: one a page.
    Primary,
    /// Any other.
    #[default]
    Ordinary,
    /// An official act that cannot be taken back: refuse, terminate. Seal red.
    Official,
}

/// An act that is lawful now for this person.
#[derive(Clone, Debug, Default)]
pub struct Act {
    /// The verb: `决定受理`.
    pub label: String,
    /// The page on which it is done.
    pub href: String,
    /// What it will do and send: `制作受理决定书，用微信告知投诉人，办结期限开始计算`.
    pub effect: Rich,
    /// How it is drawn.
    pub weight: Weight,
    /// What it is about: the heading over it under 更多.
    pub subject: &'static str,
    /// The key that opens it, such as `a`, or empty.
    pub key: String,
}

/// Why an act may not be done now, in kind: the headings of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// Another person does it.
    Others,
    /// The case has not come that far.
    NotYet,
    /// The case is past it.
    Past,
    /// There is nothing to do it about.
    NoNeed,
}

/// An act that is not lawful now, with the answer to 为什么.
#[derive(Clone, Debug)]
pub struct NotNow {
    /// The verb.
    pub label: String,
    /// Under which heading it stands.
    pub hindrance: Hindrance,
    /// The answer.
    pub reason: Rich,
    /// The citation, or empty.
    pub article: String,
}

/// The acts of the case page. However many are lawful, a handful are buttons and the rest is one step away.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/acts.html")]
pub struct ActList {
    /// The most usual acts, as buttons.
    pub usual: Vec<Act>,
    /// The other lawful acts, under 更多.
    pub others: Vec<Act>,
    /// What may not be done now.
    pub not_now: Vec<NotNow>,
}

impl HtmlSafe for ActList {}

/// So many buttons a person sees at a glance.
const BUTTONS: usize = 5;

impl ActList {
    /// The list of acts in the order of their use, those under 更多 by subject; the first nine open with the keys 1 to 9.
    pub fn new(mut acts: Vec<Act>, not_now: Vec<NotNow>) -> Self {
        // A fold over one act alone would cost as much room as the act.
        let mut others = if acts.len() > BUTTONS + 1 { acts.split_off(BUTTONS) } else { Vec::new() };
        let subjects: Vec<&str> = others.iter().map(|act| act.subject).collect();
        others.sort_by_key(|act| subjects.iter().position(|subject| *subject == act.subject));
        let keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
        for (act, key) in acts.iter_mut().chain(&mut others).zip(keys) {
            key.clone_into(&mut act.key);
        }
        Self { usual: acts, others, not_now }
    }

    /// The other lawful acts under the headings of their subjects; no heading over a single group.
    fn subjects(&self) -> Vec<(&'static str, &[Act])> {
        let groups: Vec<_> = self.others.chunk_by(|one, next| one.subject == next.subject).collect();
        let heading = |group: &[Act]| if groups.len() > 1 { group[0].subject } else { "" };
        groups.iter().map(|group| (heading(group), *group)).collect()
    }

    fn groups(&self) -> Vec<(&'static str, Vec<&NotNow>)> {
        let groups = Hindrance::ALL.map(|kind| {
            let members = self.not_now.iter().filter(|item| item.hindrance == kind);
            (kind.heading(), members.collect::<Vec<_>>())
        });
        groups.into_iter().filter(|(_, members)| !members.is_empty()).collect()
    }
}

impl Hindrance {
    const ALL: [Hindrance; 4] = [Hindrance::Others, Hindrance::NotYet, Hindrance::NoNeed, Hindrance::Past];

    fn heading(self) -> &'static str {
        match self {
            Hindrance::Others => "由别人办",
            Hindrance::NotYet => "还没到这一步",
            Hindrance::NoNeed => "现在用不上",
            Hindrance::Past => "已经过了这一步",
        }
    }
}

impl Act {
    fn class(&self) -> &'static str {
        match self.weight {
            Weight::Primary => "act primary",
            Weight::Ordinary => "act",
            Weight::Official => "act official",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Act, ActList};

    fn list(count: usize) -> ActList {
        ActList::new(vec![Act::default(); count], Vec::new())
    }

    #[test]
    fn a_handful_of_acts_are_buttons_and_none_is_lost() {
        for (count, buttons) in [(0, 0), (5, 5), (6, 6), (7, 5), (15, 5)] {
            let list = list(count);
            assert_eq!((list.usual.len(), list.others.len()), (buttons, count - buttons), "{count} acts");
        }
    }

    #[test]
    fn the_other_acts_stand_under_their_subjects_and_keys_follow_the_eye() {
        let of = |subject| Act { subject, ..Act::default() };
        let mut acts = vec![of("办理"); 5];
        acts.extend(["调解", "受理", "调解", "办理"].map(of));
        let list = ActList::new(acts, Vec::new());
        let headings: Vec<_> = list.subjects().iter().map(|(heading, acts)| (*heading, acts.len())).collect();
        assert_eq!(headings, [("调解", 2), ("受理", 1), ("办理", 1)]);
        assert_eq!(list.others.iter().map(|act| act.key.as_str()).collect::<Vec<_>>().concat(), "6789");
        let alone = ActList::new(vec![of("办理"); 9], Vec::new());
        assert_eq!(alone.subjects().iter().map(|(heading, _)| *heading).collect::<Vec<_>>(), [""]);
    }

    #[test]
    fn the_first_nine_acts_have_keys() {
        let list = list(12);
        let keys: Vec<&str> = list.usual.iter().chain(&list.others).map(|act| act.key.as_str()).collect();
        assert_eq!(keys.concat(), "123456789");
    }
}
