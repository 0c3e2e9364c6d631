//! One case: the server, its load, its memory, and the alternative.

use he::{EncryptedScores, EncryptedVector, Layout, Matrix};
use he_client::SecretKey;
use hyper::StatusCode;
use hyper::body::Bytes;

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
const REPEATS: usize = 30;

/// What a client of the case works with.
struct Subject {
    matrix: Matrix,
    vector: Vec<i64>,
    /// The plain product.
    expected: Vec<i64>,
    path: String,
}

/// Times a case over HTTP.
pub(crate) async fn measure(case: &Case, options: &HttpOptions) -> Result<HttpCase, Failure> {
    let rows = case.vectors(case.rows, 1);
    let vector = case.vectors(1, 2).remove(0);
    let product = |row: &Vec<i64>| row.iter().zip(&vector).map(|(a, b)| a * b).sum();
    let expected = rows.iter().map(product).collect();
    let files = MatrixFiles::write(case, &rows)?;
    let matrix = Matrix::with_layout(&rows, Layout::scores(case.group))?;
    drop(rows);
    let subject = Subject { matrix, vector, expected, path: format!("/v1/matrices/{NAME}/apply") };
    let request = encrypt(case, &subject.vector)?;

    let start = async |settings| Server::start(&options.server, &files.manifest(), settings).await;
    let server = start(Settings { threads: Some(1), ..Settings::default() }).await?;
    let (http, apply, decrypt, response_bytes) = alone(&server.http, case, &subject).await?;
    drop(server);

    let server = start(Settings::default()).await?;
    let memory_before = server.memory();
    let mut loads = Vec::new();
    for clients in &options.clients {
        let request = (subject.path.as_str(), &request);
        loads.push(load::run(&server.http, request, clients.get(), options.requests.get()).await?);
    }
    let memory_after = server.memory();
    drop(server);

    let clients = options.clients.iter().max().map_or(1, |clients| clients.get());
    let queue = options.short_queue.get();
    let server = start(Settings { queue: Some(queue), ..Settings::default() }).await?;
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
        loads,
        short_queue: ShortQueue { queue, load },
        memory_before,
        memory_after,
        alternative: alternative::measure(&files, &subject.vector, REPEATS).await?,
        cpu: cpu::time(case, &subject.matrix, &first, options.repeats)?,
    })
}

/// One client that asks in turn with the same product in this process; every answer is decrypted
/// and compared with the plain product.
async fn alone(
    http: &Http,
    case: &Case,
    subject: &Subject,
) -> Result<(Samples, Samples, Samples, usize), Failure> {
    let (mut over_http, mut apply, mut decrypt) = <(Samples, Samples, Samples)>::default();
    let mut response_bytes = 0;
    for _ in 0..REPEATS {
        let key = SecretKey::generate();
        let request = key.encrypt_in(&subject.vector, Layout::scores(case.group))?.to_bytes();
        let body = Bytes::from(request.clone());
        let start = std::time::Instant::now();
        let (status, answer) = http.post(&subject.path, body).await?;
        over_http.add(start.elapsed());
        if status != StatusCode::OK {
            let text = String::from_utf8_lossy(&answer);
            return Err(Failure::Http(format!("the server answered {status}: {text}")));
        }
        apply.time(|| {
            let vector = EncryptedVector::from_bytes(&request)?;
            Ok::<_, he::Error>(subject.matrix.apply(&vector)?.to_bytes())
        })?;
        let scores = decrypt.time(|| key.decrypt(&EncryptedScores::from_bytes(&answer)?))?;
        if scores != subject.expected {
            let case = case.to_string();
            return Err(Failure::Differ { case, left: "the server", right: "the plain product" });
        }
        response_bytes = answer.len();
    }
    Ok((over_http, apply, decrypt, response_bytes))
}

fn client_times(case: &Case, vector: &[i64]) -> Result<(Samples, Samples), Failure> {
    let (mut keys, mut encrypts) = <(Samples, Samples)>::default();
    for _ in 0..REPEATS {
        let key = keys.time(SecretKey::generate);
        encrypts.time(|| {
            key.encrypt_in(vector, Layout::scores(case.group)).map(|vector| vector.to_bytes())
        })?;
    }
    Ok((keys, encrypts))
}

fn encrypt(case: &Case, vector: &[i64]) -> Result<Bytes, Failure> {
    let key = SecretKey::generate();
    Ok(Bytes::from(key.encrypt_in(vector, Layout::scores(case.group))?.to_bytes()))
}
