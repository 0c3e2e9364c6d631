//! From what was written to a type, through serde: the type alone knows its keys.

use std::collections::btree_map;
use std::fmt;

use serde::Deserialize as _;
use serde::de::value::{SeqDeserializer, StrDeserializer};
use serde::de::{
    self, DeserializeSeed, Deserializer, Error as _, Expected, IntoDeserializer, MapAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use thiserror::Error;

use super::tree::{Node, Value};

/// Why a value does not fit its type, and under which keys.
#[derive(Debug, PartialEq, Eq, Error)]
#[error("{kind:?}")]
pub(super) struct Fault {
    /// From the innermost key to the outermost.
    pub(super) reversed_path: Vec<String>,
    pub(super) kind: FaultKind,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum FaultKind {
    Unknown {
        key: String,
        known: &'static [&'static str],
    },
    UnknownChoice {
        known: &'static [&'static str],
    },
    Missing {
        key: &'static str,
    },
    /// It is something else than what its key takes; the value itself may be a secret.
    Unfit {
        expected: String,
    },
    /// A list that begins with `[` and does not go on as one.
    NoList,
}

impl From<FaultKind> for Fault {
    fn from(kind: FaultKind) -> Self {
        Self { reversed_path: Vec::new(), kind }
    }
}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(expected: T) -> Self {
        FaultKind::Unfit { expected: expected.to_string() }.into()
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(expected)
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(expected)
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        FaultKind::Unknown { key: key.to_owned(), known }.into()
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> Self {
        FaultKind::UnknownChoice { known }.into()
    }

    fn missing_field(key: &'static str) -> Self {
        FaultKind::Missing { key }.into()
    }
}

/// Numbers and truth values of a text; what does not parse is shown to the visitor as a text, which
/// refuses it in its own words.
macro_rules! parsed {
    ($($method:ident => $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            match &self.value {
                Value::Text(text) => match text.trim().parse() {
                    Ok(value) => visitor.$visit(value),
                    Err(_) => visitor.visit_str(text),
                },
                Value::Table(_) | Value::Toml(_) => self.deserialize_any(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.value {
            Value::Table(table) => visitor.visit_map(Entries { rest: table.iter(), next: None }),
            Value::Toml(value) => Leaf(value.clone()).deserialize_any(visitor),
            Value::Text(text) => visitor.visit_str(text),
        }
    }

    parsed! {
        deserialize_bool => visit_bool
        deserialize_i64 => visit_i64
        deserialize_u32 => visit_u64
        deserialize_u64 => visit_u64
        deserialize_f64 => visit_f64
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.value {
            Value::Text(text) if text.is_empty() => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.value {
            Value::Text(text) if text.trim_start().starts_with('[') => {
                let array = toml::de::ValueDeserializer::parse(text.trim())
                    .and_then(toml::Value::deserialize)
                    .map_err(|_| Fault::from(FaultKind::NoList))?;
                Leaf(array).deserialize_any(visitor)
            }
            Value::Text(text) => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                visitor.visit_seq(SeqDeserializer::new(parts))
            }
            Value::Table(_) | Value::Toml(_) => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let text = match &self.value {
            Value::Text(text) => text,
            Value::Toml(toml::Value::String(text)) => text,
            Value::Table(_) | Value::Toml(_) => {
                return Err(FaultKind::UnknownChoice { known: variants }.into());
            }
        };
        let choice: StrDeserializer<'_, Fault> = text.as_str().into_deserializer();
        choice.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u128 f32 char str string bytes byte_buf unit unit_struct tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// A value of a TOML file that is no section.
struct Leaf(toml::Value);

impl<'de> Deserializer<'de> for Leaf {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
            toml::Value::String(text) => visitor.visit_string(text),
            toml::Value::Integer(number) => visitor.visit_i64(number),
            toml::Value::Float(number) => visitor.visit_f64(number),
            toml::Value::Boolean(truth) => visitor.visit_bool(truth),
            toml::Value::Array(items) => {
                visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Leaf)))
            }
            toml::Value::Datetime(_) | toml::Value::Table(_) => {
                Err(Fault::invalid_type(Unexpected::Other("date or table"), &visitor))
            }
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

impl IntoDeserializer<'_, Fault> for Leaf {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

struct Entries<'a> {
    rest: btree_map::Iter<'a, String, Node>,
    next: Option<(&'a String, &'a Node)>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        self.next = self.rest.next();
        match self.next {
            Some((key, _)) => {
                let key: StrDeserializer<'_, Fault> = key.as_str().into_deserializer();
                seed.deserialize(key).map(Some)
            }
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let (key, node) = self.next.ok_or_else(|| Fault::custom("a key before its value"))?;
        seed.deserialize(node).map_err(|mut fault: Fault| {
            fault.reversed_path.push(key.clone());
            fault
        })
    }
}
