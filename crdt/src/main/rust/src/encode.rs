//! Writing updates, state vectors and delete sets out of structs.
//!
//! Neighbouring structs that Yjs would hold as one are written as one: text typed letter by letter becomes one item.
//! Everything is written in one canonical order, so that equal content gives equal bytes.

use crate::cutter::{Cut, Cutter};
use crate::integration::{Container, Integration};
use crate::json;
use crate::lib0::{Reader, write_block, write_var_uint};
use crate::structs::{HAS_KEY, HAS_ORIGIN, HAS_RIGHT_ORIGIN, Id, NO_ID, Parent, Span, Struct, Structs, kind, shared};

/// What stands for half of a character of two UTF-16 units, in Yjs as here.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// What is done with content on its way out.
#[derive(Clone, Copy)]
pub enum Form<'a> {
    /// As it came, deletions only in the delete set: for updates whose base is elsewhere.
    Verbatim,
    /// Without the content of what is deleted.
    Collected(&'a Integration),
    /// As `Collected`, with what yrs 0.28.0 misreads put differently; only for the replica that is asked for JSON.
    ForReplica(&'a Integration),
}

/// Which clocks of each client are wanted.
pub struct Bounds<'a> {
    pub from: &'a [u32],
    pub to: &'a [u32],
}

/// One update of everything within the bounds, and whether it has holes.
pub fn update(structs: &Structs, form: Form, bounds: &Bounds, deletes: &[u8]) -> (Vec<u8>, bool) {
    let mut sections = 0;
    let mut body = Vec::with_capacity(structs.weight() / 2);
    let mut has_holes = false;
    for client in structs.clients_descending() {
        let mut section = Section::new(structs, client);
        section.fill(form, bounds.from[client as usize], bounds.to[client as usize]);
        has_holes |= section.has_holes;
        sections += u64::from(section.finish(&mut body));
    }
    let mut out = Vec::with_capacity(body.len() + deletes.len() + 8);
    write_var_uint(&mut out, sections);
    out.extend_from_slice(&body);
    out.extend_from_slice(deletes);
    (out, has_holes)
}

/// Whether the forms `Collected` and `ForReplica` of everything are the same bytes, as they mostly are.
pub fn is_for_replica(structs: &Structs, integration: &Integration) -> bool {
    let plain = |lists: &[Vec<u32>]| lists.iter().all(Vec::is_empty);
    if integration.pending || !plain(&integration.relics) || !plain(&integration.cuts) {
        return false;
    }
    structs.sections.iter().zip(&integration.places).all(|(section, places)| {
        section.iter().zip(places).all(|(one, place)| match (one.kind, place.container) {
            (kind::GC, _) | (_, Container::Gone) => true,
            (kind::JSON | kind::SUBDOCUMENT | kind::EMBED | kind::FORMAT, _) => false,
            (kind::TYPE, _) => structs.bytes(one.content)[0] != shared::XML_HOOK,
            (kind::STRING, container) => !one.keyed && is_text(structs, container),
            _ => true,
        })
    })
}

/// Whether strings in it are text. (A root that holds a string is taken for a text.)
fn is_text(structs: &Structs, container: Container) -> bool {
    let Container::Type(id) = container else { return true };
    let index = structs.find(id).expect("a type was integrated before what it holds");
    let content = structs.sections[id.client as usize][index].content;
    matches!(structs.bytes(content)[0], shared::TEXT | shared::XML_TEXT)
}

/// The state vector as Yjs writes it: highest client first.
pub fn state_vector(structs: &Structs, clocks: &[u32]) -> Vec<u8> {
    let order = structs.clients_descending();
    let known = order.iter().filter(|&&client| clocks[client as usize] > 0);
    let mut out = Vec::new();
    write_var_uint(&mut out, known.clone().count() as u64);
    for &client in known {
        write_var_uint(&mut out, structs.clients[client as usize]);
        write_var_uint(&mut out, u64::from(clocks[client as usize]));
    }
    out
}

/// The delete set of what is deleted below these clocks.
pub fn delete_set(structs: &Structs, to: &[u32]) -> Vec<u8> {
    let mut count = 0;
    let mut body = Vec::new();
    for client in structs.clients_descending() {
        let client = client as usize;
        let mut ranges = structs.deletes[client].clone();
        ranges.retain_mut(|range| {
            range.1 = range.1.min(to[client]);
            range.0 < range.1
        });
        if ranges.is_empty() {
            continue;
        }
        count += 1;
        write_var_uint(&mut body, structs.clients[client]);
        write_var_uint(&mut body, ranges.len() as u64);
        for (from, to) in ranges {
            write_var_uint(&mut body, u64::from(from));
            write_var_uint(&mut body, u64::from(to - from));
        }
    }
    let mut out = Vec::with_capacity(body.len() + 2);
    write_var_uint(&mut out, count);
    out.extend_from_slice(&body);
    out
}

/// What is being written of neighbouring structs that become one.
struct Run {
    kind: u8,
    keyed: bool,
    clock: u32,
    len: u32,
    origin: Id,
    right_origin: Id,
    parent: Parent,
    key: Span,
    content: Vec<u8>,
}

impl Run {
    fn end(&self) -> u32 {
        self.clock + self.len
    }

    fn continues(&self, client: u32, next: &Run) -> bool {
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
}

/// One client's structs on their way out.
struct Section<'a> {
    structs: &'a Structs,
    client: u32,
    run: Option<Run>,
    first_clock: u32,
    count: u64,
    body: Vec<u8>,
    has_holes: bool,
}

impl<'a> Section<'a> {
    fn new(structs: &'a Structs, client: u32) -> Self {
        Section { structs, client, run: None, first_clock: 0, count: 0, body: Vec::new(), has_holes: false }
    }

    fn fill(&mut self, form: Form, from: u32, to: u32) {
        let section = &self.structs.sections[self.client as usize];
        let first = section.partition_point(|one| one.end() <= from);
        for (index, one) in section.iter().enumerate().skip(first) {
            if one.clock >= to {
                break;
            }
            self.parts(form, one, index, from.max(one.clock), to.min(one.end()));
        }
    }

    /// Writes a struct's clocks in as many parts as deletions (and cuts through characters) divide it into.
    fn parts(&mut self, form: Form, one: &Struct, index: usize, from: u32, to: u32) {
        let collected = match form {
            Form::Verbatim => None,
            Form::Collected(integration) | Form::ForReplica(integration) => Some(integration),
        };
        let place = collected.and_then(|all| all.places[self.client as usize].get(index));
        if one.kind == kind::GC || place.is_some_and(|place| place.container == Container::Gone) {
            self.push(tombstone(kind::GC, from, to - from));
            return;
        }
        let deletes = collected.map_or(&[][..], |_| &self.structs.deletes[self.client as usize]);
        let relics = if let Form::Collected(all) = form { &all.relics[self.client as usize][..] } else { &[] };
        let cuts = if let Form::ForReplica(all) = form { &all.cuts[self.client as usize][..] } else { &[] };
        let mut cutter = Cutter::new(self.structs, one);
        cutter.take(from - one.clock);
        let mut next_delete = deletes.partition_point(|range| range.1 <= from);
        let mut next_cut = cuts.partition_point(|&cut| cut <= from);
        let mut at = from;
        while at < to {
            let delete = deletes.get(next_delete).copied().unwrap_or((u32::MAX, u32::MAX));
            let mut deleted = delete.0 <= at;
            let mut until = to.min(if deleted { delete.1 } else { delete.0 });
            if deleted && relics.contains(&at) {
                deleted = false;
                until = at + 1;
            }
            if let Some(&cut) = cuts.get(next_cut).filter(|&&cut| cut <= until) {
                until = cut;
                next_cut += 1;
            }
            let cut = cutter.take(until - at);
            let mut part = self.part(form, one, at, until, deleted, cut);
            if let (Form::ForReplica(_), kind::STRING, Some(place)) = (form, part.kind, place) {
                self.put_in_place(&mut part, one.keyed, place.container);
            }
            self.push(part);
            if until == delete.1 {
                next_delete += 1;
            }
            at = until;
        }
    }

    fn part(&self, form: Form, one: &Struct, from: u32, to: u32, deleted: bool, cut: Cut) -> Run {
        let whole = from == one.clock;
        let mut run = Run {
            kind: if deleted { kind::DELETED } else { one.kind },
            keyed: one.keyed,
            clock: from,
            len: to - from,
            origin: if whole { one.origin } else { Id { client: self.client, clock: from - 1 } },
            right_origin: one.right_origin,
            parent: if whole { one.parent } else { Parent::Inherited },
            key: one.key,
            content: Vec::new(),
        };
        if run.kind == kind::DELETED {
            return run;
        }
        if cut.begins_in_character {
            run.content.extend_from_slice(REPLACEMENT);
        }
        let content = self.structs.bytes(cut.content);
        match form {
            Form::ForReplica(_) => for_replica(&mut run, content),
            _ => run.content.extend_from_slice(content),
        }
        if cut.ends_in_character {
            run.content.extend_from_slice(REPLACEMENT);
        }
        run
    }

    /// Turns a string outside a text into values, as Yjs reads it: yrs 0.28.0 never gets past a character of two units
    /// there. (A root that holds a string is taken for a text.)
    fn put_in_place(&self, run: &mut Run, keyed: bool, container: Container) {
        let of_type = |id: Id| {
            let index = self.structs.find(id).expect("a type was integrated before what it holds");
            self.structs.bytes(self.structs.sections[id.client as usize][index].content)[0]
        };
        let shared = if let Container::Type(id) = container { of_type(id) } else { shared::TEXT };
        match shared {
            shared::TEXT | shared::XML_TEXT if !keyed => {}
            shared::XML_ELEMENT | shared::XML_FRAGMENT if !keyed => values(run, |whole, _| whole),
            _ => values(run, |_, unit| unit),
        }
    }

    fn push(&mut self, next: Run) {
        if let Some(run) = &mut self.run {
            if run.continues(self.client, &next) {
                run.len += next.len;
                run.content.extend_from_slice(&next.content);
                return;
            }
            let end = run.end();
            self.flush();
            if end < next.clock {
                self.has_holes = true;
                self.run = Some(tombstone(kind::SKIP, end, next.clock - end));
                self.flush();
            }
        }
        if self.count == 0 {
            self.first_clock = next.clock;
        }
        self.run = Some(next);
    }

    fn flush(&mut self) {
        let Some(run) = self.run.take() else { return };
        self.count += 1;
        let out = &mut self.body;
        if matches!(run.kind, kind::GC | kind::SKIP) {
            out.push(run.kind);
            write_var_uint(out, u64::from(run.len));
            return;
        }
        let flag = |present: bool, flag: u8| if present { flag } else { 0 };
        out.push(
            run.kind
                | flag(run.origin != NO_ID, HAS_ORIGIN)
                | flag(run.right_origin != NO_ID, HAS_RIGHT_ORIGIN)
                | flag(run.keyed, HAS_KEY),
        );
        for id in [run.origin, run.right_origin] {
            if id != NO_ID {
                write_id(self.structs, out, id);
            }
        }
        match run.parent {
            Parent::Inherited => {}
            Parent::Root(name) => {
                out.push(1);
                write_block(out, self.structs.bytes(name));
            }
            Parent::Type(id) => {
                out.push(0);
                write_id(self.structs, out, id);
            }
        }
        if run.keyed && !matches!(run.parent, Parent::Inherited) {
            write_block(out, self.structs.bytes(run.key));
        }
        match run.kind {
            kind::DELETED | kind::ANY | kind::JSON => write_var_uint(out, u64::from(run.len)),
            kind::STRING => write_var_uint(out, run.content.len() as u64),
            _ => {}
        }
        out.extend_from_slice(&run.content);
    }

    /// Appends the section, if it holds anything; answers whether it does.
    fn finish(mut self, out: &mut Vec<u8>) -> bool {
        self.flush();
        if self.count == 0 {
            return false;
        }
        write_var_uint(out, self.count);
        write_var_uint(out, self.structs.clients[self.client as usize]);
        write_var_uint(out, u64::from(self.first_clock));
        out.extend_from_slice(&self.body);
        true
    }
}

fn tombstone(kind: u8, clock: u32, len: u32) -> Run {
    Run {
        kind,
        keyed: false,
        clock,
        len,
        origin: NO_ID,
        right_origin: NO_ID,
        parent: Parent::Inherited,
        key: Span::default(),
        content: Vec::new(),
    }
}

/// One value for each unit of the string. It is chosen from the whole character, which comes with its first unit (the
/// other has an empty one) so that the values joined are the string again, and from the unit by itself.
fn values(run: &mut Run, choose: impl Fn(String, String) -> String) {
    let text = String::from_utf8(std::mem::take(&mut run.content)).expect("strings were checked when they were read");
    run.kind = kind::ANY;
    for character in text.chars() {
        let mut whole = String::from(character);
        for unit in character.encode_utf16(&mut [0; 2]) {
            run.content.push(119);
            let value = choose(std::mem::take(&mut whole), String::from_utf16_lossy(&[*unit]));
            write_block(&mut run.content, value.as_bytes());
        }
    }
}

fn write_id(structs: &Structs, out: &mut Vec<u8>, id: Id) {
    write_var_uint(out, structs.clients[id.client as usize]);
    write_var_uint(out, u64::from(id.clock));
}

/// Kinds of content that yrs 0.28.0 does not read as Yjs does, put so that the JSON comes out the same: values of the
/// old JSON kind (it reads one too many), subdocuments (it opens them), XML hooks (it forgets their name; to Yjs they
/// are maps), and JSON with half characters in it (it refuses them).
fn for_replica(run: &mut Run, content: &[u8]) {
    match run.kind {
        kind::JSON => {
            run.kind = kind::ANY;
            json::values_of_json(content, run.len, &mut run.content);
        }
        kind::SUBDOCUMENT => {
            run.kind = kind::ANY;
            run.content.extend_from_slice(&[118, 0]);
        }
        kind::TYPE if content[0] == shared::XML_HOOK => run.content.push(shared::MAP),
        kind::EMBED => json::write_readable(content, &mut run.content),
        kind::FORMAT => {
            let mut reader = Reader::new(content);
            reader.string().expect("formats were checked when they were read");
            run.content.extend_from_slice(&content[..reader.position()]);
            json::write_readable(reader.rest(), &mut run.content);
        }
        _ => run.content.extend_from_slice(content),
    }
}
