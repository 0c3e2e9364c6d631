//! What the benches are built from and by.

use std::path::{self, Path, PathBuf};

use super::environment;
use super::refusal::Refusal;
use crate::known_answer::digest;

/// The state of the sources, by Git.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sources {
    commit: String,
    /// Of the changes that are not committed, where there are some.
    changes: Option<String>,
}

impl Sources {
    /// For people: the commit, and whether it is all.
    pub(crate) fn commit(&self) -> String {
        match &self.changes {
            Some(_) => format!("{} with changes that are not committed", self.commit),
            None => self.commit.clone(),
        }
    }
}

/// What Git says below a folder of all but the files that are made from it; `None` where there is no
/// Git or no repository.
pub(crate) fn sources(root: &Path, made: &[&Path]) -> Option<Sources> {
    let commit = ask(root, "git", &["rev-parse", "--short=7", "HEAD"])?.trim().to_owned();
    let others: Vec<String> = made.iter().filter_map(|file| excluded(root, file)).collect();
    let of_others = |words: &[&str]| {
        let others = others.iter().map(String::as_str);
        let all: Vec<&str> = words.iter().copied().chain(["--", "."]).chain(others).collect();
        ask(root, "git", &all)
    };
    let status = of_others(&["status", "--porcelain", "--untracked-files=all"])?;
    let difference = of_others(&["diff", "HEAD"])?;
    let changes = (!status.is_empty()).then(|| digest((status + &difference).as_bytes()));
    Some(Sources { commit, changes })
}

/// How Git is told to leave a file out; `None` where it is elsewhere anyway.
fn excluded(root: &Path, file: &Path) -> Option<String> {
    let inside = path::absolute(file).ok()?.strip_prefix(root).ok()?.to_owned();
    Some(format!(":(exclude,literal){}", inside.to_str()?))
}

/// Refuses figures that would be of two states of the sources.
pub(crate) fn expect_same(
    before: Option<&Sources>,
    after: Option<&Sources>,
) -> Result<(), Refusal> {
    if before == after {
        return Ok(());
    }
    let name = |sources: Option<&Sources>| {
        let changes = |changes: &String| format!("changes {}", &changes[..7]);
        sources.map_or_else(
            || "unknown sources".to_owned(),
            |Sources { commit, changes: of }| {
                [Some(commit.clone()), of.as_ref().map(changes)]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" with ")
            },
        )
    };
    Err(Refusal::Changed { before: name(before), after: name(after) })
}

/// The compiler that Cargo takes below a folder.
pub(crate) fn compiler(root: &Path) -> Option<String> {
    Some(ask(root, "rustc", &["--version"])?.trim().to_owned())
}

/// The root of the workspace around the working folder, by Cargo.
pub(crate) fn root() -> Option<PathBuf> {
    let words = ["locate-project", "--workspace", "--message-format=plain"];
    let manifest = ask(Path::new("."), "cargo", &words)?;
    Some(Path::new(manifest.trim_end()).parent()?.to_owned())
}

fn ask(folder: &Path, program: &str, words: &[&str]) -> Option<String> {
    let output = environment::command(program).args(words).current_dir(folder).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;
    use std::fs;

    fn state(commit: &str, changes: Option<&str>) -> Sources {
        Sources { commit: commit.to_owned(), changes: changes.map(str::to_owned) }
    }

    #[test]
    fn a_commit_is_told_with_whether_it_is_all() {
        assert_eq!(state("abc", None).commit(), "abc");
        let changed = state("abc", Some("0123456789")).commit();
        assert_eq!(changed, "abc with changes that are not committed");
    }

    #[test]
    fn sources_that_change_meanwhile_are_refused() {
        let (clean, changed) = (state("abc", None), state("abc", Some("0123456789")));
        let other = state("abc", Some("9876543210"));
        assert!(expect_same(Some(&changed), Some(&changed)).is_ok());
        assert!(expect_same(None, None).is_ok());
        for (before, after, words) in [
            (Some(&clean), Some(&changed), "from abc to abc with changes 0123456"),
            (
                Some(&changed),
                Some(&other),
                "from abc with changes 0123456 to abc with changes 9876543",
            ),
            (Some(&clean), None, "from abc to unknown sources"),
        ] {
            let refusal = expect_same(before, after).unwrap_err().to_string();
            assert!(refusal.ends_with(words), "{refusal}");
        }
    }

    #[test]
    fn changes_are_seen_in_files_that_git_knows_and_in_new_ones_but_not_in_what_is_made() {
        let scratch = Scratch::new("sources").unwrap();
        let folder = scratch.path();
        assert_eq!(sources(folder, &[]), None);
        let file = folder.join("file");
        let git = |words: &[&str]| ask(folder, "git", words).expect("Git does it");
        fs::write(&file, "one").unwrap();
        git(&["init", "-q"]);
        git(&["add", "file"]);
        git(&["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "one"]);
        let clean = sources(folder, &[]).unwrap();
        assert_eq!((clean.commit.len(), &clean.changes), (7, &None));
        let states = ["two", "three"].map(|text| {
            fs::write(&file, text).unwrap();
            sources(folder, &[]).unwrap()
        });
        assert!(states[0] != states[1] && states[0].changes.is_some());
        fs::write(&file, "one").unwrap();
        assert_eq!(sources(folder, &[]), Some(clean.clone()));
        let new = folder.join("new");
        fs::write(&new, "one").unwrap();
        assert_ne!(sources(folder, &[]), Some(clean.clone()));
        let made = [new.as_path(), &file, Path::new("/elsewhere")];
        assert_eq!(sources(folder, &made), Some(clean.clone()));
        fs::write(&file, "two").unwrap();
        assert_eq!(sources(folder, &made), Some(clean.clone()));
        assert_ne!(sources(folder, &made[..1]), Some(clean));
    }

    #[test]
    fn the_workspace_and_its_compiler_are_found() {
        let root = root().unwrap();
        assert!(root.join("libs/he-bench/Cargo.toml").is_file(), "{}", root.display());
        assert!(compiler(&root).unwrap().starts_with("rustc "));
    }
}
