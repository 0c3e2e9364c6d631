//! Where a value of the configuration was written.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};

/// Where a value was written; nothing of the value itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Line and column of the key, both from 1; the column counts characters.
    File { file: PathBuf, line: usize, column: usize },
    /// The file as a whole.
    WholeFile(PathBuf),
    /// A variable of the environment.
    Variable(String),
    /// An option of the command line.
    Option(&'static str),
    /// Nobody wrote it.
    Default,
}

impl Place {
    /// The place of the byte `offset` in the `text` of `file`.
    pub(super) fn in_file(file: &Path, text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before[start..].chars().count() + 1;
        Self::File { file: file.to_owned(), line, column }
    }

    /// Whether a relative path that stands here starts at the folder of the file.
    pub(super) fn is_file(&self) -> bool {
        matches!(self, Self::File { .. } | Self::WholeFile(_))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file, line, column } => {
                write!(formatter, "{}:{line}:{column}", file.display())
            }
            Self::WholeFile(file) => write!(formatter, "{}", file.display()),
            Self::Variable(name) => formatter.write_str(name),
            Self::Option(name) => formatter.write_str(name),
            Self::Default => formatter.write_str("default"),
        }
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::File { file, line, column } => {
                map.serialize_entry("file", &file.to_string_lossy())?;
                map.serialize_entry("line", line)?;
                map.serialize_entry("column", column)?;
            }
            Self::WholeFile(file) => map.serialize_entry("file", &file.to_string_lossy())?,
            Self::Variable(name) => map.serialize_entry("variable", name)?,
            Self::Option(name) => map.serialize_entry("option", name)?,
            Self::Default => {}
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_counts_characters_from_the_start_of_its_line() {
        let text = "a = 1\nçé = 2\n";
        let offset = text.find("= 2").unwrap();
        assert_eq!(Place::in_file(Path::new("f"), text, offset).to_string(), "f:2:4");
        assert_eq!(Place::in_file(Path::new("f"), text, 0).to_string(), "f:1:1");
        assert_eq!(Place::in_file(Path::new("f"), text, 999).to_string(), "f:3:1");
    }
}
