//! Sharded matrices: choices of shards, what they cost, and the budget of the day.

mod support;

use he::EncryptedScores;
use he_client::SecretKey;
use serde_json::{Value, json};
use support::{Folder, Matrix, Request, Server, npy};

const SHARDS: [usize; 3] = [4, 7, 2];
const VECTOR: [i64; 5] = [1, -2, 3, -4, 5];

/// A server of a matrix in three shards, with its key and a request for it.
struct Setting {
    server: Server,
    matrix: Matrix,
    key: SecretKey,
    body: Vec<u8>,
    _folder: Folder,
}

impl Setting {
    fn new(configuration: &str) -> Self {
        let folder = Folder::new();
        folder.write("c.npy", npy("|i1", 3, 5, &[1, 2, 3, 4, 5, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0]));
        let matrix = Matrix::sample(13, 5, 0).with("shards", json!(SHARDS));
        let matrix = matrix.with("centroids", json!("c.npy"));
        matrix.write(&folder, "m");
        let text = format!("{configuration}\n[matrices]\nmanifests = [\"m.json\"]\n");
        let config = folder.write("config.toml", text);
        let server = Server::configured(&config);
        let key = SecretKey::generate();
        let body = key.encrypt(&VECTOR).expect("the vector is encrypted").to_bytes();
        Self { server, matrix, key, body, _folder: folder }
    }

    fn ask(&self, shards: &str, epsilon: &str) -> support::Response {
        let request = Request::apply("m", &self.body).query(&format!("shards={shards}"));
        self.server.send(&request.header("hlp-epsilon", epsilon))
    }

    /// The scores of these shards, one list for each.
    fn decrypt(&self, mut bytes: &[u8], shards: &[usize]) -> Vec<Vec<i64>> {
        let scores = shards.iter().map(|shard| {
            let (message, rest) = bytes.split_at(EncryptedScores::wire_len(SHARDS[*shard]));
            bytes = rest;
            let scores = EncryptedScores::from_bytes(message).expect("they are scores");
            self.key.decrypt(&scores).expect("they are decrypted")
        });
        let scores = scores.collect();
        assert!(bytes.is_empty());
        scores
    }

    /// The plain scores of these shards.
    fn expected(&self, shards: &[usize]) -> Vec<Vec<i64>> {
        let scores = self.matrix.times(&VECTOR);
        let of = |shard: &usize| {
            let start = SHARDS[..*shard].iter().sum::<usize>();
            scores[start..start + SHARDS[*shard]].to_vec()
        };
        shards.iter().map(of).collect()
    }

    fn budget(&self) -> Value {
        self.server.get("/v1/privacy/budget").json()
    }
}

#[test]
fn a_full_query_is_answered_shard_by_shard_and_spends_nothing() {
    let setting = Setting::new("");
    let response = setting.server.apply("m", &setting.body);
    let all = [0, 1, 2];
    assert_eq!(setting.decrypt(response.ciphertexts(), &all), setting.expected(&all));
    assert_eq!(response.header("hlp-privacy"), Some("encrypted"));
    assert_eq!(setting.budget()["queries"], 0);
    let described = setting.server.get("/v1/matrices/m").json();
    assert_eq!(described["response_bytes"], response.body.len());
    let bytes = SHARDS.map(EncryptedScores::wire_len);
    let shards = [0, 1, 2].map(|i| json!({ "rows": SHARDS[i], "response_bytes": bytes[i] }));
    assert_eq!(described["shards"], json!(shards));
}

#[test]
fn chosen_shards_are_answered_in_ascending_order_for_every_vector() {
    let setting = Setting::new("");
    let response = setting.ask("0,2", "3");
    assert_eq!(setting.decrypt(response.ciphertexts(), &[0, 2]), setting.expected(&[0, 2]));
    assert_eq!(response.header("hlp-privacy"), Some("randomized;eps=3"));
    let twice = Request::apply("m", &setting.body.repeat(2)).query("shards=1");
    let twice = setting.server.send(&twice.header("hlp-epsilon", "0.5"));
    assert_eq!(twice.header("hlp-privacy"), Some("randomized;eps=0.5"));
    let scores = setting.decrypt(twice.ciphertexts(), &[1, 1]);
    assert_eq!(scores, setting.expected(&[1, 1]));
}

#[test]
fn centroids_are_served_with_the_version_that_they_belong_to() {
    let setting = Setting::new("");
    let version = setting.server.get("/v1/matrices/m").json()["version"].clone();
    let centroids = [[1, 2, 3, 4, 5], [0; 5], [-1, 0, 0, 0, 0]];
    let response = setting.server.get("/v1/matrices/m/centroids");
    assert_eq!(response.json(), json!({ "version": version, "centroids": centroids }));
    assert_eq!(response.header("etag"), Some(&*version.to_string()));
}

#[test]
fn a_choice_without_a_valid_epsilon_or_with_shards_that_cannot_be_is_refused() {
    let setting = Setting::new("");
    let request = Request::apply("m", &setting.body).query("shards=1");
    let refusal = setting.server.send(&request).refusal();
    assert_eq!(refusal, (400, "EPSILON_REQUIRED".to_owned()));
    for epsilon in ["0", "-1", "NaN", "inf", "x", "1e300", "1e-300"] {
        let refusal = setting.ask("1", epsilon).refusal();
        assert_eq!(refusal, (400, "EPSILON_INVALID".to_owned()), "{epsilon}");
    }
    for shards in ["", "2,1", "1,1", "3", "1,", "x", "-1", "99999999999999999999"] {
        let refusal = setting.ask(shards, "3").refusal();
        assert_eq!(refusal, (400, "SHARDS_INVALID".to_owned()), "{shards}");
    }
    let whole = Server::sample();
    let body = SecretKey::generate().encrypt(&[1, 2, 3]).unwrap().to_bytes();
    let request = Request::apply("sample", &body).query("shards=0").header("hlp-epsilon", "3");
    assert_eq!(whole.send(&request).refusal(), (400, "SHARDS_INVALID".to_owned()));
    assert_eq!(setting.budget()["queries"], 0);
}

#[test]
fn the_budget_is_told_without_the_digits_that_rounding_has_left() {
    let setting = Setting::new("");
    for _ in 0..3 {
        assert_eq!(setting.ask("1", "0.1").status, 200);
    }
    let epsilon = &setting.budget()["epsilon"];
    assert_eq!([&epsilon["spent"], &epsilon["basic"], &epsilon["rho"]], [0.3, 0.3, 0.015]);
    let setting = Setting::new("");
    for _ in 0..4 {
        assert_eq!(setting.ask("1", "3").status, 200);
    }
    let expected = "a query of epsilon 0.1 would bring the day to 12.1, and its budget is 12; \
                    a full search costs nothing";
    assert_eq!(setting.ask("1", "0.1").detail(), expected);
}

#[test]
fn a_spent_budget_refuses_choices_and_never_a_full_query() {
    let setting = Setting::new("[privacy]\nepsilon_per_day = 5.0\ndelta = 1e-9");
    assert_eq!(setting.ask("0", "2.5").status, 200);
    assert_eq!(setting.ask("0", "2.5").status, 200);
    let refused = setting.ask("0", "0.5");
    assert_eq!(refused.refusal(), (403, "PRIVACY_BUDGET_EXHAUSTED".to_owned()));
    assert_eq!(setting.server.apply("m", &setting.body).status, 200);
    let mut budget = setting.budget();
    let day = budget["day"].take();
    let resets_at = budget["resets_at"].take();
    assert_eq!(budget["client"], "anonymous");
    assert_eq!(budget["queries"], 2);
    let epsilon = json!({ "spent": 5.0, "basic": 5.0, "rho": 6.25, "cap": 5.0, "delta": 1e-9 });
    assert_eq!(budget["epsilon"], epsilon);
    assert_eq!(budget["disclosed"], json!({ "requests": 0, "bytes": 0 }));
    let (day, resets_at) = (day.as_str().unwrap(), resets_at.as_str().unwrap());
    assert_eq!((day.len(), resets_at.len()), ("2026-11-26".len(), "2026-11-27T00:00:00Z".len()));
    assert!(resets_at > day, "{resets_at} {day}");
}

#[test]
fn a_request_that_is_refused_spends_nothing() {
    let setting = Setting::new("");
    let request = Request::apply("m", &setting.body).query("shards=1").header("hlp-epsilon", "3");
    let mut broken = setting.body.clone();
    broken.iter_mut().skip(10).for_each(|byte| *byte = 0xff);
    for (request, status) in [
        (request.clone().body(&broken), 400),
        (request.clone().body(&setting.body.repeat(9)), 413),
        (request.clone().header("content-type", "text/plain"), 415),
        (request.clone().header("if-match", "\"sha256:00\""), 412),
    ] {
        assert_eq!(setting.server.send(&request).status, status);
    }
    assert_eq!(setting.budget()["queries"], 0);
    assert_eq!(setting.server.send(&request).status, 200);
    assert_eq!(setting.budget()["queries"], 1);
}
