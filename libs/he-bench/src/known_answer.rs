//! The stored request of the crate `he`, and its stored answer.

use he::{Device, DeviceMatrix, EncryptedVector, Group, Layout, Matrix};
use sha2::{Digest as _, Sha256};

use crate::failure::Failure;

const REQUEST: &[u8] = include_bytes!("../../he/tests/known-answer/request.hlp");
const RESPONSE: &[u8] = include_bytes!("../../he/tests/known-answer/response.hlp");
const MATRIX: &str = include_str!("../../he/tests/known-answer/matrix.txt");

/// Checks the stored answer on the CPU and, where there is one, on the device; returns its digest.
pub(crate) fn check(device: Option<&Device>) -> Result<String, Failure> {
    let vector = EncryptedVector::from_bytes(REQUEST)?;
    let matrix = matrix()?;
    judge(&matrix.apply(&vector)?.to_bytes(), "the CPU")?;
    if let Some(device) = device {
        let loaded = DeviceMatrix::load(device, &matrix)?;
        // One query, and as many as go through the kernel for several.
        for count in [1, 4] {
            for scores in loaded.apply(&vec![vector.clone(); count])? {
                judge(&scores.to_bytes(), "the CUDA device")?;
            }
        }
    }
    Ok(digest(RESPONSE))
}

fn judge(response: &[u8], left: &'static str) -> Result<(), Failure> {
    if response == RESPONSE {
        return Ok(());
    }
    Err(Failure::Differ { case: "the known answer".to_owned(), left, right: "its file" })
}

/// SHA-256 in hexadecimal digits.
pub(crate) fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn matrix() -> Result<Matrix, Failure> {
    let line = |line: &str| line.split(' ').map(str::parse).collect::<Result<_, _>>();
    let rows: Result<Vec<Vec<i64>>, _> = MATRIX.lines().map(line).collect();
    let rows = rows.map_err(|error| Failure::Stored(error.to_string()))?;
    Ok(Matrix::with_layout(&rows, Layout::scores(Group::new(4)?))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cpu_gives_the_stored_answer() {
        assert_eq!(check(None).unwrap(), digest(RESPONSE));
    }

    #[test]
    fn an_answer_that_differs_in_one_bit_ends_the_program_with_status_1() {
        let mut response = RESPONSE.to_vec();
        assert!(judge(&response, "the CPU").is_ok());
        response[RESPONSE.len() - 1] ^= 1;
        let failure = judge(&response, "the CPU").unwrap_err();
        assert_eq!(failure.exit_code(), 1);
        let expected = "the scores of the known answer differ between the CPU and its file; nothing is reported";
        assert_eq!(failure.to_string(), expected);
    }
}
