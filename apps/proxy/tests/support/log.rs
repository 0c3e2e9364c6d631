//! What a child process writes to standard error, while it does.

use std::io::Read;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

/// The log of a process.
pub(crate) struct Log {
    bytes: Arc<Mutex<Vec<u8>>>,
    collector: Option<JoinHandle<()>>,
}

impl Log {
    /// Reads until there is no more.
    pub(crate) fn collect(mut from: impl Read + Send + 'static) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&bytes);
        let collector = thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = from.read(&mut buffer) {
                sink.lock().expect("no reader has failed").extend_from_slice(&buffer[..read]);
            }
        });
        Self { bytes, collector: Some(collector) }
    }

    pub(crate) fn so_far(&self) -> String {
        let bytes = self.bytes.lock().expect("no reader has failed");
        // The last character may be there in part.
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// All of it, of a process that has ended.
    pub(crate) fn whole(&mut self) -> String {
        if let Some(collector) = self.collector.take() {
            collector.join().expect("the log is read");
        }
        self.so_far()
    }
}
