//! One connection to the stand-in: requests in, answers or faults out.

use std::io::{Read, Write};

use super::{Fault, Seen, Shared, answers};

/// Answers requests until the peer goes away or a fault ends the connection.
pub(super) fn serve(stream: &mut (impl Read + Write), shared: &Shared) {
    while let Some(head) = read_head(stream) {
        let fault = shared.lock().faults.pop_front();
        if matches!(fault, Some(Fault::Reset)) {
            // The body stays unread, so closing resets the connection.
            shared.change(|state| state.seen.push(Seen { head, body: Vec::new() }));
            return;
        }
        let Some(body) = read_body(stream, &head) else { return };
        let seen = Seen { head, body };
        let mut number = 0;
        shared.change(|state| {
            state.seen.push(seen.clone());
            state.answered += 1;
            number = state.answered;
        });
        match fault {
            None => {
                if stream.write_all(&answers::answer(&seen, number)).is_err() {
                    return;
                }
            }
            Some(fault) => {
                fail(stream, fault, shared);
                return;
            }
        }
    }
}

fn fail(stream: &mut (impl Read + Write), fault: Fault, shared: &Shared) {
    match fault {
        Fault::Reset => {}
        Fault::Hang => wait_for_departure(stream, shared),
        Fault::Raw(bytes) => {
            // The peer may refuse to read to the end.
            let _ = stream.write_all(&bytes);
        }
        Fault::RawThenHang(bytes) => {
            if stream.write_all(&bytes).is_ok() {
                wait_for_departure(stream, shared);
            }
        }
        Fault::Pieces(pieces) => {
            send(stream, answers::STREAM_HEAD.as_bytes());
            pieces.iter().for_each(|piece| send(stream, &chunk(piece)));
            send(stream, b"0\r\n\r\n");
        }
        Fault::Halves(first, second, go_on) => {
            send(stream, answers::STREAM_HEAD.as_bytes());
            send(stream, &chunk(&first));
            go_on.recv().expect("the test says when");
            send(stream, &chunk(&second));
            send(stream, b"0\r\n\r\n");
        }
    }
}

fn send(stream: &mut impl Write, bytes: &[u8]) {
    stream.write_all(bytes).and_then(|()| stream.flush()).expect("the peer reads");
}

/// A piece of a body as HTTP/1.1 frames it.
pub(super) fn chunk(piece: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat()
}

fn wait_for_departure(stream: &mut impl Read, shared: &Shared) {
    while stream.read(&mut [0; 64]).is_ok_and(|read| read > 0) {}
    shared.change(|state| state.departed += 1);
}

/// Byte by byte, so that the body stays where it is.
fn read_head(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

fn read_body(stream: &mut impl Read, head: &str) -> Option<Vec<u8>> {
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().expect("a length"))];
    stream.read_exact(&mut body).ok()?;
    Some(body)
}
