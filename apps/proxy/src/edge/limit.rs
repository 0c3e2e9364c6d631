//! How often a client, or an address without a token, may ask.

use std::hash::{BuildHasher as _, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::client::Client;
use crate::config::Limits;

/// Too often: the seconds after which the next request is let through, at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooOften {
    pub(super) retry_after: u64,
}

type Buckets<K, C> = RateLimiter<K, DashMapStateStore<K>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// A token bucket per client and one per address. Its clock is monotonic: a clock of the day that
/// jumps neither blocks nor frees anybody.
pub(super) struct Limiter<C: Clock = DefaultClock> {
    buckets: Option<(Buckets<Client, C>, Buckets<u16, C>)>,
    clock: C,
    /// Which bucket an address has is not for its owner to choose.
    addresses: RandomState,
}

impl Limiter {
    /// Without a limit when the requests per minute are 0.
    pub(super) fn new(limits: &Limits) -> Self {
        Self::with_clock(limits, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Limiter<C> {
    fn with_clock(limits: &Limits, clock: C) -> Self {
        let buckets = NonZeroU32::new(limits.requests_per_minute).map(|rate| {
            let burst = NonZeroU32::new(limits.burst).unwrap_or(NonZeroU32::MIN);
            let quota = Quota::per_minute(rate).allow_burst(burst);
            (
                RateLimiter::dashmap_with_clock(quota, clock.clone()),
                RateLimiter::dashmap_with_clock(quota, clock.clone()),
            )
        });
        Self { buckets, clock, addresses: RandomState::new() }
    }

    /// Takes one request of a client that has shown its token.
    pub(super) fn client(&self, client: &Client) -> Result<(), TooOften> {
        let Some((clients, _)) = &self.buckets else { return Ok(()) };
        clients.check_key(client).map_err(|not_until| self.wait(&not_until))
    }

    /// Takes one request that has no token. Addresses share 65,536 buckets, so that the memory is
    /// bounded whatever arrives; an IPv6 network of 64 bits counts as one address.
    pub(super) fn address(&self, address: IpAddr) -> Result<(), TooOften> {
        let Some((_, addresses)) = &self.buckets else { return Ok(()) };
        let [low, high, ..] = self.addresses.hash_one(site(address)).to_le_bytes();
        let bucket = u16::from_le_bytes([low, high]);
        addresses.check_key(&bucket).map_err(|not_until| self.wait(&not_until))
    }

    /// Drops the buckets that are full again, such as those of clients that are no more.
    pub(super) fn forget_idle(&self) {
        if let Some((clients, addresses)) = &self.buckets {
            clients.retain_recent();
            addresses.retain_recent();
        }
    }

    fn wait(&self, not_until: &governor::NotUntil<C::Instant>) -> TooOften {
        let wait: Duration = not_until.wait_time_from(self.clock.now());
        let started = u64::from(wait.subsec_nanos() > 0);
        TooOften { retry_after: (wait.as_secs() + started).max(1) }
    }
}

/// What belongs to one owner: an IPv4 address, or the first 64 bits of an IPv6 address.
fn site(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use governor::clock::{FakeRelativeClock, MonotonicClock};

    use super::*;

    fn limiter(clock: &FakeRelativeClock) -> Limiter<FakeRelativeClock> {
        let limits = Limits { requests_per_minute: 60, burst: 3, ..Limits::default() };
        Limiter::with_clock(&limits, clock.clone())
    }

    fn client(name: &str) -> Client {
        Client(Arc::from(name))
    }

    #[test]
    fn a_client_may_use_its_burst_and_then_its_rate() {
        let clock = FakeRelativeClock::default();
        let limiter = limiter(&clock);
        let alice = client("alice");
        for _ in 0..3 {
            assert_eq!(limiter.client(&alice), Ok(()));
        }
        assert_eq!(limiter.client(&alice), Err(TooOften { retry_after: 1 }));
        clock.advance(Duration::from_secs(1));
        assert_eq!(limiter.client(&alice), Ok(()));
        assert!(limiter.client(&alice).is_err());
    }

    #[test]
    fn waiting_as_long_as_told_is_enough() {
        let clock = FakeRelativeClock::default();
        let limits = Limits { requests_per_minute: 7, burst: 1, ..Limits::default() };
        let limiter = Limiter::with_clock(&limits, clock.clone());
        let alice = client("alice");
        for _ in 0..20 {
            assert_eq!(limiter.client(&alice), Ok(()));
            clock.advance(Duration::from_millis(137));
            let TooOften { retry_after } = limiter.client(&alice).unwrap_err();
            assert!((1..=9).contains(&retry_after));
            clock.advance(Duration::from_secs(retry_after));
        }
    }

    #[test]
    fn one_client_does_not_use_up_what_another_may() {
        let limiter = limiter(&FakeRelativeClock::default());
        while limiter.client(&client("alice")).is_ok() {}
        assert_eq!(limiter.client(&client("bob")), Ok(()));
        assert_eq!(limiter.address(IpAddr::from([192, 0, 2, 1])), Ok(()));
    }

    #[test]
    fn an_ipv6_network_counts_as_one_address() {
        let network = |host: u16| IpAddr::from([0x2001, 0xdb8, 0, 1, host, 0, 0, host]);
        let limiter = limiter(&FakeRelativeClock::default());
        for host in 0..3 {
            assert_eq!(limiter.address(network(host)), Ok(()));
        }
        assert!(limiter.address(network(3)).is_err());
        assert_ne!(site(network(0)), site(IpAddr::from([0x2001, 0xdb8, 0, 2, 0, 0, 0, 0])));
        assert_eq!(
            site(IpAddr::from([0, 0, 0, 0, 0, 0xffff, 0xc000, 0x201])),
            IpAddr::from([192, 0, 2, 1])
        );
    }

    #[test]
    fn a_flood_of_addresses_is_held_in_a_bounded_memory() {
        let limiter = limiter(&FakeRelativeClock::default());
        for number in 0..200_000_u32 {
            // Whether it is let through depends on who shares its bucket.
            let _ = limiter.address(IpAddr::from(number.to_be_bytes()));
        }
        let (_, addresses) = limiter.buckets.as_ref().unwrap();
        assert!(addresses.len() <= 1 << 16);
    }

    #[test]
    fn buckets_that_are_full_again_are_forgotten() {
        let clock = FakeRelativeClock::default();
        let limiter = limiter(&clock);
        limiter.client(&client("alice")).unwrap();
        limiter.address(IpAddr::from([192, 0, 2, 1])).unwrap();
        clock.advance(Duration::from_secs(60));
        limiter.forget_idle();
        let (clients, addresses) = limiter.buckets.as_ref().unwrap();
        assert_eq!((clients.len(), addresses.len()), (0, 0));
    }

    #[test]
    fn zero_requests_per_minute_mean_no_limit() {
        let limiter =
            Limiter::new(&Limits { requests_per_minute: 0, burst: 1, ..Limits::default() });
        for _ in 0..1000 {
            assert_eq!(limiter.client(&client("alice")), Ok(()));
        }
    }

    #[test]
    fn a_jump_of_the_clock_of_the_day_cannot_reach_the_limits() {
        // By its type: this is the clock of `std::time::Instant`, which cannot be set.
        let _: &MonotonicClock = &Limiter::new(&Limits::default()).clock;
    }
}
