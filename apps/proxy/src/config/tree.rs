//! What was written, with the place of every key, before it has a type.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::finding::Finding;
use super::place::Place;

const HINT: &str = "the file is TOML: `key = value` lines under `[section]` lines";

/// A value and where its key was written.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) value: Value,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Table(BTreeMap<String, Node>),
    Toml(toml::Value),
    /// Of a variable or an option: it has the type that its key asks for.
    Text(String),
}

impl Node {
    /// A table without entries.
    pub(super) fn empty(place: Place) -> Self {
        Self { place, value: Value::Table(BTreeMap::new()) }
    }

    /// Reads the text of a TOML file; every fault of its syntax is a finding.
    pub(super) fn from_toml(file: &Path, text: &str) -> Result<Self, Vec<Finding>> {
        let (table, mut errors) = DeTable::parse_recoverable(text);
        errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
        let mut findings: Vec<_> = errors
            .iter()
            .map(|error| {
                let place = Place::in_file(file, text, error.span().map_or(0, |span| span.start));
                Finding::error(place, "", error.message(), HINT)
            })
            .collect();
        if findings.is_empty() {
            let place = Place::WholeFile(file.to_owned());
            let value = from_table(table.into_inner(), (file, text), &mut findings);
            if findings.is_empty() {
                return Ok(Self { place, value });
            }
        }
        Err(findings)
    }

    /// Writes a value at `path`, over whatever is there. Nothing happens under a value; tells whether
    /// something did.
    pub(super) fn set(&mut self, path: &[&str], place: &Place, value: Value) -> bool {
        let (Value::Table(table), Some((key, rest))) = (&mut self.value, path.split_first()) else {
            return false;
        };
        if rest.is_empty() {
            table.insert((*key).to_owned(), Self { place: place.clone(), value });
            return true;
        }
        let child = table.entry((*key).to_owned()).or_insert_with(|| Self::empty(place.clone()));
        child.set(rest, place, value)
    }

    /// Takes away what is at `path`; tells whether something was there.
    pub(super) fn remove(&mut self, path: &[String]) -> bool {
        let (Value::Table(table), Some((key, rest))) = (&mut self.value, path.split_first()) else {
            return false;
        };
        if rest.is_empty() {
            return table.remove(key).is_some();
        }
        table.get_mut(key).is_some_and(|child| child.remove(rest))
    }

    /// Where `path` was written, or else the nearest table above it.
    pub(super) fn place_of<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> &Place {
        let mut node = self;
        for key in path {
            match &node.value {
                Value::Table(table) if table.contains_key(key) => node = &table[key],
                _ => break,
            }
        }
        &node.place
    }

    /// Where exactly `key`, in dots, was written, if anybody wrote it.
    pub(super) fn written(&self, key: &str) -> Option<&Place> {
        key.split('.')
            .try_fold(self, |node, part| match &node.value {
                Value::Table(table) => table.get(part),
                Value::Toml(_) | Value::Text(_) => None,
            })
            .map(|node| &node.place)
    }
}

fn from_table(
    table: DeTable<'_>,
    (file, text): (&Path, &str),
    findings: &mut Vec<Finding>,
) -> Value {
    let mut entries = BTreeMap::new();
    for (key, value) in table {
        let place = Place::in_file(file, text, key.span().start);
        let span = value.span();
        let value = match value.into_inner() {
            DeValue::Table(table) => from_table(table, (file, text), findings),
            leaf => {
                match toml::Value::deserialize(ValueDeserializer::from(Spanned::new(span, leaf))) {
                    Ok(leaf) => Value::Toml(leaf),
                    Err(error) => {
                        let key = key.into_inner();
                        findings.push(Finding::error(place, key, error.message(), HINT));
                        continue;
                    }
                }
            }
        };
        entries.insert(key.into_inner().into_owned(), Node { place, value });
    }
    Value::Table(entries)
}
