//! Reading and writing the primitives of lib0, the encoding under Yjs v1 updates.
//!
//! The reader trusts nothing: every length is checked against what is left before anything is allocated or skipped,
//! strings must be UTF-8, and values are walked with an explicit stack, so that no input can exhaust the thread's.

use crate::failure::Failure;

/// Values may nest this deep inside one another. Yjs itself recurses and fails somewhere above a thousand.
pub const VALUE_DEPTH_MAX: usize = 256;

/// The largest integer that Yjs can represent: client ids are below it.
const SAFE_INTEGER_MAX: u64 = (1 << 53) - 1;

type Read<T> = Result<T, Failure>;

/// A cursor over bytes that were not checked yet.
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { bytes, at: 0 }
    }

    pub fn position(&self) -> usize {
        self.at
    }

    pub fn remaining(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// What was not read yet.
    pub fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    /// Bytes by position, wherever the cursor is.
    pub fn slice(&self, start: usize, end: usize) -> &'a [u8] {
        &self.bytes[start..end]
    }

    pub fn refuse<T>(&self, what: &str) -> Read<T> {
        Err(Failure::Refused(format!("{what} at byte {} of {}", self.at, self.bytes.len())))
    }

    pub fn byte(&mut self) -> Read<u8> {
        match self.bytes.get(self.at) {
            Some(&byte) => {
                self.at += 1;
                Ok(byte)
            }
            None => self.refuse("ends too early"),
        }
    }

    pub fn take(&mut self, count: usize) -> Read<&'a [u8]> {
        if count > self.remaining() {
            return self.refuse("ends too early");
        }
        let taken = &self.bytes[self.at..self.at + count];
        self.at += count;
        Ok(taken)
    }

    pub fn var_uint(&mut self) -> Read<u64> {
        let mut value: u64 = 0;
        for shift in (0..).step_by(7) {
            let byte = self.byte()?;
            // Nine bytes carry 63 bits, which cannot overflow; a tenth is beyond 2^53 anyway.
            if shift > 56 {
                break;
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return if value <= SAFE_INTEGER_MAX { Ok(value) } else { self.refuse("number above 2^53") };
            }
        }
        self.refuse("number above 2^53")
    }

    /// A clock or a length, bounded as Yjs and yrs bound them in practice: they count in signed 32 bits.
    pub fn clock(&mut self) -> Read<u32> {
        let value = self.var_uint()?;
        if value > i32::MAX as u64 { self.refuse("clock or length above 2^31-1") } else { Ok(value as u32) }
    }

    /// A count of things that take at least one byte each, so that it cannot exceed what is left.
    pub fn count(&mut self) -> Read<usize> {
        let value = self.var_uint()?;
        if value > self.remaining() as u64 { self.refuse("count above what is left") } else { Ok(value as usize) }
    }

    pub fn block(&mut self) -> Read<&'a [u8]> {
        let length = self.count()?;
        self.take(length)
    }

    pub fn string(&mut self) -> Read<&'a str> {
        let bytes = self.block()?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text),
            Err(_) => self.refuse("string is not UTF-8"),
        }
    }

    /// A string that holds JSON, as formats and embedded objects do.
    pub fn json(&mut self) -> Read<&'a str> {
        let text = self.string()?;
        match serde_json::from_str::<serde::de::IgnoredAny>(text) {
            Ok(_) => Ok(text),
            Err(_) => self.refuse("value is not JSON"),
        }
    }

    /// Steps over one value ("any" of lib0), checking it.
    pub fn skip_value(&mut self) -> Read<()> {
        let mut open: Vec<(usize, bool)> = Vec::new();
        loop {
            match self.byte()? {
                127 | 126 | 121 | 120 => {}
                125 => self.skip_var_int()?,
                124 => self.take(4).map(drop)?,
                123 | 122 => self.take(8).map(drop)?,
                119 => self.string().map(drop)?,
                118 => open.push((self.count()?, true)),
                117 => open.push((self.count()?, false)),
                116 => self.block().map(drop)?,
                _ => return self.refuse("unknown kind of value"),
            }
            if open.len() > VALUE_DEPTH_MAX {
                return Err(Failure::TooDeep(format!("a value nests deeper than {VALUE_DEPTH_MAX} levels")));
            }
            while open.last().is_some_and(|level| level.0 == 0) {
                open.pop();
            }
            match open.last_mut() {
                None => return Ok(()),
                Some((left, keyed)) => {
                    *left -= 1;
                    if *keyed {
                        self.string()?;
                    }
                }
            }
        }
    }

    fn skip_var_int(&mut self) -> Read<()> {
        for _ in 0..9 {
            if self.byte()? & 0x80 == 0 {
                return Ok(());
            }
        }
        self.refuse("number above 2^53")
    }
}

/// UTF-16 units of valid UTF-8, which is how Yjs counts the length of text.
pub fn utf16_units(utf8: &[u8]) -> usize {
    utf8.iter().map(|&byte| usize::from(byte & 0xc0 != 0x80) + usize::from(byte >= 0xf0)).sum()
}

/// How many bytes the character takes that this byte begins, in valid UTF-8.
pub fn utf8_width(first: u8) -> usize {
    match first {
        0x00..=0x7f => 1,
        0x80..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    }
}

pub fn write_var_uint(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub fn write_block(out: &mut Vec<u8>, bytes: &[u8]) {
    write_var_uint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn var_uints_round_trip_up_to_the_largest_safe_integer() {
        for value in [0, 127, 128, 16_383, 1 << 31, SAFE_INTEGER_MAX] {
            let mut out = Vec::new();
            write_var_uint(&mut out, value);
            assert_eq!(Reader::new(&out).var_uint().unwrap(), value);
        }
        let mut out = Vec::new();
        write_var_uint(&mut out, SAFE_INTEGER_MAX + 1);
        assert!(Reader::new(&out).var_uint().is_err());
        assert!(Reader::new(&[0xff; 20]).var_uint().is_err());
    }

    #[test]
    fn nested_values_are_walked_without_recursion_up_to_the_limit() {
        let nested = |depth: usize| {
            let mut bytes = [117, 1].repeat(depth);
            bytes.push(126);
            bytes
        };
        assert!(Reader::new(&nested(VALUE_DEPTH_MAX)).skip_value().is_ok());
        assert!(matches!(Reader::new(&nested(1_000_000)).skip_value(), Err(Failure::TooDeep(_))));
    }

    #[test]
    fn empty_containers_end_where_they_should() {
        let bytes = [117, 3, 117, 0, 118, 0, 118, 1, 1, b'k', 117, 0, 9];
        let mut reader = Reader::new(&bytes);
        reader.skip_value().unwrap();
        assert_eq!(reader.position(), bytes.len() - 1);
    }

    #[test]
    fn text_is_counted_as_javascript_counts_it() {
        for text in ["", "a", "é", "漢字", "a😀b"] {
            assert_eq!(utf16_units(text.as_bytes()), text.encode_utf16().count());
        }
    }
}
