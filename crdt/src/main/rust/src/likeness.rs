//! What tells two values or types of different contents alike, so that one may stay for the other.

use yrs::branch::{Branch, BranchPtr};
use yrs::types::TypeRef;
use yrs::{Any, BranchID, Number, Out, ReadTxn};

use crate::projection::value_json;

/// What is compared of one place in an array, or among the children of XML.
pub enum Unit {
    Value(Any),
    /// A type that is in both contents.
    Same(BranchID),
    /// A type that is in one only: an earlier restoration may have made a copy of it.
    Copy(String, String),
    Unknown,
}

impl PartialEq for Unit {
    fn eq(&self, other: &Unit) -> bool {
        match (self, other) {
            (Unit::Value(left), Unit::Value(right)) => same(left, right),
            (Unit::Same(left), Unit::Same(right)) => left == right,
            (Unit::Copy(kind, json), Unit::Copy(other_kind, other_json)) => kind == other_kind && json == other_json,
            (Unit::Unknown, Unit::Unknown) => true,
            _ => false,
        }
    }
}

pub fn unit<T: ReadTxn>(out: &Out, in_both: &impl Fn(&BranchID) -> bool, view: &T) -> Unit {
    match out {
        Out::Any(value) => Unit::Value(value.clone()),
        other => match branch_of(other).map(|branch| branch.id()) {
            Some(id) if in_both(&id) => Unit::Same(id),
            Some(_) => Unit::Copy(kind_of(other).to_string(), value_json(other, view)),
            None => Unit::Unknown,
        },
    }
}

/// What cannot be gone into.
pub const OTHER: &str = "";

/// Types of the same kind can be turned into each other; elements of XML if they have the same tag besides.
pub fn kind_of(out: &Out) -> &str {
    match out {
        Out::YText(_) => "text",
        Out::YArray(_) => "array",
        Out::YMap(_) => "map",
        Out::YXmlText(_) => "xml text",
        Out::YXmlFragment(_) => "xml",
        Out::YXmlElement(element) => element.tag(),
        _ => OTHER,
    }
}

pub fn branch_of(out: &Out) -> Option<BranchPtr> {
    if kind_of(out) == OTHER { None } else { out.try_branch().map(BranchPtr::from) }
}

pub fn pointer(shared: &impl AsRef<Branch>) -> BranchPtr {
    BranchPtr::from(shared.as_ref())
}

/// As Yjs writes them: a NaN is one, whatever arithmetic says.
pub fn same(left: &Any, right: &Any) -> bool {
    match (left, right) {
        (Any::Number(Number::Float(left)), Any::Number(Number::Float(right))) => left.to_bits() == right.to_bits(),
        (Any::Array(left), Any::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right.iter()).all(|(left, right)| same(left, right))
        }
        (Any::Map(left), Any::Map(right)) => {
            let alike = |(key, value): (&String, &Any)| right.get(key).is_some_and(|other| same(value, other));
            left.len() == right.len() && left.iter().all(alike)
        }
        _ => left == right,
    }
}

pub fn value_of(out: &Out) -> Option<Any> {
    if let Out::Any(value) = out { Some(value.clone()) } else { None }
}

pub fn is_text(branch: &Branch) -> bool {
    matches!(branch.type_ref(), TypeRef::Text | TypeRef::XmlText)
}

pub fn is_unknown(out: &Out) -> bool {
    !matches!(out, Out::Any(_)) && branch_of(out).is_none()
}
