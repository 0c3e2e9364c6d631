//! Matrices that a server refuses.

use std::path::Path;

use super::failure;

/// What the server says about a manifest that it refuses with status 2.
pub(crate) fn refusal(manifest: &Path) -> String {
    let (status, stderr) = failure(&[Path::new("--matrix"), manifest]);
    assert_eq!(status, Some(2), "{stderr}");
    let error = stderr.find("error: ").expect("there is an error");
    let end = stderr.find("\n\nhint: ").expect("there is a hint");
    stderr[error + "error: ".len()..end].to_owned()
}

/// What the server says should be done about it.
pub(crate) fn hint(manifest: &Path) -> String {
    let (status, stderr) = failure(&[Path::new("--matrix"), manifest]);
    assert_eq!(status, Some(2), "{stderr}");
    let (_, hint) = stderr.rsplit_once("\n\nhint: ").expect("there is a hint");
    hint.trim_end().to_owned()
}

/// Checks that a file is named, and the reason given.
#[track_caller]
pub(crate) fn assert_refused(manifest: &Path, file: &str, reason: &str) {
    let refusal = refusal(manifest);
    let folder = manifest.parent().expect("it has a folder");
    let real = folder.canonicalize().expect("the folder is there");
    let expected =
        [folder, &real].map(|folder| format!("{}: {reason}", folder.join(file).display()));
    assert!(expected.contains(&refusal), "{refusal}\nis none of\n{expected:#?}");
}
