//! More requests than the cores can answer.

mod support;

use std::io::Write as _;
use std::thread;

use he_client::SecretKey;
use serde_json::json;
use support::{Folder, Matrix, Request, Server, eventually};

/// A server with one core and one place to wait, and a request that keeps the core busy for a while.
fn busy() -> (Server, Vec<u8>, Folder) {
    let folder = Folder::new();
    Matrix::sample(640, 1024, 0).write(&folder, "m");
    let text = "[server]\nthreads = 1\nqueue = 1\n[matrices]\nmanifests = [\"m.json\"]\n";
    let config = folder.write("config.toml", text);
    let server = Server::configured(&config);
    let body =
        SecretKey::generate().encrypt(&[1; 1024]).expect("it is encrypted").to_bytes().repeat(3);
    (server, body, folder)
}

#[test]
fn requests_beyond_the_queue_are_shed_and_everything_else_is_answered() {
    let (server, body, _folder) = busy();
    let mut answered = 0;
    thread::scope(|scope| {
        let ask = || scope.spawn(|| server.apply("m", &body));
        let asked: Vec<_> = (0..6).map(|_| ask()).collect();
        // The cores are busy, the connections are not.
        assert_eq!(server.get("/healthz").status, 200);
        for response in asked.into_iter().map(|asked| asked.join().expect("it is answered")) {
            if response.status == 200 {
                answered += 1;
                continue;
            }
            assert_eq!(response.refusal(), (503, "OVERLOADED".to_owned()));
            let seconds = response.header("retry-after").expect("it says when to come back");
            assert!(seconds.parse::<u32>().unwrap() > 0);
        }
    });
    assert!((1..6).contains(&answered), "{answered} of 6 were answered");
    // The core is free again.
    assert_eq!(server.apply("m", &body).status, 200);
}

/// The number of requests that wait for a core.
fn waiting(server: &Server) -> Option<u32> {
    let metrics = String::from_utf8(server.get("/metrics").body).expect("metrics are text");
    let line = metrics.lines().find_map(|line| line.strip_prefix("hlp_products_waiting "))?;
    line.parse().ok()
}

#[test]
fn a_client_that_goes_away_frees_its_place() {
    let (server, body, _folder) = busy();
    let long = body.repeat(2);
    thread::scope(|scope| {
        let works = scope.spawn(|| server.apply("m", &long));
        eventually("the core is busy", || (waiting(&server) == Some(0)).then_some(()));
        let mut waits = server.connect();
        Request::apply("m", &body).send(&mut waits);
        eventually("it waits", || (waiting(&server) == Some(1)).then_some(()));
        drop(waits);
        eventually("it waits no more", || (waiting(&server) == Some(0)).then_some(()));
        assert!(!works.is_finished(), "the core was free too early to tell");
        assert_eq!(server.apply("m", &body).status, 200);
        assert_eq!(works.join().expect("it is answered").status, 200);
    });
}

#[test]
fn memory_for_an_answer_is_refused_while_others_take_it_and_spends_nothing() {
    let folder = Folder::new();
    Matrix::sample(640, 3, 0).with("shards", json!([639, 1])).write(&folder, "m");
    // Memory for four requests with their answers, of which an answer is by far the larger part.
    let limits = "threads = 1\nqueue = 1\nmax_queries = 1";
    let text = format!("[server]\n{limits}\n[matrices]\nmanifests = [\"m.json\"]\n");
    let server = Server::configured(&folder.write("config.toml", text));
    let body = SecretKey::generate().encrypt(&[1, 2, 3]).expect("it is encrypted").to_bytes();
    let request = Request::apply("m", &body).query("shards=0").header("hlp-epsilon", "0.01");
    let spent = || server.get("/v1/privacy/budget").json()["queries"].as_u64();

    let mut unfinished = Vec::new();
    let refused = eventually("there is no room for an answer", || {
        let response = server.send(&request);
        if response.status != 200 {
            return Some(response);
        }
        let mut stream = server.connect();
        let head = Request::apply("m", &[]).head(body.len());
        stream.write_all(head.as_bytes()).expect("the head is sent");
        stream.write_all(&body[1..]).expect("all but one byte is sent");
        unfinished.push(stream);
        None
    });

    assert_eq!(refused.refusal(), (503, "OVERLOADED".to_owned()));
    assert_eq!(spent(), Some(unfinished.len() as u64));
    // The body had room, and so has a smaller answer.
    let small = Request::apply("m", &body).query("shards=1").header("hlp-epsilon", "0.01");
    assert_eq!(server.send(&small).status, 200);
    drop(unfinished);
    eventually("there is room again", || (server.send(&request).status == 200).then_some(()));
}

#[test]
fn answers_that_nobody_reads_are_counted_until_they_are_sent() {
    let folder = Folder::new();
    Matrix::sample(16_384, 3, 0).write(&folder, "m");
    // Memory for four requests with their answers, each of more than the buffers of the system take.
    let limits = "threads = 1\nqueue = 1\nmax_queries = 8";
    let text = format!("[server]\n{limits}\n[matrices]\nmanifests = [\"m.json\"]\n");
    let server = Server::configured(&folder.write("config.toml", text));
    let vector = SecretKey::generate().encrypt(&[1, 2, 3]).expect("it is encrypted").to_bytes();
    let computed = || {
        let metrics = String::from_utf8(server.get("/metrics").body).expect("metrics are text");
        let count =
            |line: &str| line.strip_prefix("hlp_apply_seconds_count ")?.parse::<usize>().ok();
        metrics.lines().find_map(count).unwrap_or_default()
    };

    let unread: Vec<_> = (1..=4)
        .map(|number| {
            let mut stream = server.connect();
            Request::apply("m", &vector.repeat(8)).send(&mut stream);
            eventually("it is computed", || (computed() == number).then_some(()));
            stream
        })
        .collect();
    assert_eq!(server.apply("m", &vector).refusal(), (503, "OVERLOADED".to_owned()));
    drop(unread);
    let free = || (server.apply("m", &vector.repeat(8)).status == 200).then_some(());
    eventually("there is room again", free);
}

#[test]
fn there_is_memory_for_as_many_requests_of_a_matrix_that_has_grown() {
    let folder = Folder::new();
    Matrix::sample(4, 3, 0).write(&folder, "m");
    let limits = "threads = 1\nqueue = 1\nmax_queries = 1";
    let reload = "reload_seconds = 1";
    let text = format!("[server]\n{limits}\n[matrices]\nmanifests = [\"m.json\"]\n{reload}\n");
    let server = Server::configured(&folder.write("config.toml", text));
    let length = || server.get("/v1/matrices/m").json()["request_bytes"].as_u64();
    let short = length();

    Matrix::sample(4, 4096, 1).write(&folder, "m");
    eventually("it has grown", || (length() != short).then_some(()));

    let body = SecretKey::generate().encrypt(&[1; 4096]).expect("it is encrypted").to_bytes();
    let unfinished = || {
        let mut stream = server.connect();
        let head = Request::apply("m", &[]).head(body.len());
        stream.write_all(head.as_bytes()).expect("the head is sent");
        stream.write_all(&body[1..]).expect("all but one byte is sent");
        stream
    };
    // Four of the largest find room, whatever the largest was when the server started.
    let _streams = [unfinished(), unfinished(), unfinished()];
    assert_eq!(server.apply("m", &body).status, 200);
}

#[test]
fn the_number_of_vectors_is_limited_beside_a_matrix_whose_vectors_are_longer() {
    let folder = Folder::new();
    for (name, columns) in [("narrow", 3), ("wide", 4096)] {
        Matrix::sample(2, columns, 0).write(&folder, name);
    }
    let manifests = "manifests = [\"narrow.json\", \"wide.json\"]";
    let text = format!("[server]\nmax_queries = 2\n[matrices]\n{manifests}\n");
    let server = Server::configured(&folder.write("config.toml", text));
    let vector = SecretKey::generate().encrypt(&[1, 2, 3]).expect("it is encrypted").to_bytes();
    assert_eq!(server.apply("narrow", &vector.repeat(2)).status, 200);

    // It is far below what a body for the wide matrix may have.
    let response = server.apply("narrow", &vector.repeat(3));

    assert_eq!(response.refusal(), (413, "BODY_TOO_LARGE".to_owned()));
    let expected = format!("the body has more than 2 vectors of {} bytes", vector.len());
    assert_eq!(response.detail(), expected);
}
