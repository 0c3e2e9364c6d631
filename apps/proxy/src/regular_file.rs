//! Files that are named by whoever runs the server.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use thiserror::Error;

/// Why a file cannot be read as a whole.
#[derive(Debug, Error)]
pub(crate) enum ReadError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("it has more than {limit} bytes")]
    TooLarge { limit: u64 },
}

/// A regular file that was read as a whole.
#[derive(Debug)]
pub(crate) struct Contents {
    pub(crate) bytes: Vec<u8>,
    /// Of the very file that the bytes are from.
    pub(crate) metadata: Metadata,
}

/// Opens a regular file. Anything else is an error and never waited for: the open of a pipe would
/// return only when its other end is opened.
///
/// What is looked at is what was opened, whatever the path has come to mean since.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    never_wait(&mut options);
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    Ok(file)
}

/// All bytes of a regular file of at most `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Contents, ReadError> {
    let file = open(path)?;
    let metadata = file.metadata()?;
    let mut bytes = Vec::new();
    // The length of before may not be that of now.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::TooLarge { limit });
    }
    Ok(Contents { bytes, metadata })
}

/// Nor is a terminal that is opened by mistake taken over.
#[cfg(unix)]
fn never_wait(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;

    use rustix::fs::OFlags;

    options.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed());
}

/// Elsewhere the open of a path waits for nobody.
#[cfg(not(unix))]
fn never_wait(_options: &mut OpenOptions) {}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::path::PathBuf;
    use std::process::Command;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::*;

    /// A folder of its own for the test of this name.
    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("hlp-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).expect("it is new");
        folder
    }

    #[test]
    fn a_folder_and_a_device_are_refused() {
        for path in ["/", "/dev/zero"] {
            let error = open(Path::new(path)).unwrap_err();
            assert_eq!(error.to_string(), "it is not a regular file");
        }
    }

    #[test]
    fn a_file_of_the_limit_is_read_and_one_beyond_it_is_not() {
        let folder = folder("limit");
        let path = folder.join("file");
        fs::write(&path, [7; 10]).unwrap();
        let contents = read(&path, 10).unwrap();
        assert_eq!((contents.bytes, contents.metadata.len()), (vec![7; 10], 10));
        let error = read(&path, 9).unwrap_err();
        assert!(matches!(error, ReadError::TooLarge { limit: 9 }), "{error}");
        assert_eq!(error.to_string(), "it has more than 9 bytes");
        let error = read(&folder.join("nowhere"), 9).unwrap_err();
        assert!(matches!(error, ReadError::Io(_)), "{error}");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_pipe_that_takes_the_place_of_a_file_is_never_waited_for() {
        static DONE: AtomicBool = AtomicBool::new(false);
        let folder = folder("swap");
        let [file, pipe, path, next] = ["file", "pipe", "path", "next"].map(|it| folder.join(it));
        fs::write(&file, "text").unwrap();
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        fs::hard_link(&file, &path).unwrap();
        let opened = path.clone();
        let swap = thread::spawn(move || {
            for kind in [&pipe, &file].into_iter().cycle() {
                if DONE.load(Ordering::Relaxed) {
                    return;
                }
                fs::hard_link(kind, &next).unwrap();
                fs::rename(&next, &path).unwrap();
            }
        });
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut seen = [0; 2];
            // Both, and often enough that one was opened where the other had just been.
            while seen.iter().sum::<u32>() < 50_000 || seen.contains(&0) {
                seen[usize::from(open(&opened).is_ok())] += 1;
            }
            let _ = sender.send(());
        });
        let outcome = receiver.recv_timeout(Duration::from_secs(60));
        DONE.store(true, Ordering::Relaxed);
        swap.join().unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(outcome, Ok(()), "the open of a pipe waits for its other end");
    }
}
