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
        let begin = |range: Range<usize>| {
            let (builder, some) = (thread::Builder::new(), range.clone());
            (range, builder.spawn_scoped(scope, move || work(some)))
        };
        let others: Vec<_> = ranges.map(begin).collect();
        let own = first.map(work);
        let joined = others.into_iter().map(|(range, begun)| match begun.map(|it| it.join()) {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // The system gives no thread: the calling one does the work.
            Err(_) => work(range),
        });
        own.into_iter().chain(joined).collect()
    })
}

#[cfg(test)]
mod tests {
    use std::process::Command;

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
    fn where_there_are_no_threads_the_calling_one_does_all_of_the_work() {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "parallel::tests::alone", "--ignored", "--test-threads=1"]);
        // More than there are addresses for.
        child.env("RUST_MIN_STACK", (1_u64 << 47).to_string());
        let output = child.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
    }

    #[test]
    #[ignore = "the test before runs it in a process of its own, which gets no threads"]
    fn alone() {
        assert!(thread::Builder::new().spawn(|| ()).is_err());
        let threads = NonZeroUsize::new(4).unwrap();
        assert_eq!(map_ranges(threads, 10, |range| range), [0..3, 3..6, 6..9, 9..10]);
    }

    #[test]
    #[should_panic(expected = "in a thread")]
    fn a_panic_of_a_thread_is_not_lost() {
        let work = |range: Range<usize>| assert_eq!(range.start, 0, "in a thread");
        map_ranges(NonZeroUsize::new(2).unwrap(), 2, work);
    }
}
