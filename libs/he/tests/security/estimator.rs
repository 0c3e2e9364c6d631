//! What the primal attack on learning with errors costs, by the usual models.
//!
//! The attack embeds the secret and the error as an unusually short vector of a lattice and reduces the
//! lattice by BKZ with block size β. It succeeds when that vector, projected, is shorter than the
//! vector that BKZ finds there (Alkim, Ducas, Pöppelmann and Schwabe, 2016):
//!
//! ```text
//! σ·√β ≤ δ^(2β-d-1) · Volume^(1/d),  δ = ((πβ)^(1/β) · β / 2πe)^(1/(2β-2))
//! ```
//!
//! A secret that is smaller than the error is scaled up to it.

use std::f64::consts::{E, PI};

/// An instance of learning with errors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Instance {
    pub(crate) dimension: u32,
    pub(crate) log2_modulus: f64,
    pub(crate) secret_std: f64,
    pub(crate) error_std: f64,
    /// How many samples the attacker has; `None` for as many as it wants.
    pub(crate) samples: Option<u32>,
}

/// The cheapest attack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attack {
    pub(crate) block_size: u32,
    /// Dimension of the lattice.
    pub(crate) dimension: u32,
}

impl Instance {
    /// The smallest block size that succeeds, and the smallest lattice in which it does.
    pub(crate) fn attack(&self) -> Attack {
        for block_size in 60.. {
            let best = self.best_dimension(block_size);
            if self.succeeds(block_size, best) {
                let smaller = self.dimension + 2..=best;
                let dimension = smaller.into_iter().find(|d| self.succeeds(block_size, *d));
                return Attack { block_size, dimension: dimension.unwrap_or(best) };
            }
        }
        unreachable!("a large enough block succeeds")
    }

    /// The dimension with the largest right side: its logarithm is `c - d·ln δ - a/d`.
    fn best_dimension(&self, block_size: u32) -> u32 {
        let stretched = -self.ln_volume(0.0);
        let best = (stretched / ln_root_hermite(block_size)).sqrt().round() as u32;
        let most = self.samples.map_or(u32::MAX, |samples| self.dimension + samples + 1);
        best.clamp(self.dimension + 2, most)
    }

    fn succeeds(&self, block_size: u32, dimension: u32) -> bool {
        let (block, d) = (f64::from(block_size), f64::from(dimension));
        let found = (2.0 * block - d - 1.0) * ln_root_hermite(block_size) + self.ln_volume(d) / d;
        self.error_std.ln() + block.ln() / 2.0 <= found
    }

    /// `dimension` counts the secret, one for the embedding, and samples.
    fn ln_volume(&self, dimension: f64) -> f64 {
        let n = f64::from(self.dimension);
        let scale = (self.error_std / self.secret_std).max(1.0);
        (dimension - n - 1.0) * self.log2_modulus / E.log2() + n * scale.ln() + self.error_std.ln()
    }
}

fn ln_root_hermite(block_size: u32) -> f64 {
    let block = f64::from(block_size);
    ((PI * block).ln() / block + (block / (2.0 * PI * E)).ln()) / (2.0 * (block - 1.0))
}

impl Attack {
    /// log2 of the cost of one call of the oracle in a block, by sieving on a classical computer.
    pub(crate) fn core_classical(self) -> f64 {
        0.292 * f64::from(self.block_size)
    }

    /// The same on a quantum computer.
    pub(crate) fn core_quantum(self) -> f64 {
        0.265 * f64::from(self.block_size)
    }

    /// The metric of the standard of 2018: a polynomial factor and 8·d calls of the oracle.
    pub(crate) fn standard_2018(self) -> f64 {
        self.core_classical() + 16.4 + (8.0 * f64::from(self.dimension)).log2()
    }
}
