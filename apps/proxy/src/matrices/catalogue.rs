//! The matrices by name, and how a new version takes the place of an old one.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use he::Engine;

use super::error::{LoadError, Reason};
use super::generation::{ByName, parted};
use super::identity::Identity;
use super::load::load;
use super::sample;
use super::served::Served;

/// Everything that is served.
#[derive(Debug)]
pub(crate) struct Catalogue {
    engine: Engine,
    threads: NonZeroUsize,
    /// One for each manifest; the lock is held while matrices are loaded, and by nothing else.
    slots: Mutex<Vec<Slot>>,
    load: Load,
    served: RwLock<Arc<ByName>>,
}

/// How a manifest becomes a matrix: [`load`], but for tests of what it does wrong.
type Load = fn(&Path, &Engine, NonZeroUsize) -> Result<Served, LoadError>;

#[derive(Debug)]
struct Slot {
    manifest: PathBuf,
    name: String,
    /// What was looked at last, whether it could be served or not; none if the look has panicked.
    identity: Option<Identity>,
    /// A new version waits for others of its generation.
    parted: bool,
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
            let identity = Some(identity);
            slots.push(Slot { manifest: manifest.clone(), name, identity, parted: false });
        }
        if manifests.is_empty() {
            let sample = sample::load(&engine)?;
            served.insert(sample.name.clone(), Arc::new(sample));
        }
        let (slots, served) = (Mutex::new(slots), RwLock::new(Arc::new(served)));
        Ok(Self { engine, threads, slots, load, served })
    }

    /// Looks at every manifest, or at those whose files have changed, and loads what is new.
    ///
    /// Requests go on meanwhile; one that has begun keeps the version that it began with. What is
    /// served with one generation is replaced all at once.
    pub(crate) fn refresh(&self, all: bool) -> Vec<Outcome> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let look = |slot: &Slot| Identity::of(&slot.manifest);
        let identities: Vec<Identity> = slots.iter().map(look).collect();
        let is_new = |slot: &Slot, now: &Identity| slot.identity.as_ref() != Some(now);
        let changed = slots.iter().zip(&identities).any(|(slot, now)| is_new(slot, now));
        let mut outcomes = Vec::new();
        let mut new = ByName::new();
        for (slot, identity) in slots.iter_mut().zip(identities) {
            if !(all || is_new(slot, &identity) || slot.parted && changed) {
                continue;
            }
            slot.identity = None;
            slot.parted = false;
            let load = AssertUnwindSafe(|| self.reload(&slot.manifest, &slot.name));
            let Ok(reloaded) = catch_unwind(load) else {
                outcomes.push(Outcome::Refused(Reason::Panicked.at(&slot.manifest)));
                continue;
            };
            // The one of before the load: files that change during it are looked at again.
            slot.identity = Some(identity);
            match reloaded {
                Ok(Some((name, matrix))) if self.has_generation(&name) => {
                    new.insert(name, matrix);
                }
                Ok(Some((name, matrix))) => {
                    outcomes.push(Outcome::Loaded(Arc::clone(&matrix)));
                    self.serve(ByName::from([(name, matrix)]));
                }
                Ok(None) => outcomes.push(Outcome::Same),
                Err(error) => outcomes.push(Outcome::Refused(error)),
            }
        }
        for (name, other) in parted(&self.all(), &new) {
            new.remove(&name);
            for slot in slots.iter_mut().filter(|slot| slot.name == name) {
                slot.parted = true;
                let reason = Reason::Generation { other: other.clone() };
                outcomes.push(Outcome::Refused(reason.at(&slot.manifest)));
            }
        }
        outcomes.extend(new.values().cloned().map(Outcome::Loaded));
        self.serve(new);
        outcomes
    }

    /// The matrix of a manifest, if its version is not the one that is served.
    fn reload(
        &self,
        manifest: &Path,
        name: &str,
    ) -> Result<Option<(String, Arc<Served>)>, LoadError> {
        let matrix = (self.load)(manifest, &self.engine, self.threads)?;
        if matrix.name != name {
            let (old, new) = (name.to_owned(), matrix.name);
            return Err(Reason::Renamed { old, new }.at(manifest));
        }
        // Who compares generations would take two matrices that have none for a pair.
        if matrix.generation.is_none() && self.has_generation(name) {
            return Err(Reason::GenerationGone.at(manifest));
        }
        let same = self.get(name).is_some_and(|old| old.version == matrix.version);
        Ok((!same).then(|| (name.to_owned(), Arc::new(matrix))))
    }

    fn has_generation(&self, name: &str) -> bool {
        self.get(name).is_some_and(|matrix| matrix.generation.is_some())
    }

    /// Puts matrices in the place of those with their names, in one step.
    fn serve(&self, new: ByName) {
        let mut served = self.served.write().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut served).extend(new);
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

#[cfg(test)]
mod tests {
    use he::Backend;

    use super::*;

    /// The sample by the name of the manifest, always in the same version.
    fn good(manifest: &Path, engine: &Engine, _threads: NonZeroUsize) -> Result<Served, LoadError> {
        let name = manifest.display().to_string();
        Ok(Served { name, version: "new".to_owned(), ..sample::load(engine)? })
    }

    fn bad(manifest: &Path, engine: &Engine, threads: NonZeroUsize) -> Result<Served, LoadError> {
        assert!(manifest != Path::new("b"), "a defect");
        good(manifest, engine, threads)
    }

    fn catalogue() -> Catalogue {
        let engine = Engine::open(Backend::Cpu).unwrap();
        let old = |name: &str| {
            let sample = sample::load(&engine).unwrap();
            (name.to_owned(), Arc::new(Served { name: name.to_owned(), ..sample }))
        };
        let slot = |name: &str| Slot {
            manifest: name.into(),
            name: name.to_owned(),
            identity: None,
            parted: false,
        };
        Catalogue {
            threads: NonZeroUsize::MIN,
            slots: Mutex::new(["a", "b", "c"].map(slot).into()),
            load: bad,
            served: RwLock::new(Arc::new(["a", "b", "c"].map(old).into())),
            engine,
        }
    }

    /// What became of each, with its name.
    fn told(outcomes: Vec<Outcome>) -> Vec<String> {
        let word = |outcome| match outcome {
            Outcome::Loaded(matrix) => format!("loaded {}", matrix.name),
            Outcome::Same => "same".to_owned(),
            Outcome::Refused(error) => format!("refused {}", error.file.display()),
        };
        outcomes.into_iter().map(word).collect()
    }

    #[test]
    fn a_load_that_panics_is_refused_and_tried_again_and_the_others_are_served() {
        let mut catalogue = catalogue();
        let versions = |catalogue: &Catalogue| {
            ["a", "b", "c"].map(|name| catalogue.get(name).unwrap().version == "new")
        };
        assert_eq!(told(catalogue.refresh(false)), ["loaded a", "refused b", "loaded c"]);
        assert_eq!(versions(&catalogue), [true, false, true]);
        assert_eq!(told(catalogue.refresh(false)), ["refused b"]);
        catalogue.load = good;
        assert_eq!(told(catalogue.refresh(false)), ["loaded b"]);
        assert_eq!(told(catalogue.refresh(false)), Vec::<String>::new());
        assert_eq!(versions(&catalogue), [true; 3]);
    }
}
