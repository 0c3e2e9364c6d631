//! The honest alternative to an encrypted search: to download the matrix once, and search it
//! locally.

use std::hint::black_box;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Instant;

use he::Content;
use serde::Serialize;

use super::client::Http;
use super::files::MatrixFiles;
use super::measure::REPEATS;
use crate::case::Case;
use crate::failure::Failure;
use crate::statistics::{Samples, Summary};

/// What the alternative costs.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Alternative {
    /// The matrix in the smallest type that holds its entries.
    pub(crate) download_bytes: usize,
    /// Over loop-back: what remains when the line costs nothing.
    pub(crate) download_ms: f64,
    /// All scores and the best of them, or the bytes of the record, on one core.
    pub(crate) search: Summary,
}

/// Downloads the matrix over HTTP and searches it.
pub(crate) async fn measure(
    case: &Case,
    files: &MatrixFiles,
    vector: &[i64],
) -> Result<Alternative, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    let entries = files.entries.clone();
    let sender = thread::spawn(move || send(&listener.accept()?.0, &entries));
    let start = Instant::now();
    let (_, downloaded) = Http::new(&address).get("/matrix").await?;
    let download_ms = start.elapsed().as_secs_f64() * 1000.0;
    sender.join().map_err(|_| Failure::Http("the download was cut".to_owned()))??;
    if downloaded != files.entries {
        return Err(Failure::Http("the download is not the matrix".to_owned()));
    }
    let mut samples = Samples::default();
    match case.layout.content {
        Content::Scores => {
            let matrix: Vec<i16> = downloaded.chunks_exact(files.width).map(entry).collect();
            let vector: Vec<i16> = vector.iter().map(|entry| *entry as i16).collect();
            for _ in 0..REPEATS {
                samples.time(|| black_box(best(&matrix, black_box(&vector))));
            }
        }
        Content::Records => {
            for _ in 0..REPEATS {
                let record = black_box(case.record());
                samples.time(|| black_box(record_of(&downloaded, case.columns, record)));
            }
        }
    }
    Ok(Alternative { download_bytes: downloaded.len(), download_ms, search: samples.summary() })
}

fn entry(bytes: &[u8]) -> i16 {
    match *bytes {
        [low, high] => i16::from_le_bytes([low, high]),
        [byte] => i16::from(byte as i8),
        _ => 0,
    }
}

/// The row with the largest score, and that score.
fn best(matrix: &[i16], vector: &[i16]) -> Option<(usize, i32)> {
    let product = |(a, b): (&i16, &i16)| i32::from(*a) * i32::from(*b);
    let score = |row: &[i16]| row.iter().zip(vector).map(product).sum::<i32>();
    matrix.chunks_exact(vector.len()).map(score).enumerate().max_by_key(|(_, score)| *score)
}

/// The bytes in one column.
fn record_of(matrix: &[u8], columns: usize, column: usize) -> Vec<u8> {
    matrix.iter().skip(column).step_by(columns).copied().collect()
}

fn send(stream: &TcpStream, entries: &[u8]) -> io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let mut stream = stream;
    let length = entries.len();
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n")?;
    stream.write_all(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_row_is_the_one_with_the_largest_score() {
        assert_eq!(best(&[1, 2, -5, 9, 3, 3], &[2, 1]), Some((2, 9)));
    }

    #[test]
    fn a_record_is_a_column() {
        assert_eq!(record_of(&[1, 2, 3, 4, 5, 6], 3, 1), [2, 5]);
    }

    #[test]
    fn entries_keep_their_sign_in_either_width() {
        assert_eq!((entry(&[0xff]), entry(&[0x00, 0xff])), (-1, -256));
    }
}
