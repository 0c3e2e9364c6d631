//! Everything that a server of three matrices needs, in a folder that is removed in the end.

use std::path::PathBuf;

use he::{Group, Layout};
use he_client::SecretKey;
use serde_json::json;

use super::support::{Folder, Matrix, npy, sha256};

const COLUMNS: usize = 12;

/// A configuration with its matrices, a token, and a request for each matrix.
pub(crate) struct Workspace(Folder);

impl Workspace {
    pub(crate) fn new(token: &str, provider: &str) -> Self {
        let folder = Folder::new();
        let matrix = Matrix::sample(8, COLUMNS, 1).with("group", json!(4));
        matrix.clone().with("scale", json!(100)).write(&folder, "scores");
        let centroids: Vec<u8> = (0..3 * COLUMNS as u8).collect();
        folder.write("centroids.npy", npy("|i1", 3, COLUMNS, &centroids));
        let sharded = matrix.clone().with("shards", json!([2, 3, 3]));
        sharded.with("centroids", json!("centroids.npy")).write(&folder, "sharded");
        let records = matrix
            .with("kind", json!("records"))
            .with("record_bytes", json!(4))
            .with("records", json!(20));
        let bytes: Vec<u8> = (0..8 * COLUMNS as u8).collect();
        records.write_data(&folder, "records", &npy("|u1", 8, COLUMNS, &bytes));
        let mut selector = [0; COLUMNS];
        selector[7] = 1;
        let group = Group::new(4).expect("4 is a group");
        folder.write("scores.hlp", request(&[3; COLUMNS], Layout::scores(group)));
        folder.write("records.hlp", request(&selector, Layout::records(group)));
        folder.write(
            "tokens.toml",
            format!("[clients.tester]\nsha256 = \"{}\"\n", sha256(token.as_bytes())),
        );
        let providers = format!(
            "[providers.one]\nkind = \"openai\"\nbase_url = \"{provider}\"\nmodels = [\"gpt-*\"]\n\n\
             [providers.other]\nkind = \"anthropic\"\nbase_url = \"{provider}\"\nmodels = [\"claude-*\"]\n"
        );
        let text = "[auth]\ntokens = \"tokens.toml\"\n\n[limits]\nrequests_per_minute = 0\n\n[matrices]\n\
             manifests = [\"scores.json\", \"sharded.json\", \"records.json\"]\nreload_seconds = 0\n\n";
        folder.write("proxy.toml", format!("{text}{providers}"));
        folder.write("schemathesis.toml", include_str!("schemathesis.toml"));
        folder.write("hooks.py", include_str!("hooks.py"));
        Self(folder)
    }

    /// Writes one more file, and gives its path.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        self.0.write(name, text)
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.0.path("proxy.toml")
    }

    /// The folder of everything, the requests too: one for the two matrices of scores, and one for
    /// the records.
    pub(crate) fn folder(&self) -> PathBuf {
        self.0.path("")
    }
}

fn request(vector: &[i64], layout: Layout) -> Vec<u8> {
    SecretKey::generate().encrypt_in(vector, layout).expect("the vector is short").to_bytes()
}
