//! Making a token: the token goes to standard output once, its digest to the file of tokens.

use std::io::{self, Write as _};

use rand::TryRngCore as _;
use rand::rngs::OsRng;
use sha2::{Digest as _, Sha256};

use crate::edge::is_client_name;
use crate::failure::Failure;
use crate::hex::Hex;
use crate::options::Token;

/// What every token begins with, so that scanners for leaked secrets can know one.
const PREFIX: &str = "hlp_";

/// Prints a new token on standard output and what to write into the file of tokens on standard
/// error. Nothing else ever knows the token.
pub(crate) fn run(options: &Token) -> Result<(), Failure> {
    if !is_client_name(&options.name) {
        return Err(Failure::ClientName(options.name.chars().take(64).collect()));
    }
    let mut bytes = [0; 32];
    OsRng.try_fill_bytes(&mut bytes).map_err(|error| Failure::Randomness(error.to_string()))?;
    let token = format!("{PREFIX}{}", Hex(&bytes));
    writeln!(io::stdout(), "{token}")?;
    write!(io::stderr(), "{}", entry(&options.name, &token))?;
    Ok(())
}

/// The lines of the file of tokens; the token cannot be computed from them.
fn entry(name: &str, token: &str) -> String {
    format!("[clients.{name}]\nsha256 = \"{}\"\n", Hex(&Sha256::digest(token)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entry_holds_the_digest_of_the_token() {
        // printf %s hlp_test | sha256sum
        let expected = "[clients.anna]\nsha256 = \"e3faf7269bca063162232fe697afb3fb2f638aa380a3d0e6aa8851cdf4f69395\"\n";
        assert_eq!(entry("anna", "hlp_test"), expected);
    }
}
