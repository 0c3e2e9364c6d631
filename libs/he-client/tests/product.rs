//! The decrypted product is the plain one, for everything that is accepted.

mod support;

use std::num::NonZeroUsize;

use he::{Content, Group, Layout, MAX_DIMENSION, Matrix};
use he_client::SecretKey;
use proptest::prelude::*;
use support::{acceptable, encrypted_product, plain_product};

fn layout() -> impl Strategy<Value = Layout> {
    let content = prop::sample::select(vec![Content::Scores, Content::Records]);
    let group = prop::sample::select(Group::ALL.to_vec());
    (group, content).prop_map(|(group, content)| Layout { group, content })
}

/// A matrix and two vectors that fit it, with entries of both signs and norms up to the cap.
fn problem() -> impl Strategy<Value = (Layout, Vec<Vec<i64>>, [Vec<i64>; 2])> {
    (layout(), 1usize..=150, 1usize..=40).prop_flat_map(|(layout, rows, columns)| {
        let entries = || {
            prop::collection::vec(-724i64..=724, columns)
                .prop_map(move |entries| acceptable(layout.content, entries))
        };
        (Just(layout), prop::collection::vec(entries(), rows), [entries(), entries()])
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]

    #[test]
    fn the_decrypted_product_equals_the_plain_one((layout, rows, [vector, _]) in problem()) {
        let product = encrypted_product(layout, &rows, &vector);
        prop_assert_eq!(product, Ok(plain_product(layout.content, &rows, &vector)));
    }

    #[test]
    fn the_product_of_a_sum_is_the_sum_of_the_products(
        (layout, rows, [left, right]) in problem().prop_filter("a small one is enough", |problem| {
            problem.1.len() <= 100
        }),
    ) {
        let half = |vector: &[i64]| vector.iter().map(|entry| entry / 2).collect::<Vec<_>>();
        let (left, right) = (half(&left), half(&right));
        let add = |a: &[i64], b: &[i64]| a.iter().zip(b).map(|(a, b)| a + b).collect::<Vec<_>>();
        let product = |vector: &[i64]| encrypted_product(layout, &rows, vector);

        let sum = product(&add(&left, &right)).unwrap();
        let mut parts = add(&product(&left).unwrap(), &product(&right).unwrap());
        if layout.content == Content::Records {
            parts.iter_mut().for_each(|value| *value %= 256);
        }
        prop_assert_eq!(sum, parts);
    }

    #[test]
    fn columns_of_zeros_and_further_rows_change_no_score(
        (layout, rows, [vector, more]) in problem(),
        padding in 1usize..=8,
    ) {
        let content = layout.content;
        let plain = encrypted_product(layout, &rows, &vector).unwrap();
        let widened = |row: &Vec<i64>| [row.clone(), vec![0; padding]].concat();
        let mut padded: Vec<_> = rows.iter().map(widened).collect();
        padded.push(widened(&more));
        // Only where the matrix has zeros, so the norm is what it was before.
        let vector = acceptable(content, [vector, vec![3; padding]].concat());
        let expected = plain_product(content, &padded, &vector);
        let product = encrypted_product(layout, &padded, &vector).unwrap();
        prop_assert_eq!(&product, &expected);
        if content == Content::Records {
            prop_assert_eq!(&product[..rows.len()], &plain[..]);
        }
    }
}

#[test]
fn scores_are_exact_at_the_norm_cap() {
    // 724 = 2 · 362 = 4 · 181: the same norm in one, four and sixteen entries.
    let spread = |count: usize, value: i64| {
        let mut entries = vec![0; 16];
        entries[..count].fill(value);
        entries
    };
    let vector = spread(16, 181);
    let rows = vec![vector.clone(), spread(16, -181), spread(4, 362), spread(1, -724)];
    let expected = vec![524_176, -524_176, 4 * 362 * 181, -724 * 181];
    for group in Group::ALL {
        let product = encrypted_product(Layout::scores(group), &rows, &vector);
        assert_eq!(product, Ok(expected.clone()), "{group:?}");
    }
}

#[test]
fn the_noisiest_block_of_scores_is_accepted_and_exact() {
    // All 2048 rows of a block in groups of 1, each at the cap in one entry or in four.
    let row = |index: usize| match index % 3 {
        0 => vec![724, 0, 0, 0],
        1 => vec![0, 0, -724, 0],
        _ => vec![362, -362, 362, 362],
    };
    let (rows, layout) = ((0..2048).map(row).collect::<Vec<_>>(), Layout::scores(Group::ALL[0]));
    let matrix = Matrix::with_layout(&rows, layout).unwrap();
    assert!((-66.0..-64.0).contains(&matrix.log2_failure()), "{}", matrix.log2_failure());
    let vector = [362, 362, -362, 362];
    let product = encrypted_product(layout, &rows, &vector);
    assert_eq!(product, Ok(plain_product(Content::Scores, &rows, &vector)));
}

#[test]
fn a_full_block_of_long_rows_at_the_norm_cap_is_exact() {
    let row = |sign: i64| (0..1024).map(|column| sign * (22 + column % 2)).collect::<Vec<i64>>();
    let scores = |row| acceptable(Content::Scores, row);
    let vector = scores(row(1));
    let rows: Vec<_> =
        (0..64).map(|index| scores(row(if index % 2 == 0 { 1 } else { -1 }))).collect();
    let product = encrypted_product(Layout::default(), &rows, &vector);
    assert_eq!(product, Ok(plain_product(Content::Scores, &rows, &vector)));
}

#[test]
fn records_are_exact_modulo_256_with_the_largest_bytes_everywhere() {
    let mut rows = vec![vec![255; MAX_DIMENSION]; 3];
    rows[1][7] = 254;
    let vector = vec![255; MAX_DIMENSION];
    let layout = Layout::records(Group::default());
    // 255² · 4096 and one 255 less.
    assert_eq!(encrypted_product(layout, &rows, &vector), Ok(vec![0, 1, 0]));
}

#[test]
fn a_selector_fetches_every_byte_of_its_column() {
    let rows: Vec<Vec<i64>> =
        (0..256).map(|row| (0..5).map(|column| (row + 77 * column) % 256).collect()).collect();
    for group in [Group::ALL[0], Group::ALL[2], Group::default()] {
        let product = encrypted_product(Layout::records(group), &rows, &[0, 0, 0, 1, 0]);
        assert_eq!(product, Ok((0..256).map(|row| (row + 231) % 256).collect()), "{group:?}");
    }
}

#[test]
fn several_threads_give_the_bytes_of_one() {
    let rows: Vec<Vec<i64>> = (0..300).map(|row| vec![row % 7, -row % 5, 3, 2]).collect();
    let vector = SecretKey::generate().encrypt(&[1, 2, 3, -4]).unwrap();
    let matrix = Matrix::new(&rows).unwrap();
    let alone = matrix.apply(&vector).unwrap().to_bytes();
    for threads in [2, 3, 100].map(|count| NonZeroUsize::new(count).unwrap()) {
        let query = vector.expand(threads).unwrap();
        assert!(
            matrix
                .multiply(&query.arrange().unwrap(), threads)
                .unwrap()
                .scores()
                .unwrap()
                .to_bytes()
                == alone
        );
    }
}
