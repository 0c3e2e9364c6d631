//! Whether files are still the ones that were read.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::folder;
use super::manifest::Manifest;

/// What tells one state of a manifest and its files from another, without reading the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity(Vec<(PathBuf, Option<Stamp>)>);

/// What the system tells of a file without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    inode: Inode,
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
            length: metadata.len(),
            modified: metadata.modified().ok(),
            inode: inode(&metadata),
        })
    }
}

/// Device, number, and the time of the last change, which nobody can set.
#[cfg(unix)]
type Inode = (u64, u64, (i64, i64));

#[cfg(unix)]
fn inode(metadata: &Metadata) -> Inode {
    use std::os::unix::fs::MetadataExt as _;

    (metadata.dev(), metadata.ino(), (metadata.ctime(), metadata.ctime_nsec()))
}

/// When the file was made. Elsewhere the standard library tells no more, so a file of the same length
/// whose times were set back is taken for the one of before.
#[cfg(not(unix))]
type Inode = Option<SystemTime>;

#[cfg(not(unix))]
fn inode(metadata: &Metadata) -> Inode {
    metadata.created().ok()
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    /// A file that is deleted when this is dropped.
    struct Draft(PathBuf);

    impl Draft {
        fn new(name: &str, text: &str) -> Self {
            let name = format!("hlp-identity-{}-{name}", std::process::id());
            let path = std::env::temp_dir().join(name);
            fs::write(&path, text).unwrap();
            Self(path)
        }
    }

    impl Drop for Draft {
        fn drop(&mut self) {
            let _ = fs::remove_file(&self.0);
        }
    }

    #[test]
    fn a_file_that_is_longer_was_written_later_or_is_gone_is_another_one() {
        let file = Draft::new("plain", "one");
        let first = Stamp::of(&file.0);
        assert!(first.is_some() && Stamp::of(&file.0) == first);
        let modified = first.and_then(|stamp| stamp.modified).unwrap();

        let later = modified + std::time::Duration::from_secs(7);
        File::options().write(true).open(&file.0).unwrap().set_modified(later).unwrap();
        let second = Stamp::of(&file.0);
        assert!(second != first);

        fs::write(&file.0, "longer").unwrap();
        File::options().write(true).open(&file.0).unwrap().set_modified(later).unwrap();
        assert!(Stamp::of(&file.0) != second);

        let path = file.0.clone();
        drop(file);
        assert_eq!(Stamp::of(&path), None);
    }

    #[test]
    #[cfg(unix)]
    fn a_file_in_the_place_of_another_is_seen_whatever_its_length_and_times_say() {
        let (old, new) = (Draft::new("old", "one"), Draft::new("new", "two"));
        let before = Stamp::of(&old.0).unwrap();
        let open = File::options().write(true).open(&new.0).unwrap();
        open.set_modified(before.modified.unwrap()).unwrap();
        fs::rename(&new.0, &old.0).unwrap();
        let after = Stamp::of(&old.0).unwrap();
        assert_eq!((after.length, after.modified), (before.length, before.modified));
        assert!(after != before);
    }
}
