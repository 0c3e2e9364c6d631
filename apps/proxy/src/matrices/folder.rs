//! Files of a manifest: inside its folder, and nowhere else.

use std::io;
use std::path::{Component, Path, PathBuf};

use super::error::{LoadError, Reason};
use crate::regular_file;

/// Largest manifest; 4096 shards fit many times.
const MANIFEST_LIMIT: u64 = 1 << 20;

/// The text of a manifest.
pub(super) fn read_manifest(manifest: &Path) -> Result<Vec<u8>, LoadError> {
    let contents = regular_file::read(manifest, MANIFEST_LIMIT);
    contents.map(|it| it.bytes).map_err(|error| Reason::from(error).at(manifest))
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
