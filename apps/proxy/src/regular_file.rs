//! Files that are named by whoever runs the server.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

/// Opens a regular file. Anything else is an error and never waited for: the open of a pipe returns
/// only when its other end is opened.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    File::open(path)
}

/// All bytes of a regular file.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_folder_and_a_device_are_refused() {
        for path in ["/", "/dev/zero"] {
            let error = open(Path::new(path)).unwrap_err();
            assert_eq!(error.to_string(), "it is not a regular file");
        }
    }
}
