//! New edits that make the JSON of a document what somebody wants it to be.
//!
//! The replica is compared with the wanted JSON and edited where they differ: keys of maps one by one, elements of arrays
//! and characters of text by what is different in them. What is there keeps its form (text stays text, a plain object
//! stays plain); what is new takes the form of what is beside it, and that of shared types if nothing is.

use serde_json::{Map as JsonMap, Value};
use yrs::branch::BranchPtr;
use yrs::types::{Attrs, Delta};
use yrs::{
    Any, Array, ArrayPrelim, ArrayRef, In, Map, MapPrelim, MapRef, Out, Text, TextRef, Transact, TransactionMut,
    WriteTxn,
};

use crate::difference::hunks;
use crate::failure::Failure;
use crate::integration::{Root, RootKind};
use crate::likeness::{Unit, pointer};
use crate::meaning::{Element, any_of, is_json, parsed};
use crate::projection::{failed, root_json, value_json};
use crate::restoration::{Content, Place, sorted_entries, tidy_replica, told};
use crate::text_delta::{Characters, DeltaWriter, Piece, chunks};

type Outcome = Result<(), Failure>;

/// The edits by this client, as one update, after which the JSON of the content is the wanted one.
pub fn edit(present: &Content, wanted: &[u8], client: u64) -> Result<Vec<u8>, Failure> {
    let wanted: JsonMap<String, Value> = serde_json::from_slice(wanted)
        .map_err(|error| Failure::Refused(format!("the wanted JSON cannot be read: {:?}", error.classify())))?;
    let (doc, tidied) = tidy_replica(present.update, client)?;
    let mut transaction = doc.try_transact_mut().map_err(|error| failed("be edited", error.to_string()))?;
    let mut edition = Edition { edit: &mut transaction, path: Vec::new() };
    for root in present.roots {
        edition.inside(&root.name, |edition| edition.known_root(root, wanted.get(&root.name)))?;
    }
    for (name, value) in &wanted {
        if !present.roots.iter().any(|root| root.name == *name) {
            edition.inside(name, |edition| edition.write_root(name, value))?;
        }
    }
    told(transaction, &tidied)
}

struct Edition<'a, 'edit> {
    edit: &'a mut TransactionMut<'edit>,
    path: Vec<String>,
}

impl Edition<'_, '_> {
    fn inside(&mut self, name: &str, work: impl FnOnce(&mut Self) -> Outcome) -> Outcome {
        self.path.push(name.replace('~', "~0").replace('/', "~1").replace(['\n', '\r'], " "));
        work(self)?;
        self.path.pop();
        Ok(())
    }

    fn unwritable(&self, why: &str) -> Failure {
        let pointer = self.path.iter().fold(String::new(), |pointer, name| pointer + "/" + name);
        Failure::Unwritable { pointer, why: why.into() }
    }

    fn known_root(&mut self, root: &Root, wanted: Option<&Value>) -> Outcome {
        let branch = self.root_branch(&root.name);
        match (root.kind(), wanted) {
            (RootKind::Map, Some(Value::Object(wanted))) => self.keys(branch, wanted),
            (RootKind::Map, None) => self.keys(branch, &JsonMap::new()),
            (RootKind::Array, Some(Value::Array(wanted))) => self.sequence(branch, wanted),
            (RootKind::Array, None) => self.sequence(branch, &[]),
            (RootKind::Text, Some(Value::String(wanted))) => self.text(branch, wanted),
            (RootKind::Text, None) => self.text(branch, ""),
            (kind, wanted) => {
                let json = root_json(kind, branch, self.edit);
                if wanted.is_some_and(|wanted| is_json(wanted, &json)) {
                    return Ok(());
                }
                match wanted {
                    Some(wanted) if !root.is_live() => self.write_root(&root.name, wanted),
                    _ => Err(self.unwritable("a root stays what it is, and XML cannot be written as JSON")),
                }
            }
        }
    }

    /// A root that is empty, so that it becomes what is written into it.
    fn write_root(&mut self, name: &str, wanted: &Value) -> Outcome {
        let branch = self.root_branch(name);
        match wanted {
            Value::Object(wanted) => self.keys(branch, wanted),
            Value::Array(wanted) => self.sequence(branch, wanted),
            Value::String(wanted) => self.text(branch, wanted),
            _ => Err(self.unwritable("a root is an object, an array or a text")),
        }
    }

    fn root_branch(&mut self, name: &str) -> BranchPtr {
        pointer(&self.edit.get_or_insert_map(name))
    }

    fn keys(&mut self, branch: BranchPtr, wanted: &JsonMap<String, Value>) -> Outcome {
        let map = MapRef::from(branch);
        let before = sorted_entries(&map, self.edit);
        let plain = are_plain(before.iter().map(|entry| &entry.1));
        for (key, value) in &before {
            if !wanted.contains_key(key) && !matches!(value, Out::Any(Any::Undefined)) {
                map.remove(self.edit, key);
            }
        }
        for (key, value) in wanted {
            let here = before.binary_search_by(|entry| entry.0.as_str().cmp(key)).ok().map(|at| &before[at].1);
            self.inside(key, |edition| match here {
                // In JSON it was not there.
                None | Some(Out::Any(Any::Undefined)) => edition.put(&Place::Key(&map, key), value, plain),
                Some(here) => edition.change(&Place::Key(&map, key), here, value),
            })?;
        }
        Ok(())
    }

    /// Makes one value another, inside of it if that is possible.
    fn change(&mut self, place: &Place, here: &Out, wanted: &Value) -> Outcome {
        match (here, wanted) {
            (Out::YMap(map), Value::Object(wanted)) => self.keys(pointer(map), wanted),
            (Out::YArray(array), Value::Array(wanted)) => self.sequence(pointer(array), wanted),
            (Out::YText(text), Value::String(wanted)) => self.text(pointer(text), wanted),
            _ if is_json(wanted, &value_json(here, self.edit)) => Ok(()),
            (Out::Any(Any::Map(_) | Any::Array(_)), wanted) => self.replace(place, wanted, true),
            (Out::Any(_) | Out::YMap(_) | Out::YArray(_) | Out::YText(_), wanted) => self.replace(place, wanted, false),
            _ => Err(self.unwritable("this is XML or another type that cannot be written as JSON")),
        }
    }

    fn replace(&mut self, place: &Place, wanted: &Value, plain: bool) -> Outcome {
        if let Place::Index(array, index) = place {
            array.remove(self.edit, *index);
        }
        self.put(place, wanted, plain)
    }

    fn put(&mut self, place: &Place, wanted: &Value, plain: bool) -> Outcome {
        match wanted {
            Value::Object(wanted) if !plain => {
                let made = pointer(&place.put(self.edit, MapPrelim::default()));
                self.keys(made, wanted)
            }
            Value::Array(wanted) if !plain => {
                let made = pointer(&place.put(self.edit, ArrayPrelim::default()));
                self.sequence(made, wanted)
            }
            value => {
                place.put(self.edit, any_of(value));
                Ok(())
            }
        }
    }

    fn sequence(&mut self, branch: BranchPtr, wanted: &[Value]) -> Outcome {
        let array = ArrayRef::from(branch);
        let before: Vec<Out> = array.iter(self.edit).collect();
        let plain = are_plain(before.iter());
        let units: Vec<Element> = before.iter().map(|out| Element(parsed(&value_json(out, self.edit)))).collect();
        let after: Vec<Element> = wanted.iter().map(|value| Element(value.clone())).collect();
        for hunk in hunks(&units, &after).into_iter().rev() {
            let common = hunk.before.len().min(hunk.after.len());
            for step in 0..common {
                let (left, right) = (hunk.before.start + step, hunk.after.start + step);
                let place = Place::Index(&array, left as u32);
                self.inside(&right.to_string(), |edition| edition.change(&place, &before[left], &wanted[right]))?;
            }
            let at = hunk.before.start + common;
            if hunk.before.len() > common {
                array.remove_range(self.edit, at as u32, (hunk.before.len() - common) as u32);
            }
            let first = hunk.after.start + common;
            self.insert(&array, at as u32, &wanted[first..hunk.after.end], first, plain)?;
        }
        Ok(())
    }

    /// Values that stand side by side become one item.
    fn insert(&mut self, array: &ArrayRef, mut at: u32, wanted: &[Value], first: usize, plain: bool) -> Outcome {
        let is_value = |value: &Value| plain || !matches!(value, Value::Object(_) | Value::Array(_));
        let mut index = first;
        for stretch in wanted.chunk_by(|left, right| is_value(left) && is_value(right)) {
            if is_value(&stretch[0]) {
                array.insert_range(self.edit, at, stretch.iter().map(any_of).collect::<Vec<Any>>());
            } else {
                let place = Place::Index(array, at);
                self.inside(&index.to_string(), |edition| edition.put(&place, &stretch[0], plain))?;
            }
            at += stretch.len() as u32;
            index += stretch.len();
        }
        Ok(())
    }

    /// What is embedded is not in the JSON and stays; what is inserted gets the format of what is before it.
    fn text(&mut self, branch: BranchPtr, wanted: &str) -> Outcome {
        let text = TextRef::from(branch);
        let chunks = chunks(&text, self.edit);
        let units = chunks.iter().map(|_| Unit::Unknown).collect();
        let here = Characters::of(chunks, units);
        let delta = text_changes(&here, wanted);
        if !delta.is_empty() {
            text.apply_delta(self.edit, delta);
        }
        Ok(())
    }
}

fn text_changes(here: &Characters, wanted: &str) -> Vec<Delta<In>> {
    let mut before = Vec::new();
    let mut places = Vec::new();
    for (index, piece) in here.pieces.iter().enumerate() {
        if let Piece::Character(character) = piece {
            before.push(*character);
            places.push(index);
        }
    }
    let after: Vec<char> = wanted.chars().collect();
    let mut delta = DeltaWriter::default();
    let mut at = 0;
    for hunk in hunks(&before, &after) {
        let start = if hunk.before.start == 0 { 0 } else { places[hunk.before.start - 1] + 1 };
        delta.retain(here.units(at..start), Attrs::new());
        at = start;
        let format = start.checked_sub(1).map(|left| here.format_of[left]);
        let attrs = format.map(|format| here.formats[format].clone()).unwrap_or_default();
        for character in &after[hunk.after.clone()] {
            delta.insert_character(*character, format.unwrap_or(usize::MAX), &attrs);
        }
        for place in &places[hunk.before.clone()] {
            delta.retain(here.units(at..*place), Attrs::new());
            delta.delete(here.length(*place));
            at = place + 1;
        }
    }
    delta.finish()
}

/// Whether the objects and arrays here are all plain values, and there are some.
fn are_plain<'a>(values: impl Iterator<Item = &'a Out>) -> bool {
    let mut plain = false;
    for value in values {
        match value {
            Out::Any(Any::Map(_) | Any::Array(_)) => plain = true,
            Out::YMap(_) | Out::YArray(_) => return false,
            _ => {}
        }
    }
    plain
}
