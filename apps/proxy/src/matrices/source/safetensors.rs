//! The header of a `.safetensors` file.

use std::io::Read;

use safetensors::Dtype as Type;
use safetensors::tensor::Metadata;

use super::{Table, header_bytes, shape};
use crate::matrices::dtype::Dtype;
use crate::matrices::error::Reason;

/// Bytes of the length before the header.
const PREFIX: usize = 8;
const LIMIT: u64 = 1 << 20;

/// Reads the header and tells how many bytes it has.
pub(super) fn read(reader: &mut impl Read, tensor: &str) -> Result<(Table, u64), Reason> {
    let mut prefix = [0; PREFIX];
    prefix.copy_from_slice(&header_bytes(reader, PREFIX)?);
    let length = u64::from_le_bytes(prefix);
    if length > LIMIT {
        return Err(Reason::Header(format!("it has {length} bytes, more than {LIMIT}")));
    }
    let text = header_bytes(reader, length as usize)?;
    let metadata: Metadata =
        serde_json::from_slice(&text).map_err(|error| Reason::Header(error.to_string()))?;
    let info = metadata.info(tensor).ok_or_else(|| Reason::Tensor(tensor.to_owned()))?;
    let dimensions: Vec<u64> = info.shape.iter().map(|dimension| *dimension as u64).collect();
    let (rows, columns) = shape(&dimensions)?;
    let dtype = dtype(info.dtype)?;
    let data = PREFIX as u64 + length;
    // The library has checked that tensors follow one another, not that their sum fits.
    let start = data.saturating_add(info.data_offsets.0 as u64);
    let length = data.saturating_add(metadata.data_len() as u64);
    Ok((Table { dtype, rows, columns, start, length }, data))
}

fn dtype(dtype: Type) -> Result<Dtype, Reason> {
    Ok(match dtype {
        Type::I8 => Dtype::I8,
        Type::I16 => Dtype::I16,
        Type::I32 => Dtype::I32,
        Type::I64 => Dtype::I64,
        Type::U8 => Dtype::U8,
        Type::F32 => Dtype::F32,
        Type::F64 => Dtype::F64,
        other => return Err(Reason::Type(format!("{other:?}"))),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(header: &str) -> Vec<u8> {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        bytes
    }

    fn refusal(header: &str) -> String {
        read(&mut &file(header)[..], "w").expect_err("the header is refused").to_string()
    }

    #[test]
    fn a_tensor_is_found_behind_another_one() {
        let header = r#"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},
                         "w":{"dtype":"I16","shape":[3,5],"data_offsets":[8,38]}}"#;
        let (table, read) = read(&mut &file(header)[..], "w").unwrap();
        assert_eq!((table.rows, table.columns, table.dtype), (3, 5, Dtype::I16));
        assert_eq!((table.start - read, table.length - read), (8, 38));
    }

    #[test]
    fn every_type_of_a_matrix_is_read_with_the_size_of_its_entries() {
        for (name, bytes, expected) in [
            ("I8", 1, Dtype::I8),
            ("U8", 1, Dtype::U8),
            ("I16", 2, Dtype::I16),
            ("I32", 4, Dtype::I32),
            ("I64", 8, Dtype::I64),
            ("F32", 4, Dtype::F32),
            ("F64", 8, Dtype::F64),
        ] {
            let end = 3 * 5 * bytes;
            let header =
                format!(r#"{{"w":{{"dtype":"{name}","shape":[3,5],"data_offsets":[0,{end}]}}}}"#);
            let (table, _) = read(&mut &file(&header)[..], "w").expect(name);
            assert_eq!((table.dtype, table.dtype.size()), (expected, bytes), "{name}");
        }
    }

    #[test]
    fn what_is_no_matrix_of_this_server_is_named() {
        let tensor = |dtype: &str, shape: &str, end: u64| {
            format!(r#"{{"w":{{"dtype":"{dtype}","shape":{shape},"data_offsets":[0,{end}]}}}}"#)
        };
        for (header, expected) in [
            ("{}".to_owned(), "there is no tensor \"w\""),
            (tensor("F16", "[3,5]", 30), "the entries have the type F16"),
            (tensor("I8", "[15]", 15), "the array has 1 dimensions instead of 2"),
            (tensor("I8", "[0,5]", 0), "the header announces 0 rows; 1 to 1048576 are allowed"),
            (
                tensor("I8", "[10000000,5]", 50_000_000),
                "the header announces 10000000 rows; 1 to 1048576 are allowed",
            ),
        ] {
            assert_eq!(refusal(&header), expected);
        }
        for header in [
            "x".to_owned(),
            tensor("I8", "[3,5]", 14),
            tensor("I8", "[1000000000000000000,384]", 15),
            format!("{}1", "[".repeat(100_000)),
        ] {
            let refusal = refusal(&header);
            assert!(refusal.starts_with("the header cannot be read: "), "{refusal}");
        }
    }

    #[test]
    fn a_tensor_behind_more_bytes_than_there_can_be_is_beyond_the_end_of_every_file() {
        // The library takes tensors of less than 2^61 bytes, and as many as there are.
        const LARGEST: u64 = (1 << 61) - 1;
        let tensor = |name: &str, rows: u64, begin: u64| {
            let end = begin + rows;
            format!(
                r#""{name}":{{"dtype":"I8","shape":[{rows},1],"data_offsets":[{begin},{end}]}}"#
            )
        };
        let others = (0..8).map(|index| tensor(&index.to_string(), LARGEST, index * LARGEST));
        let tensors: Vec<_> = others.chain([tensor("w", 7, 8 * LARGEST)]).collect();
        let header = format!("{{{}}}", tensors.join(","));
        let (table, _) = read(&mut &file(&header)[..], "w").unwrap();
        assert_eq!((table.start, table.length), (u64::MAX, u64::MAX));
    }

    #[test]
    fn a_header_beyond_the_limit_is_refused_before_it_is_read() {
        let bytes = u64::MAX.to_le_bytes();
        let error = read(&mut &bytes[..], "w").expect_err("it is too long").to_string();
        assert!(error.contains("18446744073709551615 bytes, more than 1048576"), "{error}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn any_bytes_are_read_as_a_header_without_a_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..80),
        ) {
            let _ = read(&mut &bytes[..], "w");
        }

        #[test]
        fn a_header_of_any_numbers_is_read_without_a_panic(
            shape in proptest::collection::vec(any::<u64>(), 0..4),
            offsets in proptest::array::uniform2(any::<u64>()),
            first in any::<u64>(),
        ) {
            let header = format!(
                r#"{{"a":{{"dtype":"U8","shape":[{first}],"data_offsets":[0,{first}]}},
                     "w":{{"dtype":"I8","shape":{shape:?},"data_offsets":{offsets:?}}}}}"#
            );
            if let Ok((table, header)) = read(&mut &file(&header)[..], "w") {
                prop_assert!(header <= table.start && table.start <= table.length);
            }
        }
    }
}
