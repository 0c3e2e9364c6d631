//! What a matrix costs while it is served, as Linux tells it.
#![cfg(target_os = "linux")]

mod support;

use std::fs;
use std::io::Write as _;
use std::thread::sleep;
use std::time::{Duration, Instant};

use he::{EncryptedVector, Group, Layout};
use he_client::SecretKey;
use serde_json::json;
use support::{Folder, MEDIA_TYPE, Matrix, Request, Server, npy, receive};

const ROWS: usize = 4096;
const COLUMNS: usize = 512;
/// Bytes of an entry in the form that ciphertexts are multiplied with.
const ENCODED: usize = 8;

/// Bytes of memory that a server occupies.
fn resident(server: &Server) -> usize {
    memory(server, "VmRSS:")
}

fn memory(server: &Server, key: &str) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix(key)).expect("it has memory");
    let kilobytes = line.trim().strip_suffix(" kB").expect("they are kilobytes");
    kilobytes.parse::<usize>().expect("a number") * 1024
}

#[test]
fn a_matrix_at_rest_takes_little_more_than_its_encoded_entries() {
    let folder = Folder::new();
    // Floating-point numbers of the largest size: what is kept of them would show.
    let entries = (0..ROWS * COLUMNS).map(|index| ((index % 17) as f64 - 8.0) / 100.0);
    let data: Vec<u8> = entries.flat_map(f64::to_le_bytes).collect();
    let matrix = Matrix::new(vec![]).with("scale", json!(100)).with("group", json!(32));
    let manifest = matrix.write_data(&folder, "m", &npy("<f8", ROWS, COLUMNS, &data));
    let (small, large) = (Server::sample(), Server::of(&[&manifest]));

    let (base, encoded) = (resident(&small), ROWS * COLUMNS * ENCODED);
    let taken = resident(&large).saturating_sub(base);

    assert!(taken >= encoded * 9 / 10, "{taken} of {encoded}: the matrix is not in memory");
    assert!(taken * 100 <= encoded * 115, "{taken} bytes for {encoded}");
}

#[test]
fn what_many_bodies_took_at_once_goes_back_to_the_system() {
    const CLIENTS: usize = 48;
    const PATIENCE: Duration = Duration::from_secs(60);
    let folder = Folder::new();
    let matrix = Matrix::sample(4, 4096, 0).with("group", json!(4));
    let server = Server::of(&[&matrix.write(&folder, "m")]);
    let before = resident(&server);

    let body =
        vec![0x55; EncryptedVector::wire_len_in(4096, Layout::scores(Group::new(4).unwrap()))];
    let head = format!(
        "POST /v1/matrices/m/apply HTTP/1.1\r\nhost: proxy\r\nconnection: close\r\n\
         content-type: {MEDIA_TYPE}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let (last, most) = body.split_last().expect("it is not empty");
    let mut streams: Vec<_> = (0..CLIENTS).map(|_| server.connect()).collect();
    for stream in &mut streams {
        stream.write_all(head.as_bytes()).expect("the head is sent");
        stream.write_all(most).expect("nearly all of the body is sent");
    }
    let all = CLIENTS * body.len();
    let started = Instant::now();
    while resident(&server).saturating_sub(before) < all * 9 / 10 {
        assert!(started.elapsed() < PATIENCE, "the bodies do not arrive");
        sleep(Duration::from_millis(50));
    }
    for stream in &mut streams {
        stream.write_all(&[*last]).expect("the end is sent");
        assert_eq!(receive(stream).refusal(), (400, "CIPHERTEXT_MALFORMED".to_owned()));
    }
    let started = Instant::now();
    // It may come to have less than before.
    let stays = || resident(&server).saturating_sub(before);
    while stays() > all / 10 {
        assert!(started.elapsed() < PATIENCE, "{} of {all} stay", stays());
        sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_body_in_chunks_of_one_byte_takes_little_more_than_its_bytes() {
    const BYTES: usize = 250_000;
    let folder = Folder::new();
    let server = Server::of(&[&Matrix::sample(4, 4096, 0).write(&folder, "m")]);
    let before = memory(&server, "VmHWM:");

    let mut stream = server.connect();
    let head = format!(
        "POST /v1/matrices/m/apply HTTP/1.1\r\nhost: proxy\r\nconnection: close\r\n\
         content-type: {MEDIA_TYPE}\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("the head is sent");
    stream.write_all(&b"1\r\nx\r\n".repeat(BYTES)).expect("the chunks are sent");
    stream.write_all(b"0\r\n\r\n").expect("the end is sent");
    assert_eq!(receive(&mut stream).refusal(), (400, "CIPHERTEXT_MALFORMED".to_owned()));

    let taken = memory(&server, "VmHWM:") - before;
    assert!(taken <= 16 * BYTES, "{taken} bytes for {BYTES}");
}

/// Lets a server have so many bytes of addresses beside those that it has.
fn confine(server: &Server, more: usize) {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};

    let addresses = Some((memory(server, "VmSize:") + more) as u64);
    let limit = Rlimit { current: addresses, maximum: addresses };
    prlimit(Pid::from_raw(server.id() as i32), Resource::As, limit).expect("it is our own child");
}

#[test]
fn a_body_for_which_the_system_has_no_memory_is_refused_and_the_server_goes_on() {
    let folder = Folder::new();
    Matrix::sample(4, 4096, 0).write(&folder, "m");
    let text = "[server]\nmax_queries = 64\n[limits]\nchat_body_bytes = 67108864\n[matrices]\nmanifests = [\"m.json\"]\n\
                [providers.never]\nkind = \"openai\"\nbase_url = \"http://127.0.0.1:9\"\nmodels = [\"*\"]\n";
    let server = Server::configured(&folder.write("config.toml", text));
    let vector = server.get("/v1/matrices/m").json()["request_bytes"].as_u64().unwrap();
    // Room for what arrives, and for no body as a whole.
    confine(&server, 32 << 20);

    for (path, announced) in
        [("/v1/matrices/m/apply", 64 * vector as usize), ("/v1/chat/completions", 64 << 20)]
    {
        assert!(announced >= 64 << 20, "{announced} bytes are no limit");
        let mut stream = server.connect();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: proxy\r\nconnection: close\r\nhlp-disclosure: accept\r\n\
             content-type: {MEDIA_TYPE}\r\ncontent-length: {announced}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).expect("the head is sent");
        // It is answered on the way, and what comes behind is not read.
        let _ = stream.write_all(&vec![b'x'; announced / 4]);

        let response = receive(&mut stream);

        assert_eq!((response.status, response.header("retry-after")), (503, Some("1")), "{path}");
        let text = String::from_utf8(response.body).expect("it is text");
        assert!(text.contains("the system gives no memory for "), "{text}");
        assert_eq!(server.get("/readyz").status, 200);
    }
    server.logged("the system gives no memory for a request");
}

#[test]
fn an_answer_for_which_the_system_has_no_memory_is_refused_and_spends_nothing() {
    let folder = Folder::new();
    Matrix::sample(16_384, 3, 0).with("shards", json!([16_383, 1])).write(&folder, "m");
    let text = "[server]\nmax_queries = 256\n[matrices]\nmanifests = [\"m.json\"]\n";
    let server = Server::configured(&folder.write("config.toml", text));
    let answer = server.get("/v1/matrices/m").json()["response_bytes"].as_u64().unwrap();
    let vectors = (96 << 20) / answer as usize;
    assert!((2..=256).contains(&vectors), "{answer} bytes are the answer to one vector");
    let vector = SecretKey::generate().encrypt(&[1, 2, 3]).unwrap().to_bytes();
    let request = |count, shards: &str| {
        let request = Request::apply("m", &vector.repeat(count)).query(shards);
        server.send(&request.header("hlp-epsilon", "0.01"))
    };
    confine(&server, 64 << 20);

    let response = request(vectors, "shards=0");

    assert_eq!(response.refusal(), (503, "OVERLOADED".to_owned()));
    assert!(response.detail().starts_with("the system gives no memory for "), "{response:?}");
    assert_eq!(server.get("/v1/privacy/budget").json()["queries"], 0);
    assert_eq!(request(1, "shards=1").status, 200);
}

#[test]
fn a_product_for_which_the_system_has_no_memory_is_refused_and_spends_nothing() {
    let folder = Folder::new();
    let matrix = Matrix::sample(66, 4096, 0).with("group", json!(1)).with("shards", json!([65, 1]));
    matrix.write(&folder, "m");
    let text = "[server]\nthreads = 2\nmax_queries = 1\n[matrices]\nmanifests = [\"m.json\"]\n";
    let server = Server::configured(&folder.write("config.toml", text));
    let layout = Layout::scores(Group::new(1).unwrap());
    let vector = SecretKey::generate().encrypt_in(&[0; 4096], layout).unwrap().to_bytes();
    let ask = || {
        let request = Request::apply("m", &vector).query("shards=1");
        server.send(&request.header("hlp-epsilon", "0.01"))
    };
    assert_eq!(ask().status, 200);
    // What the body takes, and what it is read into, and less than is needed beside them.
    confine(&server, vector.len() * 4);

    let response = ask();

    assert_eq!(response.refusal(), (503, "OVERLOADED".to_owned()));
    assert_eq!(response.header("retry-after"), Some("1"));
    assert!(response.detail().contains("the system gives no memory for "), "{response:?}");
    assert_eq!(server.get("/v1/privacy/budget").json()["queries"], 1);
    server.logged("the system gives no memory for a request");
    // It goes on.
    assert_eq!(server.get("/readyz").status, 200);
}
