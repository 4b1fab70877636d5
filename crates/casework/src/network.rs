//! 网段: an address with the length of its prefix (CIDR), as administrators write it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    length: u8,
}

impl Network {
    /// Reads `10.1.0.0/16`, `2001:db8::/32` or a single address.
    pub fn parse(text: &str) -> Option<Network> {
        let (address, length) = match text.trim().split_once('/') {
            Some((address, length)) => (address, Some(length.parse().ok()?)),
            None => (text.trim(), None),
        };
        let address = plain(address.parse().ok()?);
        let most = bits(address);
        let length = length.unwrap_or(most);
        (length <= most).then(|| Network { first: masked(address, length), length })
    }

    /// The network that counts as one source: of IPv4 a block of 256, of IPv6 what a provider gives to one house.
    pub fn around(address: IpAddr) -> Network {
        let address = plain(address);
        let length = if address.is_ipv4() { 24 } else { 56 };
        Network { first: masked(address, length), length }
    }

    /// Whether it holds the address.
    pub fn holds(&self, address: IpAddr) -> bool {
        let address = plain(address);
        address.is_ipv4() == self.first.is_ipv4() && masked(address, self.length) == self.first
    }
}

impl fmt::Display for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.first, self.length)
    }
}

/// An IPv4 address that comes wrapped in IPv6 is an IPv4 address.
fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn masked(address: IpAddr, length: u8) -> IpAddr {
    match address {
        IpAddr::V4(four) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from_bits(four.to_bits() & mask))
        }
        IpAddr::V6(six) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & mask))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    fn holds(network: &str, address: &str) -> bool {
        Network::parse(network).expect(network).holds(address.parse().expect(address))
    }

    #[test]
    fn a_network_holds_its_own_addresses_and_no_others() {
        assert!(holds("10.1.0.0/16", "10.1.255.3") && !holds("10.1.0.0/16", "10.2.0.1"));
        assert!(holds("10.1.2.3", "10.1.2.3") && !holds("10.1.2.3", "10.1.2.4"));
        assert!(holds("0.0.0.0/0", "203.0.113.9") && !holds("0.0.0.0/0", "2001:db8::1"));
        assert!(holds("2001:db8::/32", "2001:db8:1::1") && !holds("2001:db8::/32", "2001:db9::1"));
        assert!(holds("10.1.0.0/16", "::ffff:10.1.0.7"), "IPv4 wrapped in IPv6");
        assert!(holds("10.1.0.9/16", "10.1.200.1"), "bits after the prefix do not matter");
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "10.1.0.0/33", "10.1/16", "2001:db8::/129", "office", "10.1.0.0/-1", "10.1.0.0/16/3"] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }

    #[test]
    fn neighbours_are_one_source() {
        let around = |address: &str| Network::around(address.parse().unwrap()).to_string();
        assert_eq!(around("203.0.113.9"), "203.0.113.0/24");
        assert_eq!(around("2001:db8:1:200::1"), around("2001:db8:1:2ff::1"));
    }
}
