//! Reading small files of which some must stay with their owner.

use std::fs::Metadata;
use std::io;
use std::path::Path;

use crate::regular_file::{self, Contents, ReadError};

/// The largest file that is read; about 100,000 clients.
const MAX_BYTES: u64 = 16 << 20;

/// The text of a regular file, and whether others than its owner can read it.
#[derive(Debug)]
pub(super) struct SecretFile {
    pub(super) text: String,
    pub(super) readable_by_others: bool,
}

/// Reads a file of at most 16 MiB of UTF-8. A pipe or a device is an error, not a wait.
pub(super) fn read(path: &Path) -> Result<SecretFile, ReadError> {
    let Contents { bytes, metadata } = regular_file::read(path, MAX_BYTES)?;
    // The error of the library would hold the bytes.
    let not_text = |_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8");
    let text = String::from_utf8(bytes).map_err(not_text)?;
    Ok(SecretFile { text, readable_by_others: readable_by_others(&metadata) })
}

#[cfg(unix)]
fn readable_by_others(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    metadata.mode() & 0o044 != 0
}

/// Elsewhere the rights of a file are not bits of a mode, and are not judged.
#[cfg(not(unix))]
fn readable_by_others(_metadata: &Metadata) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_group_and_others_are_both_seen() {
        let path = std::env::temp_dir().join(format!("hlp-secret-file-{}", std::process::id()));
        fs::write(&path, "text").unwrap();
        for (mode, expected) in
            [(0o600, false), (0o400, false), (0o640, true), (0o604, true), (0o644, true)]
        {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            assert_eq!(read(&path).unwrap().readable_by_others, expected, "{mode:o}");
        }
        fs::remove_file(&path).unwrap();
    }

    #[test]
    fn an_error_never_repeats_bytes_that_are_no_text() {
        let path = std::env::temp_dir().join(format!("hlp-no-text-{}", std::process::id()));
        fs::write(&path, b"canary\xff").unwrap();
        let error = read(&path).unwrap_err();
        fs::remove_file(&path).unwrap();
        assert_eq!(error.to_string(), "it is not UTF-8");
        let debug = format!("{error:?}");
        assert!(!debug.contains("canary") && !debug.contains("99, 97, 110"), "{debug}");
    }
}
