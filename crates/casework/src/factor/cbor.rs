//! CBOR as authenticators write it (RFC 8949, the canonical form of CTAP2): whole numbers, texts, bytes, lists, maps. Whatever else
//! may stand in it is none of ours and is refused.

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cbor<'a> {
    /// A whole number.
    Int(i64),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A text.
    Text(&'a str),
    /// A list.
    List(Vec<Cbor<'a>>),
    /// A map, in its order.
    Map(Vec<(Cbor<'a>, Cbor<'a>)>),
    /// True, false, null.
    Simple(u8),
}

/// How deep values may lie in one another.
const DEEPEST: u8 = 8;

impl<'a> Cbor<'a> {
    /// Reads one value; gives it with what follows.
    pub(super) fn read(bytes: &'a [u8]) -> Option<(Cbor<'a>, &'a [u8])> {
        Cbor::within(bytes, DEEPEST)
    }

    fn within(bytes: &'a [u8], depth: u8) -> Option<(Cbor<'a>, &'a [u8])> {
        let depth = depth.checked_sub(1)?;
        let (first, rest) = bytes.split_first()?;
        let (size, rest) = match first & 0x1f {
            small @ 0..=23 => (u64::from(small), rest),
            wide @ 24..=27 => {
                let (size, rest) = rest.split_at_checked(1 << (wide - 24))?;
                (size.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)), rest)
            }
            _ => return None,
        };
        let number = i64::try_from(size).ok()?;
        let length = usize::try_from(size).ok()?;
        match first >> 5 {
            0 => Some((Cbor::Int(number), rest)),
            1 => Some((Cbor::Int(-1 - number), rest)),
            2 => rest.split_at_checked(length).map(|(bytes, rest)| (Cbor::Bytes(bytes), rest)),
            3 => {
                let (bytes, rest) = rest.split_at_checked(length)?;
                Some((Cbor::Text(std::str::from_utf8(bytes).ok()?), rest))
            }
            4 => {
                let (mut list, mut rest) = (Vec::new(), rest);
                for _ in 0..length {
                    let (value, after) = Cbor::within(rest, depth)?;
                    list.push(value);
                    rest = after;
                }
                Some((Cbor::List(list), rest))
            }
            5 => {
                let (mut map, mut rest) = (Vec::new(), rest);
                for _ in 0..length {
                    let (key, after) = Cbor::within(rest, depth)?;
                    let (value, after) = Cbor::within(after, depth)?;
                    map.push((key, value));
                    rest = after;
                }
                Some((Cbor::Map(map), rest))
            }
            7 if first & 0x1f < 24 => Some((Cbor::Simple(u8::try_from(length).ok()?), rest)),
            _ => None,
        }
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &Cbor<'_>) -> Option<&Cbor<'a>> {
        match self {
            Cbor::Map(map) => map.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The bytes under a numbered key.
    pub(super) fn bytes(&self, key: i64) -> Option<&'a [u8]> {
        match self.get(&Cbor::Int(key))? {
            Cbor::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The number under a numbered key.
    pub(super) fn int(&self, key: i64) -> Option<i64> {
        match self.get(&Cbor::Int(key))? {
            Cbor::Int(number) => Some(*number),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Cbor;

    #[test]
    fn what_authenticators_write_is_read() {
        // The examples of RFC 8949, appendix A.
        let read = |bytes: &'static [u8]| Cbor::read(bytes).map(|(value, rest)| (value, rest.len()));
        assert_eq!(read(&[0x17]), Some((Cbor::Int(23), 0)));
        assert_eq!(read(&[0x19, 0x03, 0xe8, 0xff]), Some((Cbor::Int(1000), 1)));
        assert_eq!(read(&[0x38, 0x63]), Some((Cbor::Int(-100), 0)));
        assert_eq!(read(&[0x44, 1, 2, 3, 4]), Some((Cbor::Bytes(&[1, 2, 3, 4]), 0)));
        assert_eq!(read(&[0x62, 0xc3, 0xbc, 0]), Some((Cbor::Text("ü"), 1)));
        let map = Cbor::read(&[0xa2, 0x01, 0x02, 0x20, 0x41, 0x05]).unwrap().0;
        assert_eq!((map.int(1), map.bytes(-1), map.int(7)), (Some(2), Some([5].as_slice()), None));
        assert_eq!(read(&[0x82, 0x01, 0xf5]), Some((Cbor::List(vec![Cbor::Int(1), Cbor::Simple(21)]), 0)));
    }

    #[test]
    fn what_breaks_off_or_nests_without_end_is_refused() {
        for bytes in [&[][..], &[0x18], &[0x44, 1], &[0x5f], &[0xfb, 0, 0, 0, 0, 0, 0, 0, 0], &[0x9b; 9], &[0x81; 40]] {
            assert_eq!(Cbor::read(bytes), None, "{bytes:x?}");
        }
    }
}
