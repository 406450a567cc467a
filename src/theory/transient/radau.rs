//! One step of the three-stage Radau IIA method, order 5, on a birth–death process.
//!
//! Hairer & Wanner 1996, Solving Ordinary Differential Equations II, §IV.5: implicit, and stable however fast the events are
//! beside the step. The stages Pᵢ at t + cᵢh obey Σⱼ (A⁻¹)ᵢⱼ Pⱼ − h Q(t + cᵢh)ᵀ Pᵢ = (A⁻¹1)ᵢ p, and the last one is the
//! law after the step. Level by level that is a tridiagonal system of 3 × 3 blocks, solved by elimination upwards and
//! substitution downwards; what remains of a level's flow after elimination is carried on as a product, not as a difference,
//! in the manner of Grassmann, Taksar & Heyman 1985, Operations Research 33, so that no probability is lost however long
//! the step.

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

/// The method, and the memory that its steps use over and over.
#[derive(Debug)]
pub(super) struct Radau {
    inverse: Block,
    row_sums: [f64; 3],
    eliminated: Vec<Eliminated>,
}

/// What elimination leaves of a level: Pₙ = `constant` + h · deaths(n + 1) · `inverse` · Pₙ₊₁.
#[derive(Clone, Copy, Debug)]
struct Eliminated {
    inverse: Block,
    constant: [f64; 3],
}

impl Radau {
    pub(super) fn new() -> Self {
        let inverse = inverse(&WEIGHTS);
        Self {
            row_sums: inverse.map(|row| row.iter().sum()),
            inverse,
            eliminated: Vec::new(),
        }
    }

    /// The probabilities of the same levels after a step of length `h` from `t`; nothing leaves these levels.
    pub(super) fn step(&mut self, levels: &Levels, rates: &Rates, t: f64, h: f64) -> Vec<f64> {
        self.eliminate(levels, rates, t, h);
        let mut above = [0.0; 3];
        let mut after = vec![0.0; levels.probabilities.len()];
        for (i, level) in self.eliminated.iter().enumerate().rev() {
            let deaths_above = h * rates.deaths(levels.first + i as u64 + 1);
            let from_above = times_vector(&level.inverse, &above);
            for stage in 0..3 {
                above[stage] = level.constant[stage] + deaths_above * from_above[stage];
            }
            after[i] = above[2];
        }
        after
    }

    fn eliminate(&mut self, levels: &Levels, rates: &Rates, t: f64, h: f64) {
        let births = NODES.map(|node| h * rates.arrival_rate(t + node * h));
        let top = levels.probabilities.len() - 1;
        // The block of a level without its births, and what comes to it from below.
        let mut rest = self.inverse;
        let mut inflow = [0.0; 3];
        self.eliminated.clear();
        for (i, p) in levels.probabilities.iter().enumerate() {
            let births = if i < top { births } else { [0.0; 3] };
            let mut block = rest;
            for stage in 0..3 {
                block[stage][stage] += births[stage];
                inflow[stage] += self.row_sums[stage] * p;
            }
            let inverse = inverse(&block);
            let constant = times_vector(&inverse, &inflow);
            let remains = times(&rest, &inverse);
            let deaths_above = h * rates.deaths(levels.first + i as u64 + 1);
            for row in 0..3 {
                inflow[row] = births[row] * constant[row];
                for column in 0..3 {
                    rest[row][column] =
                        self.inverse[row][column] + deaths_above * remains[row][column];
                }
            }
            self.eliminated.push(Eliminated { inverse, constant });
        }
    }
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
fn inverse(block: &Block) -> Block {
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
