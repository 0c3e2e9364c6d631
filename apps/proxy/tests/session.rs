//! A whole session of a client, of which nothing secret is in what the server writes down.

mod support;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
#[cfg(feature = "otlp")]
use std::sync::{Arc, Mutex};
use std::thread;

use axum::body::Bytes;
use he_client::SecretKey;
use serde_json::json;
use support::{Folder, Matrix, Request, Server, command, npy, sha256};

const TOKEN: &str = "canary-token-5f1d7c0b2e";
const PROVIDER_KEY: &str = "canary-key-93ab6e41d8";
const PROMPT: &str = "canary-prompt-c2b7f6a954";
const ANSWER: &str = "canary-answer-11e0d3c8b7";
const QUERY: &str = "canary-query-7a61f5e0c3";
/// Entries that no other number of the session looks like.
const VECTOR: [i64; 5] = [613, -277, 31, -59, 97];

/// A server that gives what `answer` makes of the head and the body of each request.
fn stand_in(answer: impl Fn(&str, &[u8]) -> String + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it has an address").to_string();
    thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut reader = BufReader::new(stream.try_clone().expect("the stream has a twin"));
            let (mut head, mut length) = (String::new(), 0);
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                let value = line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned);
                length = value.map_or(length, |value| value.trim().parse().expect("a number"));
                head += &line;
                line.clear();
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).expect("the body arrives");
            let answer = answer(&head, &body);
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
            let length = answer.len();
            let sent = write!(stream, "{head}content-length: {length}\r\n\r\n{answer}");
            sent.expect("the answer is sent");
        }
    });
    address
}

/// A provider that answers every request with the canary.
fn provider() -> String {
    stand_in(|_, body| {
        assert!(String::from_utf8_lossy(body).contains(PROMPT));
        json!({ "choices": [ANSWER] }).to_string()
    })
}

/// A collector of traces, and everything that has come to it.
#[cfg(feature = "otlp")]
fn collector() -> (String, Arc<Mutex<Vec<u8>>>) {
    let collected = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&collected);
    let address = stand_in(move |head, body| {
        let mut all = sink.lock().expect("no request has failed");
        all.extend_from_slice(head.as_bytes());
        all.extend_from_slice(body);
        String::new()
    });
    (format!("http://{address}"), collected)
}

/// The ways in which bytes might be written down.
fn spellings(bytes: &[u8]) -> [String; 7] {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let list: Vec<String> = bytes.iter().map(u8::to_string).collect();
    let debug = format!("{:?}", Bytes::copy_from_slice(bytes));
    let escaped = debug[2..debug.len() - 1].to_owned();
    let json = json!(escaped).to_string();
    let in_json = json[1..json.len() - 1].to_owned();
    let base64 = base64(bytes);
    [hex.to_uppercase(), hex, list.join(", "), list.join(","), escaped, in_json, base64]
}

/// Of as many bytes as are written without padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = bytes.chunks_exact(3).flat_map(|three| {
        let bits = three.iter().fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| char::from(DIGITS[bits >> shift & 63]))
    });
    digits.collect()
}

/// Every secret of the session as bytes: as it might be written down, or sent as it is.
fn canaries(bodies: &[&[u8]]) -> Vec<Vec<u8>> {
    let pairs = VECTOR.windows(2);
    let raw = pairs.map(|pair| [pair[0].to_le_bytes(), pair[1].to_le_bytes()].concat());
    let raw = raw.chain(
        VECTOR
            .windows(2)
            .map(|pair| pair.iter().flat_map(|entry| (*entry as i32).to_le_bytes()).collect()),
    );
    let raw = raw.chain(bodies.iter().flat_map(|body| windows(body).map(<[u8]>::to_vec)));
    spelled(bodies).into_iter().map(String::into_bytes).chain(raw).collect()
}

/// Some pieces of a message, behind the header, which is the same for everybody, and where base64
/// begins anew.
fn windows(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    body[12..].chunks_exact(6).step_by(97)
}

/// Every secret of the session, as it might be written down.
fn spelled(bodies: &[&[u8]]) -> Vec<String> {
    let words = [TOKEN, PROVIDER_KEY, PROMPT, ANSWER, QUERY];
    let mut canaries: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    canaries.push(sha256(TOKEN.as_bytes()));
    let secrets = [TOKEN, PROVIDER_KEY].into_iter();
    canaries.extend(secrets.flat_map(|secret| spellings(&secret.as_bytes()[..12])));
    canaries.extend(VECTOR.windows(2).flat_map(|pair| {
        [format!("{}, {}", pair[0], pair[1]), format!("{},{}", pair[0], pair[1])]
    }));
    for body in bodies {
        canaries.extend(windows(body).flat_map(spellings));
    }
    canaries
}

#[test]
fn no_prompt_token_vector_or_key_is_in_the_log_the_metrics_or_the_traces() {
    let folder = Folder::new();
    folder.write("c.npy", npy("|i1", 2, 5, &[1; 10]));
    let matrix = Matrix::sample(9, 5, 0).with("shards", json!([4, 5]));
    matrix.with("centroids", json!("c.npy")).write(&folder, "m");
    folder.write(
        "tokens.toml",
        format!("[clients.ada]\nsha256 = \"{}\"\n", sha256(TOKEN.as_bytes())),
    );
    let config = folder.write(
        "config.toml",
        format!(
            "[log]\nlevel = \"trace\"\n[auth]\ntokens = \"tokens.toml\"\n\
             [matrices]\nmanifests = [\"m.json\"]\nreload_seconds = 1\n\
             [providers.local]\nkind = \"openai\"\nbase_url = \"http://{}\"\n\
             api_key_env = \"CANARY_KEY\"\nmodels = [\"tiny\"]\n\
             [providers.other]\nkind = \"anthropic\"\nbase_url = \"http://{}\"\n\
             api_key_env = \"CANARY_KEY\"\nmodels = [\"tiny\"]\n",
            provider(),
            provider()
        ),
    );
    let mut command = command();
    command.args(["serve", "--listen", "127.0.0.1:0", "--config"]).arg(&config);
    #[cfg(feature = "otlp")]
    let (collector, traces) = collector();
    #[cfg(feature = "otlp")]
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", collector);
    let server = Server::run(command.env("CANARY_KEY", PROVIDER_KEY));
    let signed = |request: Request| request.header("authorization", &format!("Bearer {TOKEN}"));

    let key = SecretKey::generate();
    let vector = key.encrypt(&VECTOR).unwrap().to_bytes();
    let mut broken = vector.clone();
    broken[100..].fill(0xff);
    let apply = signed(Request::apply("m", &vector));
    let scores = server.send(&apply);
    let chosen = apply.clone().query("shards=1").header("hlp-epsilon", "3");
    let prompt = json!({ "model": "tiny", "messages": [{ "role": "user", "content": PROMPT }] });
    let chat =
        Request::new("POST", "/v1/chat/completions").header("content-type", "application/json");
    let chat = signed(chat).body(prompt.to_string().as_bytes());
    let consenting = chat.clone().header("hlp-disclosure", "accept");
    let message = Request::new("POST", "/v1/messages").header("hlp-disclosure", "accept");
    let message = signed(message).body(prompt.to_string().as_bytes());
    let cut = format!("{{\"model\": \"tiny\", \"x\": \"{PROMPT}");
    for (status, request) in [
        (200, chosen),
        (200, apply.clone().query(&format!("other={QUERY}"))),
        (400, apply.clone().body(&broken)),
        (400, apply.clone().query(&format!("shards={QUERY}"))),
        (401, apply.clone().without("authorization")),
        (401, apply.clone().header("authorization", &format!("Bearer {TOKEN}x"))),
        (400, apply.clone().header("if-match", QUERY)),
        (412, apply.clone().header("if-match", &format!("\"{QUERY}\""))),
        (415, apply.header("content-type", QUERY)),
        (404, signed(Request::apply(QUERY, &vector))),
        (404, signed(Request::get(&format!("/{QUERY}")))),
        (403, chat.clone()),
        (200, consenting.clone()),
        (200, message),
        (400, consenting.body(cut.as_bytes())),
    ] {
        assert_eq!(server.send(&request).status, status);
    }
    let document = server.get("/openapi.json").json();
    let routes = document["paths"].as_object().expect("there are paths");
    for route in routes.keys() {
        let path = route.replace("{name}", "m");
        assert_ne!(server.send(&signed(Request::get(&format!("{path}?x={QUERY}")))).status, 404);
    }
    // A new version is an event of its own.
    Matrix::sample(9, 5, 1).write(&folder, "m");
    support::eventually("the new version", || server.log().contains("a new version").then_some(()));

    let metrics = server.send(&signed(Request::get("/metrics")));
    let metrics = String::from_utf8(metrics.body).expect("metrics are text");
    for name in [
        "hlp_requests_total",
        "hlp_apply_seconds_count",
        "hlp_privacy_epsilon_spent_total 3",
        "hlp_disclosures_total 2",
        "hlp_matrix_reloads_total{result=\"loaded\"} 1",
        "hlp_products_waiting 0",
    ] {
        assert!(metrics.contains(name), "{name} is not in {metrics}");
    }
    assert!(!metrics.contains("ada"), "a client is in the metrics: {metrics}");
    for name in metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()) {
        assert!(metrics.contains(&format!("# HELP {name} ")), "{name} is not explained: {metrics}");
    }
    let canaries = canaries(&[&vector, scores.ciphertexts()]);
    // The last spans leave when it ends.
    let log = server.stop();
    for route in routes.keys() {
        assert!(log.contains(&format!("\"route\":\"{route}\"")), "{route} is not in {log}");
    }
    assert!(log.contains("\"client\":\"ada\""), "{log}");
    let written = [("log", log.into_bytes()), ("metrics", metrics.into_bytes())].into_iter();
    #[cfg(feature = "otlp")]
    let written = {
        let traces = traces.lock().expect("it has collected").clone();
        for part in ["hlp-proxy", "POST /v1/matrices/{name}/apply", "POST /v1/chat/completions"] {
            assert!(contains(&traces, part.as_bytes()), "{part} is in no trace");
        }
        written.chain([("traces", traces)])
    };
    for (place, text) in written {
        for canary in &canaries {
            let (shown, text_shown) = (canary.escape_ascii(), text.escape_ascii());
            assert!(!contains(&text, canary), "{shown} is in the {place}: {text_shown}");
        }
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
