//! Files of matrices.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A folder of its own, in the one that cargo gives to tests; it is removed when this is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{}-{number}", env!("CARGO_CRATE_NAME"), std::process::id());
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).expect("the folder can be made");
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file as a whole: who reads it sees the old content or the new one, and nobody but
    /// the owner can read it.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let (path, draft) = (self.path(name), self.path("draft"));
        fs::write(&draft, content).expect("the file is written");
        #[cfg(unix)]
        set_mode(&draft, 0o600);
        fs::rename(&draft, &path).expect("the file takes its place");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(unix)]
pub(crate) fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("the mode is set");
}

/// A matrix of int16, and what its manifest says.
#[derive(Clone)]
pub(crate) struct Matrix {
    pub(crate) rows: Vec<Vec<i64>>,
    /// Keys of the manifest beside those that every one has; null takes a key away.
    pub(crate) keys: Value,
}

impl Matrix {
    pub(crate) fn new(rows: Vec<Vec<i64>>) -> Self {
        Self { rows, keys: json!({}) }
    }

    /// A matrix with entries that depend on nothing but their place and the seed.
    pub(crate) fn sample(rows: usize, columns: usize, seed: i64) -> Self {
        let entry =
            |row: usize, column: usize| (row as i64 * 7 + column as i64 * 5 + seed) % 13 - 6;
        let row = |row| (0..columns).map(|column| entry(row, column)).collect();
        Self::new((0..rows).map(row).collect())
    }

    pub(crate) fn with(mut self, key: &str, value: Value) -> Self {
        self.keys[key] = value;
        self
    }

    /// The plain product.
    pub(crate) fn times(&self, vector: &[i64]) -> Vec<i64> {
        let product = |row: &Vec<i64>| row.iter().zip(vector).map(|(a, b)| a * b).sum();
        self.rows.iter().map(product).collect()
    }

    /// Writes data and manifest; gives the path of the manifest.
    pub(crate) fn write(&self, folder: &Folder, name: &str) -> PathBuf {
        let entries = self.rows.iter().flatten();
        let bytes: Vec<u8> = entries.flat_map(|entry| (*entry as i16).to_le_bytes()).collect();
        let data = npy("<i2", self.rows.len(), self.rows[0].len(), &bytes);
        self.write_data(folder, name, &data)
    }

    /// Writes a manifest for this content of the data file, whatever the rows.
    pub(crate) fn write_data(&self, folder: &Folder, name: &str, data: &[u8]) -> PathBuf {
        let file = format!("{name}.npy");
        folder.write(&file, data);
        let mut manifest = json!({
            "format": 1, "name": name, "kind": "scores", "data": file, "group": 32,
            "sha256": sha256(data),
        });
        for (key, value) in self.keys.as_object().expect("keys are an object") {
            match value {
                Value::Null => {
                    manifest.as_object_mut().expect("it is an object").remove(key);
                }
                value => manifest[key] = value.clone(),
            }
        }
        folder.write(&format!("{name}.json"), manifest.to_string())
    }
}

/// A `.npy` file of version 1.0.
pub(crate) fn npy(dtype: &str, rows: usize, columns: usize, data: &[u8]) -> Vec<u8> {
    let mut bytes = npy_header(dtype, "False", &format!("({rows}, {columns})"));
    bytes.extend(data);
    bytes
}

/// Its header alone, which may announce anything.
pub(crate) fn npy_header(dtype: &str, fortran_order: &str, shape: &str) -> Vec<u8> {
    let mut text =
        format!("{{'descr': '{dtype}', 'fortran_order': {fortran_order}, 'shape': {shape}, }}");
    text += &" ".repeat(63 - (10 + text.len()) % 64);
    text += "\n";
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((text.len() as u16).to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes
}

/// The digest in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
