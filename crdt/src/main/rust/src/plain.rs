//! Plain values, written as `JSON.stringify` and `toString` of JavaScript write them.

use yrs::{Any, Number};

pub fn write_any(out: &mut String, any: &Any) {
    match any {
        Any::Null | Any::Undefined => out.push_str("null"),
        Any::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Any::Number(Number::Float(value)) if !value.is_finite() => out.push_str("null"),
        Any::Number(number) => out.push_str(&number_text(*number)),
        Any::String(text) => write_string(out, text),
        Any::Buffer(bytes) => write_base64(out, bytes),
        Any::Array(values) => {
            out.push('[');
            for (position, value) in values.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write_any(out, value);
            }
            out.push(']');
        }
        Any::Map(entries) => {
            let mut sorted: Vec<_> = entries.iter().filter(|entry| *entry.1 != Any::Undefined).collect();
            sorted.sort_unstable_by(|left, right| left.0.cmp(right.0));
            out.push('{');
            for (position, (key, value)) in sorted.into_iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write_string(out, key);
                out.push(':');
                write_any(out, value);
            }
            out.push('}');
        }
    }
}

pub fn write_string(out: &mut String, text: &str) {
    let plain = text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
    if !plain {
        out.push_str(&serde_json::to_string(text).expect("a string can always be written"));
        return;
    }
    // As most are: without a string of its own for each.
    out.push('"');
    out.push_str(text);
    out.push('"');
}

pub fn write_base64(out: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    out.push('"');
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0u32, |group, i| group << 8 | u32::from(chunk.get(i).copied().unwrap_or(0)));
        for digit in 0..4 {
            let known = digit <= chunk.len();
            let index = (group >> (18 - 6 * digit) & 0x3f) as usize;
            out.push(if known { DIGITS[index] as char } else { '=' });
        }
    }
    out.push('"');
}

/// A number as JavaScript writes it (ECMA-262, Number::toString), which is also valid JSON when finite.
pub fn number_text(number: Number) -> String {
    let value = match number {
        Number::Int(value) => return value.to_string(),
        Number::Float(value) if value.is_nan() => return "NaN".into(),
        Number::Float(value) if value.is_infinite() => {
            return if value > 0.0 { "Infinity" } else { "-Infinity" }.into();
        }
        Number::Float(0.0) => return "0".into(),
        Number::Float(value) => value,
    };
    let (digits, point) = shortest_digits(value.abs());
    let count = digits.len() as i32;
    let sign = if value < 0.0 { "-" } else { "" };
    let text = match point {
        _ if (count..=21).contains(&point) => format!("{digits}{}", "0".repeat((point - count) as usize)),
        1..=21 => format!("{}.{}", &digits[..point as usize], &digits[point as usize..]),
        -5..=0 => format!("0.{}{digits}", "0".repeat(-point as usize)),
        _ => {
            let fraction = if count > 1 { format!(".{}", &digits[1..]) } else { String::new() };
            format!("{}{fraction}e{:+}", &digits[..1], point - 1)
        }
    };
    format!("{sign}{text}")
}

/// The fewest digits that tell this positive number from its neighbours, and where the decimal point is among them.
/// As serde_json finds them, which takes the even one of two that are equally near; `{:e}` of Rust does not.
fn shortest_digits(value: f64) -> (String, i32) {
    let written = serde_json::to_string(&value).expect("a finite number can always be written");
    let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let leading = all.len() - all.trim_start_matches('0').len();
    let exponent: i32 = exponent.parse().expect("an exponent is a number");
    (all.trim_matches('0').to_string(), whole.len() as i32 - leading as i32 + exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_javascript_writes_them() {
        let cases = [
            (0.1, "0.1"),
            (-1.5, "-1.5"),
            (100.0, "100"),
            (123456.789, "123456.789"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (1e-6, "0.000001"),
            (1.25e-7, "1.25e-7"),
            (5e-324, "5e-324"),
            (-1_415_399_077_814_072.2, "-1415399077814072.2"),
            (-0.0, "0"),
        ];
        for (value, wanted) in cases {
            assert_eq!(number_text(Number::Float(value)), wanted);
        }
    }

    #[test]
    fn bytes_are_written_in_base64() {
        for (bytes, wanted) in [(&b""[..], "\"\""), (b"M", "\"TQ==\""), (b"Ma", "\"TWE=\""), (b"Man", "\"TWFu\"")] {
            let mut out = String::new();
            write_base64(&mut out, bytes);
            assert_eq!(out, wanted);
        }
    }
}
