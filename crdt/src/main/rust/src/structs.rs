//! The structs of a set of updates, as they came: read, checked, ordered and freed of duplicates, never re-interpreted.
//!
//! An update (Yjs v1) is a list of sections, one per client, and a delete set. A section is a run of structs with
//! consecutive clocks; a struct is an item (content with a place), a tombstone (GC) or a hole (Skip). Whatever this
//! crate gives out is assembled from the very bytes that came in, so that nothing a user wrote can change on its way
//! through the store: yrs, for one, turns a bigint into a number and shuffles the keys of objects.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

use crate::cutter::Cutter;
use crate::failure::Failure;
use crate::lib0::Reader;
use crate::scan::{Added, Scan};

/// Kinds of structs and of items' content: the low five bits of a struct's first byte.
pub mod kind {
    pub const GC: u8 = 0;
    pub const DELETED: u8 = 1;
    pub const JSON: u8 = 2;
    pub const BINARY: u8 = 3;
    pub const STRING: u8 = 4;
    pub const EMBED: u8 = 5;
    pub const FORMAT: u8 = 6;
    pub const TYPE: u8 = 7;
    pub const ANY: u8 = 8;
    pub const SUBDOCUMENT: u8 = 9;
    pub const SKIP: u8 = 10;
}

/// Kinds of shared types, as the content of a `kind::TYPE` item begins with.
pub mod shared {
    pub const MAP: u8 = 1;
    pub const TEXT: u8 = 2;
    pub const XML_ELEMENT: u8 = 3;
    pub const XML_FRAGMENT: u8 = 4;
    pub const XML_HOOK: u8 = 5;
    pub const XML_TEXT: u8 = 6;
}

pub const HAS_ORIGIN: u8 = 0x80;
pub const HAS_RIGHT_ORIGIN: u8 = 0x40;
pub const HAS_KEY: u8 = 0x20;

/// An id, its client by index into `Structs::clients`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Id {
    pub client: u32,
    pub clock: u32,
}

pub const NO_ID: Id = Id { client: u32::MAX, clock: 0 };

impl Id {
    pub fn some(self) -> Option<Id> {
        (self != NO_ID).then_some(self)
    }
}

/// A range of bytes in the arena.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

#[derive(Clone, Copy, Debug)]
pub enum Parent {
    /// The one of the struct's neighbours.
    Inherited,
    Root(Span),
    Type(Id),
}

/// One struct. `content` is what follows the length for text, what follows the count for lists of values, and all of
/// the content's bytes otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Struct {
    pub clock: u32,
    pub len: u32,
    pub kind: u8,
    pub keyed: bool,
    /// Text that holds characters of two UTF-16 units, so that a split can fall inside one.
    pub astral: bool,
    /// Text whose first (last) unit is half of a character that was cut.
    pub begins_in_character: bool,
    pub ends_in_character: bool,
    pub origin: Id,
    pub right_origin: Id,
    pub parent: Parent,
    pub key: Span,
    pub content: Span,
}

impl Struct {
    pub fn end(&self) -> u32 {
        self.clock + self.len
    }

    /// The ids that must be known before this struct can be integrated.
    pub fn needs(&self) -> impl Iterator<Item = Id> {
        let parent = if let Parent::Type(id) = self.parent { id } else { NO_ID };
        [self.origin, self.right_origin, parent].into_iter().filter(|&id| id != NO_ID)
    }
}

/// Half-open ranges of clocks; sorted and disjoint once settled. Only what delete sets say: that is what a proof
/// compares, whatever else is known to be gone.
pub type Ranges = Vec<(u32, u32)>;

#[derive(Default)]
pub struct Structs {
    arena: Vec<u8>,
    pub clients: Vec<u64>,
    index: HashMap<u64, u32>,
    pub sections: Vec<Vec<Struct>>,
    pub deletes: Vec<Ranges>,
    unsettled: bool,
    /// Index of the client and of the struct that were found last.
    found: Cell<(u32, usize)>,
}

impl Structs {
    /// Where the bytes of the next update are to be appended; `admit` then reads them there.
    pub fn arena(&mut self) -> &mut Vec<u8> {
        &mut self.arena
    }

    pub fn bytes(&self, span: Span) -> &[u8] {
        &self.arena[span.start as usize..span.end as usize]
    }

    /// Reads the updates that were appended to the arena, which end at these positions, after `start`. On failure
    /// nothing of them stays.
    pub fn admit(&mut self, start: usize, ends: &[usize]) -> Result<(), Failure> {
        if self.arena.len() > u32::MAX as usize {
            self.arena.truncate(start);
            return Err(Failure::Refused("more than 4 GiB of updates in one document".into()));
        }
        let arena = std::mem::take(&mut self.arena);
        let mut added = Added::default();
        let read = self.read_all(&arena, start, ends, &mut added);
        self.arena = arena;
        if read.is_err() {
            added.undo(self);
            self.arena.truncate(start);
            return read;
        }
        self.unsettled = true;
        Ok(())
    }

    fn read_all(&mut self, arena: &[u8], start: usize, ends: &[usize], added: &mut Added) -> Result<(), Failure> {
        let mut from = start;
        for (number, &to) in ends.iter().enumerate() {
            let reader = Reader::new(&arena[from..to]);
            let read = Scan { reader, base: from as u32, into: self, added }.update();
            read.map_err(|failure| match failure {
                Failure::Refused(why) => Failure::Refused(format!("update {} of {}: {why}", number + 1, ends.len())),
                other => other,
            })?;
            from = to;
        }
        Ok(())
    }

    pub fn client(&mut self, client: u64) -> u32 {
        *self.index.entry(client).or_insert_with(|| {
            self.clients.push(client);
            self.sections.push(Vec::new());
            self.deletes.push(Vec::new());
            (self.clients.len() - 1) as u32
        })
    }

    /// Orders what was admitted and drops what was there twice. True if anything had changed since the last time.
    pub fn settle(&mut self) -> bool {
        if !std::mem::take(&mut self.unsettled) {
            return false;
        }
        for client in 0..self.clients.len() {
            normalize(&mut self.deletes[client]);
            let section = &self.sections[client];
            if section.windows(2).any(|pair| pair[0].end() > pair[1].clock) {
                self.sections[client] = self.ordered(client as u32, section);
            }
        }
        true
    }

    /// The section by clock. Of what is there twice, the one that came first is kept, as in Yjs: they only differ if
    /// two clients took the same id.
    fn ordered(&self, client: u32, section: &[Struct]) -> Vec<Struct> {
        let mut by_clock: Vec<usize> = (0..section.len()).collect();
        by_clock.sort_by_key(|&index| section[index].clock);
        let mut kept: Vec<Struct> = Vec::with_capacity(section.len());
        let mut rest = &by_clock[..];
        while let Some(&first) = rest.first() {
            let mut end = section[first].end();
            let mut count = 1;
            while let Some(&next) = rest.get(count).filter(|&&next| section[next].clock < end) {
                end = end.max(section[next].end());
                count += 1;
            }
            let (overlapping, later) = rest.split_at(count);
            rest = later;
            if count == 1 {
                kept.push(section[first]);
            } else {
                let mut by_arrival = overlapping.to_vec();
                by_arrival.sort_unstable();
                kept.extend(self.without_overlaps(client, by_arrival.iter().map(|&index| &section[index])));
            }
        }
        kept
    }

    fn without_overlaps<'a>(
        &self,
        client: u32,
        by_arrival: impl Iterator<Item = &'a Struct>,
    ) -> impl Iterator<Item = Struct> {
        let mut kept: BTreeMap<u32, Struct> = BTreeMap::new();
        for one in by_arrival {
            let before = kept.range(..=one.clock).next_back();
            let mut at = before.map_or(one.clock, |(_, earlier)| earlier.end().max(one.clock));
            while at < one.end() {
                let next = kept.range(at..).next().map(|(&clock, next)| (clock, next.end()));
                let (until, resume) = next.filter(|next| next.0 < one.end()).unwrap_or((one.end(), one.end()));
                if at < until {
                    kept.insert(at, self.piece(client, one, at, until));
                }
                at = resume;
            }
        }
        kept.into_values()
    }

    /// The clocks from `from` to `to` of a struct.
    fn piece(&self, client: u32, one: &Struct, from: u32, to: u32) -> Struct {
        if from == one.clock && to == one.end() {
            return *one;
        }
        let mut cutter = Cutter::new(self, one);
        cutter.take(from - one.clock);
        let cut = cutter.take(to - from);
        let mut piece = Struct {
            clock: from,
            len: to - from,
            content: cut.content,
            begins_in_character: cut.begins_in_character,
            ends_in_character: cut.ends_in_character,
            ..*one
        };
        if from > one.clock && one.kind != kind::GC {
            piece.origin = Id { client, clock: from - 1 };
            piece.parent = Parent::Inherited;
        }
        piece
    }

    pub fn find_client(&self, client: u64) -> Option<u32> {
        self.index.get(&client).copied()
    }

    /// The index of the struct of this client that holds this clock.
    pub fn find(&self, id: Id) -> Option<usize> {
        let section = &self.sections[id.client as usize];
        let holds = |index: usize| section.get(index).is_some_and(|one| one.clock <= id.clock && id.clock < one.end());
        let (client, near) = self.found.get();
        if client == id.client {
            // Neighbours are asked for together: values of one map, letters of one text.
            if let Some(index) = [near, near + 1].into_iter().find(|&index| holds(index)) {
                self.found.set((client, index));
                return Some(index);
            }
        }
        let index = section.partition_point(|one| one.end() <= id.clock);
        self.found.set((id.client, index));
        holds(index).then_some(index)
    }

    /// Whether all of these clocks are deleted.
    pub fn deleted(&self, client: u32, from: u32, to: u32) -> bool {
        let ranges = &self.deletes[client as usize];
        let index = ranges.partition_point(|range| range.1 <= from);
        ranges.get(index).is_some_and(|range| range.0 <= from && range.1 >= to)
    }

    /// Client indexes in the order that Yjs writes them: highest id first.
    pub fn clients_descending(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.clients.len() as u32).collect();
        order.sort_by_key(|&client| std::cmp::Reverse(self.clients[client as usize]));
        order
    }

    /// What this holds in memory, in bytes.
    pub fn weight(&self) -> usize {
        let of_client = size_of::<u64>() * 3 + size_of::<Vec<Struct>>() + size_of::<Ranges>();
        self.arena.capacity()
            + self.clients.capacity() * of_client
            + self.sections.iter().map(|section| section.capacity() * size_of::<Struct>()).sum::<usize>()
            + self.deletes.iter().map(|ranges| ranges.capacity() * size_of::<(u32, u32)>()).sum::<usize>()
    }
}

/// Sorts and joins ranges.
pub fn normalize(ranges: &mut Ranges) {
    if ranges.windows(2).all(|pair| pair[0].1 < pair[1].0) {
        return;
    }
    ranges.sort_unstable();
    ranges.dedup_by(|next, kept| {
        let joins = next.0 <= kept.1;
        if joins {
            kept.1 = kept.1.max(next.1);
        }
        joins
    });
}
