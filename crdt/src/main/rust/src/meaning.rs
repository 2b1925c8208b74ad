//! JSON as it is meant: compared, and made plain values of a document.

use std::collections::HashMap;

use serde_json::Value;
use yrs::{Any, Number};

use crate::plain::write_base64;

/// A value that is compared as JSON means it: 1 and 1.0 are one number.
pub struct Element(pub Value);

impl PartialEq for Element {
    fn eq(&self, other: &Element) -> bool {
        alike(&self.0, &other.0)
    }
}

fn alike(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| alike(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let same = |(key, value): (&String, &Value)| right.get(key).is_some_and(|other| alike(value, other));
            left.len() == right.len() && left.iter().all(same)
        }
        _ => left == right,
    }
}

pub fn is_json(value: &Value, json: &str) -> bool {
    alike(value, &parsed(json))
}

/// What nests too deep to be read is not like anything.
pub fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|_| {
        let mut unlike = String::new();
        write_base64(&mut unlike, json.as_bytes());
        Value::String(unlike)
    })
}

pub fn any_of(value: &Value) -> Any {
    match value {
        Value::Null => Any::Null,
        Value::Bool(value) => Any::Bool(*value),
        Value::Number(number) => {
            let safe = number.as_i64().filter(|number| number.unsigned_abs() < 1 << 53);
            Any::Number(match safe {
                Some(number) => Number::Int(number),
                None => Number::Float(number.as_f64().unwrap_or(f64::NAN)),
            })
        }
        Value::String(text) => Any::String(text.as_str().into()),
        Value::Array(values) => Any::Array(values.iter().map(any_of).collect::<Vec<Any>>().into()),
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| (key.clone(), any_of(value)));
            Any::Map(entries.collect::<HashMap<String, Any>>().into())
        }
    }
}
