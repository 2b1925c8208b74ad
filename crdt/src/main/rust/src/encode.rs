//! Writing updates out of structs.
//!
//! Neighbouring structs that Yjs would hold as one are written as one: text typed letter by letter becomes one item.
//! Everything is written in one canonical order, so that equal content gives equal bytes.

use std::borrow::Cow;

use crate::cutter::{Cut, Cutter};
use crate::integration::{Container, Integration};
use crate::lib0::write_var_uint;
use crate::replica;
use crate::run::Run;
use crate::structs::{Id, Parent, Struct, Structs, kind};

/// What stands for half of a character of two UTF-16 units, in Yjs as here.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// What is done with content on its way out.
#[derive(Clone, Copy)]
pub enum Form<'a> {
    /// As it came, deletions only in the delete set: for updates whose base is elsewhere.
    Verbatim,
    /// Without the content of what is deleted.
    Collected(&'a Integration),
    /// As `Collected`, with what yrs misreads put differently; only for the replica that is asked for JSON.
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
    let mut sections_bytes = Vec::with_capacity(structs.weight() / 2);
    let mut scratch = Vec::new();
    let mut has_holes = false;
    for client in structs.clients_descending() {
        let mut section = Section::new(structs, client, &mut scratch);
        section.fill(form, bounds.from[client as usize], bounds.to[client as usize]);
        has_holes |= section.has_holes;
        sections += u64::from(section.finish(&mut sections_bytes));
    }
    let mut out = Vec::with_capacity(sections_bytes.len() + deletes.len() + 8);
    write_var_uint(&mut out, sections);
    out.extend_from_slice(&sections_bytes);
    out.extend_from_slice(deletes);
    (out, has_holes)
}

/// One client's structs on their way out.
struct Section<'a> {
    structs: &'a Structs,
    client: u32,
    run: Option<Run<'a>>,
    first_clock: u32,
    count: u64,
    body: &'a mut Vec<u8>,
    has_holes: bool,
}

impl<'a> Section<'a> {
    /// The body, which is emptied first, serves one section after another.
    fn new(structs: &'a Structs, client: u32, body: &'a mut Vec<u8>) -> Self {
        body.clear();
        Section { structs, client, run: None, first_clock: 0, count: 0, body, has_holes: false }
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
            self.push(Run::tombstone(kind::GC, from, to - from));
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
                replica::put_in_place(self.structs, &mut part, one.keyed, place.container);
            }
            self.push(part);
            if until == delete.1 {
                next_delete += 1;
            }
            at = until;
        }
    }

    fn part(&self, form: Form, one: &Struct, from: u32, to: u32, deleted: bool, cut: Cut) -> Run<'a> {
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
            content: Cow::default(),
        };
        if run.kind != kind::DELETED {
            match form {
                Form::ForReplica(_) => replica::set_content(&mut run, self.content(cut)),
                _ => run.content = self.content(cut),
            }
        }
        run
    }

    fn content(&self, cut: Cut) -> Cow<'a, [u8]> {
        let content = self.structs.bytes(cut.content);
        if !cut.begins_in_character && !cut.ends_in_character {
            return Cow::Borrowed(content);
        }
        let half = |is_there: bool| if is_there { REPLACEMENT } else { &[] };
        Cow::Owned([half(cut.begins_in_character), content, half(cut.ends_in_character)].concat())
    }

    fn push(&mut self, next: Run<'a>) {
        if let Some(run) = &mut self.run {
            if run.continues(self.client, &next) {
                run.join(&next);
                return;
            }
            let end = run.end();
            self.flush();
            if end < next.clock {
                self.has_holes = true;
                self.run = Some(Run::tombstone(kind::SKIP, end, next.clock - end));
                self.flush();
            }
        }
        if self.count == 0 {
            self.first_clock = next.clock;
        }
        self.run = Some(next);
    }

    fn flush(&mut self) {
        if let Some(run) = self.run.take() {
            self.count += 1;
            run.write(self.structs, self.body);
        }
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
        out.extend_from_slice(self.body);
        true
    }
}
