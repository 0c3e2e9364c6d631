//! The noise that is measured with the key has the variance that the crate `he` computes without it.

use he::{Content, EncryptedScores, Group, Layout, MODULUS, Matrix};

use crate::SecretKey;

/// The distance of every coefficient from the integer that it stands for, block after block.
fn noise(key: &SecretKey, scores: &EncryptedScores, integers: &[i64]) -> Vec<f64> {
    let Layout { group, content } = scores.layout();
    let modulus = 1i128 << content.plaintext_bits();
    let mut integers = integers.iter();
    let mut noise = Vec::with_capacity(integers.len());
    for block in scores.blocks() {
        let masked = key.0.times(block.mask);
        for position in (0..block.rows).map(|row| group.score_position(row)) {
            let phase = i128::from(block.body[position]) + i128::from(masked[position]);
            let integer = i128::from(*integers.next().expect("one for every row"));
            // In units of 1 / modulus, and modulo q, around 0.
            let (distance, turn) =
                (phase * modulus - integer * i128::from(MODULUS), modulus * i128::from(MODULUS));
            let centred = (distance + turn / 2).rem_euclid(turn) - turn / 2;
            noise.push(centred as f64 / modulus as f64);
        }
    }
    noise
}

/// Marsaglia's pseudorandom numbers, the same ones in every run.
fn xorshift(mut seed: u64) -> impl FnMut() -> u64 {
    move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed >> 11
    }
}

/// The measured variance by the computed one, over 64 blocks of rows under eight keys.
fn ratio(layout: Layout, mut entry: impl FnMut() -> i32) -> f64 {
    const COLUMNS: usize = 6;
    let rows = 64 * layout.group.rows_per_block();
    let values: Vec<i32> = (0..rows * COLUMNS).map(|_| entry()).collect();
    let threads = std::thread::available_parallelism().unwrap();
    let matrix = Matrix::from_values(&values, COLUMNS, layout, threads).unwrap();
    let (mut measured, mut computed) = (0.0, 0.0);
    for turn in 0..8 {
        let key = SecretKey::generate();
        let vector: Vec<i64> =
            (0..COLUMNS as i64).map(|column| (column * 37 + turn) % 200).collect();
        let product = |row: &[i32]| row.iter().zip(&vector).map(|(a, b)| i64::from(*a) * b).sum();
        let integers: Vec<i64> = values.chunks_exact(COLUMNS).map(product).collect();
        let scores = matrix.apply(&key.encrypt_in(&vector, layout).unwrap()).unwrap();
        let noise = noise(&key, &scores, &integers);
        measured += noise.iter().map(|noise| noise * noise).sum::<f64>() / noise.len() as f64;
        computed += matrix.noise_variances().sum::<f64>() / 64.0;
    }
    measured / computed
}

/// 2^18 samples or more, and nearly independent ones: the entries are sparse or of both signs. Were
/// each worth a quarter of an independent one, 5 % would still be nine standard deviations.
fn assert_within_five_percent(layout: Layout, entry: impl FnMut() -> i32) {
    let ratio = ratio(layout, entry);
    assert!((ratio - 1.0).abs() < 0.05, "{layout:?}: measured by computed is {ratio}");
}

#[test]
fn the_noise_of_scores_is_within_five_percent_of_the_formula() {
    // Six entries up to 295 have a norm of at most 723.
    let mut random = xorshift(1);
    for group in [Group::ALL[0], Group::ALL[2]] {
        assert_within_five_percent(Layout::scores(group), || (random() % 591) as i32 - 295);
    }
}

#[test]
fn the_noise_of_records_is_within_five_percent_of_the_formula() {
    let mut random = xorshift(2);
    let layout = Layout { group: Group::ALL[2], content: Content::Records };
    assert_within_five_percent(layout, || match random() % 16 {
        0 => (random() % 256) as i32,
        _ => 0,
    });
}
