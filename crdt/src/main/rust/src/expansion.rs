//! How much larger than its content the JSON of formatted XML text can become.
//!
//! `YXmlText.toString()` repeats every format that is on around every stretch of text: a few hundred kilobytes of
//! formats can ask for gigabytes. The replica collects the same before it is written, so that it must be known first.

use std::collections::HashMap;

use crate::failure::Failure;
use crate::integration::{Container, Integration};
use crate::lib0::Reader;
use crate::structs::{Id, Struct, Structs, kind, shared};

/// What the formats of a document may come to when they are repeated, in bytes.
const EXPANDED_BYTES_MAX: u64 = 256 << 20;

/// What one format costs for each stretch that it is repeated around, besides its own bytes.
const FORMAT_OVERHEAD_BYTES: u64 = 64;

/// A string as a format's value is written as one attribute per character: `7="x" `.
const STRING_EXPANSION: u64 = 12;

#[derive(Default)]
struct Formatted<'a> {
    stretches: u64,
    /// The largest value by key.
    formats: HashMap<&'a str, u64>,
}

impl Formatted<'_> {
    fn expanded_bytes(&self) -> u64 {
        let around_each: u64 = self
            .formats
            .iter()
            .map(|(key, &value)| 2 * key.len() as u64 + STRING_EXPANSION * value + FORMAT_OVERHEAD_BYTES)
            .sum();
        self.stretches.saturating_mul(around_each)
    }
}

/// Refuses a document whose XML text would expand beyond the limit.
pub fn check(structs: &Structs, integration: &Integration) -> Result<(), Failure> {
    let mut texts: HashMap<(u32, u32), Formatted> = HashMap::new();
    for (section, places) in structs.sections.iter().zip(&integration.places) {
        for (one, place) in section.iter().zip(places) {
            if let Container::Type(id) = place.container {
                note(structs, &mut texts, id, one);
            }
        }
    }
    let expanded = texts.values().fold(0u64, |sum, text| sum.saturating_add(text.expanded_bytes()));
    if expanded > EXPANDED_BYTES_MAX {
        return Err(Failure::TooLarge(format!(
            "the formats of XML text would take {expanded} bytes in the JSON; the limit is {EXPANDED_BYTES_MAX}"
        )));
    }
    Ok(())
}

fn note<'a>(structs: &'a Structs, texts: &mut HashMap<(u32, u32), Formatted<'a>>, container: Id, one: &Struct) {
    let key = (container.client, container.clock);
    match one.kind {
        kind::FORMAT if is_xml_text(structs, container) => {
            let text = texts.entry(key).or_default();
            text.stretches += 1;
            let mut reader = Reader::new(structs.bytes(one.content));
            let name = reader.string().expect("formats were checked when they were read");
            let value = reader.remaining() as u64;
            text.formats.entry(name).and_modify(|largest| *largest = value.max(*largest)).or_insert(value);
        }
        kind::EMBED | kind::TYPE if is_xml_text(structs, container) => texts.entry(key).or_default().stretches += 1,
        _ => {}
    }
}

fn is_xml_text(structs: &Structs, id: Id) -> bool {
    structs.find(id).is_some_and(|index| {
        let one = &structs.sections[id.client as usize][index];
        one.kind == kind::TYPE && structs.bytes(one.content)[0] == shared::XML_TEXT
    })
}
