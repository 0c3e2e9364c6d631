//! Letting a request through to its handler: who asks, and not too often.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Span;

use super::access::Access;
use super::bearer;
use super::connection::Peer;
use super::limit::{Limiter, TooOften};
use super::refusal::{Refusal, Route};
use crate::client::Client;

/// What is asked by who watches over the server, and by clients that do not know it yet. They tell
/// nothing about anybody. `/metrics` is not among them: who watches the counters of a quiet server
/// learns when others ask.
const OPEN_ROUTES: [&str; 3] = ["/healthz", "/readyz", "/openapi.json"];

/// Who may ask and how often.
pub(crate) struct Door {
    pub(super) access: Access,
    pub(super) limiter: Limiter,
    anonymous: Client,
}

/// Names the client of the request, or refuses it.
pub(super) async fn admit(
    State(door): State<Arc<Door>>,
    mut request: Request,
    next: Next,
) -> Response {
    let route = Route::of(&request);
    let peer = request.extensions().get::<ConnectInfo<Peer>>();
    let address = peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |ConnectInfo(peer)| peer.0.ip());
    let token = bearer::token(request.headers());
    match door.client(route.label(), token, address) {
        Ok(client) => {
            Span::current().record("client", &*client.0);
            request.extensions_mut().insert(client);
            next.run(request).await
        }
        Err(refusal) => route.refuse(refusal),
    }
}

impl Door {
    pub(super) fn new(access: Access, limiter: Limiter) -> Self {
        Self { access, limiter, anonymous: Client(Arc::from("anonymous")) }
    }

    /// Whether every token is refused: the file of tokens names no client.
    pub(crate) fn is_shut(&self) -> bool {
        matches!(&self.access, Access::Tokens(file) if file.tokens().len() == 0)
    }

    /// A client is limited by its name; an address only while it shows no valid token. In open mode
    /// the machine itself, which is what the loop-back stands for, is not limited.
    fn client(
        &self,
        route: &str,
        token: Option<&[u8]>,
        address: IpAddr,
    ) -> Result<Client, Refusal> {
        let limited = |TooOften { retry_after }| Refusal::RateLimited { retry_after };
        let anonymous = || self.anonymous.clone();
        if OPEN_ROUTES.contains(&route) {
            return Ok(anonymous());
        }
        match &self.access {
            // A socket of IPv6 that takes IPv4, too, writes 127.0.0.1 as ::ffff:127.0.0.1.
            Access::Open if address.to_canonical().is_loopback() => Ok(anonymous()),
            Access::Open => self.limiter.address(address).map(|()| anonymous()).map_err(limited),
            Access::Tokens(file) => {
                let tokens = file.tokens();
                let Some(client) = token.and_then(|token| tokens.client_of(token)) else {
                    self.limiter.address(address).map_err(limited)?;
                    return Err(Refusal::Unauthenticated);
                };
                self.limiter.client(client).map(|()| client.clone()).map_err(limited)
            }
        }
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Door").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Limits;

    const OUTSIDE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    fn open_door() -> Door {
        let limits = Limits { requests_per_minute: 1, burst: 2, ..Limits::default() };
        Door::new(Access::Open, Limiter::new(&limits))
    }

    #[test]
    fn an_open_server_names_everybody_anonymous_and_limits_addresses() {
        let door = open_door();
        for _ in 0..2 {
            let client = door.client("/v1/params", None, OUTSIDE).unwrap();
            assert_eq!(&*client.0, "anonymous");
        }
        let refusal = door.client("/v1/params", None, OUTSIDE).unwrap_err();
        assert!(matches!(refusal, Refusal::RateLimited { .. }));
    }

    #[test]
    fn the_machine_itself_and_who_watches_over_the_server_are_not_limited() {
        let door = open_door();
        let mapped = IpAddr::V6(Ipv4Addr::LOCALHOST.to_ipv6_mapped());
        for _ in 0..100 {
            for machine in [LOOPBACK, mapped] {
                assert!(door.client("/v1/params", None, machine).is_ok());
            }
            for route in OPEN_ROUTES {
                assert!(door.client(route, Some(b"no token"), OUTSIDE).is_ok());
            }
        }
    }
}
