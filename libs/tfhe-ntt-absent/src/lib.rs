//! Nothing. The README says why.
