//! Whether files are still the ones that were read.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::folder;
use super::manifest::Manifest;

/// What tells one state of a manifest and its files from another, without reading the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity(Vec<(PathBuf, Option<Stamp>)>);

/// Device, inode, length, and the times of the last change of content and of the inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    file: (u64, u64),
    length: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Identity {
    /// The state of now; what cannot be read is a state, too.
    pub(super) fn of(manifest: &Path) -> Self {
        let mut files = vec![(manifest.to_owned(), Stamp::of(manifest))];
        let text = folder::read_manifest(manifest).ok();
        if let Some(content) = text.and_then(|text| Manifest::parse(&text).ok()) {
            let names = [("data", Some(content.data)), ("centroids", content.centroids)];
            for (key, name) in names {
                let Some(name) = name else { continue };
                let file = folder::resolve(manifest, key, &name).ok();
                let stamp = file.as_deref().and_then(Stamp::of);
                files.push((file.unwrap_or_default(), stamp));
            }
        }
        Self(files)
    }
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        Some(Self {
            file: (metadata.dev(), metadata.ino()),
            length: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        })
    }
}
