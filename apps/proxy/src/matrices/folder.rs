//! Files of a manifest: inside its folder, and nowhere else.

use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use super::error::{LoadError, Reason};
use crate::regular_file;

/// Largest manifest; 4096 shards fit many times.
const MANIFEST_LIMIT: u64 = 1 << 20;

/// The text of a manifest.
pub(super) fn read_manifest(manifest: &Path) -> Result<Vec<u8>, LoadError> {
    let read = || {
        let mut text = Vec::new();
        regular_file::open(manifest)?.take(MANIFEST_LIMIT + 1).read_to_end(&mut text)?;
        if text.len() as u64 > MANIFEST_LIMIT {
            return Err(Reason::Large { limit: MANIFEST_LIMIT });
        }
        Ok(text)
    };
    read().map_err(|reason: Reason| reason.at(manifest))
}

/// The file that a key of a manifest names: relative, without `..`, and inside the folder of the
/// manifest even after all links are followed.
pub(super) fn resolve(
    manifest: &Path,
    key: &'static str,
    path: &str,
) -> Result<PathBuf, LoadError> {
    let outside = || Reason::Outside { key, path: path.to_owned() }.at(manifest);
    let relative = Path::new(path);
    let plain = |component| matches!(component, Component::Normal(_) | Component::CurDir);
    if path.is_empty() || !relative.components().all(plain) {
        return Err(outside());
    }
    let folder = folder(manifest).map_err(|error| Reason::Read(error).at(manifest))?;
    let file = folder.join(relative);
    let real = file.canonicalize().map_err(|error| Reason::Read(error).at(&file))?;
    if !real.starts_with(&folder) {
        return Err(outside());
    }
    Ok(real)
}

fn folder(manifest: &Path) -> io::Result<PathBuf> {
    match manifest.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.canonicalize(),
        _ => Path::new(".").canonicalize(),
    }
}
