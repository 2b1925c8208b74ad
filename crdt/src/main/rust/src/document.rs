//! A document behind a handle, and what can be asked of it.

use crate::edition;
use crate::encode::{self, Bounds, Form};
use crate::expansion;
use crate::failure::Failure;
use crate::integration::{Integration, integrate};
use crate::lib0::Reader;
use crate::projection::{self, TYPE_DEPTH_MAX};
use crate::replica;
use crate::restoration::{self, Content};
use crate::structs::Structs;
use crate::summary;
use crate::touch::Ground;

/// What was applied, and what follows from it, worked out when it is first asked for.
#[derive(Default)]
pub struct Document {
    structs: Structs,
    integration: Option<Integration>,
    /// Set when a call panicked: what is here may be half of a change.
    pub poisoned: bool,
}

/// What a fold gives back.
pub struct Folded {
    pub state: Vec<u8>,
    pub state_vector: Vec<u8>,
    pub delete_set: Vec<u8>,
    pub json: Option<String>,
    pub pending: bool,
}

impl Document {
    /// Where the caller appends the bytes of updates, to hand them to `apply`.
    pub fn arena(&mut self) -> &mut Vec<u8> {
        self.structs.arena()
    }

    /// Reads what was appended after `start`, one update up to each of these ends. Nothing stays of it on failure.
    pub fn apply(&mut self, start: usize, ends: &[usize]) -> Result<(), Failure> {
        self.structs.admit(start, ends)
    }

    pub fn state_vector(&mut self) -> Vec<u8> {
        let (structs, integration) = self.integrated();
        summary::state_vector(structs, &integration.clocks)
    }

    /// Everything, what waits included.
    pub fn state(&mut self) -> Vec<u8> {
        let (structs, integration) = self.integrated();
        let ends = ends(structs);
        let deletes = summary::delete_set(structs, &no_limit(structs));
        let bounds = Bounds { from: &beginnings(structs), to: &ends };
        encode::update(structs, Form::Collected(integration), &bounds, &deletes).0
    }

    /// What a peer with this state vector lacks; nothing that waits.
    pub fn diff(&mut self, state_vector: &[u8]) -> Result<Vec<u8>, Failure> {
        let (structs, integration) = self.integrated();
        let mut from = beginnings(structs);
        let mut reader = Reader::new(state_vector);
        for _ in 0..reader.count()? {
            let client = reader.var_uint()?;
            let clock = reader.clock()?;
            if let Some(index) = structs.find_client(client) {
                from[index as usize] = clock;
            }
        }
        if reader.remaining() > 0 {
            return reader.refuse("bytes after the end of a state vector");
        }
        let deletes = summary::delete_set(structs, &integration.clocks);
        let bounds = Bounds { from: &from, to: &integration.clocks };
        Ok(encode::update(structs, Form::Collected(integration), &bounds, &deletes).0)
    }

    pub fn delete_set(&mut self) -> Vec<u8> {
        let structs = self.integrated().0;
        summary::delete_set(structs, &no_limit(structs))
    }

    pub fn json(&mut self) -> Result<String, Failure> {
        let update = self.for_replica()?;
        self.json_of(&update)
    }

    /// The JSON of an update that holds everything and that yrs reads without harm.
    fn json_of(&mut self, update: &[u8]) -> Result<String, Failure> {
        let (json, missing) = projection::project(update, &self.integrated().1.roots)?;
        if missing {
            return Err(Failure::Panicked("the replica waits for content that was given to it".into()));
        }
        Ok(json)
    }

    /// The edits by a client whom nobody knows yet that lead from this content to the wanted one, as one update.
    pub fn restore(&mut self, wanted: &mut Document, client: u64) -> Result<Vec<u8>, Failure> {
        let update = self.for_replica()?;
        let wanted_update = wanted.for_replica()?;
        let (structs, integration) = self.integrated();
        if structs.find_client(client).is_some() {
            return Err(Failure::Refused("the client that is to restore has written here before".into()));
        }
        let present = Content { update: &update, roots: &integration.roots };
        restoration::restore(&present, &Content { update: &wanted_update, roots: &wanted.integrated().1.roots }, client)
    }

    /// The edits by a client whom nobody knows yet that make the JSON of this content the wanted one, as one update.
    pub fn edit(&mut self, wanted: &[u8], client: u64) -> Result<Vec<u8>, Failure> {
        let update = self.for_replica()?;
        let (structs, integration) = self.integrated();
        if structs.find_client(client).is_some() {
            return Err(Failure::Refused("the client that is to edit has written here before".into()));
        }
        edition::edit(&Content { update: &update, roots: &integration.roots }, wanted, client)
    }

    /// The JSON, with the state already made: most often it is also what a replica would be given.
    fn json_with(&mut self, state: &[u8]) -> Result<String, Failure> {
        self.check_replica()?;
        let (structs, integration) = self.integrated();
        if replica::is_readable(structs, integration) { self.json_of(state) } else { self.json() }
    }

    fn check_replica(&mut self) -> Result<(), Failure> {
        let (structs, integration) = self.integrated();
        if integration.depth > TYPE_DEPTH_MAX {
            return Err(Failure::TooDeep(format!(
                "shared types nest {} levels deep; the JSON of a document goes down to {TYPE_DEPTH_MAX}",
                integration.depth
            )));
        }
        expansion::check(structs, integration)
    }

    /// All that is integrated, as yrs reads it without harm.
    fn for_replica(&mut self) -> Result<Vec<u8>, Failure> {
        self.check_replica()?;
        let (structs, integration) = self.integrated();
        let deletes = summary::delete_set(structs, &integration.clocks);
        let bounds = Bounds { from: &beginnings(structs), to: &integration.clocks };
        Ok(encode::update(structs, Form::ForReplica(integration), &bounds, &deletes).0)
    }

    pub fn pending(&mut self) -> bool {
        self.integrated().1.pending
    }

    /// All updates as one, nothing integrated; none if there are holes between them.
    pub fn merged(&mut self) -> Option<Vec<u8>> {
        self.structs.settle();
        let structs = &self.structs;
        let deletes = summary::delete_set(structs, &no_limit(structs));
        let bounds = Bounds { from: &beginnings(structs), to: &ends(structs) };
        let (update, has_holes) = encode::update(structs, Form::Verbatim, &bounds, &deletes);
        (!has_holes).then_some(update)
    }

    pub fn folded(&mut self, with_json: bool) -> Result<Folded, Failure> {
        let state = self.state();
        Ok(Folded {
            json: if with_json { Some(self.json_with(&state)?) } else { None },
            state,
            state_vector: self.state_vector(),
            delete_set: self.delete_set(),
            pending: self.pending(),
        })
    }

    /// This document as ground on which to see what updates touch.
    pub fn into_ground(self) -> Result<Ground, Failure> {
        Ground::new(self.structs)
    }

    /// What was applied, as it came.
    pub fn structs(&self) -> &Structs {
        &self.structs
    }

    pub fn weight(&self) -> usize {
        size_of::<Document>() + self.structs.weight() + self.integration.as_ref().map_or(0, Integration::weight)
    }

    fn integrated(&mut self) -> (&Structs, &Integration) {
        if self.structs.settle() {
            self.integration = None;
        }
        let structs = &self.structs;
        (structs, self.integration.get_or_insert_with(|| integrate(structs)))
    }
}

fn beginnings(structs: &Structs) -> Vec<u32> {
    vec![0; structs.clients.len()]
}

fn no_limit(structs: &Structs) -> Vec<u32> {
    vec![u32::MAX; structs.clients.len()]
}

fn ends(structs: &Structs) -> Vec<u32> {
    structs.sections.iter().map(|section| section.last().map_or(0, |one| one.end())).collect()
}
