//! Work on ranges of indices by several threads at once.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::thread;

/// As many threads as the system offers, or one where it does not say.
pub(crate) fn available() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// The results for consecutive ranges that cover `0..count`, in order; at most one per thread.
pub(crate) fn map_ranges<T: Send>(
    threads: NonZeroUsize,
    count: usize,
    work: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    let length = count.div_ceil(threads.get()).max(1);
    let mut ranges = (0..count).step_by(length).map(|start| start..(start + length).min(count));
    if count <= length {
        return ranges.map(work).collect();
    }
    let first = ranges.next();
    thread::scope(|scope| {
        let work = &work;
        let others: Vec<_> = ranges.map(|range| scope.spawn(move || work(range))).collect();
        let own = first.map(work);
        let joined = others.into_iter().map(|thread| match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        own.into_iter().chain(joined).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ranges_cover_everything_once_and_in_order() {
        for threads in 1..6 {
            for count in 0..20 {
                let threads = NonZeroUsize::new(threads).unwrap();
                let ranges = map_ranges(threads, count, |range| range);
                assert!(ranges.len() <= threads.get());
                assert_eq!(
                    ranges.into_iter().flatten().collect::<Vec<_>>(),
                    (0..count).collect::<Vec<_>>()
                );
            }
        }
    }

    #[test]
    #[should_panic(expected = "in a thread")]
    fn a_panic_of_a_thread_is_not_lost() {
        let work = |range: Range<usize>| assert_eq!(range.start, 0, "in a thread");
        map_ranges(NonZeroUsize::new(2).unwrap(), 2, work);
    }
}
