//! From a manifest to a matrix that is served.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use he::Engine;

use super::encode::Encoder;
use super::entries::Rule;
use super::error::{LoadError, Reason};
use super::folder;
use super::manifest::{Kind, Manifest};
use super::served::{Centroids, Records, Served, Shards};
use super::source::{Format, Source};
use crate::hex::Hex;
use crate::regular_file;

/// Loads what a manifest names; a large matrix keeps so many threads busy for seconds.
///
/// The rows are read part by part, and only their encoded form is kept.
pub(super) fn load(
    manifest: &Path,
    engine: &Engine,
    threads: NonZeroUsize,
) -> Result<Served, LoadError> {
    let Opened { content, file, mut source, records, centroids } = open(manifest)?;
    let (rows, columns) = (source.rows(), source.columns());
    let layout = content.layout().map_err(|reason| reason.at(manifest))?;
    let whole = [rows];
    let parts = Encoder::new(&content, engine, threads)
        .and_then(|encoder| encoder.parts(&mut source, content.shards.as_deref().unwrap_or(&whole)))
        .map_err(|reason| reason.at(&file))?;
    if source.vanished() {
        return Err(Reason::Vanished.at(&file));
    }
    let digest = source.finish().map_err(|error| Reason::Read(error).at(&file))?;
    check_digest(&content.sha256, &digest).map_err(|reason| reason.at(&file))?;

    let version = content.version(&digest, centroids.as_ref().map(|(_, digest)| digest));
    let centroids = centroids
        .map(|(centroids, _)| Centroids { version: version.clone(), centroids }.to_json())
        .transpose()
        .map_err(|reason| reason.at(manifest))?;
    let shards = content.shards.map(|_| Shards { centroids });
    let Manifest { name, kind, scale, generation, .. } = content;
    Ok(Served {
        name,
        kind,
        rows,
        columns,
        layout,
        scale,
        version,
        generation,
        parts,
        shards,
        records,
    })
}

/// Loads a matrix and keeps nothing of it but its name: what cannot be served is found.
pub(crate) fn check(
    manifest: &Path,
    engine: &Engine,
    threads: NonZeroUsize,
) -> Result<String, LoadError> {
    load(manifest, engine, threads).map(|matrix| matrix.name)
}

/// Reads a manifest and the headers of its files, but no row, and gives the name of the matrix.
pub(crate) fn examine(manifest: &Path) -> Result<String, LoadError> {
    open(manifest).map(|opened| opened.content.name)
}

/// A manifest whose files have been opened, and fit it as far as their headers tell.
struct Opened {
    content: Manifest,
    file: PathBuf,
    source: Source,
    records: Option<Records>,
    centroids: Option<Digested>,
}

fn open(manifest: &Path) -> Result<Opened, LoadError> {
    let text = folder::read_manifest(manifest)?;
    let content = Manifest::parse(&text).map_err(|reason| reason.at(manifest))?;
    let file = folder::resolve(manifest, "data", &content.data)?;
    let source = open_data(&content, &file)?;
    let records = check_fit(&content, &source).map_err(|reason| reason.at(manifest))?;
    let centroids = load_centroids(manifest, &content, source.columns())?;
    Ok(Opened { content, file, source, records, centroids })
}

fn open_data(content: &Manifest, file: &Path) -> Result<Source, LoadError> {
    let extension = file.extension().and_then(|extension| extension.to_str());
    let format = match (extension, &content.tensor) {
        (Some("npy"), None) => Ok(Format::Npy),
        (Some("npy"), Some(_)) => Err(Reason::key("tensor", "a .npy file has no tensors")),
        (Some("safetensors"), Some(tensor)) => Ok(Format::Safetensors(tensor)),
        (Some("safetensors"), None) => Err(Reason::key("tensor", "a .safetensors file needs it")),
        _ => Err(Reason::key("data", "it is neither a .npy nor a .safetensors file")),
    };
    let open = |format| {
        let source = Source::open(regular_file::open(file)?, format)?;
        match (source.dtype().is_float(), content.kind, content.scale) {
            (true, Kind::Records, _) => Err(Reason::Type("of floating-point numbers".to_owned())),
            (true, _, None) => Err(Reason::Unscaled),
            _ => Ok(source),
        }
    };
    format.and_then(open).map_err(|reason| reason.at(file))
}

/// Whether shards and records fit the shape of the data.
fn check_fit(content: &Manifest, source: &Source) -> Result<Option<Records>, Reason> {
    let (rows, columns) = (source.rows(), source.columns());
    if let Some(shards) = &content.shards {
        let sum = shards.iter().fold(0_usize, |sum, shard| sum.saturating_add(*shard));
        if sum != rows {
            let what = format!("they sum to {sum} rows; the data has {rows}");
            return Err(Reason::key("shards", what));
        }
    }
    let (Some(bytes), Some(count)) = (content.record_bytes, content.records) else {
        return Ok(None);
    };
    if !rows.is_multiple_of(bytes) {
        let what = format!("{bytes} does not divide the {rows} rows of the data");
        return Err(Reason::key("record_bytes", what));
    }
    let room = rows / bytes * columns;
    if count > room {
        return Err(Reason::key(
            "records",
            format!("{count} do not fit: there is room for {room}"),
        ));
    }
    Ok(Some(Records { bytes, count }))
}

type Digested = (Vec<Vec<i32>>, [u8; 32]);

fn load_centroids(
    manifest: &Path,
    content: &Manifest,
    columns: usize,
) -> Result<Option<Digested>, LoadError> {
    let (Some(name), Some(shards)) = (&content.centroids, &content.shards) else {
        return Ok(None);
    };
    let file = folder::resolve(manifest, "centroids", name)?;
    let read = || {
        let mut source = Source::open(regular_file::open(&file)?, Format::Npy)?;
        let (actual, expected) = ((source.rows(), source.columns()), (shards.len(), columns));
        if actual != expected {
            let what = format!("the shape is {actual:?}; {expected:?} is needed");
            return Err(Reason::key("centroids", what));
        }
        if source.dtype().is_float() && content.scale.is_none() {
            return Err(Reason::Unscaled);
        }
        let entries = source.next_rows(shards.len(), &Rule::centroids(content.scale))?;
        if source.vanished() {
            return Err(Reason::Vanished);
        }
        let rows = entries.chunks_exact(columns).map(<[i32]>::to_vec).collect();
        Ok(Some((rows, source.finish()?)))
    };
    read().map_err(|reason| reason.at(&file))
}

fn check_digest(expected: &str, digest: &[u8; 32]) -> Result<(), Reason> {
    let actual = Hex(digest).to_string();
    if actual.eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    Err(Reason::Digest { actual, expected: expected.to_owned() })
}
