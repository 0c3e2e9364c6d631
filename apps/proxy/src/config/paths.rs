//! The paths of a configuration: where they start.

use std::path::{Path, PathBuf};

use super::Config;
use super::place::Place;
use super::tree::Node;

/// A relative path of the file starts at the folder of the file.
pub(super) fn resolve(config: &mut Config, tree: &Node, file: Option<&Path>) {
    let Some(folder) = file.and_then(Path::parent) else { return };
    for (key, path) in all(config) {
        if tree.written(&key).is_some_and(Place::is_file) {
            *path = folder.join(&*path);
        }
    }
}

impl Config {
    /// The same with absolute paths, which means the same wherever it is written down.
    pub(crate) fn with_absolute_paths(mut self) -> Self {
        for (_, path) in all(&mut self) {
            if let Ok(absolute) = std::path::absolute(&*path) {
                *path = absolute;
            }
        }
        self
    }
}

/// Every path with its key.
fn all(config: &mut Config) -> Vec<(String, &mut PathBuf)> {
    let mut paths = Vec::new();
    if let Some(tls) = &mut config.server.tls {
        paths.push(("server.tls.certificate".to_owned(), &mut tls.certificate));
        paths.push(("server.tls.key".to_owned(), &mut tls.key));
    }
    paths.extend(config.auth.tokens.as_mut().map(|path| ("auth.tokens".to_owned(), path)));
    let manifests = config.matrices.manifests.iter_mut();
    paths.extend(manifests.map(|path| ("matrices.manifests".to_owned(), path)));
    for (name, provider) in &mut config.providers {
        paths.extend(provider.ca.as_mut().map(|path| (format!("providers.{name}.ca"), path)));
    }
    paths
}
