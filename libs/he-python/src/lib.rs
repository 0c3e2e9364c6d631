//! Python module `interlock_he`: the client's side of the crate `he`.
//!
//! The module is a thin shell around `session`, which knows no Python and is tested natively.
//! The shell is left out of those tests: linking it would need a Python library, while an extension
//! module gets its symbols from the interpreter that loads it. The Python tests cover it.

#[cfg(not(test))]
mod python;
mod session;
