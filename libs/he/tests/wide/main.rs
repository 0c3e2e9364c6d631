//! The products of 52 bits are those of 64 bits, where the processor has them.
//!
//! What a processor has is known when the tests run, and the tests of Rust are listed as ignored when
//! they are compiled. So these have a harness of their own, by which they are `ignored`, with the reason,
//! on a processor without AVX-512 IFMA, and not passed as if something had been compared.

mod harness;

use std::num::NonZeroUsize;
use std::process::ExitCode;

use harness::{Harness, Test};
use he::{Arranged, DEGREE, EncryptedVector, Group, Instructions, Layout, MODULUS, Matrix};

const TESTS: [Test; 3] = [
    Test { name: "products_of_52_bits_give_the_bytes_of_64_bits", run: same_bytes },
    Test {
        name: "as_many_groups_as_can_be_give_the_bytes_of_64_bits",
        run: same_bytes_of_many_groups,
    },
    Test { name: "the_instructions_are_those_that_were_asked_for", run: asked_for },
];

fn main() -> ExitCode {
    let lacking = wide().is_none().then_some("this processor has no AVX-512 IFMA");
    Harness { lacking, arguments: std::env::args().skip(1).collect() }.run(&TESTS)
}

/// The instructions beyond those that every processor has.
fn wide() -> Option<Instructions> {
    Instructions::available().into_iter().find(|it| *it != Instructions::PORTABLE)
}

/// Entries of a vector, of which `value` gives each coefficient.
fn vector(columns: usize, layout: Layout, value: impl Fn(u64) -> u64) -> EncryptedVector {
    let ciphertexts = columns.div_ceil(layout.group.entries());
    let bodies = (0..(ciphertexts * DEGREE) as u64).map(value).collect();
    EncryptedVector::from_parts(columns, layout, vec![[9; 32]; ciphertexts], bodies)
        .expect("the parts fit")
}

fn assert_equal(matrix: &Matrix, query: &Arranged<'_>, threads: usize) {
    let threads = NonZeroUsize::new(threads).expect("not zero");
    let [wide, portable] = [wide().expect("the processor has them"), Instructions::PORTABLE]
        .map(|instructions| matrix.multiply_with(instructions, query, threads).expect("it fits"))
        .map(|products| products.scores().expect("there is memory").to_bytes());
    assert!(wide == portable, "{threads} threads");
}

fn same_bytes() {
    for (group, rows, columns) in [(1, 2049, 33), (4, 700, 6), (32, 64 * 35, 95), (32, 1, 1)] {
        let layout = Layout::scores(Group::new(group).expect("a group"));
        let values: Vec<i32> =
            (0..rows * columns).map(|at| (at * 7919 % 149) as i32 - 74).collect();
        let matrix = Matrix::from_values(&values, columns, layout, NonZeroUsize::MIN);
        let vector = vector(columns, layout, |at| at * 1_000_000_007 % MODULUS);
        let query = vector.expand(NonZeroUsize::MIN).expect("there is memory");
        let arranged = query.arrange().expect("there is memory");
        let matrix = matrix.expect("acceptable");
        (1..=3).for_each(|threads| assert_equal(&matrix, &arranged, threads));
    }
}

fn same_bytes_of_many_groups() {
    // Every column is a group of its own, and there are as many as can be.
    let layout = Layout::scores(Group::new(1).expect("a group"));
    let values: Vec<i32> =
        (0..he::MAX_DIMENSION).map(|at| if at % 2 == 0 { -11 } else { 11 }).collect();
    let matrix = Matrix::from_values(&values, values.len(), layout, NonZeroUsize::MIN);
    let vector = vector(values.len(), layout, |_| MODULUS - 1);
    let query = vector.expand(NonZeroUsize::MIN).expect("there is memory");
    assert_equal(&matrix.expect("acceptable"), &query.arrange().expect("there is memory"), 1);
}

fn asked_for() {
    let layout = Layout::default();
    let matrix = Matrix::from_values(&[1, 2], 2, layout, NonZeroUsize::MIN).expect("acceptable");
    let vector = vector(2, layout, |at| at);
    let query = vector.expand(NonZeroUsize::MIN).expect("there is memory");
    let arranged = query.arrange().expect("there is memory");
    let wide = wide().expect("the processor has them");
    for asked in [wide, Instructions::PORTABLE, wide] {
        let products = matrix.multiply_with(asked, &arranged, NonZeroUsize::MIN).expect("it fits");
        assert_eq!(products.instructions(), asked);
    }
    let best = matrix.multiply(&arranged, NonZeroUsize::MIN).expect("it fits");
    assert_eq!(best.instructions(), wide);
}
