//! Which roots of a document, and which of their keys, updates touch: what was added there, and what was deleted.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::integration::{Container, Integration, integrate};
use crate::projection::TYPE_DEPTH_MAX;
use crate::structs::{Id, Parent, Struct, Structs, kind};

/// Of each root, and of roots, no more are named: a list that is longer helps nobody.
const NAMED_MAX: usize = 50;

/// The values of keys that are known already, by the struct: following each to the first of its key would cost its square.
type Keys<'a> = HashMap<Id, Option<&'a [u8]>>;

/// A document before which updates are held. Deletions are left out of it, so that what was deleted later still lives
/// where it lived when it was written.
pub struct Ground {
    structs: Structs,
    integration: Integration,
}

impl Ground {
    pub fn new(mut structs: Structs) -> Result<Ground, Failure> {
        structs.settle();
        structs.deletes.iter_mut().for_each(Vec::clear);
        let integration = integrate(&structs);
        // Every struct is followed up to its root, so that deep nesting would cost its square.
        if integration.depth > TYPE_DEPTH_MAX {
            return Err(Failure::TooDeep(format!("shared types nest more than {TYPE_DEPTH_MAX} levels deep")));
        }
        Ok(Ground { structs, integration })
    }

    /// The keys under each root as a JSON object of arrays, which are empty where a root is no map. Content that is not
    /// in the document, or is there only as a tombstone, is not told.
    pub fn touched_by(&self, update: &Structs) -> String {
        let mut found: BTreeMap<u32, Vec<&[u8]>> = BTreeMap::new();
        let mut keys = Keys::new();
        for (index, &client) in update.clients.iter().enumerate() {
            let Some(here) = self.structs.find_client(client) else { continue };
            for one in update.sections[index].iter().filter(|one| one.kind != kind::GC) {
                self.note(here, (one.clock, one.end()), &mut found, &mut keys);
            }
            for &range in &update.deletes[index] {
                self.note(here, range, &mut found, &mut keys);
            }
        }
        let mut roots = Map::new();
        for (root, mut keys) in found.into_iter().take(NAMED_MAX) {
            keys.sort_unstable();
            let names = keys.iter().map(|key| Value::from(String::from_utf8_lossy(key))).collect();
            roots.insert(self.integration.roots[root as usize].name.clone(), Value::Array(names));
        }
        Value::Object(roots).to_string()
    }

    fn note<'a>(
        &'a self,
        client: u32,
        (from, to): (u32, u32),
        found: &mut BTreeMap<u32, Vec<&'a [u8]>>,
        known: &mut Keys<'a>,
    ) {
        let section = &self.structs.sections[client as usize];
        let places = &self.integration.places[client as usize];
        let first = section.partition_point(|one| one.end() <= from);
        let within = section.iter().zip(places).skip(first).take_while(|(one, _)| one.clock < to);
        for (one, place) in within {
            let Some((root, top)) = self.top(Id { client, clock: one.clock }, place.container) else { continue };
            let keys = found.entry(root).or_default();
            if let Some(key) = self.key(top, known).filter(|key| keys.len() < NAMED_MAX && !keys.contains(key)) {
                keys.push(key);
            }
        }
    }

    /// The root that a struct is in, and the struct right under the root that it is or is in.
    fn top(&self, one: Id, container: Container) -> Option<(u32, Id)> {
        let (mut one, mut container) = (one, container);
        loop {
            match container {
                Container::Gone => return None,
                Container::Root(root) => return Some((root, one)),
                Container::Type(id) => {
                    one = id;
                    container = self.integration.places[id.client as usize][self.structs.find(id)?].container;
                }
            }
        }
    }

    /// The key whose value a struct is: the first value of a key names it, later ones name the value before.
    fn key<'a>(&'a self, id: Id, known: &mut Keys<'a>) -> Option<&'a [u8]> {
        let mut passed = Vec::new();
        let mut next = Some(id);
        let mut key = None;
        while let Some(one) = next.and_then(|id| self.at(id)) {
            let id = Id { client: next?.client, clock: one.clock };
            if let Some(&found) = known.get(&id) {
                key = found;
                break;
            }
            passed.push(id);
            if !one.keyed || !matches!(one.parent, Parent::Inherited) {
                key = one.keyed.then(|| self.structs.bytes(one.key));
                break;
            }
            next = one.origin.some().or(one.right_origin.some());
        }
        known.extend(passed.into_iter().map(|id| (id, key)));
        key
    }

    fn at(&self, id: Id) -> Option<&Struct> {
        self.structs.find(id).map(|index| &self.structs.sections[id.client as usize][index])
    }
}
