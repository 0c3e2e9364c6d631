//! A case as the files that the server reads.

use std::path::PathBuf;

use he::Content;

use crate::case::Case;
use crate::failure::Failure;
use crate::known_answer::digest;
use crate::output;
use crate::scratch::Scratch;

/// The name of the matrix in the paths of the server.
pub(crate) const NAME: &str = "bench";

/// A folder with a matrix and its manifest; it is removed when this is dropped.
pub(crate) struct MatrixFiles {
    folder: Scratch,
    /// Bytes of the entries in the smallest type that holds them: what a client would download.
    pub(crate) entries: Vec<u8>,
    /// Bytes of one entry.
    pub(crate) width: usize,
}

impl MatrixFiles {
    /// Writes the rows of a case.
    pub(crate) fn write(case: &Case, rows: &[Vec<i64>]) -> Result<Self, Failure> {
        let largest = rows.iter().flatten().map(|entry| entry.unsigned_abs()).max().unwrap_or(0);
        let records = case.layout.content == Content::Records;
        let width = if records || largest <= 127 { 1 } else { 2 };
        let bytes = |entry: &i64| entry.to_le_bytes()[..width].to_vec();
        let entries: Vec<u8> = rows.iter().flatten().flat_map(bytes).collect();
        let files = Self { folder: Scratch::new("http")?, entries, width };
        let data = [npy_head(case, width), files.entries.clone()].concat();
        let manifest = serde_json::json!({
            "format": 1,
            "name": NAME,
            "kind": if records { "records" } else { "linear" },
            "data": "bench.npy",
            "group": case.layout.group.entries(),
            "sha256": digest(&data),
            // One record in each column.
            "record_bytes": records.then_some(case.rows),
            "records": records.then_some(case.columns),
        });
        files.put("bench.npy", &data)?;
        files.put("bench.json", manifest.to_string().as_bytes())?;
        Ok(files)
    }

    /// The manifest.
    pub(crate) fn manifest(&self) -> PathBuf {
        self.folder.path().join("bench.json")
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        output::write(&self.folder.path().join(name), bytes)
    }
}

/// The head of an array of numpy in its format 1.0.
fn npy_head(case: &Case, width: usize) -> Vec<u8> {
    let dtype = match (case.layout.content, width) {
        (Content::Records, _) => "|u1",
        (Content::Scores, 1) => "|i1",
        (Content::Scores, _) => "<i2",
    };
    let shape = format!("({}, {})", case.rows, case.columns);
    let head = format!("{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}");
    // The entries begin at a multiple of 64.
    let padded = format!("{head:<117}\n");
    let length = padded.len() as u16;
    [b"\x93NUMPY\x01\x00", &length.to_le_bytes()[..], padded.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_matrix_lies_in_a_folder_that_goes_with_it() {
        let case: Case = "3x384".parse().unwrap();
        let files = MatrixFiles::write(&case, &case.vectors(3, 1)).unwrap();
        let folder = files.folder.path().to_owned();
        let data = fs::read(folder.join("bench.npy")).unwrap();
        assert_eq!((files.width, files.entries.len()), (1, 3 * 384));
        assert_eq!(data.len(), 128 + 3 * 384);
        assert_eq!(data[128..], files.entries);
        let manifest = fs::read_to_string(files.manifest()).unwrap();
        assert!(manifest.contains(&digest(&data)));
        drop(files);
        assert!(!folder.exists());
    }
}
