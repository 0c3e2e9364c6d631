use super::*;
use crate::{Group, MAX_NORM};

fn refusal(rows: &[Vec<i64>]) -> Error {
    Matrix::new(rows).expect_err("the matrix is not acceptable")
}

#[test]
fn a_matrix_tells_its_size_and_the_memory_of_whole_blocks() {
    let layout = Layout::scores(Group::new(4).unwrap());
    let matrix = Matrix::with_layout(&vec![vec![1, -2, 3, -4, 5]; 513], layout).unwrap();
    assert_eq!((matrix.rows(), matrix.columns(), matrix.layout()), (513, 5, layout));
    // 513 rows are two blocks of 512, and 5 columns two groups of 4.
    assert_eq!(matrix.bytes(), 8 * 1024 * 8);
    assert!(matrix.log2_failure() < -64.0);
}

#[test]
fn the_noise_is_told_for_every_block_and_grows_with_its_entries() {
    let layout = Layout::scores(Group::new(4).unwrap());
    let mut rows = vec![vec![1, 1]; 1024];
    rows[512..].fill(vec![9, -9]);
    let matrix = Matrix::with_layout(&rows, layout).unwrap();
    let [first, second] = matrix.noise_variances().collect::<Vec<_>>()[..] else {
        panic!("there are two blocks");
    };
    // 10 is the variance of an error: 512 rows with squares of 2 or of 162.
    assert_eq!(second - first, 10.0 * 512.0 * 160.0);
}

#[test]
fn a_matrix_without_rows_is_refused() {
    assert_eq!(refusal(&[]), Error::RowCount { actual: 0, maximum: MAX_ROWS });
}

#[test]
fn a_matrix_with_too_many_rows_is_refused() {
    let rows = vec![vec![1]; MAX_ROWS + 1];
    assert_eq!(refusal(&rows), Error::RowCount { actual: MAX_ROWS + 1, maximum: MAX_ROWS });
}

#[test]
fn a_matrix_without_columns_is_refused() {
    let error = Error::ColumnCount { actual: 0, maximum: MAX_DIMENSION };
    assert_eq!(refusal(&[vec![]]), error);
}

#[test]
fn a_matrix_with_too_many_columns_is_refused() {
    let actual = MAX_DIMENSION + 1;
    let error = Error::ColumnCount { actual, maximum: MAX_DIMENSION };
    assert_eq!(refusal(&[vec![0; actual]]), error);
}

#[test]
fn a_ragged_row_is_named() {
    let error = Error::RowLength { row: 1, actual: 1, expected: 2 };
    assert_eq!(refusal(&[vec![1, 2], vec![3]]), error);
}

#[test]
fn a_row_beyond_the_norm_is_named() {
    let error = Error::RowNorm { row: 1, maximum: MAX_NORM };
    assert_eq!(refusal(&[vec![724, 0], vec![724, 1]]), error);
}

#[test]
fn values_without_columns_and_without_rows_are_refused() {
    let from = |values: &[i32], columns| {
        let matrix = Matrix::from_values(values, columns, Layout::default(), NonZeroUsize::MIN);
        matrix.map(|_| ()).expect_err("the matrix is not acceptable")
    };
    let error = Error::ColumnCount { actual: 0, maximum: MAX_DIMENSION };
    assert_eq!(from(&[1], 0), error);
    assert_eq!(from(&[], 3), Error::RowCount { actual: 0, maximum: MAX_ROWS });
    assert_eq!(from(&[], 0), Error::RowCount { actual: 0, maximum: MAX_ROWS });
    assert_eq!(from(&[1; 5], 3), Error::RowLength { row: 1, actual: 2, expected: 3 });
    assert!(from(&[1], usize::MAX).to_string().contains("columns"));
}

#[test]
fn entries_beyond_32_bits_are_refused_by_their_row() {
    for entry in [i64::MIN, i64::MAX, 1 << 32] {
        let error = Error::RowNorm { row: 1, maximum: MAX_NORM };
        assert_eq!(refusal(&[vec![0], vec![entry]]), error);
        let layout = Layout::records(Group::default());
        let error = Matrix::with_layout(&[vec![0], vec![entry]], layout).map(|_| ());
        assert_eq!(error, Err(Error::RowByte { row: 1, column: 0 }));
    }
}

#[test]
fn every_number_of_threads_prepares_the_same_matrix() {
    let values: Vec<i32> = (0..300 * 37).map(|index| index % 237 - 118).collect();
    let matrix = |threads| {
        let layout = Layout::scores(Group::ALL[4]);
        let threads = NonZeroUsize::new(threads).expect("not zero");
        let matrix = Matrix::from_values(&values, 37, layout, threads).expect("acceptable");
        (0..matrix.multipliers.blocks).fold(Vec::new(), |mut all, block| {
            matrix.multipliers.block(block, &mut all);
            all
        })
    };
    let alone = matrix(1);
    assert!([2, 3, 100].map(matrix).iter().all(|several| *several == alone));
}

#[test]
fn a_product_is_computed_with_the_instructions_that_are_asked_for_and_tells_them() {
    let matrix = Matrix::new(&[vec![2, 3], vec![-1, 1]]).unwrap();
    let body = (0..crate::DEGREE as u64).collect();
    let vector = EncryptedVector::from_parts(2, matrix.layout(), vec![[7; 32]], body).unwrap();
    let query = vector.expand(NonZeroUsize::MIN).unwrap();
    let arranged = query.arrange().unwrap();
    for instructions in Instructions::available() {
        let products = matrix.multiply_with(instructions, &arranged, NonZeroUsize::MIN).unwrap();
        assert_eq!(products.instructions(), instructions);
    }
    let products = matrix.multiply(&arranged, NonZeroUsize::MIN).unwrap();
    assert_eq!(products.instructions(), Instructions::best());
}
