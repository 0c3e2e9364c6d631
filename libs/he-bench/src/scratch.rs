//! An empty folder for what a run needs or makes.

use std::path::{Path, PathBuf};
use std::{env, fs, process};

use crate::failure::Failure;

/// A folder that was not there before, and is removed when this is dropped.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// One of a process for each purpose.
    pub(crate) fn new(purpose: &str) -> Result<Self, Failure> {
        let folder = env::temp_dir().join(format!("he-bench-{purpose}-{}", process::id()));
        // Fails where it exists: results of another run could lie in it.
        fs::create_dir(&folder)
            .map_err(|source| Failure::Write { file: folder.display().to_string(), source })?;
        Ok(Self(folder))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left is in the system's temporary folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_there_already_is_refused_and_its_own_goes_with_it() {
        let scratch = Scratch::new("scratch").unwrap();
        let folder = scratch.path().to_owned();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        assert!(matches!(Scratch::new("scratch"), Err(Failure::Write { .. })));
        drop(scratch);
        assert!(!folder.exists());
    }
}
