//! One step of the three-stage Radau IIA method, order 5, on a birth–death process.
//!
//! Hairer & Wanner 1996, Solving Ordinary Differential Equations II, §IV.5: implicit, and stable however fast the
//! events are beside the step. The stages Pᵢ at t + cᵢh obey Σⱼ (A⁻¹)ᵢⱼ Pⱼ − h Q(t + cᵢh)ᵀ Pᵢ = (A⁻¹1)ᵢ p, and the last
//! one is the law after the step. Level by level that is a tridiagonal system of 3 × 3 blocks, solved by elimination
//! upwards and substitution downwards; what remains of a level's flow after elimination is carried on as a product, not
//! as a difference, in the manner of Grassmann, Taksar & Heyman 1985, Operations Research 33, so that no probability is
//! lost however long the step.

use super::levels::Levels;
use super::stretch::Rates;

type Block = [[f64; 3]; 3];

/// √6.
const ROOT: f64 = 2.449_489_742_783_178;
/// cᵢ.
const NODES: [f64; 3] = [(4.0 - ROOT) / 10.0, (4.0 + ROOT) / 10.0, 1.0];
/// A.
const WEIGHTS: Block = [
    [
        (88.0 - 7.0 * ROOT) / 360.0,
        (296.0 - 169.0 * ROOT) / 1800.0,
        (-2.0 + 3.0 * ROOT) / 225.0,
    ],
    [
        (296.0 + 169.0 * ROOT) / 1800.0,
        (88.0 + 7.0 * ROOT) / 360.0,
        (-2.0 - 3.0 * ROOT) / 225.0,
    ],
    [(16.0 - ROOT) / 36.0, (16.0 + ROOT) / 36.0, 1.0 / 9.0],
];

/// Where blocks from level to level differ by less than this share, they have come to rest.
const AT_REST: f64 = 1e-15;

/// The method, and the memory that its steps use over and over.
///
/// Elimination leaves of a level Pₙ = constant + h · deaths(n + 1) · inverse · Pₙ₊₁.
#[derive(Debug)]
pub(super) struct Radau {
    inverse: Block,
    row_sums: [f64; 3],
    constants: Vec<[f64; 3]>,
    /// The last one stands for all levels from there on, but for the uppermost, where it does not count.
    inverses: Vec<Block>,
}

impl Radau {
    pub(super) fn new() -> Self {
        let inverse = inverse_of(&WEIGHTS);
        Self {
            row_sums: inverse.map(|row| row.iter().sum()),
            inverse,
            constants: Vec::new(),
            inverses: Vec::new(),
        }
    }

    /// The probabilities of the same levels after a step of length `h` from `t`; nothing leaves these levels.
    pub(super) fn step(&mut self, levels: &Levels, rates: &Rates, t: f64, h: f64) -> Vec<f64> {
        self.eliminate(levels, rates, t, h);
        let last_inverse = self.inverses.len() - 1;
        let mut above = [0.0; 3];
        let mut after = vec![0.0; levels.probabilities.len()];
        for (i, constant) in self.constants.iter().enumerate().rev() {
            let deaths_above = h * rates.deaths(levels.first + i as u64 + 1);
            let from_above = times_vector(&self.inverses[i.min(last_inverse)], &above);
            for stage in 0..3 {
                above[stage] = constant[stage] + deaths_above * from_above[stage];
            }
            after[i] = above[2];
        }
        after
    }

    fn eliminate(&mut self, levels: &Levels, rates: &Rates, t: f64, h: f64) {
        let births = NODES.map(|node| h * rates.arrival_rate(t + node * h));
        let top = levels.probabilities.len() - 1;
        self.constants.clear();
        self.inverses.clear();
        // The block of a level without its births, and what comes to it from below.
        let mut rest = self.inverse;
        let mut inflow = [0.0; 3];
        let mut inverse = inverse_of(&with_diagonal(&rest, &births));
        let mut at_rest = false;
        for (i, p) in levels.probabilities[..top].iter().enumerate() {
            if !at_rest {
                let deaths_above = h * rates.deaths(levels.first + i as u64 + 1);
                inverse = inverse_of(&with_diagonal(&rest, &births));
                self.inverses.push(inverse);
                let next = plus_scaled(&self.inverse, deaths_above, &times(&rest, &inverse));
                at_rest = rates.are_the_same_from(levels.first + i as u64) && alike(&rest, &next);
                rest = next;
            }
            add_scaled(&mut inflow, *p, &self.row_sums);
            let constant = times_vector(&inverse, &inflow);
            inflow = [0, 1, 2].map(|stage| births[stage] * constant[stage]);
            self.constants.push(constant);
        }
        add_scaled(&mut inflow, levels.probabilities[top], &self.row_sums);
        self.constants
            .push(times_vector(&inverse_of(&rest), &inflow));
        if self.inverses.is_empty() {
            self.inverses.push(inverse);
        }
    }
}

fn with_diagonal(block: &Block, diagonal: &[f64; 3]) -> Block {
    let mut sum = *block;
    for stage in 0..3 {
        sum[stage][stage] += diagonal[stage];
    }
    sum
}

fn plus_scaled(block: &Block, factor: f64, other: &Block) -> Block {
    [0, 1, 2].map(|row| [0, 1, 2].map(|column| block[row][column] + factor * other[row][column]))
}

fn add_scaled(vector: &mut [f64; 3], factor: f64, other: &[f64; 3]) {
    for (sum, share) in vector.iter_mut().zip(other) {
        *sum += factor * share;
    }
}

fn alike(one: &Block, other: &Block) -> bool {
    let pairs = one.iter().flatten().zip(other.iter().flatten());
    let largest = one
        .iter()
        .flatten()
        .fold(0.0, |most: f64, entry| most.max(entry.abs()));
    pairs
        .into_iter()
        .all(|(a, b)| (a - b).abs() <= AT_REST * largest)
}

fn times_vector(block: &Block, vector: &[f64; 3]) -> [f64; 3] {
    block.map(|row| row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2])
}

fn times(left: &Block, right: &Block) -> Block {
    left.map(|row| {
        [0, 1, 2].map(|j| row[0] * right[0][j] + row[1] * right[1][j] + row[2] * right[2][j])
    })
}

/// By cofactors.
fn inverse_of(block: &Block) -> Block {
    let [[a, b, c], [d, e, f], [g, h, i]] = *block;
    let cofactors = [e * i - f * h, f * g - d * i, d * h - e * g];
    let scale = 1.0 / (a * cofactors[0] + b * cofactors[1] + c * cofactors[2]);
    [
        [
            cofactors[0] * scale,
            (c * h - b * i) * scale,
            (b * f - c * e) * scale,
        ],
        [
            cofactors[1] * scale,
            (a * i - c * g) * scale,
            (c * d - a * f) * scale,
        ],
        [
            cofactors[2] * scale,
            (b * g - a * h) * scale,
            (a * e - b * d) * scale,
        ],
    ]
}
