//! What a value should have been, in the words of a person.

use std::net::SocketAddr;

use serde::de::{Deserialize as _, Deserializer, Error as _, Unexpected};

const SOCKET_ADDRESS: &str = "socket address";

/// What to say of a value that is not what serde expected, and what to do about it.
pub(super) fn words(expected: &str) -> (String, &'static str) {
    let (what, hint) = match expected {
        "usize" | "u32" | "u64" => {
            ("a whole number from 0 upwards", "write a whole number without quotes, such as 8")
        }
        "f64" => ("a number", "write a number without quotes, such as 0.5"),
        "a boolean" => ("true or false", "write true or false without quotes"),
        "a string" => ("a text", "write a text in quotes"),
        "path string" => ("a path", "write a path in quotes"),
        "a sequence" => ("a list", "write a list such as [\"a\", \"b\"]"),
        SOCKET_ADDRESS => (
            "an IP address and a port",
            "write both, such as \"127.0.0.1:8080\" or \"[::1]:8080\"; names are not looked up",
        ),
        _ => ("a section", "write a line [section] and its keys below it"),
    };
    (format!("the value is not {what}"), hint)
}

/// An address with its port, as a text.
pub(super) fn socket_address<'de, D: Deserializer<'de>>(from: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(from)?;
    text.trim()
        .parse()
        .map_err(|_| D::Error::invalid_value(Unexpected::Other("text"), &SOCKET_ADDRESS))
}
