//! Small dense matrices, kept row by row.

use std::ops::{AddAssign, Index, IndexMut, Range};

/// A dense matrix. Most of those here have no negative entry, so that sums and products lose no digits.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::theory) struct Matrix {
    rows: usize,
    columns: usize,
    entries: Vec<f64>,
}

impl Matrix {
    pub(in crate::theory) fn zeros(rows: usize, columns: usize) -> Self {
        Self {
            rows,
            columns,
            entries: vec![0.0; rows * columns],
        }
    }

    pub(in crate::theory) fn identity(order: usize) -> Self {
        Self::from_fn(order, order, |i, j| f64::from(u8::from(i == j)))
    }

    /// The matrix with the entries `entry(row, column)`.
    pub(in crate::theory) fn from_fn(
        rows: usize,
        columns: usize,
        entry: impl Fn(usize, usize) -> f64,
    ) -> Self {
        let mut matrix = Self::zeros(rows, columns);
        for i in 0..rows {
            for (j, value) in matrix.row_mut(i).iter_mut().enumerate() {
                *value = entry(i, j);
            }
        }
        matrix
    }

    pub(in crate::theory) fn rows(&self) -> usize {
        self.rows
    }

    pub(in crate::theory) fn columns(&self) -> usize {
        self.columns
    }

    /// All entries, row by row.
    pub(in crate::theory) fn entries(&self) -> impl Iterator<Item = f64> {
        self.entries.iter().copied()
    }

    pub(in crate::theory) fn row(&self, i: usize) -> &[f64] {
        &self.entries[i * self.columns..][..self.columns]
    }

    pub(in crate::theory) fn row_mut(&mut self, i: usize) -> &mut [f64] {
        &mut self.entries[i * self.columns..][..self.columns]
    }

    /// Row `i`, to be changed, between the rows before it and those after it.
    pub(in crate::theory) fn around(&mut self, i: usize) -> (Rows<'_>, &mut [f64], Rows<'_>) {
        let columns = self.columns;
        let (before, rest) = self.entries.split_at_mut(i * columns);
        let (row, after) = rest.split_at_mut(columns);
        let rows = |entries| Rows { columns, entries };
        (rows(before), row, rows(after))
    }

    /// `self` += `factor` · `other`.
    pub(in crate::theory) fn add_scaled(&mut self, factor: f64, other: &Self) {
        accumulate(
            &mut self.entries,
            std::iter::once((factor, other.entries.as_slice())),
        );
    }

    /// The sum of each row.
    pub(in crate::theory) fn row_sums(&self) -> Vec<f64> {
        (0..self.rows).map(|i| self.row(i).iter().sum()).collect()
    }

    /// `self` · `other`, at no cost for entries of `self` that are 0.
    pub(in crate::theory) fn times(&self, other: &Self) -> Self {
        debug_assert_eq!(self.columns, other.rows(), "a product");
        let mut product = Self::zeros(self.rows, other.columns);
        for i in 0..self.rows {
            let factors = self.row(i).iter().enumerate();
            accumulate(
                product.row_mut(i),
                factors.map(|(k, &factor)| (factor, other.row(k))),
            );
        }
        product
    }

    /// `self` · `column`.
    pub(in crate::theory) fn times_column(&self, column: &[f64]) -> Vec<f64> {
        (0..self.rows).map(|i| dot(self.row(i), column)).collect()
    }

    /// `row` · `self`.
    pub(in crate::theory) fn after_row(&self, row: &[f64]) -> Vec<f64> {
        let mut product = vec![0.0; self.columns];
        let factors = row.iter().enumerate();
        accumulate(
            &mut product,
            factors.map(|(k, &factor)| (factor, self.row(k))),
        );
        product
    }

    /// Kronecker's product: state (i, k) of two that move apart has number i · (states of `other`) + k.
    pub(in crate::theory) fn kron(&self, other: &Self) -> Self {
        let (rows, columns) = (other.rows(), other.columns);
        let mut product = Self::zeros(self.rows * rows, self.columns * columns);
        for i in 0..self.rows {
            for (j, &factor) in self.row(i).iter().enumerate() {
                if factor == 0.0 {
                    continue;
                }
                for k in 0..rows {
                    let place = &mut product.row_mut(i * rows + k)[j * columns..][..columns];
                    accumulate(place, std::iter::once((factor, other.row(k))));
                }
            }
        }
        product
    }

    /// `self` with the columns of `other` to the right of its own.
    pub(in crate::theory) fn beside(&self, other: &Self) -> Self {
        debug_assert_eq!(self.rows, other.rows(), "side by side");
        let rows = (0..self.rows).flat_map(|i| self.row(i).iter().chain(other.row(i)));
        Self {
            rows: self.rows,
            columns: self.columns + other.columns,
            entries: rows.copied().collect(),
        }
    }

    /// Column `j`.
    pub(in crate::theory) fn column(&self, j: usize) -> Vec<f64> {
        (0..self.rows).map(|i| self[(i, j)]).collect()
    }

    /// All rows of these columns.
    pub(in crate::theory) fn part_of_columns(&self, columns: Range<usize>) -> Self {
        let rows = (0..self.rows).flat_map(|i| &self.row(i)[columns.clone()]);
        Self {
            rows: self.rows,
            columns: columns.len(),
            entries: rows.copied().collect(),
        }
    }

    /// The rows with these numbers.
    pub(in crate::theory) fn rows_of(&self, rows: &[usize]) -> Self {
        Self::from_fn(rows.len(), self.columns, |i, j| self[(rows[i], j)])
    }

    /// The rows and columns with these numbers.
    pub(in crate::theory) fn part(&self, rows: &[usize], columns: &[usize]) -> Self {
        Self::from_fn(rows.len(), columns.len(), |i, j| {
            self[(rows[i], columns[j])]
        })
    }
}

impl From<Vec<f64>> for Matrix {
    /// A single column.
    fn from(entries: Vec<f64>) -> Self {
        Self {
            rows: entries.len(),
            columns: 1,
            entries,
        }
    }
}

impl Index<(usize, usize)> for Matrix {
    type Output = f64;

    fn index(&self, (i, j): (usize, usize)) -> &f64 {
        &self.row(i)[j]
    }
}

impl IndexMut<(usize, usize)> for Matrix {
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut f64 {
        &mut self.row_mut(i)[j]
    }
}

impl AddAssign<&Self> for Matrix {
    fn add_assign(&mut self, other: &Self) {
        debug_assert_eq!(self.columns, other.columns, "a sum");
        for (own, value) in self.entries.iter_mut().zip(&other.entries) {
            *own += value;
        }
    }
}

/// Some neighbouring rows of a matrix.
#[derive(Clone, Copy, Debug)]
pub(in crate::theory) struct Rows<'a> {
    columns: usize,
    entries: &'a [f64],
}

impl<'a> Rows<'a> {
    /// Number `i` of them, counted from the first of these.
    pub(in crate::theory) fn row(&self, i: usize) -> &'a [f64] {
        &self.entries[i * self.columns..][..self.columns]
    }
}

/// Σ aᵢ·bᵢ.
pub(in crate::theory) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// `sum` += Σ factor · row, over the terms whose factor is not 0.
///
/// Four rows at a time, which reads and writes `sum` four times less: most of the time of this module is spent here.
pub(in crate::theory) fn accumulate<'a>(
    sum: &mut [f64],
    terms: impl Iterator<Item = (f64, &'a [f64])>,
) {
    let mut terms = terms.filter(|(factor, _)| *factor != 0.0);
    while let Some((a, first)) = terms.next() {
        match (terms.next(), terms.next(), terms.next()) {
            (Some((b, second)), Some((c, third)), Some((d, fourth))) => {
                let rows = first.iter().zip(second).zip(third).zip(fourth);
                for (sum, (((p, q), r), s)) in sum.iter_mut().zip(rows) {
                    *sum += (a * p + b * q) + (c * r + d * s);
                }
            }
            (second, third, fourth) => {
                let last = [Some((a, first)), second, third, fourth];
                for (factor, row) in last.into_iter().flatten() {
                    for (sum, value) in sum.iter_mut().zip(row) {
                        *sum += factor * value;
                    }
                }
            }
        }
    }
}
