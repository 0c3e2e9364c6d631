//! Reading the body of a request for a product.

use axum::body::{Body, Bytes};

use crate::body::{Unread, whole};
use crate::buffer::NoMemory;
use crate::intake::{Full, Intake, Reserved};
use crate::problem::{Code, Problem};

/// Seconds after which a body may have been answered.
const RETRY_AFTER: u64 = 1;

/// The whole body with the memory that it takes, or a refusal.
pub(super) async fn read(
    body: Body,
    limit: usize,
    intake: &Intake,
) -> Result<(Bytes, Reserved), Problem> {
    let mut reserved = intake.begin()?;
    let body = whole(body, limit, |bytes| Ok::<_, Problem>(reserved.grow_to(bytes)?)).await?;
    Ok((body, reserved))
}

impl From<Unread> for Problem {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLarge { limit } => {
                Self::new(Code::BodyTooLarge, format!("the body has more than {limit} bytes"))
            }
            Unread::NoMemory(refused) => refused.into(),
            Unread::Cut => Self::new(Code::BodyUnreadable, "the body ended before its last byte"),
        }
    }
}

impl From<NoMemory> for Problem {
    fn from(refused: NoMemory) -> Self {
        Self::new(Code::Overloaded, refused.to_string()).retry_after(RETRY_AFTER)
    }
}

impl From<Full> for Problem {
    fn from(full: Full) -> Self {
        Self::new(Code::Overloaded, full.to_string()).retry_after(RETRY_AFTER)
    }
}
