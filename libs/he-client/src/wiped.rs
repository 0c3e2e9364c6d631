//! A key that was used and dropped is nowhere in the memory of the process any more.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};

use he::{DEGREE, Layout, Matrix};
use zeroize::Zeroizing;

use crate::SecretKey;

/// Values of a secret that stand in a row wherever it is. They are kept as their complements, so that
/// they are not found themselves.
type Trace = Vec<u64>;

const IN_A_ROW: usize = 32;
/// Where a trace begins. Not at the beginning, where an allocator writes when memory is freed.
const PLACES: [usize; 4] = [DEGREE / 8, DEGREE * 3 / 8, DEGREE * 5 / 8, DEGREE * 7 / 8];
/// Bytes that are read at once.
const CHUNK: usize = 1 << 20;

/// Of the coefficients of the key, and of its polynomial as it is multiplied with.
fn traces(key: &SecretKey) -> Vec<Trace> {
    let (coefficients, factor) = (Zeroizing::new(key.0.coefficients()), key.0.factor());
    let hidden = |at: usize| (at..at + IN_A_ROW).map(|at| !coefficients[at].cast_unsigned());
    let factors = |at: usize| factor[at..at + IN_A_ROW].iter().map(|value| !value);
    PLACES.iter().flat_map(|at| [hidden(*at).collect(), factors(*at).collect()]).collect()
}

/// How often each of them stands in the writable memory of this process. `buffer` is filled anew.
fn found(traces: &[Trace], buffer: &mut [u8]) -> Vec<usize> {
    let maps = fs::read_to_string("/proc/self/maps").expect("Linux tells the mappings");
    let mut memory = File::open("/proc/self/mem").expect("a process reads its own memory");
    let mut counts = vec![0; traces.len()];
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let range = line.split(' ').next().and_then(|range| range.split_once('-'));
        let (start, end) = range.expect("a mapping has two ends");
        let address = |hex| usize::from_str_radix(hex, 16).expect("an address");
        let (mut at, end) = (address(start), address(end));
        while at < end {
            let bytes = &mut buffer[..CHUNK.min(end - at)];
            memory.seek(SeekFrom::Start(at as u64)).expect("an address in memory");
            // Another test may have given the mapping back meanwhile.
            if memory.read_exact(bytes).is_err() {
                break;
            }
            for (count, trace) in counts.iter_mut().zip(traces) {
                *count += occurrences(bytes.as_chunks().0, trace);
            }
            // What stands across the end of a chunk is whole in the next one.
            at += if bytes.len() < CHUNK { CHUNK } else { CHUNK - IN_A_ROW * size_of::<u64>() };
        }
    }
    buffer.fill(0);
    counts
}

fn occurrences(words: &[[u8; 8]], trace: &Trace) -> usize {
    let is = |word: &[u8; 8], hidden: &u64| u64::from_ne_bytes(*word) == !hidden;
    words
        .windows(IN_A_ROW)
        .filter(|row| row.iter().zip(trace).all(|(word, it)| is(word, it)))
        .count()
}

#[test]
fn a_key_that_was_used_and_dropped_is_nowhere_in_memory() {
    let mut buffer = vec![0; CHUNK];
    let key = SecretKey::generate();
    let traces = traces(&key);
    let vector = key.encrypt_in(&[3, -1, 2], Layout::default()).unwrap();
    let scores = Matrix::new(&[vec![1, 0, 0], vec![-4, 5, 6]]).unwrap().apply(&vector).unwrap();
    assert_eq!(key.decrypt(&scores), Ok(vec![3, -5]));
    let alive = found(&traces, &mut buffer);
    assert!(
        alive.iter().all(|count| *count > 0),
        "{alive:?}: it is looked for in the wrong places"
    );

    drop(key);

    assert_eq!(found(&traces, &mut buffer), [0; 2 * PLACES.len()]);
}
