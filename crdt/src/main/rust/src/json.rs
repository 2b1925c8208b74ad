//! JSON in the old kinds of content: made readable for the replica.

use std::borrow::Cow;

use serde_json::Value;
use yrs::Any;

use crate::lib0::{Reader, write_block, write_var_uint};

/// Puts a length-prefixed JSON text so that a strict reader takes it: the halves of a character that JavaScript
/// escapes one by one become U+FFFD, and what the reader still refuses (numbers beyond a double, more than 127 levels)
/// becomes null.
pub fn write_readable(prefixed: &[u8], out: &mut Vec<u8>) {
    let text = Reader::new(prefixed).string().expect("JSON was checked when it was read");
    let readable = whole_characters(text);
    let readable = if Any::from_json(&readable).is_ok() { &readable } else { "null" };
    write_block(out, readable.as_bytes());
}

/// Turns `count` length-prefixed JSON texts (or `undefined`) into values.
pub fn values_of_json(content: &[u8], count: u32, out: &mut Vec<u8>) {
    let mut reader = Reader::new(content);
    for _ in 0..count {
        let text = reader.string().expect("JSON was checked when it was read");
        if text == "undefined" {
            out.push(127);
        } else {
            let value = serde_json::from_str(&whole_characters(text));
            write_value(&value.unwrap_or(Value::Null), out);
        }
    }
}

fn write_value(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(126),
        Value::Bool(true) => out.push(120),
        Value::Bool(false) => out.push(121),
        Value::Number(number) => {
            out.push(123);
            out.extend_from_slice(&number.as_f64().unwrap_or(f64::NAN).to_be_bytes());
        }
        Value::String(text) => {
            out.push(119);
            write_block(out, text.as_bytes());
        }
        Value::Array(values) => {
            out.push(117);
            write_var_uint(out, values.len() as u64);
            values.iter().for_each(|value| write_value(value, out));
        }
        Value::Object(entries) => {
            out.push(118);
            write_var_uint(out, entries.len() as u64);
            for (key, value) in entries {
                write_block(out, key.as_bytes());
                write_value(value, out);
            }
        }
    }
}

/// The text with escapes of lone surrogates replaced; valid JSON is assumed.
fn whole_characters(text: &str) -> Cow<'_, str> {
    if !text.contains("\\ud") && !text.contains("\\uD") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match (surrogate(rest), rest.get(6..).and_then(surrogate)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(_), _) => {
                out.push('\u{fffd}');
                rest = &rest[6..];
                continue;
            }
            (None, _) => 2,
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The surrogate that an escape at the start of the text stands for.
fn surrogate(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok().filter(|unit| (0xd800..=0xdfff).contains(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lone_surrogates_are_replaced() {
        let cases = [
            (r#""plain""#, r#""plain""#),
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""a\ud83d""#, "\"a\u{fffd}\""),
            (r#""\ude00\n""#, "\"\u{fffd}\\n\""),
            (r#""\\ud83d\ud83d""#, "\"\\\\ud83d\u{fffd}\""),
        ];
        for (given, wanted) in cases {
            assert_eq!(whole_characters(given), wanted);
        }
    }

    #[test]
    fn what_the_reader_refuses_becomes_null() {
        for refused in ["1e999".to_string(), "[".repeat(200) + &"]".repeat(200)] {
            let mut prefixed = Vec::new();
            write_block(&mut prefixed, refused.as_bytes());
            let mut out = Vec::new();
            write_readable(&prefixed, &mut out);
            assert_eq!(out, b"\x04null");
        }
    }
}
