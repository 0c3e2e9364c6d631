//! How hard it is to find a key, as far as the best known attacks of one kind tell.
//!
//! The estimator is a cross-check. It has to come to the limits that others published with theirs,
//! and `tables.md`, which a page of the documentation shows, has to say what it says.

mod estimator;
mod noise;
mod tables;

use estimator::{Attack, Instance};
use he::{Content, DEGREE, MAX_DIMENSION, MAX_NORM, MAX_ROWS, MODULUS, MODULUS_BITS, VARIANCE};

/// The error that both tables of others are made for: a standard deviation of 3.2.
const PUBLISHED_ERROR: f64 = 3.2;

fn ternary() -> f64 {
    (2f64 / 3.0).sqrt()
}

fn published(dimension: u32, log2_modulus: u32) -> Attack {
    let (secret_std, log2_modulus) = (ternary(), f64::from(log2_modulus));
    Instance { dimension, log2_modulus, secret_std, error_std: PUBLISHED_ERROR, samples: None }
        .attack()
}

/// What this crate samples.
fn own() -> Instance {
    let deviation = (VARIANCE as f64).sqrt();
    Instance {
        dimension: DEGREE as u32,
        log2_modulus: (MODULUS as f64).log2(),
        secret_std: deviation,
        error_std: deviation,
        samples: None,
    }
}

/// Bits of security are published rounded.
fn is_128(bits: f64) -> bool {
    bits.round() >= 128.0
}

/// Degrees and the largest moduli, in bits, that the standard of 2018 has for 128 bits.
const STANDARD: [(u32, u32); 3] = [(1024, 27), (2048, 54), (4096, 109)];

/// The same of Apple's library, for 128 bits against a quantum computer.
const APPLE: [(u32, u32); 4] = [(1024, 21), (2048, 41), (4096, 83), (8192, 165)];

#[test]
fn the_limits_of_the_standard_of_2018_are_the_limits_of_this_estimator() {
    for (degree, bits) in STANDARD {
        assert!(is_128(published(degree, bits).standard_2018()), "{degree} {bits}");
        assert!(!is_128(published(degree, bits + 1).standard_2018()), "{degree} {bits}");
    }
}

#[test]
fn the_limits_of_apples_library_are_the_limits_of_this_estimator() {
    for (degree, bits) in APPLE {
        assert!(is_128(published(degree, bits).core_quantum()), "{degree} {bits}");
        assert!(!is_128(published(degree, bits + 1).core_quantum()), "{degree} {bits}");
    }
}

#[test]
fn the_attacks_on_kyber_are_those_of_the_lattice_estimator() {
    let kyber = |dimension, deviation: f64| {
        let log2_modulus = 3329f64.log2();
        let (secret_std, error_std) = (deviation, deviation);
        let samples = Some(dimension);
        Instance { dimension, log2_modulus, secret_std, error_std, samples }.attack()
    };
    assert_eq!(kyber(512, 1.5f64.sqrt()), Attack { block_size: 406, dimension: 998 });
    assert_eq!(kyber(768, 1.0), Attack { block_size: 624, dimension: 1427 });
}

#[test]
fn the_stored_table_has_what_the_estimator_says_of_published_limits() {
    let row = |source: &str, (degree, bits), figure: f64, beyond: f64| {
        let cells = [source.to_owned(), format!("{degree}"), format!("{bits}")];
        [&cells[..], &[format!("{figure:.1}"), format!("{beyond:.1}")]].concat()
    };
    let standard = STANDARD.map(|(degree, bits)| {
        let [at, beyond] = [bits, bits + 1].map(|bits| published(degree, bits).standard_2018());
        row("standard of 2018", (degree, bits), at, beyond)
    });
    let apple = APPLE.map(|(degree, bits)| {
        let [at, beyond] = [bits, bits + 1].map(|bits| published(degree, bits).core_quantum());
        row("Apple, quantum", (degree, bits), at, beyond)
    });
    tables::assert_table(
        "### Against what others published",
        &[&standard[..], &apple[..]].concat(),
    );
}

/// Rounded down: what is claimed is not more than what was computed.
fn security_row(name: &str, bits: &str, attack: Attack) -> Vec<String> {
    let mut cells = vec![name.to_owned(), bits.to_owned()];
    cells.extend([attack.block_size, attack.dimension].map(|number| number.to_string()));
    let costs = [attack.core_classical(), attack.core_quantum(), attack.standard_2018()];
    cells.extend(costs.map(|cost| format!("{}", cost.floor())));
    cells
}

#[test]
fn the_stored_table_has_the_estimate_for_the_secret_and_the_error_that_are_sampled() {
    let limited = Instance { samples: Some(DEGREE as u32), ..own() };
    let with_modulus = |bits: u32| Instance { log2_modulus: f64::from(bits), ..own() }.attack();
    tables::assert_table(
        "## Security",
        &[
            security_row("**as sampled**", "41", own().attack()),
            security_row("as sampled, one ciphertext under the key", "41", limited.attack()),
            security_row("ternary secret, for comparison", "41", published(2048, 41)),
            security_row("as sampled, larger modulus, for comparison", "44", with_modulus(44)),
            security_row("as sampled, larger modulus, for comparison", "54", with_modulus(54)),
        ],
    );
}

#[test]
fn the_estimate_is_above_128_bits_in_every_model_and_the_modulus_below_every_published_limit() {
    let attack = own().attack();
    assert!(attack.core_quantum() >= 128.0 && attack.core_classical() >= 128.0, "{attack:?}");
    let limits = [STANDARD[1], APPLE[1]];
    assert!(
        limits.iter().all(|(degree, bits)| { *degree as usize == DEGREE && MODULUS_BITS <= *bits })
    );
}

#[test]
fn the_stored_table_has_the_parameters() {
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let modulus = |content: Content| format!("2^{}", content.plaintext_bits());
    tables::assert_table(
        "# Parameters",
        &[
            row("degree of the ring `Z[X]/(X^N + 1)`", format!("{DEGREE}")),
            row("ciphertext modulus, prime", format!("{MODULUS} ({MODULUS_BITS} bits)")),
            row("plaintext modulus of scores", modulus(Content::Scores)),
            row("plaintext modulus of records", modulus(Content::Records)),
            row(
                "secret and error",
                format!("centred binomial, variance {VARIANCE}, from −{0} to {0}", 2 * VARIANCE),
            ),
            row("largest norm of a vector and a row of scores", format!("{MAX_NORM}")),
            row("entries of a vector", format!("1 to {MAX_DIMENSION}")),
            row("rows of a matrix", format!("1 to {MAX_ROWS}")),
        ],
    );
}
