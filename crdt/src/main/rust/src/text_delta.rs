//! Texts as the characters and embedded values they consist of, and the changes that lead from one to another.

use std::collections::HashMap;
use std::iter::repeat_n;
use std::ops::Range;

use yrs::types::text::YChange;
use yrs::types::{Attrs, Delta};
use yrs::{Any, In, Out, ReadTxn, Text, TextRef};

use crate::likeness::Unit;

/// One character of a text, or something embedded.
#[derive(PartialEq)]
pub enum Piece {
    Character(char),
    Embedded(Unit),
}

pub struct Characters {
    pub pieces: Vec<Piece>,
    /// Per piece, which of the formats.
    pub format_of: Vec<usize>,
    pub formats: Vec<Attrs>,
    pub embedded: HashMap<usize, Out>,
}

/// Keeps pieces from a place on, up to one before, and puts their formats right.
pub fn keep(delta: &mut DeltaWriter, before: &Characters, after: &Characters, from: (usize, usize), until: usize) {
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

pub type Chunk = (Out, Attrs);

pub fn chunks<T: ReadTxn>(text: &TextRef, view: &T) -> Vec<Chunk> {
    let chunks = text.diff(view, YChange::identity).into_iter();
    chunks.map(|chunk| (chunk.insert, chunk.attributes.map(|formats| *formats).unwrap_or_default())).collect()
}

impl Characters {
    pub fn of(chunks: Vec<Chunk>, units: Vec<Unit>) -> Characters {
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
    pub fn length(&self, index: usize) -> u32 {
        match self.pieces[index] {
            Piece::Character(character) => character.len_utf16() as u32,
            Piece::Embedded(_) => 1,
        }
    }

    pub fn units(&self, range: Range<usize>) -> u32 {
        range.map(|index| self.length(index)).sum()
    }
}

/// Collects changes of a text, and leaves out the last ones if they change nothing.
#[derive(Default)]
pub struct DeltaWriter {
    changes: Vec<Delta<In>>,
    kept: u32,
    inserted: String,
    inserted_format: usize,
    inserted_attrs: Attrs,
}

impl DeltaWriter {
    pub fn retain(&mut self, length: u32, formats: Attrs) {
        self.flush_text();
        if formats.is_empty() {
            self.kept += length;
        } else {
            self.flush_kept();
            self.changes.push(Delta::Retain(length, Some(Box::new(formats))));
        }
    }

    pub fn delete(&mut self, length: u32) {
        if length > 0 {
            self.flush_text();
            self.flush_kept();
            self.changes.push(Delta::Deleted(length));
        }
    }

    pub fn insert_character(&mut self, character: char, format: usize, attrs: &Attrs) {
        if format != self.inserted_format {
            self.flush_text();
        }
        self.inserted.push(character);
        self.inserted_format = format;
        self.inserted_attrs.clone_from(attrs);
    }

    pub fn insert_embedded(&mut self, value: In, attrs: &Attrs) {
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

    pub fn finish(mut self) -> Vec<Delta<In>> {
        self.flush_text();
        self.changes
    }
}
