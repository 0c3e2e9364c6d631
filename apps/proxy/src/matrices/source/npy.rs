//! The header of a `.npy` file.

use std::io::Read;

use npyz::{DType, Endianness, NpyHeader, Order, TypeChar};

use super::{Table, header_bytes, shape};
use crate::matrices::dtype::Dtype;
use crate::matrices::error::Reason;

/// Bytes up to and with the length of version 1 of the format, and of the later ones.
const PREFIX: (usize, usize) = (10, 12);
const LIMIT: usize = 4096;
const MAX_DEPTH: usize = 4;

/// Reads the header and tells how many bytes it has.
pub(super) fn read(reader: &mut impl Read) -> Result<(Table, u64), Reason> {
    let mut header = header_bytes(reader, PREFIX.0)?;
    let length = match header[..] {
        [.., major, _, low, high] if major <= 1 => u16::from_le_bytes([low, high]).into(),
        [.., low, high] => {
            header.extend(header_bytes(reader, PREFIX.1 - PREFIX.0)?);
            u32::from_le_bytes([low, high, header[10], header[11]]) as usize
        }
        _ => 0,
    };
    if length > LIMIT {
        return Err(Reason::Header(format!("it has {length} bytes, more than {LIMIT}")));
    }
    let text = header_bytes(reader, length)?;
    check(&text)?;
    header.extend(text);
    let npy = NpyHeader::from_reader(&header[..]).map_err(|e| Reason::Header(e.to_string()))?;
    let (rows, columns) = shape(npy.shape())?;
    if npy.order() == Order::Fortran {
        return Err(Reason::FortranOrder);
    }
    let dtype = dtype(&npy.dtype())?;
    let start = header.len() as u64;
    let length = start + (rows * columns * dtype.size()) as u64;
    Ok((Table { dtype, rows, columns, start, length }, start))
}

/// Refuses what the library cannot take: it recurses without a limit, and it multiplies the numbers
/// of the shape without looking.
fn check(text: &[u8]) -> Result<(), Reason> {
    let mut depth = 0_usize;
    for byte in text {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth > MAX_DEPTH {
            return Err(Reason::Header("it is nested too deeply".to_owned()));
        }
    }
    let numbers = text.split(|byte| !byte.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let product = numbers.into_iter().try_fold(1_u64, |product, digits| {
        let number: u64 = str::from_utf8(digits).ok()?.parse().ok()?;
        product.checked_mul(number.max(1))
    });
    match product {
        Some(_) => Ok(()),
        None => Err(Reason::Header("it announces more than 2^64 entries".to_owned())),
    }
}

fn dtype(dtype: &DType) -> Result<Dtype, Reason> {
    let unsupported = || Reason::Type(dtype.descr());
    let DType::Plain(plain) = dtype else { return Err(unsupported()) };
    if plain.endianness() == Endianness::Big {
        return Err(unsupported());
    }
    Ok(match (plain.type_char(), plain.size_field()) {
        (TypeChar::Int, 1) => Dtype::I8,
        (TypeChar::Int, 2) => Dtype::I16,
        (TypeChar::Int, 4) => Dtype::I32,
        (TypeChar::Int, 8) => Dtype::I64,
        (TypeChar::Uint, 1) => Dtype::U8,
        (TypeChar::Float, 4) => Dtype::F32,
        (TypeChar::Float, 8) => Dtype::F64,
        _ => return Err(unsupported()),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A header of version 1 around a dictionary.
    fn header(text: &str) -> Vec<u8> {
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((text.len() as u16).to_le_bytes());
        bytes.extend(text.as_bytes());
        bytes
    }

    fn parse(dtype: &str, order: &str, shape: &str) -> Result<Table, Reason> {
        let text =
            format!("{{'descr': '{dtype}', 'fortran_order': {order}, 'shape': {shape}, }}\n");
        read(&mut &header(&text)[..]).map(|(table, _)| table)
    }

    fn refusal(dtype: &str, order: &str, shape: &str) -> String {
        parse(dtype, order, shape).expect_err("the header is refused").to_string()
    }

    #[test]
    fn every_type_of_entries_is_read_and_counted() {
        let types = ["|i1", "<i2", "<i4", "<i8", "|u1", "<f4", "<f8"];
        for (name, size) in types.into_iter().zip([1, 2, 4, 8, 1, 4, 8]) {
            let table = parse(name, "False", "(3, 5)").unwrap();
            assert_eq!((table.rows, table.columns, table.dtype.size()), (3, 5, size));
            assert_eq!(table.length - table.start, 15 * size as u64);
        }
    }

    #[test]
    fn other_types_are_named() {
        for name in [">i4", "<u2", "<u8", "<f2", "|b1", "<c8", "|S5", "<U3", "|O"] {
            let expected = format!("the entries have the type '{name}'");
            assert_eq!(refusal(name, "False", "(3, 5)"), expected);
        }
    }

    #[test]
    fn fortran_order_is_refused() {
        assert_eq!(refusal("<i4", "True", "(3, 5)"), "the array is in Fortran order");
    }

    #[test]
    fn rows_and_columns_are_refused_from_the_header() {
        for (shape, expected) in [
            ("(0, 5)", "the header announces 0 rows; 1 to 1048576 are allowed"),
            ("(10000000, 5)", "the header announces 10000000 rows; 1 to 1048576 are allowed"),
            ("(3, 0)", "the header announces 0 columns; 1 to 4096 are allowed"),
            ("(3, 4097)", "the header announces 4097 columns; 1 to 4096 are allowed"),
            ("(3,)", "the array has 1 dimensions instead of 2"),
            ("(3, 5, 7)", "the array has 3 dimensions instead of 2"),
        ] {
            assert_eq!(refusal("<i4", "False", shape), expected);
        }
        let huge = "(1000000000000000000, 384)";
        let expected = "the header cannot be read: it announces more than 2^64 entries";
        assert_eq!(refusal("<i4", "False", huge), expected);
    }

    #[test]
    fn bytes_that_are_no_header_are_refused() {
        let nested = header(&"(".repeat(4000));
        let long = b"\x93NUMPY\x02\x00\xff\xff\xff\xff".to_vec();
        for bytes in
            [&b""[..], b"\x93NUMPY\x01", b"PK\x03\x04aaaaaaaa", &header("x"), &nested, &long]
        {
            assert!(matches!(read(&mut &bytes[..]), Err(Reason::Header(_))), "{bytes:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn any_text_is_read_as_a_header_without_a_panic(text in "[ -~]{0,80}") {
            let _ = read(&mut &header(&text)[..]);
        }

        #[test]
        fn a_header_with_changed_bytes_is_read_without_a_panic(
            changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..4),
            cut in any::<usize>(),
        ) {
            let mut bytes = header("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 5), }\n");
            for (place, byte) in changes {
                let place = place % bytes.len();
                bytes[place] = byte;
            }
            bytes.truncate(bytes.len() - cut % 8);
            if let Ok((table, header)) = read(&mut &bytes[..]) {
                prop_assert!(header <= table.start && table.start <= table.length);
            }
        }
    }
}
