//! Paths that may be told, and those that may be something else than a path.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// A path in a message: not that of a secret where nothing is there, and no text of several lines.
/// Whoever puts a key where its file is meant must not find it in a log.
pub(super) enum Shown<'a> {
    Path(&'a Path),
    Withheld,
}

/// The path of a file that is no secret.
pub(super) fn public(path: &Path) -> Shown<'_> {
    if is_text_of_a_file(path) { Shown::Withheld } else { Shown::Path(path) }
}

/// The path of a file that is one.
pub(super) fn secret(path: &Path) -> Shown<'_> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() != ErrorKind::PermissionDenied => Shown::Withheld,
        _ => public(path),
    }
}

impl Shown<'_> {
    /// What to do about it.
    pub(super) fn hint(&self) -> &'static str {
        match self {
            Self::Path(_) => "name a file that the server may read",
            Self::Withheld => {
                "name a file that the server may read; what stands here is not repeated, for it may \
                 be a secret"
            }
        }
    }
}

/// As it begins a message: the path and what separates it from the rest.
impl fmt::Display for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(formatter, "{}: ", path.display()),
            Self::Withheld => Ok(()),
        }
    }
}

fn is_text_of_a_file(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.contains(char::is_control) || text.contains("-----BEGIN")
}
