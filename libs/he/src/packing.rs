//! Where the entries of vectors and matrices go among the coefficients of polynomials.
//!
//! Modulo X^2048 + 1, a vector part `Σ x_u X^u` times a matrix part
//! `Σ_i Σ_u D_{i,u} X^{i·g + g-1-u}` has the inner product `⟨x, D_i⟩` at coefficient `i·g + g-1`.
//! Every vector part holds `g = GROUP` entries, so a polynomial holds `2048 / g` rows; the sum
//! over the parts of the vector completes the inner products.

use crate::ring::DEGREE;

/// Entries of a vector in one ciphertext.
///
/// The choice trades request for response size and sets the noise: with `g` = 32 its standard
/// deviation is at most 2^14.2 where decryption allows 2^20.
pub(crate) const GROUP: usize = 32;

/// Rows of a matrix in one polynomial, which is also the number of scores in one ciphertext.
pub(crate) const ROWS_PER_BLOCK: usize = DEGREE / GROUP;

/// One polynomial per group of a matrix block, given its (at most `ROWS_PER_BLOCK`) rows.
pub(crate) fn matrix_block(rows: &[Vec<i64>]) -> Vec<Vec<i64>> {
    let columns = rows.first().map_or(0, Vec::len);
    let mut polynomials = vec![vec![0; DEGREE]; columns.div_ceil(GROUP)];
    for (row, entries) in rows.iter().enumerate() {
        for (polynomial, part) in polynomials.iter_mut().zip(entries.chunks(GROUP)) {
            for (offset, entry) in part.iter().enumerate() {
                polynomial[score_position(row) - offset] = *entry;
            }
        }
    }
    polynomials
}

/// The first `count` scores among the coefficients of one decrypted polynomial.
pub(crate) fn scores(coefficients: &[i64], count: usize) -> impl Iterator<Item = i64> + '_ {
    (0..count.min(ROWS_PER_BLOCK)).map(|row| coefficients[score_position(row)])
}

fn score_position(row: usize) -> usize {
    row * GROUP + GROUP - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The product modulo X^DEGREE + 1, from the definition.
    fn multiply(left: &[i64], right: &[i64]) -> Vec<i64> {
        let mut product = vec![0; DEGREE];
        for (i, a) in left.iter().enumerate() {
            for (j, b) in right.iter().enumerate() {
                let sign = if i + j < DEGREE { 1 } else { -1 };
                product[(i + j) % DEGREE] += sign * a * b;
            }
        }
        product
    }

    #[test]
    fn the_sum_over_the_groups_has_every_inner_product_at_its_place() {
        let columns = 2 * GROUP + 5;
        let vector: Vec<i64> = (0..columns as i64).map(|i| i * 7 % 23 - 11).collect();
        let rows: Vec<Vec<i64>> = (0..ROWS_PER_BLOCK as i64)
            .map(|row| (0..columns as i64).map(|i| (i * row + 3) % 19 - 9).collect())
            .collect();

        let mut sum = vec![0; DEGREE];
        for (part, polynomial) in vector.chunks(GROUP).zip(matrix_block(&rows)) {
            for (total, value) in sum.iter_mut().zip(multiply(part, &polynomial)) {
                *total += value;
            }
        }

        let expected: Vec<i64> =
            rows.iter().map(|row| row.iter().zip(&vector).map(|(a, b)| a * b).sum()).collect();
        assert_eq!(scores(&sum, rows.len()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn only_as_many_scores_as_there_are_rows_come_back() {
        assert_eq!(scores(&vec![1; DEGREE], 3).count(), 3);
        assert_eq!(scores(&vec![1; DEGREE], ROWS_PER_BLOCK + 1).count(), ROWS_PER_BLOCK);
    }
}
