//! Bodies of requests, read as a whole.

use axum::body::{Body, Bytes, HttpBody as _};
use http_body_util::BodyExt as _;

use crate::buffer::{Buffer, NoMemory};

/// Why a body is not there as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It has more bytes than this.
    TooLarge {
        limit: usize,
    },
    /// It ended before its last byte.
    Cut,
    NoMemory(NoMemory),
}

impl From<NoMemory> for Unread {
    fn from(refused: NoMemory) -> Self {
        Self::NoMemory(refused)
    }
}

/// The whole body in one piece of memory; one that announces too many bytes is refused unread.
///
/// The pieces in which it arrives are not kept: a chunk of one byte would hold many. `room` is asked
/// before so many bytes in all are written, which is at most twice of what has arrived.
///
/// # Errors
///
/// Those of [`Unread`] and of `room`.
pub(crate) async fn whole<E: From<Unread>>(
    mut body: Body,
    limit: usize,
    mut room: impl FnMut(usize) -> Result<(), E>,
) -> Result<Bytes, E> {
    let hint = body.size_hint();
    let announced = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
    if announced(hint.lower()) > limit {
        return Err(Unread::TooLarge { limit }.into());
    }
    let most = hint.exact().map_or(limit, announced);
    let (mut whole, mut roomy) = (Buffer::new(most), 0);
    while let Some(frame) = body.frame().await {
        // The reason is that of the connection; it may be one that the edge answers itself.
        let Ok(frame) = frame else { return Err(Unread::Cut.into()) };
        let Ok(piece) = frame.into_data() else { continue };
        let needed = whole.len() + piece.len();
        if needed > limit {
            return Err(Unread::TooLarge { limit }.into());
        }
        if needed > roomy {
            roomy = whole.grown_to(needed);
            room(roomy)?;
        }
        whole.extend(&piece).map_err(Unread::from)?;
    }
    Ok(whole.into())
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use hyper::body::Frame;

    use super::*;

    /// A body of unknown length, which arrives in these pieces.
    struct Pieces(VecDeque<&'static [u8]>);

    impl hyper::body::Body for Pieces {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            let piece = self.0.pop_front().map(Bytes::from_static);
            Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
        }
    }

    fn pieces(pieces: impl IntoIterator<Item = &'static [u8]>) -> Body {
        Body::new(Pieces(pieces.into_iter().collect()))
    }

    #[tokio::test]
    async fn pieces_are_put_together_and_room_is_asked_for_what_arrives_only() {
        let mut asked = Vec::new();
        let room = |bytes| {
            asked.push(bytes);
            Ok::<_, Unread>(())
        };
        let body = pieces(std::iter::repeat_n(&b"x"[..], 1000));
        assert_eq!(whole(body, 1 << 30, room).await, Ok(Bytes::from(vec![b'x'; 1000])));
        assert_eq!(asked, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]);
    }

    #[tokio::test]
    async fn room_is_never_asked_for_more_than_the_limit_or_what_is_announced() {
        for (body, limit) in [(pieces([&b"abc"[..], b"de"]), 5), (Body::from("abcde"), 1 << 30)] {
            let room = |bytes| if bytes > 5 { Err(Unread::Cut) } else { Ok(()) };
            assert_eq!(whole(body, limit, room).await, Ok(Bytes::from("abcde")));
        }
    }

    #[tokio::test]
    async fn a_body_beyond_the_limit_is_refused_however_it_arrives() {
        for body in [pieces([&b"abc"[..], b"de"]), Body::from("abcde")] {
            let refusal = whole(body, 4, |_| Ok(())).await;
            assert_eq!(refusal, Err(Unread::TooLarge { limit: 4 }));
        }
    }

    #[tokio::test]
    async fn without_room_nothing_more_is_read() {
        let body = pieces([&b"abc"[..], b"de"]);
        let room = |bytes| if bytes > 3 { Err(Unread::Cut) } else { Ok(()) };
        assert_eq!(whole(body, 100, room).await, Err(Unread::Cut));
    }
}
