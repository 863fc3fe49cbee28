//! Small dense matrices: as much linear algebra as a mixed model needs.

use std::ops::{Index, IndexMut};

/// A matrix, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Matrix {
    rows: usize,
    columns: usize,
    cells: Vec<f64>,
}

impl Matrix {
    pub(super) fn zero(rows: usize, columns: usize) -> Self {
        Self { rows, columns, cells: vec![0.0; rows * columns] }
    }

    pub(super) fn from_fn(rows: usize, columns: usize, cell: impl Fn(usize, usize) -> f64) -> Self {
        let cells = (0..rows * columns).map(|i| cell(i / columns, i % columns)).collect();
        Self { rows, columns, cells }
    }

    pub(super) fn transposed(&self) -> Self {
        Self::from_fn(self.columns, self.rows, |i, j| self[(j, i)])
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.cells[row * self.columns..][..self.columns]
    }

    /// Row by row of `other`, since most of the cells of these matrices are 0.
    pub(super) fn times(&self, other: &Self) -> Self {
        let mut product = Self::zero(self.rows, other.columns);
        for i in 0..self.rows {
            let into = &mut product.cells[i * other.columns..][..other.columns];
            for (k, &factor) in self.row(i).iter().enumerate().filter(|(_, factor)| **factor != 0.0) {
                into.iter_mut().zip(other.row(k)).for_each(|(sum, cell)| *sum += factor * cell);
            }
        }
        product
    }

    pub(super) fn times_vector(&self, vector: &[f64]) -> Vec<f64> {
        (0..self.rows).map(|i| dot(self.row(i), vector)).collect()
    }

    pub(super) fn plus(&self, other: &Self, factor: f64) -> Self {
        Self::from_fn(self.rows, self.columns, |i, j| self[(i, j)] + factor * other[(i, j)])
    }

    /// `left × self × leftᵀ`.
    pub(super) fn between(&self, left: &Self) -> Self {
        left.times(self).times(&left.transposed())
    }

    /// The inverse of a symmetric positive definite matrix and the logarithm of its determinant, by Cholesky's factors; a pivot
    /// that rounding has made too small counts as the least that can be told from nothing.
    pub(super) fn inverse_and_log_determinant(&self) -> (Self, f64) {
        let n = self.rows;
        let least = (0..n).map(|i| self[(i, i)]).fold(0.0, f64::max) * f64::EPSILON;
        let mut lower = Self::zero(n, n);
        for j in 0..n {
            let pivot = self[(j, j)] - dot(&lower.row(j)[..j], &lower.row(j)[..j]);
            lower[(j, j)] = pivot.max(least).max(f64::MIN_POSITIVE).sqrt();
            for i in j + 1..n {
                let rest = self[(i, j)] - dot(&lower.row(i)[..j], &lower.row(j)[..j]);
                lower[(i, j)] = rest / lower[(j, j)];
            }
        }
        let mut inverse = Self::zero(n, n);
        for column in 0..n {
            let mut x = vec![0.0; n];
            for i in column..n {
                let right = if i == column { 1.0 } else { 0.0 };
                let known = dot(&lower.row(i)[column..i], &x[column..i]);
                x[i] = (right - known) / lower[(i, i)];
            }
            for i in (0..n).rev() {
                let known: f64 = (i + 1..n).map(|k| lower[(k, i)] * x[k]).sum();
                x[i] = (x[i] - known) / lower[(i, i)];
                inverse[(i, column)] = x[i];
            }
        }
        (inverse, (0..n).map(|i| 2.0 * lower[(i, i)].ln()).sum())
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl Index<(usize, usize)> for Matrix {
    type Output = f64;
    fn index(&self, (row, column): (usize, usize)) -> &f64 {
        &self.cells[row * self.columns + column]
    }
}

impl IndexMut<(usize, usize)> for Matrix {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut f64 {
        &mut self.cells[row * self.columns + column]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverse_times_the_matrix_is_one() {
        for n in [1, 2, 5, 36] {
            let part = Matrix::from_fn(n, n, |i, j| ((i * 7 + j * 3) % 11) as f64 / 11.0);
            let spd =
                part.times(&part.transposed()).plus(&Matrix::from_fn(n, n, |i, j| f64::from(i == j)), 0.5);
            let one = spd.inverse_and_log_determinant().0.times(&spd);
            for i in 0..n {
                for j in 0..n {
                    assert!((one[(i, j)] - f64::from(i == j)).abs() < 1e-9, "{n}: {i} {j}");
                }
            }
        }
    }

    #[test]
    fn a_determinant() {
        let matrix = Matrix::from_fn(2, 2, |i, j| [[4.0, 1.0], [1.0, 2.0]][i][j]);
        assert!((matrix.inverse_and_log_determinant().1 - 7f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn products() {
        let a = Matrix::from_fn(2, 3, |i, j| (i * 3 + j) as f64);
        assert_eq!(a.times_vector(&[1.0, 1.0, 1.0]), [3.0, 12.0]);
        assert_eq!(a.times(&a.transposed()), Matrix::from_fn(2, 2, |i, j| [[5.0, 14.0], [14.0, 50.0]][i][j]));
        assert_eq!(Matrix::from_fn(3, 3, |i, j| f64::from(i == j)).between(&a), a.times(&a.transposed()));
    }
}
