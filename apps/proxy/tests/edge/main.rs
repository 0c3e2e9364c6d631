//! Everything between the socket and the handlers: the real server, over real sockets.
#![cfg(unix)]

#[path = "../support/mod.rs"]
mod support;

mod auth;
mod canary;
mod connections;
mod drain;
mod garbage;
mod http;
mod idle;
mod limits;
mod metrics;
#[cfg(feature = "otlp")]
mod otlp;
mod reload;
mod server;
mod slow;
mod start;
mod tls;
mod trace;
