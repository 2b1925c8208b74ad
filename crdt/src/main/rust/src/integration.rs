//! Which structs can be integrated, in an order that Yjs could use, and what each of them lives in.
//!
//! This decides everything but the order among siblings: what waits for something that has not come, what is gone
//! because the type around it was deleted, what kind each root is, and how deep things nest. It walks a work list
//! instead of recursing, so that depth is a number to be checked and not a stack to be overrun.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::structs::{Id, Parent, Struct, Structs, kind, shared};

/// What a struct lives in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Container {
    /// A type that is deleted, or nothing at all: Yjs turns such a struct into a tombstone, and so is it written here,
    /// without an entry in the delete set that did not come with the updates.
    Gone,
    Root(u32),
    Type(Id),
}

/// A struct's container, under which it is the value of a key or a member of the sequence.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub container: Container,
    pub depth: u32,
}

const NOWHERE: Place = Place { container: Container::Gone, depth: 0 };

/// What a root turned out to hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RootKind {
    Text,
    Array,
    Map,
    XmlFragment,
    XmlElement,
}

#[derive(Default, Clone, Copy)]
struct Evidence {
    text: bool,
    xml: bool,
    values: bool,
    keys: bool,
}

impl Evidence {
    fn any(self) -> bool {
        self.text || self.xml || self.values || self.keys
    }

    fn kind(self) -> RootKind {
        match self {
            Evidence { text: true, .. } => RootKind::Text,
            Evidence { xml: true, values: false, keys: false, .. } => RootKind::XmlFragment,
            Evidence { xml: true, values: false, keys: true, .. } => RootKind::XmlElement,
            Evidence { keys: true, .. } => RootKind::Map,
            Evidence { xml: true, .. } | Evidence { values: true, .. } => RootKind::Array,
            // Only tombstones, which do not tell: a text that was emptied is the likeliest.
            _ => RootKind::Text,
        }
    }
}

/// A root, by what is visible in it now and what was before.
pub struct Root {
    pub name: String,
    live: Evidence,
    dead: Evidence,
    /// The first of what is deleted, of each sort that tells what the root is.
    relics: [Option<Relic>; 3],
}

/// The first clock of a deleted struct; ordered by client, not by the index of the client.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Relic {
    client: u64,
    clock: u32,
    index: u32,
}

const TEXT: usize = 0;
const XML: usize = 1;
const VALUES: usize = 2;

impl Root {
    /// The kind of type that the clients use this root as. Updates do not say, so that the content must.
    pub fn kind(&self) -> RootKind {
        if self.live.any() { self.live.kind() } else { self.dead.kind() }
    }

    /// Whether anything is visible in it.
    pub fn is_live(&self) -> bool {
        self.live.any()
    }

    /// What is kept of the deleted content of an empty root, so that its kind is still known when that is collected.
    fn relic(&self) -> Option<Id> {
        if self.live.any() {
            return None;
        }
        let [text, xml, values] = self.relics;
        let relic = match self.kind() {
            RootKind::Text => text,
            RootKind::Array => values.or(xml),
            RootKind::XmlFragment | RootKind::XmlElement => xml,
            RootKind::Map => None,
        };
        relic.map(|relic| Id { client: relic.index, clock: relic.clock })
    }
}

pub struct Integration {
    /// Per client, up to where its structs can be integrated: the state vector.
    pub clocks: Vec<u32>,
    /// Something waits for what is not here.
    pub pending: bool,
    /// Per client and struct (those that can be integrated), where it lives.
    pub places: Vec<Vec<Place>>,
    pub roots: Vec<Root>,
    /// Per client, clocks whose content is kept although it is deleted.
    pub relics: Vec<Vec<u32>>,
    pub depth: u32,
    /// Per client, clocks at which a reference cuts text that holds characters of two units.
    pub cuts: Vec<Vec<u32>>,
}

impl Integration {
    /// What this holds in memory, in bytes.
    pub fn weight(&self) -> usize {
        let of_vectors = |count: usize| count * (2 * size_of::<u32>() + 3 * size_of::<Vec<u32>>());
        of_vectors(self.clocks.len())
            + self.places.iter().map(|places| places.capacity() * size_of::<Place>()).sum::<usize>()
            + self.roots.iter().map(|root| root.name.capacity() + size_of::<Root>()).sum::<usize>()
    }
}

pub fn integrate(structs: &Structs) -> Integration {
    let count = structs.clients.len();
    let mut walk = Walk {
        structs,
        result: Integration {
            clocks: vec![0; count],
            pending: false,
            places: structs.sections.iter().map(|section| Vec::with_capacity(section.len())).collect(),
            roots: Vec::new(),
            relics: vec![Vec::new(); count],
            depth: 0,
            cuts: vec![Vec::new(); count],
        },
        names: HashMap::new(),
    };
    walk.run();
    walk.finish()
}

struct Walk<'a> {
    structs: &'a Structs,
    result: Integration,
    names: HashMap<&'a [u8], u32>,
}

impl<'a> Walk<'a> {
    fn run(&mut self) {
        let count = self.structs.clients.len();
        let mut ready: Vec<u32> = (0..count as u32).collect();
        // Per client, who waits until it gets past which clock.
        let mut waiting: Vec<BinaryHeap<Reverse<(u32, u32)>>> = vec![BinaryHeap::new(); count];
        while let Some(client) = ready.pop() {
            if let Some(missing) = self.advance(client) {
                waiting[missing.client as usize].push(Reverse((missing.clock, client)));
            }
            let clock = self.result.clocks[client as usize];
            let waiters = &mut waiting[client as usize];
            while waiters.peek().is_some_and(|Reverse((needed, _))| *needed < clock) {
                ready.extend(waiters.pop().map(|Reverse((_, waiter))| waiter));
            }
        }
    }

    /// Integrates what it can of one client; answers the id that it stopped at, if another client's.
    fn advance(&mut self, client: u32) -> Option<Id> {
        let section = &self.structs.sections[client as usize];
        while let Some(one) = section.get(self.result.places[client as usize].len()) {
            if one.clock != self.result.clocks[client as usize] {
                return None;
            }
            if let Some(missing) = one.needs().find(|id| id.clock >= self.result.clocks[id.client as usize]) {
                return Some(missing);
            }
            let place = self.place(client, one);
            self.result.places[client as usize].push(place);
            self.result.clocks[client as usize] = one.end();
        }
        None
    }

    fn place(&mut self, client: u32, one: &'a Struct) -> Place {
        self.note_cuts(one);
        let place = self.find_place(one);
        if let Container::Root(root) = place.container {
            self.note_evidence(root, client, one);
        }
        if one.kind == kind::TYPE {
            self.result.depth = self.result.depth.max(place.depth);
        }
        place
    }

    /// As Yjs decides it (Item.getMissing): a neighbour that is a tombstone, or a parent that is no live type, means
    /// that this is one too; without a parent of its own it lives where its left or else its right neighbour does.
    fn find_place(&mut self, one: &'a Struct) -> Place {
        if one.kind == kind::GC {
            return NOWHERE;
        }
        let left = one.origin.some().map(|id| self.place_of(id));
        let right = one.right_origin.some().map(|id| self.place_of(id));
        let gone = |place: &Option<Place>| place.is_some_and(|place| place.container == Container::Gone);
        if gone(&left) || gone(&right) {
            return NOWHERE;
        }
        match one.parent {
            Parent::Inherited => left.or(right).unwrap_or(NOWHERE),
            Parent::Root(name) => Place { container: Container::Root(self.root(name)), depth: 1 },
            Parent::Type(id) => {
                let parent = self.place_of(id);
                let is_type = self
                    .structs
                    .find(id)
                    .is_some_and(|index| self.structs.sections[id.client as usize][index].kind == kind::TYPE);
                let deleted = self.structs.deleted(id.client, id.clock, id.clock + 1);
                if !is_type || deleted || parent.container == Container::Gone {
                    return NOWHERE;
                }
                Place { container: Container::Type(id), depth: parent.depth + 1 }
            }
        }
    }

    fn place_of(&self, id: Id) -> Place {
        let index = self.structs.find(id).expect("what a struct needs was integrated before it");
        self.result.places[id.client as usize][index]
    }

    fn root(&mut self, span: crate::structs::Span) -> u32 {
        let name = self.structs.bytes(span);
        let roots = &mut self.result.roots;
        *self.names.entry(name).or_insert_with(|| {
            roots.push(Root {
                name: String::from_utf8_lossy(name).into_owned(),
                live: Evidence::default(),
                dead: Evidence::default(),
                relics: [None; 3],
            });
            (roots.len() - 1) as u32
        })
    }

    fn note_evidence(&mut self, root: u32, client: u32, one: &Struct) {
        let dead = one.kind == kind::DELETED || self.structs.deleted(client, one.clock, one.end());
        let sort = match one.kind {
            kind::STRING | kind::FORMAT | kind::EMBED => Some(TEXT),
            kind::TYPE => match self.structs.bytes(one.content)[0] {
                shared::XML_ELEMENT | shared::XML_HOOK | shared::XML_TEXT => Some(XML),
                _ => Some(VALUES),
            },
            kind::DELETED => None,
            _ => Some(VALUES),
        };
        let root = &mut self.result.roots[root as usize];
        let evidence = if dead { &mut root.dead } else { &mut root.live };
        evidence.keys |= one.keyed;
        let Some(sort) = sort.filter(|_| !one.keyed) else { return };
        match sort {
            TEXT => evidence.text = true,
            XML => evidence.xml = true,
            _ => evidence.values = true,
        }
        if dead {
            let here = Relic { client: self.structs.clients[client as usize], clock: one.clock, index: client };
            let first = &mut root.relics[sort];
            *first = Some(first.map_or(here, |known| known.min(here)));
        }
    }

    /// Yjs replaces the halves of a character that another struct comes between.
    fn note_cuts(&mut self, one: &Struct) {
        let cuts = [one.origin.some().map(|id| Id { clock: id.clock + 1, ..id }), one.right_origin.some()];
        for cut in cuts.into_iter().flatten() {
            let inside = |index: usize| {
                let target = &self.structs.sections[cut.client as usize][index];
                target.astral && target.clock < cut.clock
            };
            if self.structs.find(cut).is_some_and(inside) {
                self.result.cuts[cut.client as usize].push(cut.clock);
            }
        }
    }

    fn finish(mut self) -> Integration {
        for relic in self.result.roots.iter().filter_map(Root::relic) {
            self.result.relics[relic.client as usize].push(relic.clock);
        }
        for client in 0..self.structs.clients.len() {
            let clock = self.result.clocks[client];
            let known = self.structs.sections[client].last().map_or(0, Struct::end);
            let deleted = self.structs.deletes[client].last().map_or(0, |range| range.1);
            self.result.pending |= known > clock || deleted > clock;
            let cuts = &mut self.result.cuts[client];
            cuts.sort_unstable();
            cuts.dedup();
        }
        self.result
    }
}
