//! A data file: its header first, then its rows one after the other.

mod npy;
mod safetensors;

use std::fs::File;
use std::io::{self, BufReader, Read};

use he::{MAX_DIMENSION, MAX_ROWS};

use super::digest::Digesting;
use super::dtype::Dtype;
use super::entries::Rule;
use super::error::Reason;

const BUFFER: usize = 1 << 18;

/// How a data file is written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Format<'a> {
    /// One array of numpy.
    Npy,
    /// The tensor of this name.
    Safetensors(&'a str),
}

/// What the header announces; nothing of it is believed before it is checked.
#[derive(Debug, PartialEq)]
struct Table {
    dtype: Dtype,
    rows: usize,
    columns: usize,
    /// Bytes before the first row, the header included.
    start: u64,
    /// Bytes of the whole file.
    length: u64,
}

/// A file whose header was accepted.
#[derive(Debug)]
pub(super) struct Source {
    table: Table,
    /// Rows that were read.
    read: usize,
    /// Whether an entry of the file was something, and whether one was when it had become an integer.
    something: [bool; 2],
    reader: Digesting<BufReader<File>>,
}

impl Source {
    /// Reads the header, and refuses what it announces before any memory is taken for it.
    pub(super) fn open(file: File, format: Format<'_>) -> Result<Self, Reason> {
        let actual = file.metadata()?.len();
        let mut reader = Digesting::new(BufReader::with_capacity(BUFFER, file));
        let (table, header) = match format {
            Format::Npy => npy::read(&mut reader)?,
            Format::Safetensors(tensor) => safetensors::read(&mut reader, tensor)?,
        };
        let expected = table.length;
        if actual < expected {
            return Err(Reason::Truncated { actual, expected });
        }
        if actual > expected {
            return Err(Reason::Trailing { actual, expected });
        }
        reader.skip(table.start - header)?;
        Ok(Self { table, read: 0, something: [false; 2], reader })
    }

    pub(super) fn rows(&self) -> usize {
        self.table.rows
    }

    pub(super) fn columns(&self) -> usize {
        self.table.columns
    }

    pub(super) fn dtype(&self) -> Dtype {
        self.table.dtype
    }

    /// The entries of the next rows, row by row.
    pub(super) fn next_rows(&mut self, rows: usize, rule: &Rule) -> Result<Vec<i32>, Reason> {
        let Table { dtype, columns, .. } = self.table;
        let mut entries = Vec::with_capacity(rows * columns);
        let mut bytes = vec![0; columns * dtype.size()];
        for row in self.read..self.read + rows {
            self.reader.read_exact(&mut bytes)?;
            for (column, bytes) in bytes.chunks_exact(dtype.size()).enumerate() {
                let number = dtype.read(bytes);
                let entry = rule.apply(number);
                let entry = entry.map_err(|what| Reason::Entry { row, column, what })?;
                self.something[0] |= !number.is_zero();
                self.something[1] |= entry != 0;
                entries.push(entry);
            }
        }
        self.read += rows;
        Ok(entries)
    }

    /// Whether numbers became integers that are all 0.
    pub(super) fn vanished(&self) -> bool {
        self.something == [true, false]
    }

    /// Reads what is left and gives the digest of the whole file.
    pub(super) fn finish(mut self) -> io::Result<[u8; 32]> {
        io::copy(&mut self.reader, &mut io::sink())?;
        Ok(self.reader.finish())
    }
}

/// The shape of a matrix, if it can be one.
fn shape(dimensions: &[u64]) -> Result<(usize, usize), Reason> {
    let [rows, columns] = *dimensions else { return Err(Reason::Dimensions(dimensions.len())) };
    if rows == 0 || rows > MAX_ROWS as u64 {
        return Err(Reason::Rows { actual: rows });
    }
    if columns == 0 || columns > MAX_DIMENSION as u64 {
        return Err(Reason::Columns { actual: columns });
    }
    Ok((rows as usize, columns as usize))
}

/// The next bytes of a header.
fn header_bytes(reader: &mut impl Read, count: usize) -> Result<Vec<u8>, Reason> {
    let mut bytes = vec![0; count];
    reader.read_exact(&mut bytes).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => Reason::Header("the file ends inside of it".to_owned()),
        _ => Reason::Read(error),
    })?;
    Ok(bytes)
}
