//! A stored request that has one answer, for ever and everywhere: does this server give it?

use std::num::NonZeroUsize;

use he::{EncryptedVector, Engine, Group, Layout, LoadedMatrix, Matrix};

const MATRIX: &str = include_str!("../../../libs/he/tests/known-answer/matrix.txt");
const REQUEST: &[u8] = include_bytes!("../../../libs/he/tests/known-answer/request.hlp");
const RESPONSE: &[u8] = include_bytes!("../../../libs/he/tests/known-answer/response.hlp");
const GROUP: usize = 4;

/// Multiplies the stored request by the stored matrix at this place, and compares every byte.
///
/// # Errors
///
/// What went wrong, for the log and for whoever asks whether the server is ready.
pub(crate) fn run(engine: &Engine) -> Result<(), String> {
    judge(&answer(engine).map_err(|error| error.to_string())?)
}

fn judge(response: &[u8]) -> Result<(), String> {
    if response == RESPONSE {
        return Ok(());
    }
    Err("the product of the stored request is not the stored response".to_owned())
}

fn answer(engine: &Engine) -> Result<Vec<u8>, he::Error> {
    let line = |line: &str| line.split(' ').filter_map(|word| word.parse().ok()).collect();
    let rows: Vec<Vec<i64>> = MATRIX.lines().map(line).collect();
    let matrix = engine.load(Matrix::with_layout(&rows, Layout::scores(Group::new(GROUP)?))?)?;
    let vector = EncryptedVector::from_bytes(REQUEST)?;
    let scores = LoadedMatrix::apply_each(&[&matrix], &[vector], NonZeroUsize::MIN)?;
    Ok(scores.iter().flatten().flat_map(he::EncryptedScores::to_bytes).collect())
}

#[cfg(test)]
mod tests {
    use he::Backend;

    use super::*;

    #[test]
    fn the_stored_request_has_the_stored_response() {
        assert_eq!(run(&Engine::open(Backend::Auto).unwrap()), Ok(()));
    }

    #[test]
    fn a_response_that_differs_in_one_bit_fails() {
        for index in [0, RESPONSE.len() / 2, RESPONSE.len() - 1] {
            let mut response = RESPONSE.to_vec();
            response[index] ^= 1;
            assert!(judge(&response).is_err(), "byte {index}");
        }
        assert!(judge(&RESPONSE[1..]).is_err());
    }
}
