use std::future::Future as _;
use std::pin::pin;
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};

use super::*;

fn pool(threads: usize, waiting: usize) -> Pool {
    Pool::new(NonZeroUsize::new(threads).unwrap(), waiting).unwrap()
}

/// Occupies a core until the sender is dropped.
fn occupy(pool: &Arc<Pool>) -> mpsc::Sender<()> {
    let (hold, held) = mpsc::channel::<()>();
    let (started, starts) = mpsc::channel();
    let occupied = Arc::clone(pool);
    tokio::spawn(async move {
        let work = move |_| {
            started.send(()).unwrap();
            held.recv().is_ok()
        };
        occupied.run(1, work).await
    });
    tokio::task::block_in_place(|| starts.recv().unwrap());
    hold
}

#[tokio::test]
async fn work_is_done_on_a_thread_of_the_pool() {
    let name = || thread::current().name().map(str::to_owned);
    let name = pool(1, 0).run(1, move |_| name()).await.unwrap();
    assert_eq!(name.as_deref(), Some("product-0"));
}

#[tokio::test]
async fn idle_cores_are_given_to_work_that_wishes_them() {
    let pool = pool(4, 0);
    for (wish, given) in [(0, 1), (1, 1), (3, 3), (9, 4)] {
        assert_eq!(pool.run(wish, |cores| cores.get()).await, Ok(given));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_when_the_queue_is_full_is_refused_at_once() {
    let pool = Arc::new(pool(1, 1));
    let hold = occupy(&pool);
    let mut waits = pin!(pool.run(1, |_| 7));
    let mut context = Context::from_waker(Waker::noop());
    assert!(waits.as_mut().poll(&mut context).is_pending());
    let refused = Poll::Ready(Err(PoolError::Full { waiting: 1 }));
    assert_eq!(pin!(pool.run(1, |_| ())).poll(&mut context), refused);
    drop(hold);
    assert_eq!(waits.await, Ok(7));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stops_to_wait_frees_the_place() {
    let pool = Arc::new(pool(1, 1));
    let hold = occupy(&pool);
    {
        let mut waits = pin!(pool.run(1, |_| panic!("it is never done")));
        let mut context = Context::from_waker(Waker::noop());
        assert!(waits.as_mut().poll(&mut context).is_pending());
    }
    let mut next = pin!(pool.run(1, |_| 7));
    let mut context = Context::from_waker(Waker::noop());
    assert!(next.as_mut().poll(&mut context).is_pending());
    drop(hold);
    assert_eq!(next.await, Ok(7));
}

#[tokio::test]
async fn work_that_panics_fails_and_takes_no_core_with_it() {
    let pool = pool(1, 0);
    for _ in 0..3 {
        assert_eq!(pool.run(1, |_| panic!("a defect")).await, Err::<(), _>(PoolError::Failed));
    }
    assert_eq!(pool.run(1, |_| 7).await, Ok(7));
}
