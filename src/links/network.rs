//! Where a check of links may go, and how hard it may knock: every address is judged after the name is looked up, and only judged
//! addresses are connected to.
//!
//! When somebody is asked is left to `visit.rs`.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Cause;
use crate::faq::is_https;

/// What a check may do.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The addresses of a name; may block. [`io::ErrorKind::NotFound`] says that there is no such host.
    pub lookup: fn(&str) -> io::Result<Vec<IpAddr>>,
    /// Whether an address may be connected to.
    pub may_connect: fn(IpAddr) -> bool,
    /// Whether a new address can be written into the FAQ.
    pub may_be_written: fn(&str) -> bool,
    /// Requests at once.
    pub at_once: usize,
    /// Requests at once to one host.
    pub per_host: usize,
    /// How long to wait for the beginning of a response.
    pub patience: Duration,
    /// How many redirects to follow.
    pub redirects: usize,
}

/// The open internet, gently: half of what a browser asks one host for at once, half as many redirects as browsers follow.
impl Default for Bounds {
    fn default() -> Self {
        Bounds {
            lookup: system_lookup,
            may_connect: is_public,
            may_be_written: is_https,
            at_once: 8,
            per_host: 2,
            patience: Duration::from_secs(10),
            redirects: 10,
        }
    }
}

impl Bounds {
    /// The addresses of a host, all of them allowed: a public name with a private address among its own is somebody's trick.
    fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Cause> {
        let addresses = (self.lookup)(host).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Cause::NoSuchHost,
            _ => Cause::NoAnswer(error.to_string()),
        })?;
        addresses.iter().try_for_each(|address| self.allow(*address))?;
        Ok(addresses)
    }

    /// Refuses an address that may not be connected to.
    pub fn allow(&self, address: IpAddr) -> Result<(), Cause> {
        if (self.may_connect)(address) { Ok(()) } else { Err(Cause::NotPublic(address)) }
    }
}

/// Stands between the client and the system's names: what it lets through is what is connected to.
pub struct Guard(pub Bounds);

/// Carries a cause through the client's own errors.
#[derive(Debug, thiserror::Error)]
#[error("{0:?}")]
pub struct Refusal(pub Cause);

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let bounds = self.0;
        Box::pin(async move {
            let addresses = tokio::task::spawn_blocking(move || bounds.addresses(name.as_str())).await?.map_err(Refusal)?;
            // The client puts in the port.
            let sockets: Addrs = Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(sockets)
        })
    }
}

/// Asks the system. Rust hides the resolver's code for "no such name"; its words stand in for it, and words nobody knows prove nothing.
fn system_lookup(host: &str) -> io::Result<Vec<IpAddr>> {
    /// `EAI_NONAME` in the words of glibc, musl and macOS.
    const NO_SUCH_NAME: [&str; 3] = ["Name or service not known", "Name does not resolve", "nodename nor servname provided"];
    /// `WSAHOST_NOT_FOUND` of Windows.
    const HOST_NOT_FOUND: i32 = 11_001;
    let found = (host, 0).to_socket_addrs().map_err(|error| {
        let text = error.to_string();
        let is_unknown = error.raw_os_error() == Some(HOST_NOT_FOUND) || NO_SUCH_NAME.iter().any(|words| text.contains(words));
        if is_unknown { io::Error::new(io::ErrorKind::NotFound, error) } else { error }
    })?;
    Ok(found.map(|socket| socket.ip()).collect())
}

/// Whether an address belongs to the open internet: none of the blocks that IANA's special-purpose registries (RFC 6890, as of 2026)
/// reserve for one machine, one network, documentation or protocols.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let is_reserved = match address.octets() {
        // This network, shared by carriers, protocols, 6to4 relays, benchmarks, reserved; and, in no registry, where Azure answers its own
        // machines.
        [0 | 240..=255, ..]
        | [100, 64..=127, ..]
        | [192, 0, 0, _]
        | [192, 88, 99, _]
        | [198, 18 | 19, ..]
        | [168, 63, 129, 16] => true,
        _ => false,
    };
    let is_local = address.is_private() || address.is_loopback() || address.is_link_local();
    !(is_reserved || is_local || address.is_multicast() || address.is_documentation())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [.., high, low] = address.segments();
    match address.segments() {
        // NAT64: an IPv4 address as networks without IPv4 write it.
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => is_public_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))),
        // Protocols (Teredo, ORCHID and others), documentation, 6to4, documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Global unicast is all there is: loopback, mapped IPv4, unique-local, link-local and multicast addresses lie outside.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}
