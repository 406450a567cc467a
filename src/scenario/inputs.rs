//! The data files that a scenario names: each read once, and kept under a bare name beside the resolved file.

use super::diagnostic::At;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Names that a run's own files have; a data file of that name is kept under another one. Compared in lower case, as
/// some file systems do.
const TAKEN: [&str; 12] = [
    "summary.json",
    "scenario.toml",
    "series.csv",
    "latency.csv",
    "backlog.svg",
    "backlog.png",
    "rates.svg",
    "rates.png",
    "latency.svg",
    "latency.png",
    "utilisation.svg",
    "utilisation.png",
];

/// Every data file that was asked for.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    files: Vec<InputFile>,
}

#[derive(Debug)]
struct InputFile {
    /// As written in the scenario.
    path: String,
    content: Result<Arc<[u8]>, String>,
    /// Where the scenario names it.
    used_at: Vec<At>,
}

impl Inputs {
    /// The bytes of a file, read once however often it is named, or why it cannot be read.
    pub(super) fn read(
        &mut self,
        path: &str,
        at: &At,
        read_file: &mut dyn FnMut(&str) -> std::io::Result<Vec<u8>>,
    ) -> Result<Arc<[u8]>, String> {
        if let Some(file) = self.files.iter_mut().find(|file| file.path == path) {
            file.used_at.push(at.clone());
            return file.content.clone();
        }
        let content = read_file(path)
            .map(Arc::from)
            .map_err(|error| error.to_string());
        self.files.push(InputFile {
            path: path.to_owned(),
            content: content.clone(),
            used_at: vec![at.clone()],
        });
        content
    }

    /// Whether a text of this content at this place names a data file.
    pub(super) fn names(&self, text: &str, at: &At) -> bool {
        self.files
            .iter()
            .any(|file| file.path == text && file.used_at.contains(at))
    }

    /// Whether a data file is named somewhere inside this place.
    pub(super) fn any_inside(&self, at: &At) -> bool {
        self.files
            .iter()
            .flat_map(|file| &file.used_at)
            .any(|used| at.contains(used))
    }

    /// The bare name under which each path is kept. A path that is bare already keeps its name, unless a run's own
    /// file has it; others are made unique.
    pub(super) fn bare_names(&self) -> Vec<(&str, String)> {
        let mut used: BTreeSet<String> = TAKEN.iter().map(|name| (*name).to_owned()).collect();
        let mut names = Vec::new();
        let (bare, paths): (Vec<_>, Vec<_>) = self
            .files
            .iter()
            .partition(|file| base_name(&file.path) == file.path);
        for file in bare.into_iter().chain(paths) {
            let name = unique(base_name(&file.path), &used);
            used.insert(name.to_lowercase());
            names.push((file.path.as_str(), name));
        }
        names
    }

    /// Name and bytes of every file that could be read.
    pub(super) fn contents(&self) -> Vec<(String, Vec<u8>)> {
        let names = self.bare_names();
        let named = |path: &str| {
            names
                .iter()
                .find(|(other, _)| *other == path)
                .map(|(_, name)| name.clone())
        };
        self.files
            .iter()
            .filter_map(|file| Some((named(&file.path)?, file.content.as_ref().ok()?.to_vec())))
            .collect()
    }
}

fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn unique(name: &str, used: &BTreeSet<String>) -> String {
    let (stem, extension) = match name.rfind('.') {
        Some(dot) if dot > 0 => name.split_at(dot),
        Some(_) | None => (name, ""),
    };
    let numbered = (2_u64..).map(|number| format!("{stem}-{number}{extension}"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|candidate| !used.contains(&candidate.to_lowercase()))
        .unwrap_or_else(|| name.to_owned())
}
