//! What a thread of the pool does for a request.

use std::num::NonZeroUsize;
use std::sync::Arc;

use axum::body::Bytes;
use he::{EncryptedVector, LoadedMatrix};

use super::asked::Asked;
use crate::budget::Budgets;
use crate::buffer::Buffer;
use crate::client::Client;
use crate::intake::Reserved;
use crate::matrices::Served;
use crate::problem::{Code, Problem};

/// Entries of a matrix for which a further core is worth its while.
const ENTRIES_PER_CORE: usize = 1 << 21;

/// Vectors and the matrix that they are multiplied by.
#[derive(Debug)]
pub(super) struct Product {
    matrix: Arc<Served>,
    asked: Asked,
    body: Bytes,
}

impl Product {
    /// Checks what can be checked without reading a coefficient.
    pub(super) fn new(
        matrix: Arc<Served>,
        asked: Asked,
        body: Bytes,
        max_queries: usize,
    ) -> Result<Self, Problem> {
        let length = matrix.request_bytes();
        if body.len() > max_queries * length && body.len().is_multiple_of(length) {
            let detail = format!("the body has more than {max_queries} vectors of {length} bytes");
            return Err(Problem::new(Code::BodyTooLarge, detail));
        }
        Ok(Self { matrix, asked, body })
    }

    /// The number of cores for which there is enough to do.
    pub(super) fn cores(&self) -> usize {
        let rows = self.asked.parts(&self.matrix).map(|part| part.rows).sum::<usize>();
        1 + rows * self.matrix.columns / ENTRIES_PER_CORE
    }

    /// The encrypted scores: for each vector those of each part that was asked for.
    pub(super) fn compute(
        &self,
        cores: NonZeroUsize,
        budgets: &Budgets,
        client: &Client,
        memory: &mut Reserved,
    ) -> Result<Bytes, Problem> {
        let vectors = self.vectors()?;
        let parts: Vec<_> = self.asked.parts(&self.matrix).collect();
        let matrices: Vec<_> = parts.iter().map(|part| &part.matrix).collect();
        let length = parts.iter().map(|part| part.response_bytes).sum::<usize>() * vectors.len();
        memory.grow_to(self.body.len() + length)?;
        let mut answer = Buffer::with_room(length)?;
        if let Asked::Some { epsilon, .. } = self.asked {
            budgets.check(client, epsilon)?;
        }
        for scores in LoadedMatrix::apply_each(&matrices, &vectors, cores)?.iter().flatten() {
            scores.write(|piece| answer.extend(piece))?;
        }
        // The answer is there: a request that is refused spends nothing.
        if let Asked::Some { epsilon, .. } = self.asked {
            budgets.spend(client, epsilon)?;
        }
        Ok(answer.into())
    }

    /// The vectors of the body, which all fit the matrix.
    fn vectors(&self) -> Result<Vec<EncryptedVector>, Problem> {
        let length = self.matrix.request_bytes();
        if self.body.is_empty() || !self.body.len().is_multiple_of(length) {
            // It is refused, and what a single vector of these bytes would be says best why.
            return Ok(vec![self.vector(&self.body)?]);
        }
        let chunks = self.body.chunks_exact(length).enumerate();
        chunks
            .map(|(index, bytes)| self.vector(bytes).map_err(|problem| problem.of_vector(index)))
            .collect()
    }

    fn vector(&self, bytes: &[u8]) -> Result<EncryptedVector, Problem> {
        let vector = EncryptedVector::from_bytes(bytes)?;
        self.matrix.check_fit(&vector)?;
        Ok(vector)
    }
}
