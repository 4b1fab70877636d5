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
    /// The list of acts in the order of their use; the first nine open with the keys 1 to 9.
    pub fn new(mut acts: Vec<Act>, not_now: Vec<NotNow>) -> Self {
        for (act, key) in acts.iter_mut().zip(["1", "2", "3", "4", "5", "6", "7", "8", "9"]) {
            key.clone_into(&mut act.key);
        }
        // A heading over one act alone would cost as much room as the act.
        let others = if acts.len() > BUTTONS + 1 { acts.split_off(BUTTONS) } else { Vec::new() };
        Self { usual: acts, others, not_now }
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
    fn the_first_nine_acts_have_keys() {
        let list = list(12);
        let keys: Vec<&str> = list.usual.iter().chain(&list.others).map(|act| act.key.as_str()).collect();
        assert_eq!(keys.concat(), "123456789");
    }
}
