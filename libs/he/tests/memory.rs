//! Every step of a product that takes much memory can be refused it, and the process goes on.
#![expect(unsafe_code, reason = "an allocator is one that the compiler cannot check")]

use std::alloc::{GlobalAlloc, Layout as Memory, System};
use std::num::NonZeroUsize;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicUsize, Ordering};

use he::{DEGREE, EncryptedVector, Error, Group, Layout, Matrix};

/// Gives no piece of memory that is larger than the limit of the moment.
struct Limited;

static LIMIT: AtomicUsize = AtomicUsize::new(usize::MAX);

fn is_given(size: usize) -> bool {
    size <= LIMIT.load(Ordering::Relaxed)
}

// SAFETY: what is given is what the system gives for the same request.
unsafe impl GlobalAlloc for Limited {
    unsafe fn alloc(&self, memory: Memory) -> *mut u8 {
        // SAFETY: that of the caller.
        if is_given(memory.size()) { unsafe { System.alloc(memory) } } else { null_mut() }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, memory: Memory) {
        // SAFETY: that of the caller.
        unsafe { System.dealloc(pointer, memory) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, memory: Memory, size: usize) -> *mut u8 {
        // SAFETY: that of the caller.
        if is_given(size) { unsafe { System.realloc(pointer, memory, size) } } else { null_mut() }
    }
}

#[global_allocator]
static ALLOCATOR: Limited = Limited;

/// What `work` gives while no larger piece of memory can be had.
fn limited<T>(limit: usize, work: impl FnOnce() -> T) -> T {
    LIMIT.store(limit, Ordering::Relaxed);
    let result = work();
    LIMIT.store(usize::MAX, Ordering::Relaxed);
    result
}

/// Bytes of the coefficients of so many polynomials.
const fn coefficients(polynomials: usize) -> usize {
    polynomials * DEGREE * size_of::<u64>()
}

/// One test, because the limit is that of the process.
#[test]
fn memory_that_is_refused_is_an_error_at_every_step_and_the_next_request_is_answered() {
    const COLUMNS: usize = 64;
    const BLOCKS: usize = 10;
    /// A polynomial is given, and little more.
    const LITTLE: usize = 4 * coefficients(1);
    let layout = Layout::scores(Group::new(1).unwrap());
    let rows = BLOCKS * layout.group.rows_per_block();
    let threads = |count| NonZeroUsize::new(count).unwrap();
    let entries: Vec<i32> = (0..rows * COLUMNS).map(|entry| (entry % 7) as i32 - 3).collect();
    let matrix = Matrix::from_values(&entries, COLUMNS, layout, threads(2)).unwrap();
    let bodies = vec![5; COLUMNS * DEGREE];
    let vector = EncryptedVector::from_parts(COLUMNS, layout, vec![[7; 32]; COLUMNS], bodies);
    let vector = vector.unwrap();
    let bytes = vector.to_bytes();
    let expected = matrix.apply(&vector).unwrap().to_bytes();
    let refused = |bytes| Some(Error::NoMemory { bytes });

    let read = limited(LITTLE, || EncryptedVector::from_bytes(&bytes));
    assert_eq!(read.err(), refused(coefficients(COLUMNS)));

    let expanded = limited(LITTLE, || vector.expand(threads(1)).err());
    assert_eq!(expanded, refused(coefficients(COLUMNS)));
    // Two threads get half of it each, and then there is none for both halves.
    let expanded = limited(LITTLE, || vector.expand(threads(2)).err());
    assert_eq!(expanded, refused(coefficients(COLUMNS / 2)));
    let expanded = limited(coefficients(COLUMNS / 2), || vector.expand(threads(2)).err());
    assert_eq!(expanded, refused(coefficients(COLUMNS)));

    let query = vector.expand(threads(1)).unwrap();
    let arranged = limited(LITTLE, || query.arrange().err());
    assert_eq!(arranged, refused(2 * coefficients(COLUMNS)));

    let arranged = query.arrange().unwrap();
    let multiplied = limited(LITTLE, || matrix.multiply(&arranged, threads(1)).err());
    assert_eq!(multiplied, refused(2 * coefficients(BLOCKS)));
    let multiplied = limited(LITTLE, || matrix.multiply(&arranged, threads(2)).err());
    assert_eq!(multiplied, refused(coefficients(BLOCKS)));

    let products = matrix.multiply(&arranged, threads(1)).unwrap();
    let scores = limited(LITTLE, || products.scores().err());
    assert_eq!(scores, refused(coefficients(BLOCKS) / 2));

    let scores = matrix.apply(&vector).unwrap();
    let mut written = Vec::with_capacity(expected.len());
    limited(0, || {
        scores.write(|piece| {
            written.extend_from_slice(piece);
            Ok::<_, ()>(())
        })
    })
    .unwrap();
    assert!(written == expected);
    assert_eq!(scores.write(|_| Err("full")), Err("full"));

    assert!(matches!(limited(LITTLE, || matrix.apply(&vector)), Err(Error::NoMemory { .. })));
    assert!(matrix.apply(&vector).unwrap().to_bytes() == expected);
}
