//! The reading of one update: what it holds is checked on its way into the structs, and can be taken back.

use crate::failure::Failure;
use crate::lib0::{Reader, utf16_units};
use crate::structs::{HAS_KEY, HAS_ORIGIN, HAS_RIGHT_ORIGIN, Id, NO_ID, Parent, Span, Struct, Structs, kind};

/// Bytes that a struct of a real update rarely takes less of: room for so many is made ahead.
const STRUCT_BYTES: usize = 16;

/// Where updates began to add something: indexes of clients, and how much there was of each before.
#[derive(Default)]
pub struct Added {
    sections: Vec<(u32, usize)>,
    deletes: Vec<(u32, usize)>,
}

impl Added {
    /// Takes back everything that was added.
    pub fn undo(self, from: &mut Structs) {
        for (client, length) in self.sections.into_iter().rev() {
            from.sections[client as usize].truncate(length);
        }
        for (client, length) in self.deletes.into_iter().rev() {
            from.deletes[client as usize].truncate(length);
        }
    }
}

/// One pass over one update.
pub struct Scan<'a> {
    pub reader: Reader<'a>,
    pub base: u32,
    pub into: &'a mut Structs,
    pub added: &'a mut Added,
}

impl Scan<'_> {
    pub fn update(&mut self) -> Result<(), Failure> {
        for _ in 0..self.reader.count()? {
            self.section()?;
        }
        for _ in 0..self.reader.count()? {
            let client = self.client()?;
            self.added.deletes.push((client, self.into.deletes[client as usize].len()));
            for _ in 0..self.reader.count()? {
                let clock = self.reader.clock()?;
                let len = self.reader.clock()?;
                let end = self.end(clock, len)?;
                if len > 0 {
                    self.into.deletes[client as usize].push((clock, end));
                }
            }
        }
        if self.reader.remaining() > 0 { self.reader.refuse("bytes after the end") } else { Ok(()) }
    }

    fn section(&mut self) -> Result<(), Failure> {
        let count = self.reader.count()?;
        let client = self.client()?;
        let mut clock = self.reader.clock()?;
        let section = &mut self.into.sections[client as usize];
        self.added.sections.push((client, section.len()));
        section.reserve(count.min(self.reader.remaining() / STRUCT_BYTES));
        for _ in 0..count {
            let info = self.reader.byte()?;
            let one = match info & 0x1f {
                kind::GC | kind::SKIP => self.range(info & 0x1f, clock)?,
                _ => self.item(info, client, clock)?,
            };
            clock = self.end(clock, one.len)?;
            // An item without length has no clock and no effect; Yjs never makes one.
            if one.kind != kind::SKIP && one.len > 0 {
                self.into.sections[client as usize].push(one);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// One client writes one letter into the root `t`.
    fn letter(client: u8) -> Vec<u8> {
        vec![1, 1, client, 0, 4, 1, 1, b't', 1, b'x', 0]
    }

    #[test]
    fn of_updates_of_which_one_is_refused_nothing_stays() {
        let mut structs = Structs::default();
        let first = letter(1);
        structs.arena().extend_from_slice(&first);
        structs.admit(0, &[first.len()]).unwrap();
        let start = structs.arena().len();
        let deletion = [0, 1, 1, 1, 0, 1];
        let mut ends = Vec::new();
        for update in [&letter(2)[..], &deletion, &letter(2)[..9]] {
            structs.arena().extend_from_slice(update);
            ends.push(structs.arena().len());
        }
        assert!(matches!(structs.admit(start, &ends), Err(Failure::Refused(why)) if why.starts_with("update 3 of 3")));
        assert_eq!(structs.arena().len(), start);
        assert_eq!(structs.sections.iter().map(Vec::len).collect::<Vec<_>>(), [1, 0]);
        assert!(structs.deletes.iter().all(Vec::is_empty));
    }
}
