//! The JSON of a document: what `doc.toJSON()` of Yjs 13.6 gives, when each root is typed as the clients type it.
//!
//! yrs puts siblings in order; this reads them out. Keys are sorted, so that equal content gives equal bytes. As
//! `JSON.stringify` does: undefined is left out of objects and null in arrays, and so are NaN and the infinities; a
//! subdocument is `{}` and text loses its formats. Unlike it: bytes (Uint8Array) are a string in base64 instead of an
//! object with an entry per byte, and a bigint is a number instead of an error.

use std::cmp::Ordering;

use yrs::branch::{Branch, BranchPtr};
use yrs::types::Attrs;
use yrs::types::text::YChange;
use yrs::updates::decoder::Decode;
use yrs::{
    Any, Array, ArrayRef, Doc, GetString, Map, MapRef, OffsetKind, Options, Out, ReadTxn, Text, TextRef, Transact,
    TransactionMut, Update, XmlTextRef,
};

use crate::failure::Failure;
use crate::integration::{Root, RootKind};
use crate::plain::{number_text, write_any, write_string};

/// Shared types may nest this deep for the projection (readers of JSON rarely take more than a thousand levels); what
/// is stored and sent has no such limit.
pub const TYPE_DEPTH_MAX: u32 = 256;

/// The JSON of all roots out of one update that holds everything, and whether something could not be integrated.
pub fn project(update: &[u8], roots: &[Root]) -> Result<(String, bool), Failure> {
    let doc = replica(update)?;
    let transaction = doc.try_transact().map_err(|error| failed("read back", error.to_string()))?;
    let mut writer = Writer { transaction: &transaction, out: String::with_capacity(update.len()) };
    writer.roots(roots);
    Ok((writer.out, transaction.has_missing_updates()))
}

/// A yrs document with all that an update holds.
pub fn replica(update: &[u8]) -> Result<Doc, Failure> {
    let doc = Doc::with_options(Options {
        offset_kind: OffsetKind::Utf16,
        skip_gc: true,
        cleanup_formatting: false,
        ..Options::default()
    });
    {
        let mut transaction = doc.try_transact_mut().map_err(|error| failed("begin", error.to_string()))?;
        integrate(&mut transaction, update)?;
    }
    Ok(doc)
}

pub fn integrate(transaction: &mut TransactionMut, update: &[u8]) -> Result<(), Failure> {
    let update = Update::decode_v1(update).map_err(|error| failed("read", error.to_string()))?;
    transaction.apply_update(update).map_err(|error| failed("integrate", error.to_string()))
}

pub fn failed(what: &str, why: String) -> Failure {
    Failure::Panicked(format!("the replica could not {what}: {why}"))
}

/// The JSON of one value.
pub fn value_json<T: ReadTxn>(value: &Out, transaction: &T) -> String {
    let mut writer = Writer { transaction, out: String::new() };
    writer.value(value);
    writer.out
}

/// The JSON of one root.
pub fn root_json<T: ReadTxn>(kind: RootKind, branch: BranchPtr, transaction: &T) -> String {
    let mut writer = Writer { transaction, out: String::new() };
    writer.root(kind, branch);
    writer.out
}

struct Writer<'a, T: ReadTxn> {
    transaction: &'a T,
    out: String,
}

impl<T: ReadTxn> Writer<'_, T> {
    fn roots(&mut self, roots: &[Root]) {
        let mut sorted: Vec<&Root> = roots.iter().collect();
        sorted.sort_by(|left, right| left.name.cmp(&right.name));
        self.out.push('{');
        for (position, root) in sorted.into_iter().enumerate() {
            if position > 0 {
                self.out.push(',');
            }
            write_string(&mut self.out, &root.name);
            self.out.push(':');
            match self.transaction.get_map(root.name.as_str()) {
                Some(any_type) => self.root(root.kind(), BranchPtr::from(any_type.as_ref())),
                // Everything under this name is a tombstone that names no parent any more.
                None => self.out.push_str(empty(root.kind())),
            }
        }
        self.out.push('}');
    }

    fn root(&mut self, kind: RootKind, branch: BranchPtr) {
        let text = match kind {
            RootKind::Array => return self.array(branch),
            RootKind::Map => return self.map(branch),
            RootKind::Text => TextRef::from(branch).get_string(self.transaction),
            RootKind::XmlFragment => self.children_text(&branch),
            RootKind::XmlElement => self.element_text("UNDEFINED", &branch),
        };
        write_string(&mut self.out, &text);
    }

    fn value(&mut self, value: &Out) {
        match value {
            Out::Any(any) => write_any(&mut self.out, any),
            Out::YArray(array) => self.array(BranchPtr::from(array.as_ref())),
            Out::YMap(map) => self.map(BranchPtr::from(map.as_ref())),
            Out::YDoc(_) => self.out.push_str("{}"),
            other => {
                let text = self.text(other);
                write_string(&mut self.out, &text);
            }
        }
    }

    fn array(&mut self, branch: BranchPtr) {
        self.out.push('[');
        for (position, value) in ArrayRef::from(branch).iter(self.transaction).enumerate() {
            if position > 0 {
                self.out.push(',');
            }
            self.value(&value);
        }
        self.out.push(']');
    }

    fn map(&mut self, branch: BranchPtr) {
        let map = MapRef::from(branch);
        let mut entries: Vec<(&str, Out)> = map.iter(self.transaction).collect();
        entries.retain(|(_, value)| !matches!(value, Out::Any(Any::Undefined)));
        entries.sort_unstable_by(|left, right| left.0.cmp(right.0));
        self.out.push('{');
        for (position, (key, value)) in entries.iter().enumerate() {
            if position > 0 {
                self.out.push(',');
            }
            write_string(&mut self.out, key);
            self.out.push(':');
            self.value(value);
        }
        self.out.push('}');
    }

    /// The value as JavaScript makes it a string, which is how XML is written out.
    fn text(&self, value: &Out) -> String {
        match value {
            Out::Any(any) => text_of(any),
            Out::YText(text) => text.get_string(self.transaction),
            Out::YXmlText(text) => self.formatted_text(text),
            Out::YXmlElement(element) => self.element_text(element.tag(), element.as_ref()),
            Out::YXmlFragment(fragment) => self.children_text(fragment.as_ref()),
            _ => "[object Object]".into(),
        }
    }

    fn children_text(&self, branch: &Branch) -> String {
        ArrayRef::from(BranchPtr::from(branch)).iter(self.transaction).map(|child| self.text(&child)).collect()
    }

    fn element_text(&self, tag: &str, branch: &Branch) -> String {
        let attributes = MapRef::from(BranchPtr::from(branch));
        let mut sorted: Vec<(&str, Out)> = attributes.iter(self.transaction).collect();
        sorted.sort_by(|left, right| compare_utf16(left.0, right.0));
        let tag = tag.to_lowercase();
        let mut out = format!("<{tag}");
        for (name, value) in sorted {
            out.push_str(&format!(" {name}=\"{}\"", self.text(&value)));
        }
        out.push('>');
        out.push_str(&self.children_text(branch));
        out.push_str(&format!("</{tag}>"));
        out
    }

    /// Formats become elements around the text, as `YXmlText.toString()` writes them.
    fn formatted_text(&self, text: &XmlTextRef) -> String {
        let mut out = String::new();
        for chunk in text.diff(self.transaction, YChange::identity) {
            let formats = chunk.attributes.as_deref().map(sorted_formats).unwrap_or_default();
            for (name, value) in &formats {
                out.push('<');
                out.push_str(name);
                for (key, value) in enumerable_entries(value) {
                    out.push_str(&format!(" {key}=\"{value}\""));
                }
                out.push('>');
            }
            out.push_str(&self.text(&chunk.insert));
            for (name, _) in formats.iter().rev() {
                out.push_str(&format!("</{name}>"));
            }
        }
        out
    }
}

fn empty(kind: RootKind) -> &'static str {
    match kind {
        RootKind::Array => "[]",
        RootKind::Map => "{}",
        _ => "\"\"",
    }
}

fn sorted_formats(attributes: &Attrs) -> Vec<(&str, &Any)> {
    let mut formats: Vec<(&str, &Any)> = attributes.iter().map(|(name, value)| (name.as_ref(), value)).collect();
    formats.sort_by(|left, right| compare_utf16(left.0, right.0));
    formats
}

/// What `for (key in value)` of JavaScript goes over, sorted by key.
fn enumerable_entries(value: &Any) -> Vec<(String, String)> {
    let mut entries: Vec<(String, String)> = match value {
        Any::Map(map) => map.iter().map(|(key, value)| (key.clone(), text_of(value))).collect(),
        Any::Array(values) => values.iter().enumerate().map(|(i, value)| (i.to_string(), text_of(value))).collect(),
        Any::String(text) => {
            let units = text.encode_utf16().map(|unit| String::from_utf16_lossy(&[unit]));
            units.enumerate().map(|(i, unit)| (i.to_string(), unit)).collect()
        }
        _ => Vec::new(),
    };
    entries.sort_by(|left, right| compare_utf16(&left.0, &right.0));
    entries
}

fn compare_utf16(left: &str, right: &str) -> Ordering {
    left.encode_utf16().cmp(right.encode_utf16())
}

fn text_of(any: &Any) -> String {
    match any {
        Any::Null => "null".into(),
        Any::Undefined => "undefined".into(),
        Any::Bool(value) => value.to_string(),
        Any::Number(number) => number_text(*number),
        Any::String(text) => text.to_string(),
        Any::Buffer(bytes) => bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(","),
        Any::Array(values) => {
            let texts = values.iter().map(|value| match value {
                Any::Null | Any::Undefined => String::new(),
                other => text_of(other),
            });
            texts.collect::<Vec<_>>().join(",")
        }
        Any::Map(_) => "[object Object]".into(),
    }
}
