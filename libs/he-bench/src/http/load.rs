//! A bounded load: so many clients, so many requests, and no more.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hyper::StatusCode;
use hyper::body::Bytes;
use serde::Serialize;

use super::client::Http;
use crate::failure::Failure;
use crate::statistics::Samples;

/// How long a client waits whose request was shed.
const AFTER_SHED: Duration = Duration::from_millis(20);

/// What came of a load.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct LoadReport {
    pub(crate) clients: usize,
    /// Requests with an answer.
    pub(crate) answered: usize,
    /// Requests that were refused with 503, because too many waited.
    pub(crate) shed: usize,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) max_ms: f64,
    pub(crate) answers_per_second: f64,
}

/// Sends the same request from several clients; each sends its next one when it has an answer.
pub(crate) async fn run(
    http: &Http,
    (path, body): (&str, &Bytes),
    clients: usize,
    requests: usize,
) -> Result<LoadReport, Failure> {
    let left = Arc::new(AtomicUsize::new(requests));
    let start = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let (http, left) = (http.clone(), Arc::clone(&left));
            tokio::spawn(client(http, (path.to_owned(), body.clone()), left))
        })
        .collect();
    let (mut samples, mut shed) = (Samples::default(), 0);
    for task in tasks {
        let done = task.await.map_err(|error| Failure::Http(error.to_string()))??;
        samples.append(done.answered);
        shed += done.shed;
    }
    let seconds = start.elapsed().as_secs_f64();
    let answered = samples.len();
    if answered == 0 {
        return Err(Failure::Http("the server answered no request".to_owned()));
    }
    Ok(LoadReport {
        clients,
        answered,
        shed,
        p50_ms: samples.percentile(0.5),
        p99_ms: samples.percentile(0.99),
        max_ms: samples.percentile(1.0),
        answers_per_second: answered as f64 / seconds,
    })
}

#[derive(Default)]
struct Done {
    answered: Samples,
    shed: usize,
}

async fn client(
    http: Http,
    (path, body): (String, Bytes),
    left: Arc<AtomicUsize>,
) -> Result<Done, Failure> {
    let mut done = Done::default();
    let take = |count: usize| count.checked_sub(1);
    while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok() {
        let start = Instant::now();
        let (status, answer) = http.post(&path, body.clone()).await?;
        match status {
            StatusCode::OK => done.answered.add(start.elapsed()),
            StatusCode::SERVICE_UNAVAILABLE => {
                done.shed += 1;
                tokio::time::sleep(AFTER_SHED).await;
            }
            _ => {
                let text = String::from_utf8_lossy(&answer);
                return Err(Failure::Http(format!("the server answered {status}: {text}")));
            }
        }
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// A server that gives these statuses in turn, for ever, one to a connection.
    fn server(statuses: &'static [&'static str]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        thread::spawn(move || {
            for (stream, status) in listener.incoming().zip(statuses.iter().cycle()) {
                let mut stream = stream.unwrap();
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\nbody") {
                    let mut bytes = [0; 1024];
                    let count = stream.read(&mut bytes).unwrap();
                    request.extend_from_slice(&bytes[..count]);
                }
                let head = "content-length: 2\r\nconnection: close";
                write!(stream, "HTTP/1.1 {status}\r\n{head}\r\n\r\nok").unwrap();
            }
        });
        address
    }

    fn load(address: &str, clients: usize, requests: usize) -> Result<LoadReport, Failure> {
        let http = Http::new(address);
        let body = Bytes::from_static(b"body");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run(&http, ("/", &body), clients, requests))
    }

    #[test]
    fn all_clients_together_send_so_many_requests_and_each_is_answered_or_shed() {
        let address = server(&["200 OK", "503 Service Unavailable", "200 OK"]);
        let report = load(&address, 4, 30).unwrap();
        assert_eq!((report.answered, report.shed), (20, 10));
        assert!(report.p50_ms <= report.p99_ms && report.p99_ms <= report.max_ms);
    }

    #[test]
    fn another_answer_is_a_failure_and_so_is_none_at_all() {
        let failed = load(&server(&["422 Unprocessable Content"]), 1, 3).unwrap_err();
        assert_eq!(
            failed.to_string(),
            "a request failed: the server answered 422 Unprocessable Entity: ok"
        );
        let shed = load(&server(&["503 Service Unavailable"]), 2, 4).unwrap_err();
        assert_eq!(shed.to_string(), "a request failed: the server answered no request");
    }
}
