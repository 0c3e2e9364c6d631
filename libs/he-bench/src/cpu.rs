//! Timings on the CPU.

use std::num::NonZeroUsize;
use std::thread;

use he::{EncryptedScores, EncryptedVector, Instructions, Matrix};
use serde::Serialize;

use crate::case::Case;
use crate::failure::Failure;
use crate::peers::DotProduct;
use crate::statistics::{Samples, Summary};

/// Where the time of a product goes on one core, and the part that reads the matrix on all.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CpuTimes {
    /// From bytes to a vector.
    pub(crate) parse: Summary,
    /// Expansion of the seeds.
    pub(crate) expand: Summary,
    /// Arrangement of the query in the order in which it is read.
    pub(crate) arrange: Summary,
    /// The multiply-accumulate.
    pub(crate) multiply: Summary,
    /// What it is computed with.
    pub(crate) instructions: String,
    /// The same with the instructions that every processor has.
    pub(crate) multiply_portable: Summary,
    /// The inverse transform and the way to 32 bits.
    pub(crate) scale: Summary,
    /// The multiply-accumulate on all cores.
    pub(crate) multiply_all_cores: Summary,
    pub(crate) cores: usize,
    /// The dot product of `fhe-math` for the same case, timed in turn with `multiply`.
    pub(crate) fhe_math: Summary,
    /// The median of `fhe_math` by that of `multiply`.
    pub(crate) times_fhe_math: f64,
    pub(crate) entries_per_second: f64,
    pub(crate) matrix_bytes_per_second: f64,
}

/// Times every step of one product, each as often as told.
pub(crate) fn time(
    case: &Case,
    matrix: &Matrix,
    vector: &EncryptedVector,
    repeats: NonZeroUsize,
) -> Result<CpuTimes, Failure> {
    let one = NonZeroUsize::MIN;
    let cores = thread::available_parallelism().unwrap_or(one);
    let blocks = case.rows.div_ceil(case.layout.group.rows_per_block());
    let peer = DotProduct::new(blocks, case.columns.div_ceil(case.layout.group.entries()))?;
    let bytes = vector.to_bytes();

    let mut samples: [Samples; 8] = Default::default();
    let mut instructions = Instructions::best();
    let [parse, expand, arrange, multiply, portable, scale, all, fhe_math] = &mut samples;

    for _ in 0..repeats.get() {
        let vector = parse.time(|| EncryptedVector::from_bytes(&bytes))?;
        let query = expand.time(|| vector.expand(one))?;
        let query = arrange.time(|| query.arrange())?;
        let products = multiply.time(|| matrix.multiply(&query, one))?;
        instructions = products.instructions();
        fhe_math.add(peer.time()?);
        portable.time(|| matrix.multiply_with(Instructions::PORTABLE, &query, one))?;
        scale.time(|| products.scores())?;
        all.time(|| matrix.multiply(&query, cores))?;
    }

    let [parse, expand, arrange, multiply, portable, scale, multiply_all_cores, fhe_math] =
        samples.map(|samples| samples.summary());
    let per_second = 1000.0 / multiply.median_ms;
    Ok(CpuTimes {
        parse,
        expand,
        arrange,
        multiply,
        instructions: instructions.to_string(),
        multiply_portable: portable,
        scale,
        multiply_all_cores,
        cores: cores.get(),
        fhe_math,
        times_fhe_math: fhe_math.median_ms / multiply.median_ms,
        entries_per_second: case.entries() as f64 * per_second,
        matrix_bytes_per_second: matrix.bytes() as f64 * per_second,
    })
}

/// The scores as the CPU computes them, on all cores.
pub(crate) fn scores(
    matrix: &Matrix,
    vectors: &[EncryptedVector],
) -> Result<Vec<EncryptedScores>, Failure> {
    let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let score = |vector: &EncryptedVector| {
        Ok(matrix.multiply(&vector.expand(cores)?.arrange()?, cores)?.scores()?)
    };
    vectors.iter().map(score).collect()
}
