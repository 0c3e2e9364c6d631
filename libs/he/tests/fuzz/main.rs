//! The targets of the fuzzer, on the bytes that it keeps and on small changes of valid messages.
//!
//! `nx run he:fuzz` lets the fuzzer itself try; this is what of it is quick.

mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use he::{EncryptedScores, EncryptedVector};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = here("fuzz/seeds").join(target);
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{target}: {error}"));
    let seeds: Vec<_> = files.map(|file| read(&file.expect("a file").path())).collect();
    assert!(!seeds.is_empty(), "{target} has no seeds");
    seeds
}

/// The message, and it with one byte of the header changed, cut short, and with more at its end.
fn neighbours(message: &[u8]) -> Vec<Vec<u8>> {
    const HEADER: usize = 10;
    let changed = (0..HEADER).flat_map(|place| {
        [0, 1, 2, 3, 4, 32, 33, 0x7f, 0xff].map(|byte| {
            let mut bytes = message.to_vec();
            bytes[place] = byte;
            bytes
        })
    });
    let lengths = (0..=HEADER).chain([message.len() / 2, message.len() - 1]);
    let cut = lengths.map(|length| message[..length].to_vec());
    changed.chain(cut).chain([[message, &[0]].concat(), message.to_vec()]).collect()
}

#[test]
fn a_vector_is_refused_or_read_and_multiplied() {
    seeds("vector").iter().for_each(|bytes| targets::vector(bytes));
    for stored in ["request.hlp", "records/request.hlp"] {
        let request = read(&here("tests/known-answer").join(stored));
        assert!(EncryptedVector::from_bytes(&request).is_ok(), "{stored} is refused");
        neighbours(&request).iter().for_each(|bytes| targets::vector(bytes));
    }
}

#[test]
fn scores_are_refused_or_read() {
    seeds("scores").iter().for_each(|bytes| targets::scores(bytes));
    for stored in ["response.hlp", "records/response.hlp"] {
        let response = read(&here("tests/known-answer").join(stored));
        assert!(EncryptedScores::from_bytes(&response).is_ok(), "{stored} is refused");
        neighbours(&response).iter().for_each(|bytes| targets::scores(bytes));
    }
}

#[test]
fn a_well_formed_message_is_read_whatever_its_body_is() {
    seeds("message").iter().for_each(|bytes| targets::message(bytes));
    for kind in 0..4 {
        for group in 0..6 {
            for body in [0x00, 0x55, 0xff] {
                targets::message(&[kind, group, 9, 1, body]);
            }
        }
    }
}

/// The lines of a text between two others.
fn between<'a>(text: &'a str, start: &str, end: &str) -> impl Iterator<Item = &'a str> {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("there is no {start:?}"));
    let (lines, _) = rest.split_once(end).unwrap_or_else(|| panic!("there is no {end:?}"));
    lines.lines().filter(|line| !line.trim().is_empty())
}

#[test]
fn the_lock_of_the_fuzzer_knows_what_the_crate_depends_on() {
    let [manifest, lock] = ["Cargo.toml", "fuzz/Cargo.lock"]
        .map(|path| String::from_utf8(read(&here(path))).expect("text"));
    let sections = ["\n[dependencies]\n", ".dependencies]\n", "\n[build-dependencies]\n"];
    let declared = sections
        .into_iter()
        .flat_map(|section| between(&manifest, section, "\n["))
        .filter(|line| !line.starts_with('#') && !line.contains("optional = true"))
        .map(|line| match line.split_once("package = \"") {
            Some((_, package)) => package.split('"').next().unwrap_or(line),
            None => line.split(['.', ' ']).next().unwrap_or(line),
        });
    let locked = between(&lock, "name = \"he\"\n", "]\n")
        .filter_map(|line| line.trim().strip_prefix('"')?.split(['"', ' ']).next());
    assert_eq!(
        locked.collect::<BTreeSet<_>>(),
        declared.collect::<BTreeSet<_>>(),
        "in libs/he/fuzz: cargo update --workspace"
    );
}
