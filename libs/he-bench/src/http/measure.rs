//! One case: the server, its load, its memory, and the alternative.

use std::time::{Duration, Instant};

use he::{Content, EncryptedScores, EncryptedVector, Matrix};
use he_client::SecretKey;
use hyper::StatusCode;
use hyper::body::Bytes;

use super::bare::Bare;
use super::client::Http;
use super::files::{MatrixFiles, NAME};
use super::options::HttpOptions;
use super::report::{HttpCase, ShortQueue};
use super::server::{Server, Settings};
use super::{alternative, load};
use crate::case::Case;
use crate::cpu;
use crate::failure::Failure;
use crate::statistics::Samples;

/// Repeats of what is timed alone.
pub(super) const REPEATS: usize = 30;

/// Time for the server to give back what only a load needs.
pub(super) const REST: Duration = Duration::from_secs(12);

/// What a client of the case works with.
struct Subject {
    matrix: Matrix,
    vector: Vec<i64>,
    /// The plain product, or the record that is fetched.
    expected: Vec<i64>,
    path: String,
}

/// Times a case over HTTP.
pub(crate) async fn measure(case: &Case, options: &HttpOptions) -> Result<HttpCase, Failure> {
    let rows = case.vectors(case.rows, 1);
    let vector = case.query();
    let product = |row: &Vec<i64>| row.iter().zip(&vector).map(|(a, b)| a * b).sum();
    let expected = match case.layout.content {
        Content::Scores => rows.iter().map(product).collect(),
        Content::Records => rows.iter().map(|row| row[case.record()]).collect(),
    };
    let files = MatrixFiles::write(case, &rows)?;
    let matrix = Matrix::with_layout(&rows, case.layout)?;
    drop(rows);
    let subject = Subject { matrix, vector, expected, path: format!("/v1/matrices/{NAME}/apply") };
    let request = encrypt(case, &subject.vector)?;

    let settings = Settings::new(options.backend);
    let start =
        async |settings| Server::start(&options.server, Some(&files.manifest()), settings).await;
    let server = start(Settings { threads: Some(1), ..settings }).await?;
    let Alone { http, apply, bare, decrypt, response_bytes } =
        alone(&server.http, case, &subject).await?;
    let product_in_server_ms = server.product_ms().await?;
    drop(server);

    let server = start(settings).await?;
    let memory_before = server.memory();
    let mut loads = Vec::new();
    for clients in &options.clients {
        let request = (subject.path.as_str(), &request);
        loads.push(load::run(&server.http, request, clients.get(), options.requests.get()).await?);
    }
    tokio::time::sleep(REST).await;
    let memory_after = server.memory();
    drop(server);

    let clients = options.clients.iter().max().map_or(1, |clients| clients.get());
    let queue = options.short_queue.get();
    let server = start(Settings { queue: Some(queue), ..settings }).await?;
    let short = (subject.path.as_str(), &request);
    let load = load::run(&server.http, short, clients, options.requests.get()).await?;
    drop(server);

    let (keys, encrypts) = client_times(case, &subject.vector)?;
    let first = EncryptedVector::from_bytes(&request)?;
    Ok(HttpCase {
        case: case.to_string(),
        matrix_bytes: subject.matrix.bytes(),
        request_bytes: request.len(),
        response_bytes,
        key: keys.summary(),
        encrypt: encrypts.summary(),
        decrypt: decrypt.summary(),
        apply: apply.summary(),
        http: http.summary(),
        bare: bare.summary(),
        product_in_server_ms,
        loads,
        short_queue: ShortQueue { queue, load },
        memory_before,
        memory_after,
        alternative: alternative::measure(case, &files, &subject.vector).await?,
        cpu: cpu::time(case, &subject.matrix, &first, options.repeats)?,
    })
}

/// What one client sees.
#[derive(Default)]
struct Alone {
    http: Samples,
    apply: Samples,
    bare: Samples,
    decrypt: Samples,
    response_bytes: usize,
}

/// One client that asks in turn with the same product in this process and with a server that computes
/// nothing; every answer is decrypted and compared with the plain product.
async fn alone(http: &Http, case: &Case, subject: &Subject) -> Result<Alone, Failure> {
    let mut alone = Alone {
        response_bytes: EncryptedScores::wire_len_in(case.rows, case.layout),
        ..Alone::default()
    };
    let bare = Bare::start(alone.response_bytes)?;
    for _ in 0..REPEATS {
        let key = SecretKey::generate();
        let request = key.encrypt_in(&subject.vector, case.layout)?.to_bytes();
        let body = Bytes::from(request.clone());
        let start = Instant::now();
        let (status, answer) = http.post(&subject.path, body.clone()).await?;
        alone.http.add(start.elapsed());
        if status != StatusCode::OK {
            let text = String::from_utf8_lossy(&answer);
            return Err(Failure::Http(format!("the server answered {status}: {text}")));
        }
        alone.apply.time(|| {
            let vector = EncryptedVector::from_bytes(&request)?;
            Ok::<_, he::Error>(subject.matrix.apply(&vector)?.to_bytes())
        })?;
        let start = Instant::now();
        let (status, moved) = bare.http.post("/", body).await?;
        alone.bare.add(start.elapsed());
        if status != StatusCode::OK || moved.len() != answer.len() {
            let bytes = moved.len();
            let said = format!("the bare server answered {status} with {bytes} bytes");
            return Err(Failure::Http(said));
        }
        let decrypt = || key.decrypt(&EncryptedScores::from_bytes(&answer)?);
        let scores = alone.decrypt.time(decrypt)?;
        if scores != subject.expected {
            let case = case.to_string();
            return Err(Failure::Differ { case, left: "the server", right: "the plain product" });
        }
    }
    Ok(alone)
}

fn client_times(case: &Case, vector: &[i64]) -> Result<(Samples, Samples), Failure> {
    let (mut keys, mut encrypts) = <(Samples, Samples)>::default();
    for _ in 0..REPEATS {
        let key = keys.time(SecretKey::generate);
        encrypts.time(|| key.encrypt_in(vector, case.layout).map(|vector| vector.to_bytes()))?;
    }
    Ok((keys, encrypts))
}

fn encrypt(case: &Case, vector: &[i64]) -> Result<Bytes, Failure> {
    let key = SecretKey::generate();
    Ok(Bytes::from(key.encrypt_in(vector, case.layout)?.to_bytes()))
}
