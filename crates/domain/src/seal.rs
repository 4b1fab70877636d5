//! 封存: a day's seal over the entries of the ledger, so short that it can be printed and published, and strong enough that nobody
//! can change an entry under it afterwards (docs/seals.md).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::chain::hex;

/// A hash function over the parts as one text: the caller's suite.
pub type HashFunction = fn(&[&[u8]]) -> [u8; 32];

/// What is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// The day in Beijing that it closes.
    pub day: Date,
    /// The hash function: `sha256` or `sm3`.
    pub suite: String,
    /// The first entry under it.
    pub first: i64,
    /// The last entry under it.
    pub last: i64,
    /// The root of the tree over the hashes of these entries.
    pub root: String,
    /// The print of the seal before; empty for the first.
    pub previous: String,
}

impl Seal {
    /// The text whose hash is the seal's print.
    pub fn text(&self) -> String {
        let Seal { day, suite, first, last, root, previous } = self;
        format!("xiaobao-seal-1\nday {day}\nsuite {suite}\nentries {first} {last}\nroot {root}\nprevious {previous}\n")
    }

    /// The print: what a newspaper would carry.
    pub fn print(&self, hash: HashFunction) -> String {
        hex(&hash(&[self.text().as_bytes()]))
    }
}

/// A tree over hashes, as in RFC 6962, built from one after the other without keeping them: leaves under `0`, nodes under `1`, the left
/// side always a full power of two.
#[derive(Clone, Debug)]
pub struct Tree {
    hash: HashFunction,
    /// Roots of full subtrees, the largest first, with how many leaves each has.
    full: Vec<(u64, [u8; 32])>,
    leaves: u64,
}

impl Tree {
    /// An empty tree.
    pub fn new(hash: HashFunction) -> Tree {
        Tree { hash, full: Vec::new(), leaves: 0 }
    }

    /// Adds a leaf at the right.
    pub fn push(&mut self, leaf: &[u8]) {
        self.leaves += 1;
        let mut new = (1, leaf_hash(self.hash, leaf));
        while let Some((size, left)) = self.full.pop_if(|(size, _)| *size == new.0) {
            new = (size * 2, node(self.hash, &left, &new.1));
        }
        self.full.push(new);
    }

    /// How many leaves there are.
    pub fn leaves(&self) -> u64 {
        self.leaves
    }

    /// The root; the hash of nothing for an empty tree.
    pub fn root(&self) -> [u8; 32] {
        let mut parts = self.full.iter().rev().map(|(_, root)| *root);
        let Some(last) = parts.next() else { return (self.hash)(&[]) };
        parts.fold(last, |right, left| node(self.hash, &left, &right))
    }
}

/// What stands beside the way from a leaf up to the root, the lowest first.
pub fn path(hash: HashFunction, leaves: &[Vec<u8>], index: usize) -> Vec<[u8; 32]> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let half = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(half);
    let (mine, index, beside) = if index < half { (left, index, right) } else { (right, index - half, left) };
    let mut up = path(hash, mine, index);
    let mut tree = Tree::new(hash);
    for leaf in beside {
        tree.push(leaf);
    }
    up.push(tree.root());
    up
}

fn leaf_hash(hash: HashFunction, leaf: &[u8]) -> [u8; 32] {
    hash(&[&[0], leaf])
}

fn node(hash: HashFunction, left: &[u8], right: &[u8]) -> [u8; 32] {
    hash(&[&[1], left, right])
}

#[cfg(test)]
mod tests {
    use super::{HashFunction, Tree, leaf_hash, node, path};
    use crate::chain::hex;
    use sha2::{Digest, Sha256};

    const HASH: HashFunction = |parts| Sha256::digest(parts.concat()).into();

    /// The trees of RFC 6962's reference implementation over these leaves.
    #[test]
    fn a_tree_is_the_one_of_the_standard() {
        let leaves: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let mut tree = Tree::new(HASH);
        assert_eq!(hex(&tree.root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        let roots: Vec<String> = leaves
            .iter()
            .map(|leaf| {
                tree.push(leaf);
                hex(&tree.root())
            })
            .collect();
        assert_eq!(roots[0], "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        assert_eq!(roots[1], "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
        assert_eq!(roots[2], "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
        assert_eq!(roots[7], "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    }

    #[test]
    fn the_way_up_from_any_leaf_leads_to_the_root() {
        for count in 1..20_usize {
            let leaves: Vec<Vec<u8>> = (0..count).map(|leaf| vec![leaf as u8]).collect();
            let mut tree = Tree::new(HASH);
            for leaf in &leaves {
                tree.push(leaf);
            }
            for index in 0..count {
                let (mut at, mut last, mut root) = (index, count - 1, leaf_hash(HASH, &leaves[index]));
                for beside in path(HASH, &leaves, index) {
                    while at.is_multiple_of(2) && at == last {
                        (at, last) = (at / 2, last / 2);
                    }
                    root = if at.is_multiple_of(2) { node(HASH, &root, &beside) } else { node(HASH, &beside, &root) };
                    (at, last) = (at / 2, last / 2);
                }
                assert_eq!(root, tree.root(), "leaf {index} of {count}");
            }
        }
    }
}
