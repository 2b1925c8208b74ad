//! What a small document may ask for that is out of proportion to it.
//!
//! `YXmlText.toString()` repeats every format that is on around every stretch of text: a few hundred kilobytes of
//! formats can ask for gigabytes. The replica collects the same before it is written, so that it must be known first.
//!
//! A value of a key that names no value before it is put in its place by walking over all others of that key: fifty
//! thousand of them would take yrs minutes. Clients that set a key at the same time write one each.

use std::collections::HashMap;

use crate::failure::Failure;
use crate::integration::{Container, Integration};
use crate::lib0::Reader;
use crate::structs::{Id, NO_ID, Struct, Structs, kind, shared};

/// What the formats of a document may come to when they are repeated, in bytes.
const EXPANDED_BYTES_MAX: u64 = 256 << 20;

/// How many values of one key may name none before them: more than clients ever set one at the same time.
const FIRST_VALUES_MAX: u32 = 5_000;

/// Counters of the rough count.
const ROUGH_COUNTS: usize = 1 << 12;

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

/// Refuses a document that would take out of proportion long, or whose XML text would expand beyond the limit.
pub fn check(structs: &Structs, integration: &Integration) -> Result<(), Failure> {
    check_first_values(structs, integration)?;
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

fn check_first_values(structs: &Structs, integration: &Integration) -> Result<(), Failure> {
    // A rough count by hash, which never counts too few, spares most documents the exact one.
    let mut rough = vec![0u32; ROUGH_COUNTS];
    if first_values(structs, integration).all(|(container, key)| {
        let count = &mut rough[rough_hash(container, key) % ROUGH_COUNTS];
        *count += 1;
        *count <= FIRST_VALUES_MAX
    }) {
        return Ok(());
    }
    let mut counts: HashMap<(Container, &[u8]), u32> = HashMap::new();
    for first in first_values(structs, integration) {
        let count = counts.entry(first).or_default();
        *count += 1;
        if *count > FIRST_VALUES_MAX {
            return Err(Failure::TooLarge(format!(
                "more than {FIRST_VALUES_MAX} values of one key claim to be its first"
            )));
        }
    }
    Ok(())
}

/// The keys, and where they are, of values that name none before them.
fn first_values<'a>(structs: &'a Structs, integration: &'a Integration) -> impl Iterator<Item = (Container, &'a [u8])> {
    let placed =
        structs.sections.iter().zip(&integration.places).flat_map(|(section, places)| section.iter().zip(places));
    placed
        .filter(|(one, place)| one.keyed && one.origin == NO_ID && place.container != Container::Gone)
        .map(|(one, place)| (place.container, structs.bytes(one.key)))
}

/// FNV-1a.
fn rough_hash(container: Container, key: &[u8]) -> usize {
    let (client, clock) = match container {
        Container::Gone => (0, 0),
        Container::Root(root) => (u32::MAX, root),
        Container::Type(id) => (id.client, id.clock),
    };
    let bytes = client.to_le_bytes().into_iter().chain(clock.to_le_bytes()).chain(key.iter().copied());
    bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)) as usize
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
