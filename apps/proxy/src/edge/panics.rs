//! A net under handlers: a panic is a defect, but the other requests go on.

use std::any::Any;

use axum::response::{IntoResponse as _, Response};
use tower_http::catch_panic::CatchPanicLayer;

use super::refusal::Refusal;
use crate::problem::Problem;

/// Answers 500 when a handler panics, and does not tell why. The hook of the log counts the panic
/// and notes its place.
pub(super) fn net() -> CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response> {
    CatchPanicLayer::custom(answer)
}

fn answer(_message: Box<dyn Any + Send>) -> Response {
    Problem::from(Refusal::Failed).into_response()
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;

    use axum::Router;
    use axum::routing::get;
    use tokio::net::TcpListener;
    use tokio::task::spawn_blocking;

    use crate::config::Config;
    use crate::edge::alone::passed_alone;
    use crate::edge::{self, Edge};

    #[test]
    fn a_panic_is_a_problem_that_tells_nothing_and_is_counted() {
        passed_alone("edge::panics::tests::panics");
    }

    #[tokio::test]
    #[ignore = "the test before runs it in a process of its own, whose panics it counts"]
    async fn panics() {
        let config = Config::default();
        let _writer = edge::log::install(&config.log).unwrap();
        let edge = Edge::open(&config).unwrap();
        let fails = async || -> &'static str { panic!("canary") };
        let router = edge::wrap(Router::new().route("/v1/fails", get(fails)), &edge);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(axum::serve(listener, router).into_future());

        let [answer, metrics] = spawn_blocking(move || {
            ["/v1/fails", "/metrics"].map(|path| {
                let mut stream = TcpStream::connect(address).unwrap();
                write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                    .unwrap();
                let mut text = String::new();
                stream.read_to_string(&mut text).unwrap();
                text
            })
        })
        .await
        .unwrap();

        assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
        assert!(answer.contains("\"code\":\"INTERNAL\"") && !answer.contains("canary"), "{answer}");
        assert!(
            !answer.contains("hlp-privacy"),
            "what became of the request is not known: {answer}"
        );
        let series = "hlp_requests_total{route=\"/v1/fails\",method=\"GET\",status=\"500\"} 1\n";
        assert!(metrics.contains(series), "{metrics}");
        assert!(metrics.contains("hlp_panics_total 1\n"), "{metrics}");
    }
}
