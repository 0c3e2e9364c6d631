//! The matrices by name, and how a new version takes the place of an old one.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use he::Engine;

use super::error::{LoadError, Reason};
use super::identity::Identity;
use super::load::load;
use super::sample;
use super::served::Served;

type ByName = BTreeMap<String, Arc<Served>>;

/// Everything that is served.
#[derive(Debug)]
pub(crate) struct Catalogue {
    engine: Engine,
    threads: NonZeroUsize,
    /// One for each manifest; the lock is held while matrices are loaded, and by nothing else.
    slots: Mutex<Vec<Slot>>,
    served: RwLock<Arc<ByName>>,
}

#[derive(Debug)]
struct Slot {
    manifest: PathBuf,
    name: String,
    /// What was looked at last, whether it could be served or not.
    identity: Identity,
}

/// What became of the look at a manifest.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// A new version is served.
    Loaded(Arc<Served>),
    /// The files have changed, and what they say has not.
    Same,
    /// The old version is still served.
    Refused(LoadError),
}

impl Catalogue {
    /// Loads every manifest with so many threads, or the built-in sample without one.
    ///
    /// # Errors
    ///
    /// The first matrix that cannot be served.
    pub(crate) fn open(
        manifests: &[PathBuf],
        engine: Engine,
        threads: NonZeroUsize,
    ) -> Result<Self, LoadError> {
        let mut slots: Vec<Slot> = Vec::new();
        let mut served = ByName::new();
        for manifest in manifests {
            let identity = Identity::of(manifest);
            let matrix = load(manifest, &engine, threads)?;
            let name = matrix.name.clone();
            if let Some(slot) = slots.iter().find(|slot| slot.name == name) {
                let other = slot.manifest.clone();
                return Err(Reason::Duplicate { name, other }.at(manifest));
            }
            served.insert(name.clone(), Arc::new(matrix));
            slots.push(Slot { manifest: manifest.clone(), name, identity });
        }
        if manifests.is_empty() {
            let sample = sample::load(&engine)?;
            served.insert(sample.name.clone(), Arc::new(sample));
        }
        let (slots, served) = (Mutex::new(slots), RwLock::new(Arc::new(served)));
        Ok(Self { engine, threads, slots, served })
    }

    /// Looks at every manifest, or at those whose files have changed, and loads what is new.
    ///
    /// Requests go on meanwhile; one that has begun keeps the version that it began with.
    pub(crate) fn refresh(&self, all: bool) -> Vec<Outcome> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let mut outcomes = Vec::new();
        for slot in slots.iter_mut() {
            let identity = Identity::of(&slot.manifest);
            if !all && identity == slot.identity {
                continue;
            }
            // Before the load: files that change during it are looked at again.
            slot.identity = identity;
            outcomes.push(match self.reload(&slot.manifest, &slot.name) {
                Ok(outcome) => outcome,
                Err(error) => Outcome::Refused(error),
            });
        }
        outcomes
    }

    fn reload(&self, manifest: &Path, name: &str) -> Result<Outcome, LoadError> {
        let matrix = load(manifest, &self.engine, self.threads)?;
        if matrix.name != name {
            let (old, new) = (name.to_owned(), matrix.name);
            return Err(Reason::Renamed { old, new }.at(manifest));
        }
        let same = self.get(name).is_some_and(|old| old.version == matrix.version);
        if same {
            return Ok(Outcome::Same);
        }
        let matrix = Arc::new(matrix);
        let mut served = self.served.write().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut served).insert(name.to_owned(), Arc::clone(&matrix));
        Ok(Outcome::Loaded(matrix))
    }

    /// Every matrix by its name, as they are now.
    pub(crate) fn all(&self) -> Arc<ByName> {
        Arc::clone(&self.served.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The matrix of this name, as it is now.
    pub(crate) fn get(&self, name: &str) -> Option<Arc<Served>> {
        self.all().get(name).cloned()
    }

    /// Where products are computed.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }
}
