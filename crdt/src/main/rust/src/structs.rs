//! The structs of a set of updates, as they came: read, checked, ordered and freed of duplicates, never re-interpreted.
//!
//! An update (Yjs v1) is a list of sections, one per client, and a delete set. A section is a run of structs with
//! consecutive clocks; a struct is an item (content with a place), a tombstone (GC) or a hole (Skip). Whatever this
//! crate gives out is assembled from the very bytes that came in, so that nothing a user wrote can change on its way
//! through the store: yrs, for one, turns a bigint into a number and shuffles the keys of objects.

use std::collections::{BTreeMap, HashMap};

use crate::failure::Failure;
use crate::lib0::{Reader, utf16_units};

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
        let read = self.read_all(start, ends);
        match read {
            Ok(Found { structs, deletes }) => {
                for (client, one) in structs {
                    self.sections[client as usize].push(one);
                }
                for (client, range) in deletes {
                    self.deletes[client as usize].push(range);
                }
                self.unsettled = true;
                Ok(())
            }
            Err(failure) => {
                self.arena.truncate(start);
                Err(failure)
            }
        }
    }

    fn read_all(&mut self, start: usize, ends: &[usize]) -> Result<Found, Failure> {
        if self.arena.len() > u32::MAX as usize {
            return Err(Failure::Refused("more than 4 GiB of updates in one document".into()));
        }
        let arena = std::mem::take(&mut self.arena);
        let mut found = Found::default();
        let mut from = start;
        let mut outcome = Ok(());
        for (number, &to) in ends.iter().enumerate() {
            let mut scan =
                Scan { reader: Reader::new(&arena[from..to]), base: from as u32, into: self, found: &mut found };
            if let Err(failure) = scan.update() {
                outcome = Err(match failure {
                    Failure::Refused(why) => {
                        Failure::Refused(format!("update {} of {}: {why}", number + 1, ends.len()))
                    }
                    other => other,
                });
                break;
            }
            from = to;
        }
        self.arena = arena;
        outcome.map(|()| found)
    }

    fn client(&mut self, client: u64) -> u32 {
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
        let index = section.partition_point(|one| one.end() <= id.clock);
        section.get(index).filter(|one| one.clock <= id.clock).map(|_| index)
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

/// What updates were found to hold, by index of client, before any of it is admitted.
#[derive(Default)]
struct Found {
    structs: Vec<(u32, Struct)>,
    deletes: Vec<(u32, (u32, u32))>,
}

/// One pass over one update.
struct Scan<'a> {
    reader: Reader<'a>,
    base: u32,
    into: &'a mut Structs,
    found: &'a mut Found,
}

impl Scan<'_> {
    fn update(&mut self) -> Result<(), Failure> {
        for _ in 0..self.reader.count()? {
            self.section()?;
        }
        for _ in 0..self.reader.count()? {
            let client = self.client()?;
            for _ in 0..self.reader.count()? {
                let clock = self.reader.clock()?;
                let len = self.reader.clock()?;
                let end = self.end(clock, len)?;
                if len > 0 {
                    self.found.deletes.push((client, (clock, end)));
                }
            }
        }
        if self.reader.remaining() > 0 { self.reader.refuse("bytes after the end") } else { Ok(()) }
    }

    fn section(&mut self) -> Result<(), Failure> {
        let count = self.reader.count()?;
        let client = self.client()?;
        let mut clock = self.reader.clock()?;
        for _ in 0..count {
            let info = self.reader.byte()?;
            let one = match info & 0x1f {
                kind::GC | kind::SKIP => self.range(info & 0x1f, clock)?,
                _ => self.item(info, client, clock)?,
            };
            clock = self.end(clock, one.len)?;
            // An item without length has no clock and no effect; Yjs never makes one.
            if one.kind != kind::SKIP && one.len > 0 {
                self.found.structs.push((client, one));
            }
        }
        Ok(())
    }

    fn range(&mut self, kind: u8, clock: u32) -> Result<Struct, Failure> {
        let len = self.reader.clock()?;
        Ok(Struct {
            clock,
            len,
            kind,
            keyed: false,
            astral: false,
            begins_in_character: false,
            ends_in_character: false,
            origin: NO_ID,
            right_origin: NO_ID,
            parent: Parent::Inherited,
            key: Span::default(),
            content: Span::default(),
        })
    }

    fn item(&mut self, info: u8, client: u32, clock: u32) -> Result<Struct, Failure> {
        let origin = if info & HAS_ORIGIN != 0 { self.id()? } else { NO_ID };
        let right_origin = if info & HAS_RIGHT_ORIGIN != 0 { self.id()? } else { NO_ID };
        let mut parent = Parent::Inherited;
        let mut key = Span::default();
        if info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN) == 0 {
            parent = match self.reader.var_uint()? {
                1 => Parent::Root(self.text()?),
                _ => Parent::Type(self.id()?),
            };
            if info & HAS_KEY != 0 {
                key = self.text()?;
            }
        }
        let mut one = Struct {
            clock,
            len: 1,
            kind: info & 0x1f,
            keyed: info & HAS_KEY != 0,
            astral: false,
            begins_in_character: false,
            ends_in_character: false,
            origin,
            right_origin,
            parent,
            key,
            content: Span::default(),
        };
        self.content(&mut one)?;
        if one.needs().any(|id| id.client == client && id.clock >= clock) {
            return self.reader.refuse("struct refers to itself or to a later one of its client");
        }
        Ok(one)
    }

    fn content(&mut self, one: &mut Struct) -> Result<(), Failure> {
        let start = self.position();
        match one.kind {
            kind::DELETED => one.len = self.reader.clock()?,
            kind::JSON | kind::ANY => {
                one.len = self.reader.count()? as u32;
                one.content.start = self.position();
                for _ in 0..one.len {
                    if one.kind == kind::ANY { self.reader.skip_value()? } else { self.json_or_undefined()? }
                }
                one.content.end = self.position();
                return Ok(());
            }
            kind::STRING => {
                one.content = self.text()?;
                let bytes = &self.reader_bytes(one.content);
                one.len = utf16_units(bytes) as u32;
                one.astral = bytes.iter().any(|&byte| byte >= 0xf0);
                return Ok(());
            }
            kind::BINARY => drop(self.reader.block()?),
            kind::EMBED => drop(self.reader.json()?),
            kind::FORMAT => {
                self.reader.string()?;
                self.reader.json()?;
            }
            kind::TYPE => match self.reader.byte()? {
                0 | 1 | 2 | 4 | 6 => {}
                3 | 5 => drop(self.reader.string()?),
                _ => return self.reader.refuse("unknown shared type"),
            },
            kind::SUBDOCUMENT => {
                self.reader.string()?;
                self.reader.skip_value()?;
            }
            _ => return self.reader.refuse("unknown content"),
        }
        one.content = Span { start, end: self.position() };
        Ok(())
    }

    fn json_or_undefined(&mut self) -> Result<(), Failure> {
        let mut ahead = Reader::new(self.reader.rest());
        if ahead.string()? == "undefined" { self.reader.string().map(drop) } else { self.reader.json().map(drop) }
    }

    fn client(&mut self) -> Result<u32, Failure> {
        let client = self.reader.var_uint()?;
        Ok(self.into.client(client))
    }

    fn id(&mut self) -> Result<Id, Failure> {
        Ok(Id { client: self.client()?, clock: self.reader.clock()? })
    }

    fn text(&mut self) -> Result<Span, Failure> {
        let length = self.reader.string()?.len() as u32;
        let end = self.position();
        Ok(Span { start: end - length, end })
    }

    fn end(&self, clock: u32, len: u32) -> Result<u32, Failure> {
        match clock.checked_add(len) {
            Some(end) if end <= i32::MAX as u32 => Ok(end),
            _ => self.reader.refuse("clocks run over 2^31-1"),
        }
    }

    fn position(&self) -> u32 {
        self.base + self.reader.position() as u32
    }

    fn reader_bytes(&self, span: Span) -> &[u8] {
        self.reader.slice((span.start - self.base) as usize, (span.end - self.base) as usize)
    }
}

/// Cuts a struct's content, from the left, at clocks.
pub struct Cutter<'a> {
    structs: &'a Structs,
    kind: u8,
    /// Every unit takes one byte, so that no search is needed.
    plain: bool,
    in_character: bool,
    ends_in_character: bool,
    at: u32,
    end: u32,
}

/// A piece of a struct's content.
#[derive(Clone, Copy)]
pub struct Cut {
    pub content: Span,
    /// The first (last) unit is half a character: U+FFFD stands for it, as in Yjs.
    pub begins_in_character: bool,
    pub ends_in_character: bool,
}

impl<'a> Cutter<'a> {
    pub fn new(structs: &'a Structs, one: &Struct) -> Self {
        let Span { start, end } = one.content;
        Cutter {
            structs,
            kind: one.kind,
            plain: one.kind == kind::STRING
                && end - start == one.len
                && !one.begins_in_character
                && !one.ends_in_character,
            in_character: one.begins_in_character,
            ends_in_character: one.ends_in_character,
            at: start,
            end,
        }
    }

    /// The next `units` clocks' worth of content.
    pub fn take(&mut self, units: u32) -> Cut {
        let start = self.at;
        let begins_in_character = self.in_character;
        if units == 0 {
            return Cut { content: Span { start, end: start }, begins_in_character: false, ends_in_character: false };
        }
        match self.kind {
            kind::STRING if self.plain => self.at += units,
            kind::STRING => return self.take_text(units),
            kind::ANY | kind::JSON => {
                let mut reader = Reader::new(self.structs.bytes(Span { start, end: self.end }));
                for _ in 0..units {
                    let step = if self.kind == kind::ANY { reader.skip_value() } else { reader.string().map(drop) };
                    step.expect("values were checked when they were read");
                }
                self.at += reader.position() as u32;
            }
            _ => self.at = self.end,
        }
        Cut { content: Span { start, end: self.at }, begins_in_character, ends_in_character: false }
    }

    fn take_text(&mut self, units: u32) -> Cut {
        let start = self.at;
        let begins_in_character = std::mem::take(&mut self.in_character);
        let mut left = units - u32::from(begins_in_character);
        let bytes = self.structs.bytes(Span { start, end: self.end });
        let mut length = 0;
        let mut text_end = 0;
        let mut ends_in_character = false;
        while left > 0 {
            let Some(&first) = bytes.get(length) else {
                // Of the last unit, only that it is half of a character is known.
                ends_in_character = self.ends_in_character;
                break;
            };
            let width = crate::lib0::utf8_width(first);
            length += width;
            if width == 4 && left == 1 {
                self.in_character = true;
                ends_in_character = true;
                break;
            }
            text_end = length;
            left -= if width == 4 { 2 } else { 1 };
        }
        self.at = start + length as u32;
        Cut { content: Span { start, end: start + text_end as u32 }, begins_in_character, ends_in_character }
    }
}
