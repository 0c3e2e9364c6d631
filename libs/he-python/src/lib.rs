//! Python module `interlock_he`: the crates `he` and `he-client` for Python.
//!
//! The module is a thin shell (`python`) around modules that know no Python and are tested
//! natively. The shell is left out of those tests: linking it would need a Python library, while an
//! extension module gets its symbols from the interpreter that loads it. The Python tests cover it.

mod failure;
mod layout;
mod matrix;
#[cfg(not(test))]
mod python;
mod session;
mod shards;
