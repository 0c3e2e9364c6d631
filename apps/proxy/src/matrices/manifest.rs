//! What a manifest says, checked as far as the text alone allows.

use he::{Group, Layout};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::error::Reason;
use crate::hex::Hex;

/// The format that this server reads.
const FORMAT: u32 = 1;
/// Largest number of shards, so that the centroids of a matrix stay small.
pub(crate) const MAX_SHARDS: usize = 4096;
const MAX_NAME: usize = 64;

/// What a matrix is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// Rows to compare a vector with.
    Scores,
    /// Bytes to fetch.
    Records,
    /// Weights of a layer.
    Linear,
}

impl Kind {
    /// The word of the manifest.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Scores => "scores",
            Self::Records => "records",
            Self::Linear => "linear",
        }
    }
}

/// A manifest of format 1.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    format: u32,
    /// The name in the paths of the server.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// The file of the entries, in the folder of the manifest.
    pub(crate) data: String,
    /// The name of the tensor in a `.safetensors` file.
    pub(crate) tensor: Option<String>,
    group: usize,
    /// An entry is `round(x · scale)` of the number x that it stands for.
    pub(crate) scale: Option<f64>,
    /// SHA-256 of the data file in hexadecimal.
    pub(crate) sha256: String,
    /// Rows of every shard, in order.
    pub(crate) shards: Option<Vec<usize>>,
    /// The `.npy` file with one row per shard.
    pub(crate) centroids: Option<String>,
    pub(crate) record_bytes: Option<usize>,
    pub(crate) records: Option<usize>,
    /// What all matrices of one index have in common, and no other ones.
    pub(crate) generation: Option<String>,
}

impl Manifest {
    /// Reads a manifest; an unknown key is an error.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, Reason> {
        let manifest: Self = serde_json::from_slice(text)?;
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), Reason> {
        if self.format != FORMAT {
            return Err(Reason::key("format", format!("{} is not {FORMAT}", self.format)));
        }
        check_name(&self.name)?;
        self.layout()?;
        if self.scale.is_some_and(|scale| !(scale.is_normal() && scale > 0.0)) {
            return Err(Reason::key("scale", "it is not a positive number"));
        }
        if self.generation.as_deref().is_some_and(|text| !is_generation(text)) {
            return Err(Reason::key("generation", "it is not 64 lower-case hexadecimal digits"));
        }
        if self.sha256.len() != 64 || !self.sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Reason::key("sha256", "it is not 64 hexadecimal digits"));
        }
        self.check_shards()?;
        self.check_records()
    }

    fn check_shards(&self) -> Result<(), Reason> {
        let Some(shards) = &self.shards else {
            return match self.centroids {
                Some(_) => Err(Reason::key("centroids", "there are no shards")),
                None => Ok(()),
            };
        };
        if self.kind == Kind::Records {
            return Err(Reason::key("shards", "a matrix of records has none"));
        }
        if shards.is_empty() || shards.len() > MAX_SHARDS {
            let actual = shards.len();
            return Err(Reason::key("shards", format!("{actual} is not 1 to {MAX_SHARDS}")));
        }
        match shards.iter().position(|rows| *rows == 0) {
            Some(shard) => Err(Reason::key("shards", format!("shard {shard} has no rows"))),
            None => Ok(()),
        }
    }

    fn check_records(&self) -> Result<(), Reason> {
        let numbers = [("record_bytes", self.record_bytes), ("records", self.records)];
        for (key, number) in numbers {
            match (self.kind, number) {
                (Kind::Records, None) => {
                    return Err(Reason::key(key, "a matrix of records needs it"));
                }
                (Kind::Records, Some(0)) => return Err(Reason::key(key, "it is 0")),
                (Kind::Scores | Kind::Linear, Some(_)) => {
                    return Err(Reason::key(key, "only a matrix of records has it"));
                }
                _ => (),
            }
        }
        match (self.kind, self.scale) {
            (Kind::Records, Some(_)) => {
                Err(Reason::key("scale", "a matrix of records has none: its entries are bytes"))
            }
            _ => Ok(()),
        }
    }

    /// What a vector has to be encrypted for.
    pub(crate) fn layout(&self) -> Result<Layout, Reason> {
        let group = Group::new(self.group);
        let group = group.map_err(|error| Reason::key("group", error.to_string()))?;
        Ok(match self.kind {
            Kind::Scores | Kind::Linear => Layout::scores(group),
            Kind::Records => Layout::records(group),
        })
    }

    /// The digest of all that an answer depends on.
    ///
    /// The digests are those of the files as they were read; the names of files and of the matrix
    /// do not matter.
    pub(crate) fn version(&self, data: &[u8; 32], centroids: Option<&[u8; 32]>) -> String {
        let mut text = format!(
            "hlp-matrix-{FORMAT}\nkind={}\ngroup={}\nscale={:?}\ndata={}\ntensor={:?}\nshards={:?}\n\
             centroids={:?}\nrecord_bytes={:?}\nrecords={:?}\n",
            self.kind.name(),
            self.group,
            self.scale,
            Hex(data),
            self.tensor,
            self.shards,
            centroids.map(|digest| Hex(digest).to_string()),
            self.record_bytes,
            self.records,
        );
        if let Some(generation) = &self.generation {
            text += &format!("generation={generation}\n");
        }
        format!("sha256:{}", Hex(&Sha256::digest(text)))
    }
}

/// Clients compare the text, so that there is one way to write it.
fn is_generation(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn check_name(name: &str) -> Result<(), Reason> {
    let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.');
    let begins =
        name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if begins && name.len() <= MAX_NAME && name.bytes().all(allowed) {
        return Ok(());
    }
    Err(Reason::key(
        "name",
        format!(
            "{name:?} is not 1 to {MAX_NAME} of a-z, 0-9, \"-\", \"_\" and \".\", a letter or digit first"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VALID: &str = r#"{"format":1,"name":"m","kind":"records","data":"m.npy","group":4,
        "sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "record_bytes":4,"records":10}"#;

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(Manifest::parse(&bytes).is_err());
        }

        #[test]
        fn a_manifest_with_changed_bytes_is_read_without_a_panic(
            changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 0..4),
        ) {
            let mut bytes = VALID.as_bytes().to_vec();
            for (place, byte) in changes {
                let place = place % bytes.len();
                bytes[place] = byte;
            }
            let manifest = Manifest::parse(&bytes);
            prop_assert!(manifest.is_ok() || bytes != VALID.as_bytes());
        }
    }
}
