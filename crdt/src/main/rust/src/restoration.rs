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
use std::ops::Range;

use yrs::branch::BranchPtr;
use yrs::types::{AsPrelim, Delta};
use yrs::updates::encoder::Encode;
use yrs::{
    Any, Array, ArrayPrelim, ArrayRef, BranchID, ClientID, Doc, IdSet, In, Map, MapPrelim, MapRef, OffsetKind, Options,
    Out, ReadTxn, Text, TextPrelim, TextRef, Transact, Transaction, TransactionMut, WriteTxn, XmlElementPrelim,
    XmlFragmentPrelim, XmlTextPrelim, merge_updates_v1,
};

use crate::difference::{Hunk, hunks};
use crate::failure::Failure;
use crate::integration::{Root, RootKind};
use crate::likeness::{OTHER, Unit, branch_of, is_text, is_unknown, kind_of, pointer, same, unit, value_of};
use crate::projection::{failed, integrate, replica};
use crate::text_delta::{Characters, Chunk, DeltaWriter, Piece, chunks, keep};

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
    told(edit, &tidied)
}

/// The edits of a transaction as one update, with what had been tidied away before.
pub fn told(mut edit: TransactionMut, tidied: &IdSet) -> Result<Vec<u8>, Failure> {
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
pub fn tidy_replica(update: &[u8], client: u64) -> Result<(Doc, IdSet), Failure> {
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

    fn insert_pieces(&self, delta: &mut DeltaWriter, wanted: &Characters, range: Range<usize>) {
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

pub enum Place<'a> {
    Key(&'a MapRef, &'a str),
    Index(&'a ArrayRef, u32),
}

impl Place<'_> {
    pub fn put<P: yrs::block::Prelim>(&self, edit: &mut TransactionMut, value: P) -> P::Return {
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

pub fn sorted_entries<T: ReadTxn>(map: &MapRef, view: &T) -> Vec<(String, Out)> {
    let mut entries: Vec<(String, Out)> = map.iter(view).map(|(key, value)| (key.to_string(), value)).collect();
    entries.sort_unstable_by(|left, right| left.0.cmp(&right.0));
    entries
}
