//! The clients that may ask, known by the SHA-256 of their tokens.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use thiserror::Error;
use toml::Spanned;

use crate::client::Client;
use crate::hex;

/// The most characters in the name of a client.
const MAX_NAME: usize = 64;

/// Why the text of a token file is refused. It never quotes the text: somebody may have pasted a
/// token where its hash belongs.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum TokensError {
    #[error("line {line}: not an entry of the form [clients.NAME] with sha256 = \"…\"")]
    Form { line: usize },
    #[error("line {line}: sha256 is not 64 hexadecimal digits")]
    Hash { line: usize },
    #[error("line {line}: a name is 1 to {MAX_NAME} of the characters A-Z a-z 0-9 _ -")]
    Name { line: usize },
    #[error("line {line}: the hash of another client: two clients cannot share a token")]
    Shared { line: usize },
}

/// Hashes of tokens with the clients that hold the tokens.
#[derive(Default)]
pub(super) struct Tokens {
    /// Where an entry lies is told by a hash that nobody outside can compute, so that the time of a
    /// search tells nothing about an entry.
    places: RandomState,
    /// By their places.
    entries: Vec<Known>,
}

struct Known {
    place: u64,
    hash: [u8; 32],
    client: Client,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    clients: BTreeMap<Spanned<String>, Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    sha256: Spanned<String>,
}

impl Tokens {
    /// Reads `[clients.NAME] sha256 = "<64 hexadecimal digits>"`, any number of times.
    pub(super) fn parse(text: &str) -> Result<Self, TokensError> {
        let line = |at: usize| 1 + text.bytes().take(at).filter(|&byte| byte == b'\n').count();
        let file: File = toml::from_str(text).map_err(|error| TokensError::Form {
            line: line(error.span().map_or(0, |span| span.start)),
        })?;
        let places = RandomState::new();
        let mut entries = Vec::with_capacity(file.clients.len());
        let mut hashes = HashSet::with_capacity(file.clients.len());
        for (name, Entry { sha256 }) in file.clients {
            if !is_name(name.get_ref()) {
                return Err(TokensError::Name { line: line(name.span().start) });
            }
            // Found for an error only: it is counted from the beginning of the file.
            let at = || line(sha256.span().start);
            let hash: [u8; 32] = hex::decode(sha256.get_ref().as_bytes())
                .ok_or_else(|| TokensError::Hash { line: at() })?;
            if !hashes.insert(hash) {
                return Err(TokensError::Shared { line: at() });
            }
            let client = Client(Arc::from(name.into_inner()));
            entries.push(Known { place: places.hash_one(hash), hash, client });
        }
        entries.sort_unstable_by_key(|known| known.place);
        Ok(Self { places, entries })
    }

    /// The client that holds this token. How much of a hash matches does not change the time: what
    /// lies at the place of the token, an entry at most but for a coincidence, is compared in constant
    /// time.
    pub(super) fn client_of(&self, token: &[u8]) -> Option<&Client> {
        let hash: [u8; 32] = Sha256::digest(token).into();
        let place = self.places.hash_one(hash);
        let first = self.entries.partition_point(|known| known.place < place);
        let there = self.entries[first..].iter().take_while(|known| known.place == place);
        let mut found = there.filter(|known| known.hash.ct_eq(&hash).into());
        found.next().map(|known| &known.client)
    }

    /// How many clients there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Tokens of {} clients", self.len())
    }
}

/// Whether a client may be called so; a name reaches the log.
pub(crate) fn is_name(name: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(legal)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// SHA-256 of `alice's token` and of `bob's token`, by `sha256sum`.
    const ALICE: &str = "4d63559a10572d247b6d2d666f8f776c2610b47d33255a6d136746d76f8d970d";
    const BOB: &str = "e1fc7832d069d75663ffb753cfa7192b8938879efc81576042bbebdb8d73ffe6";

    fn two() -> Tokens {
        let text =
            format!("[clients.alice]\nsha256 = \"{ALICE}\"\n[clients.bob]\nsha256 = \"{BOB}\"\n");
        Tokens::parse(&text).unwrap()
    }

    #[test]
    fn a_token_belongs_to_the_client_with_its_hash() {
        let tokens = two();
        let name = |token: &[u8]| tokens.client_of(token).map(|client| client.0.to_string());
        assert_eq!(name(b"alice's token").as_deref(), Some("alice"));
        assert_eq!(name(b"bob's token").as_deref(), Some("bob"));
    }

    #[test]
    fn each_of_many_clients_is_found_by_its_token() {
        let hash = |n: u32| crate::hex::Hex(&Sha256::digest(format!("token {n}"))).to_string();
        let entry = |n| format!("[clients.c{n}]\nsha256 = \"{}\"\n", hash(n));
        let tokens = Tokens::parse(&(0..500).map(entry).collect::<String>()).unwrap();
        for n in 0..500 {
            let client = tokens.client_of(format!("token {n}").as_bytes()).unwrap();
            assert_eq!(*client.0, format!("c{n}"));
        }
        assert_eq!(tokens.client_of(b"token 500"), None);
    }

    #[test]
    fn neither_another_token_nor_a_hash_is_a_token() {
        for token in [&b""[..], b"alice", b"Alice's token", ALICE.as_bytes(), &[0xff; 4096]] {
            assert_eq!(two().client_of(token), None);
        }
        assert_eq!(Tokens::parse("").unwrap().client_of(b"alice's token"), None);
    }

    #[test]
    fn a_hash_that_differs_in_one_digit_is_that_of_another_token() {
        for place in 0..ALICE.len() {
            let other = if ALICE.as_bytes()[place] == b'0' { "1" } else { "0" };
            let hash = [&ALICE[..place], other, &ALICE[place + 1..]].concat();
            let tokens = Tokens::parse(&format!("[clients.alice]\nsha256 = \"{hash}\"")).unwrap();
            assert_eq!(tokens.client_of(b"alice's token"), None, "{place}");
        }
    }

    #[test]
    fn hashes_are_read_in_either_case() {
        let text = format!("[clients.alice]\nsha256 = \"{}\"", ALICE.to_uppercase());
        assert!(Tokens::parse(&text).unwrap().client_of(b"alice's token").is_some());
    }

    #[test]
    fn an_error_names_the_line_and_never_quotes_the_file() {
        let canary = "hlp_canary-0123456789";
        let long = "n".repeat(MAX_NAME + 1);
        let cases = [
            (format!("[clients.bob]\nsha256 = \"{canary}\""), TokensError::Hash { line: 2 }),
            (format!("\n[clients]\nbob = \"{canary}\""), TokensError::Form { line: 3 }),
            (format!("[clients.bob]\ntoken = \"{canary}\""), TokensError::Form { line: 2 }),
            (format!("[clients.bob]\nsha256 = {canary}"), TokensError::Form { line: 2 }),
            (format!("{canary} = 1"), TokensError::Form { line: 1 }),
            (format!("[clients.{long}]\nsha256 = \"{BOB}\""), TokensError::Name { line: 1 }),
            (format!("[clients.\"a.b\"]\nsha256 = \"{BOB}\""), TokensError::Name { line: 1 }),
            (
                format!("[clients.a]\nsha256 = \"{BOB}\"\n[clients.b]\nsha256 = \"{BOB}\""),
                TokensError::Shared { line: 4 },
            ),
        ];
        for (text, expected) in cases {
            let error = Tokens::parse(&text).unwrap_err();
            assert_eq!(error, expected, "{text}");
            assert!(!format!("{error} {error:?}").contains("canary"));
        }
    }

    /// The least processor time of this thread that some work took in a few tries.
    #[cfg(unix)]
    fn processor_time(mut work: impl FnMut()) -> std::time::Duration {
        use rustix::time::{ClockId, clock_gettime};
        let now = || std::time::Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap();
        let mut once = || {
            let start = now();
            work();
            now() - start
        };
        (0..3).map(|_| once()).min().unwrap()
    }

    #[cfg(unix)]
    #[test]
    fn many_clients_are_read_without_looking_at_all_for_each_and_so_is_a_request() {
        let file = |clients: u32| -> String {
            let entry = |n| format!("[clients.c{n}]\nsha256 = \"{n:064x}\"\n");
            (0..clients).map(entry).collect()
        };
        let [few, many] = [file(500), file(20_000)];
        let read = |text: &str| processor_time(|| drop(Tokens::parse(text).unwrap()));
        // 40 times as many take about 40 times as long, or 1,600 times if each looks at all.
        assert!(read(&many) < 300 * read(&few));

        let [few, many] = [few, many].map(|text| Tokens::parse(&text).unwrap());
        assert_eq!([few.len(), many.len()], [500, 20_000]);
        let ask = |tokens: &Tokens| {
            processor_time(|| {
                assert!((0..1000).all(|_| tokens.client_of(b"nobody's token").is_none()));
            })
        };
        assert!(ask(&many) < 7 * ask(&few));
    }

    #[test]
    fn debug_tells_no_hash() {
        assert_eq!(format!("{:?}", two()), "Tokens of 2 clients");
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic_and_its_error_names_a_line_of_it(text in "\\PC{0,60}") {
            let lines = 1 + text.lines().count();
            match Tokens::parse(&text) {
                Ok(_) => {}
                Err(
                    TokensError::Form { line }
                    | TokensError::Hash { line }
                    | TokensError::Name { line }
                    | TokensError::Shared { line },
                ) => prop_assert!((1..=lines).contains(&line)),
            }
        }
    }
}
