//! What yrs 0.28.0 does not read as Yjs does, put so that the JSON comes out the same.

use std::borrow::Cow;

use crate::integration::{Container, Integration};
use crate::json;
use crate::lib0::{Reader, write_block};
use crate::run::Run;
use crate::structs::{Structs, kind, shared};

/// Whether all of it can be given to yrs as it is, as mostly it can.
pub fn is_readable(structs: &Structs, integration: &Integration) -> bool {
    let plain = |lists: &[Vec<u32>]| lists.iter().all(Vec::is_empty);
    if integration.pending || !plain(&integration.relics) || !plain(&integration.cuts) {
        return false;
    }
    structs.sections.iter().zip(&integration.places).all(|(section, places)| {
        section.iter().zip(places).all(|(one, place)| match (one.kind, place.container) {
            (kind::GC, _) | (_, Container::Gone) => true,
            (kind::JSON | kind::SUBDOCUMENT | kind::EMBED | kind::FORMAT, _) => false,
            (kind::TYPE, _) => structs.bytes(one.content)[0] != shared::XML_HOOK,
            (kind::STRING, container) => {
                !one.keyed && matches!(shared_type(structs, container), shared::TEXT | shared::XML_TEXT)
            }
            _ => true,
        })
    })
}

/// What strings are in. (A root that holds a string is taken for a text.)
fn shared_type(structs: &Structs, container: Container) -> u8 {
    let Container::Type(id) = container else { return shared::TEXT };
    let index = structs.find(id).expect("a type was integrated before what it holds");
    structs.bytes(structs.sections[id.client as usize][index].content)[0]
}

/// Gives a run its content: values of the old JSON kind (yrs reads one too many), subdocuments (it opens them), XML hooks
/// (it forgets their name; to Yjs they are maps), and JSON with half characters in it (it refuses them) are changed.
pub fn set_content<'a>(run: &mut Run<'a>, content: Cow<'a, [u8]>) {
    let mut changed = Vec::new();
    match run.kind {
        kind::JSON => {
            run.kind = kind::ANY;
            json::values_of_json(&content, run.len, &mut changed);
        }
        kind::SUBDOCUMENT => {
            run.kind = kind::ANY;
            changed.extend_from_slice(&[118, 0]);
        }
        kind::TYPE if content[0] == shared::XML_HOOK => changed.push(shared::MAP),
        kind::EMBED => json::write_readable(&content, &mut changed),
        kind::FORMAT => {
            let mut reader = Reader::new(&content);
            reader.string().expect("formats were checked when they were read");
            changed.extend_from_slice(&content[..reader.position()]);
            json::write_readable(reader.rest(), &mut changed);
        }
        _ => {
            run.content = content;
            return;
        }
    }
    run.content = Cow::Owned(changed);
}

/// Turns a string outside a text into values, as Yjs reads it: yrs never gets past a character of two units there.
pub fn put_in_place(structs: &Structs, run: &mut Run, keyed: bool, container: Container) {
    match shared_type(structs, container) {
        shared::TEXT | shared::XML_TEXT if !keyed => {}
        shared::XML_ELEMENT | shared::XML_FRAGMENT if !keyed => make_values(run, |whole, _| whole),
        _ => make_values(run, |_, unit| unit),
    }
}

/// One value for each unit of the string. It is chosen from the whole character, which comes with its first unit (the
/// other has an empty one) so that the values joined are the string again, and from the unit by itself.
fn make_values(run: &mut Run, choose: impl Fn(String, String) -> String) {
    let text = std::str::from_utf8(&run.content).expect("strings were checked when they were read");
    let mut values = Vec::new();
    for character in text.chars() {
        let mut whole = String::from(character);
        for unit in character.encode_utf16(&mut [0; 2]) {
            values.push(119);
            let value = choose(std::mem::take(&mut whole), String::from_utf16_lossy(&[*unit]));
            write_block(&mut values, value.as_bytes());
        }
    }
    run.kind = kind::ANY;
    run.content = Cow::Owned(values);
}
