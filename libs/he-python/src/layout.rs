//! The layout and the sizes of messages, by the numbers and words of Python.

use he::{Content, EncryptedScores, EncryptedVector, Error, Group, Layout};
use he::{MAX_DIMENSION, MAX_ROWS};

use crate::failure::Failure;

/// The layout with this group and this content, "scores" or "records".
pub(crate) fn layout(group: usize, content: &str) -> Result<Layout, Failure> {
    let known = [Content::Scores, Content::Records];
    let content =
        known.into_iter().find(|known| known.to_string() == content).ok_or_else(|| {
            Failure::Other(format!("the content is \"scores\" or \"records\", not {content:?}"))
        })?;
    Ok(Layout { group: Group::new(group)?, content })
}

/// Bytes of every encrypted vector with so many entries.
pub(crate) fn request_bytes(columns: usize, group: usize) -> Result<usize, Failure> {
    let layout = Layout::scores(Group::new(group)?);
    if columns == 0 || columns > MAX_DIMENSION {
        return Err(Error::ColumnCount { actual: columns, maximum: MAX_DIMENSION }.into());
    }
    Ok(EncryptedVector::wire_len_in(columns, layout))
}

/// Bytes of every encrypted product with so many rows.
pub(crate) fn response_bytes(rows: usize, group: usize) -> Result<usize, Failure> {
    let layout = Layout::scores(Group::new(group)?);
    if rows == 0 || rows > MAX_ROWS {
        return Err(Error::RowCount { actual: rows, maximum: MAX_ROWS }.into());
    }
    Ok(EncryptedScores::wire_len_in(rows, layout))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_contents_and_every_group_have_a_layout() {
        for group in Group::ALL {
            assert_eq!(layout(group.entries(), "scores"), Ok(Layout::scores(group)));
            assert_eq!(layout(group.entries(), "records"), Ok(Layout::records(group)));
        }
    }

    #[test]
    fn what_is_no_layout_is_named() {
        for (group, content, word) in [(32, "Scores", "Scores"), (3, "scores", "3"), (0, "", "")] {
            let Err(Failure::Other(message)) = layout(group, content) else { panic!("{group}") };
            assert!(message.contains(word), "{message}");
        }
    }

    #[test]
    fn sizes_are_those_of_the_messages() {
        assert_eq!(request_bytes(384, 4), Ok(10 + 1_010_688));
        assert_eq!(response_bytes(8192, 4), Ok(10 + 163_840));
        for actual in [0, usize::MAX] {
            assert!(matches!(request_bytes(actual, 4), Err(Failure::Matrix(_))));
            assert!(matches!(response_bytes(actual, 4), Err(Failure::Matrix(_))));
        }
    }
}
