//! The cutting of a struct's content at clocks, as overlapping updates and differences need it.

use crate::lib0::Reader;
use crate::structs::{Span, Struct, Structs, kind};

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
