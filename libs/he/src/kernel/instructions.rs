//! Which instructions of the processor a product is computed with.

use std::fmt;

use super::{Strip, sums_of_products};

/// The instructions that a product is computed with. All give the same bytes.
///
/// There is no value for instructions that this processor does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instructions(Set);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Ifma(super::wide::Ifma),
}

impl Instructions {
    /// Those that every processor has: products of 64 bits, one at a time.
    pub const PORTABLE: Self = Self(Set::Portable);

    /// All that this processor has, the slowest ones first.
    #[must_use]
    pub fn available() -> Vec<Self> {
        std::iter::once(Self::PORTABLE).chain(Self::faster()).collect()
    }

    /// The fastest ones that this processor has.
    #[must_use]
    pub fn best() -> Self {
        Self::faster().unwrap_or(Self::PORTABLE)
    }

    #[cfg(target_arch = "x86_64")]
    fn faster() -> Option<Self> {
        super::wide::Ifma::detect().map(|ifma| Self(Set::Ifma(ifma)))
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn faster() -> Option<Self> {
        None
    }

    /// Fills the sums of as many blocks as there is room for, and tells what did it.
    pub(super) fn fill(self, strip: Strip<'_>, sums: &mut [u64]) -> Self {
        match self.0 {
            Set::Portable => strip.fill(sums, sums_of_products),
            #[cfg(target_arch = "x86_64")]
            Set::Ifma(ifma) => ifma.fill(strip, sums),
        }
        self
    }
}

/// What the processor's documentation calls them.
impl fmt::Display for Instructions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.0 {
            Set::Portable => "64-bit integers",
            #[cfg(target_arch = "x86_64")]
            Set::Ifma(_) => "AVX-512 IFMA",
        })
    }
}
