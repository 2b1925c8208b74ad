//! New edits that lead a document's content back to what it was.
//!
//! Both contents are read out of replicas, and the present one is edited until it says the same as the wanted one: keys
//! of maps one by one, sequences by what is different in them, types that exist in both by going into them. So edits
//! that peers make at the same time meet few others. What was deleted comes back as a copy under new ids.
//!
//! The replica does not tell everything apart: a bigint that was deleted comes back as a number, a subdocument as an empty
//! object, a hook of XML as a map. A Yjs that has tidied away overlapping formats of deleted text in another order than yrs
//! may, rarely, show one format more or less. What yrs does not know at all (weak links) is left as it is.

use std::collections::{HashMap, HashSet};
use std::iter::repeat_n;

use yrs::branch::{Branch, BranchPtr};
use yrs::types::text::YChange;
use yrs::types::{AsPrelim, Attrs, Delta};
use yrs::updates::encoder::Encode;
use yrs::{
    Any, Array, ArrayPrelim, ArrayRef, BranchID, ClientID, Doc, IdSet, In, Map, MapPrelim, MapRef, Number, OffsetKind,
    Options, Out, ReadTxn, Text, TextPrelim, TextRef, Transact, Transaction, TransactionMut, WriteTxn,
    XmlElementPrelim, XmlFragmentPrelim, XmlTextPrelim, merge_updates_v1,
};

use crate::difference::{Hunk, hunks};
use crate::failure::Failure;
use crate::integration::{Root, RootKind};
use crate::projection::{failed, integrate, replica, value_json};

/// How often a text is looked at: once to change it, once to see that it is right, and once more than was ever needed.
const TEXT_ROUNDS_MAX: usize = 4;

/// An update without structs and deletions.
const NOTHING: [u8; 2] = [0, 0];

/// One content for the replica: an update that holds everything, and the roots in it.
pub struct Content<'a> {
    pub update: &'a [u8],
    pub roots: &'a [Root],
}

/// The edits by this client, as one update, that turn the present content into the wanted one.
pub fn restore(present: &Content, wanted: &Content, client: u64) -> Result<Vec<u8>, Failure> {
    let (present_doc, tidied) = tidy_replica(present.update, client)?;
    let wanted_doc = replica(wanted.update)?;
    let wanted_view = wanted_doc.try_transact().map_err(|error| failed("be read", error.to_string()))?;
    let mut edit = present_doc.try_transact_mut().map_err(|error| failed("be edited", error.to_string()))?;
    for (name, kind) in roots(present.roots, wanted.roots) {
        let from = wanted_view.get_map(name).map(|any_type| pointer(&any_type));
        let to = match edit.get_map(name) {
            Some(any_type) => any_type,
            // Everything in it is a tombstone that names no parent any more.
            None => edit.get_or_insert_map(name),
        };
        let mut restoration = Restoration { wanted: &wanted_view, edit: &mut edit };
        restoration.branch(pointer(&to), from, kind == RootKind::Text);
    }
    edit.commit();
    let update = edit.encode_update_v1();
    if update == NOTHING || tidied.is_empty() {
        return Ok(update);
    }
    let mut deletions = vec![0];
    deletions.extend(tidied.encode_v1());
    merge_updates_v1([update, deletions]).map_err(|error| failed("tell its edits", error.to_string()))
}

/// A replica to edit as this client, and the formats that were taken out of it because they changed nothing. Every Yjs
/// takes them out of its own replica without telling; what is written here must not build on them.
fn tidy_replica(update: &[u8], client: u64) -> Result<(Doc, IdSet), Failure> {
    let doc = Doc::with_options(Options {
        client_id: ClientID::new(client),
        offset_kind: OffsetKind::Utf16,
        skip_gc: true,
        cleanup_formatting: true,
        ..Options::default()
    });
    let tidied = {
        let mut transaction = doc.try_transact_mut().map_err(|error| failed("begin", error.to_string()))?;
        integrate(&mut transaction, update)?;
        let deleted = transaction.delete_set().clone();
        transaction.commit();
        transaction.delete_set().diff(&deleted)
    };
    Ok((doc, tidied))
}

/// All roots with what they are: by the wanted content where that has any, since it is older and knows.
fn roots<'a>(present: &'a [Root], wanted: &'a [Root]) -> Vec<(&'a str, RootKind)> {
    let mut kinds: HashMap<&str, RootKind> = HashMap::new();
    for root in present {
        kinds.insert(&root.name, root.kind());
    }
    for root in wanted {
        if root.is_live() || !kinds.contains_key(root.name.as_str()) {
            kinds.insert(&root.name, root.kind());
        }
    }
    let mut sorted: Vec<_> = kinds.into_iter().collect();
    sorted.sort_by_key(|(name, _)| *name);
    sorted
}

/// What is compared of one place in an array, or among the children of XML.
enum Unit {
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

/// One character of a text, or something embedded.
#[derive(PartialEq)]
enum Piece {
    Character(char),
    Embedded(Unit),
}

struct Characters {
    pieces: Vec<Piece>,
    /// Per piece, which of the formats.
    format_of: Vec<usize>,
    formats: Vec<Attrs>,
    embedded: HashMap<usize, Out>,
}

struct Restoration<'a, 'view, 'edit> {
    wanted: &'a Transaction<'view>,
    edit: &'a mut TransactionMut<'edit>,
}

impl Restoration<'_, '_, '_> {
    /// Makes one type say what another does; the latter may be missing, and then says nothing.
    fn branch(&mut self, present: BranchPtr, wanted: Option<BranchPtr>, is_text: bool) {
        self.keys(present, wanted);
        if is_text {
            self.text(present, wanted);
        } else {
            self.sequence(present, wanted);
        }
    }

    fn keys(&mut self, present: BranchPtr, wanted: Option<BranchPtr>) {
        let map = MapRef::from(present);
        let before = sorted_entries(&map, self.edit);
        let after = wanted.map(|wanted| sorted_entries(&MapRef::from(wanted), self.wanted)).unwrap_or_default();
        for (key, value) in &before {
            let in_wanted = after.binary_search_by(|entry| entry.0.as_str().cmp(key)).is_ok();
            if !in_wanted && !is_unknown(value) {
                map.remove(self.edit, key);
            }
        }
        for (key, value) in &after {
            let here = before.binary_search_by(|entry| entry.0.as_str().cmp(key)).ok().map(|at| &before[at].1);
            self.entry(&map, key, here, value);
        }
    }

    fn entry(&mut self, map: &MapRef, key: &str, here: Option<&Out>, wanted: &Out) {
        match (here, wanted) {
            (Some(Out::Any(before)), Out::Any(after)) if same(before, after) => {}
            (Some(before), after) if kind_of(before) != OTHER && kind_of(before) == kind_of(after) => {
                self.nested(before, after);
            }
            (_, after) if !is_unknown(after) => self.put(&Place::Key(map, key), after),
            _ => {}
        }
    }

    /// Goes into two types of the same kind.
    fn nested(&mut self, present: &Out, wanted: &Out) {
        if let (Some(present), Some(wanted)) = (branch_of(present), branch_of(wanted)) {
            self.branch(present, Some(wanted), is_text(&present));
        }
    }

    /// Puts a value, or a copy of a type with all that is in it.
    fn put(&mut self, place: &Place, wanted: &Out) {
        let made: Option<BranchPtr> = match wanted {
            Out::Any(value) => {
                place.put(self.edit, value.clone());
                None
            }
            Out::YText(_) => Some(pointer(&place.put(self.edit, TextPrelim::new("")))),
            Out::YArray(_) => Some(pointer(&place.put(self.edit, ArrayPrelim::default()))),
            Out::YMap(_) => Some(pointer(&place.put(self.edit, MapPrelim::default()))),
            Out::YXmlText(_) => Some(pointer(&place.put(self.edit, XmlTextPrelim::new("")))),
            Out::YXmlElement(element) => {
                let empty = XmlElementPrelim::empty(element.tag().clone());
                Some(pointer(&place.put(self.edit, empty)))
            }
            Out::YXmlFragment(_) => {
                let empty = XmlFragmentPrelim::default();
                Some(pointer(&place.put(self.edit, empty)))
            }
            _ => None,
        };
        if let Some(made) = made {
            self.branch(made, branch_of(wanted), is_text(&made));
        }
    }

    fn sequence(&mut self, present: BranchPtr, wanted: Option<BranchPtr>) {
        let array = ArrayRef::from(present);
        let before: Vec<Out> = array.iter(self.edit).collect();
        let after: Vec<Out> =
            wanted.map(|wanted| ArrayRef::from(wanted).iter(self.wanted).collect()).unwrap_or_default();
        if before.is_empty() && after.is_empty() {
            return;
        }
        let (units_before, units_after) = self.units(&before, &after);
        let hunks = hunks(&units_before, &units_after);
        for_each_kept(&hunks, before.len(), |left, right| self.nested(&before[left], &after[right]));
        for hunk in hunks.iter().rev() {
            let at = hunk.before.start as u32;
            if !hunk.before.is_empty() {
                array.remove_range(self.edit, at, hunk.before.len() as u32);
            }
            self.insert(&array, at, &after[hunk.after.clone()]);
        }
    }

    /// Values that stand side by side become one item.
    fn insert(&mut self, array: &ArrayRef, mut at: u32, wanted: &[Out]) {
        let is_value = |out: &Out| matches!(out, Out::Any(_));
        for stretch in wanted.chunk_by(|left, right| is_value(left) && is_value(right)) {
            let values: Vec<Any> = stretch.iter().filter_map(value_of).collect();
            if values.len() == stretch.len() {
                array.insert_range(self.edit, at, values);
                at += stretch.len() as u32;
            } else if !is_unknown(&stretch[0]) {
                self.put(&Place::Index(array, at), &stretch[0]);
                at += 1;
            }
        }
    }

    fn units(&self, before: &[Out], after: &[Out]) -> (Vec<Unit>, Vec<Unit>) {
        let ids = |outs: &[Out]| -> HashSet<BranchID> {
            outs.iter().filter_map(branch_of).map(|branch| branch.id()).collect()
        };
        let (ids_before, ids_after) = (ids(before), ids(after));
        let in_both = |id: &BranchID| ids_before.contains(id) && ids_after.contains(id);
        (
            before.iter().map(|out| unit(out, &in_both, self.edit)).collect(),
            after.iter().map(|out| unit(out, &in_both, self.wanted)).collect(),
        )
    }

    /// Looks again afterwards: where formats overlap, changing one may uncover another.
    fn text(&mut self, present: BranchPtr, wanted: Option<BranchPtr>) {
        for _ in 0..TEXT_ROUNDS_MAX {
            let delta = self.delta(present, wanted);
            if delta.is_empty() {
                return;
            }
            TextRef::from(present).apply_delta(self.edit, delta);
        }
    }

    /// What is to be changed in a text itself, after what is embedded in it was gone into.
    fn delta(&mut self, present: BranchPtr, wanted: Option<BranchPtr>) -> Vec<Delta<In>> {
        let chunks_before = chunks(&TextRef::from(present), self.edit);
        let chunks_after = wanted.map(|wanted| chunks(&TextRef::from(wanted), self.wanted)).unwrap_or_default();
        let embedded = |chunks: &[Chunk]| -> Vec<Out> { chunks.iter().map(|chunk| chunk.0.clone()).collect() };
        let (units_before, units_after) = self.units(&embedded(&chunks_before), &embedded(&chunks_after));
        let before = Characters::of(chunks_before, units_before);
        let after = Characters::of(chunks_after, units_after);
        let hunks = hunks(&before.pieces, &after.pieces);
        for_each_kept(&hunks, before.pieces.len(), |left, right| {
            if let (Some(present), Some(wanted)) = (before.embedded.get(&left), after.embedded.get(&right)) {
                self.nested(present, wanted);
            }
        });
        let mut delta = DeltaWriter::default();
        let mut at = (0, 0);
        for hunk in &hunks {
            keep(&mut delta, &before, &after, at, hunk.before.start);
            delta.delete(before.units(hunk.before.clone()));
            self.insert_pieces(&mut delta, &after, hunk.after.clone());
            at = (hunk.before.end, hunk.after.end);
        }
        keep(&mut delta, &before, &after, at, before.pieces.len());
        delta.finish()
    }

    fn insert_pieces(&self, delta: &mut DeltaWriter, wanted: &Characters, range: std::ops::Range<usize>) {
        for index in range {
            let format = &wanted.formats[wanted.format_of[index]];
            match (&wanted.pieces[index], wanted.embedded.get(&index)) {
                (Piece::Character(character), _) => delta.insert_character(*character, wanted.format_of[index], format),
                (Piece::Embedded(_), Some(out)) if !is_unknown(out) => {
                    delta.insert_embedded(out.as_prelim(self.wanted), format);
                }
                _ => {}
            }
        }
    }
}

/// Keeps pieces from a place on, up to one before, and puts their formats right.
fn keep(delta: &mut DeltaWriter, before: &Characters, after: &Characters, from: (usize, usize), until: usize) {
    let (mut left, mut right) = from;
    while left < until {
        let formats = (before.format_of[left], after.format_of[right]);
        let mut length = 0;
        while left < until && (before.format_of[left], after.format_of[right]) == formats {
            length += before.length(left);
            left += 1;
            right += 1;
        }
        delta.retain(length, changed_formats(&before.formats[formats.0], &after.formats[formats.1]));
    }
}

fn changed_formats(before: &Attrs, after: &Attrs) -> Attrs {
    let mut changed = Attrs::new();
    for key in before.keys().filter(|key| !after.contains_key(*key)) {
        changed.insert(key.clone(), Any::Null);
    }
    for (key, value) in after.iter().filter(|(key, value)| before.get(*key) != Some(value)) {
        changed.insert(key.clone(), value.clone());
    }
    changed
}

type Chunk = (Out, Attrs);

fn chunks<T: ReadTxn>(text: &TextRef, view: &T) -> Vec<Chunk> {
    let chunks = text.diff(view, YChange::identity).into_iter();
    chunks.map(|chunk| (chunk.insert, chunk.attributes.map(|formats| *formats).unwrap_or_default())).collect()
}

impl Characters {
    fn of(chunks: Vec<Chunk>, units: Vec<Unit>) -> Characters {
        let mut all =
            Characters { pieces: Vec::new(), format_of: Vec::new(), formats: Vec::new(), embedded: HashMap::new() };
        for ((out, formats), unit) in chunks.into_iter().zip(units) {
            let format = all.formats.len();
            all.formats.push(formats);
            if let Out::Any(Any::String(text)) = &out {
                all.pieces.extend(text.chars().map(Piece::Character));
            } else {
                all.embedded.insert(all.pieces.len(), out);
                all.pieces.push(Piece::Embedded(unit));
            }
            all.format_of.extend(repeat_n(format, all.pieces.len() - all.format_of.len()));
        }
        all
    }

    /// How long a piece is for Yjs, which counts units of UTF-16.
    fn length(&self, index: usize) -> u32 {
        match self.pieces[index] {
            Piece::Character(character) => character.len_utf16() as u32,
            Piece::Embedded(_) => 1,
        }
    }

    fn units(&self, range: std::ops::Range<usize>) -> u32 {
        range.map(|index| self.length(index)).sum()
    }
}

/// Collects changes of a text, and leaves out the last ones if they change nothing.
#[derive(Default)]
struct DeltaWriter {
    changes: Vec<Delta<In>>,
    kept: u32,
    inserted: String,
    inserted_format: usize,
    inserted_attrs: Attrs,
}

impl DeltaWriter {
    fn retain(&mut self, length: u32, formats: Attrs) {
        self.flush_text();
        if formats.is_empty() {
            self.kept += length;
        } else {
            self.flush_kept();
            self.changes.push(Delta::Retain(length, Some(Box::new(formats))));
        }
    }

    fn delete(&mut self, length: u32) {
        if length > 0 {
            self.flush_text();
            self.flush_kept();
            self.changes.push(Delta::Deleted(length));
        }
    }

    fn insert_character(&mut self, character: char, format: usize, attrs: &Attrs) {
        if format != self.inserted_format {
            self.flush_text();
        }
        self.inserted.push(character);
        self.inserted_format = format;
        self.inserted_attrs.clone_from(attrs);
    }

    fn insert_embedded(&mut self, value: In, attrs: &Attrs) {
        self.flush_text();
        self.flush_kept();
        self.changes.push(Delta::Inserted(value, Some(Box::new(attrs.clone()))));
    }

    fn flush_kept(&mut self) {
        if self.kept > 0 {
            self.changes.push(Delta::Retain(self.kept, None));
            self.kept = 0;
        }
    }

    fn flush_text(&mut self) {
        if !self.inserted.is_empty() {
            self.flush_kept();
            let text = Any::String(std::mem::take(&mut self.inserted).into());
            let attrs = Some(Box::new(std::mem::take(&mut self.inserted_attrs)));
            self.changes.push(Delta::Inserted(In::Any(text), attrs));
        }
    }

    fn finish(mut self) -> Vec<Delta<In>> {
        self.flush_text();
        self.changes
    }
}

enum Place<'a> {
    Key(&'a MapRef, &'a str),
    Index(&'a ArrayRef, u32),
}

impl Place<'_> {
    fn put<P: yrs::block::Prelim>(&self, edit: &mut TransactionMut, value: P) -> P::Return {
        match self {
            Place::Key(map, key) => map.insert(edit, *key, value),
            Place::Index(array, index) => array.insert(edit, *index, value),
        }
    }
}

fn for_each_kept(hunks: &[Hunk], length: usize, mut each: impl FnMut(usize, usize)) {
    let (mut left, mut right) = (0, 0);
    let end = Hunk { before: length..length, after: 0..0 };
    for hunk in hunks.iter().chain(std::iter::once(&end)) {
        while left < hunk.before.start {
            each(left, right);
            left += 1;
            right += 1;
        }
        (left, right) = (hunk.before.end, hunk.after.end);
    }
}

fn sorted_entries<T: ReadTxn>(map: &MapRef, view: &T) -> Vec<(String, Out)> {
    let mut entries: Vec<(String, Out)> = map.iter(view).map(|(key, value)| (key.to_string(), value)).collect();
    entries.sort_unstable_by(|left, right| left.0.cmp(&right.0));
    entries
}

fn unit<T: ReadTxn>(out: &Out, in_both: &impl Fn(&BranchID) -> bool, view: &T) -> Unit {
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
const OTHER: &str = "";

/// Types of the same kind can be turned into each other; elements of XML if they have the same tag besides.
fn kind_of(out: &Out) -> &str {
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

fn branch_of(out: &Out) -> Option<BranchPtr> {
    if kind_of(out) == OTHER { None } else { out.try_branch().map(BranchPtr::from) }
}

fn pointer(shared: &impl AsRef<Branch>) -> BranchPtr {
    BranchPtr::from(shared.as_ref())
}

/// As Yjs writes them: a NaN is one, whatever arithmetic says.
fn same(left: &Any, right: &Any) -> bool {
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

fn value_of(out: &Out) -> Option<Any> {
    if let Out::Any(value) = out { Some(value.clone()) } else { None }
}

fn is_text(branch: &Branch) -> bool {
    matches!(branch.type_ref(), yrs::types::TypeRef::Text | yrs::types::TypeRef::XmlText)
}

fn is_unknown(out: &Out) -> bool {
    !matches!(out, Out::Any(_)) && branch_of(out).is_none()
}
