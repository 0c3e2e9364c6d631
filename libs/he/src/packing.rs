//! Where the entries of vectors and matrices go among the coefficients of polynomials.
//!
//! Modulo X^2048 + 1, a vector part `Σ x_u X^u` times a matrix part
//! `Σ_i Σ_u D_{i,u} X^{i·g + g-1-u}` has the inner product `⟨x, D_i⟩` at coefficient `i·g + g-1`.
//! Every vector part holds the `g` entries of a [`Group`], so a polynomial holds `2048 / g` rows;
//! the sum over the parts of the vector completes the inner products.

use crate::Group;

/// Writes the polynomial of one group of columns: the part of it in each of the rows of a block.
pub(crate) fn matrix_polynomial<'a>(
    parts: impl Iterator<Item = &'a [i32]>,
    group: Group,
    polynomial: &mut [i64],
) {
    polynomial.fill(0);
    for (row, part) in parts.enumerate() {
        for (offset, entry) in part.iter().enumerate() {
            polynomial[group.score_position(row) - offset] = i64::from(*entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::DEGREE;

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
        for group in [Group::new(4).unwrap(), Group::default()] {
            let columns = 2 * group.entries() + group.entries() / 2;
            let vector: Vec<i64> = (0..columns as i64).map(|i| i * 7 % 23 - 11).collect();
            let rows: Vec<Vec<i32>> = (0..group.rows_per_block() as i32)
                .map(|row| (0..columns as i32).map(|i| (i * row + 3) % 19 - 9).collect())
                .collect();

            let (mut sum, mut polynomial) = (vec![0; DEGREE], vec![0; DEGREE]);
            for (index, part) in vector.chunks(group.entries()).enumerate() {
                let columns = index * group.entries()..index * group.entries() + part.len();
                let parts = rows.iter().map(|row| &row[columns.clone()]);
                matrix_polynomial(parts, group, &mut polynomial);
                for (total, value) in sum.iter_mut().zip(multiply(part, &polynomial)) {
                    *total += value;
                }
            }

            for (index, row) in rows.iter().enumerate() {
                let expected: i64 = row.iter().zip(&vector).map(|(a, b)| i64::from(*a) * b).sum();
                assert_eq!(sum[group.score_position(index)], expected, "row {index}");
            }
        }
    }
}
