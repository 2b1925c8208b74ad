//! Structs on their way out, and how they are written.

use std::borrow::Cow;

use crate::lib0::{write_block, write_var_uint};
use crate::structs::{HAS_KEY, HAS_ORIGIN, HAS_RIGHT_ORIGIN, Id, NO_ID, Parent, Span, Structs, kind};

/// What is being written of neighbouring structs that become one.
pub struct Run<'a> {
    pub kind: u8,
    pub keyed: bool,
    pub clock: u32,
    pub len: u32,
    pub origin: Id,
    pub right_origin: Id,
    pub parent: Parent,
    pub key: Span,
    /// Copied only where it is joined or changed.
    pub content: Cow<'a, [u8]>,
}

impl Run<'_> {
    /// Clocks without content: what was collected, or a hole.
    pub fn tombstone(kind: u8, clock: u32, len: u32) -> Self {
        Run {
            kind,
            keyed: false,
            clock,
            len,
            origin: NO_ID,
            right_origin: NO_ID,
            parent: Parent::Inherited,
            key: Span::default(),
            content: Cow::default(),
        }
    }

    pub fn end(&self) -> u32 {
        self.clock + self.len
    }

    pub fn continues(&self, client: u32, next: &Run) -> bool {
        if self.kind != next.kind || self.end() != next.clock {
            return false;
        }
        if matches!(self.kind, kind::GC | kind::SKIP) {
            return true;
        }
        let adjacent = next.origin == Id { client, clock: next.clock - 1 } && next.right_origin == self.right_origin;
        let joinable = match self.kind {
            kind::DELETED => self.keyed == next.keyed,
            kind::STRING | kind::ANY | kind::JSON => !self.keyed && !next.keyed,
            _ => false,
        };
        adjacent && joinable
    }

    pub fn join(&mut self, next: &Run) {
        self.len += next.len;
        if !next.content.is_empty() {
            self.content.to_mut().extend_from_slice(&next.content);
        }
    }

    pub fn write(&self, structs: &Structs, out: &mut Vec<u8>) {
        if matches!(self.kind, kind::GC | kind::SKIP) {
            out.push(self.kind);
            write_var_uint(out, u64::from(self.len));
            return;
        }
        let flag = |present: bool, flag: u8| if present { flag } else { 0 };
        out.push(
            self.kind
                | flag(self.origin != NO_ID, HAS_ORIGIN)
                | flag(self.right_origin != NO_ID, HAS_RIGHT_ORIGIN)
                | flag(self.keyed, HAS_KEY),
        );
        for id in [self.origin, self.right_origin] {
            if id != NO_ID {
                write_id(structs, out, id);
            }
        }
        match self.parent {
            Parent::Inherited => {}
            Parent::Root(name) => {
                out.push(1);
                write_block(out, structs.bytes(name));
            }
            Parent::Type(id) => {
                out.push(0);
                write_id(structs, out, id);
            }
        }
        if self.keyed && !matches!(self.parent, Parent::Inherited) {
            write_block(out, structs.bytes(self.key));
        }
        match self.kind {
            kind::DELETED | kind::ANY | kind::JSON => write_var_uint(out, u64::from(self.len)),
            kind::STRING => write_var_uint(out, self.content.len() as u64),
            _ => {}
        }
        out.extend_from_slice(&self.content);
    }
}

fn write_id(structs: &Structs, out: &mut Vec<u8>, id: Id) {
    write_var_uint(out, structs.clients[id.client as usize]);
    write_var_uint(out, u64::from(id.clock));
}
