//! Scenario files from disk, with the data files that they name.

use super::{Changes, Colour, Failure, complain};
use queuelab::scenario::{self, Flags, Origin, OwnFlag, ScenarioSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;

/// The scenario of a file (`-` is stdin), with its warnings told.
pub(super) fn load(path: &Path, changes: &Changes, colour: Colour) -> Result<ScenarioSet, Failure> {
    let set = try_load(path, changes)?
        .map_err(|mistakes| Failure::Usage(mistakes.render(colour.applies_to(&io::stderr()))))?;
    set.warnings.iter().for_each(|warning| complain(warning));
    Ok(set)
}

/// The same, with the mistakes as they are.
pub(super) fn try_load(
    path: &Path,
    changes: &Changes,
) -> Result<Result<ScenarioSet, scenario::Mistakes>, Failure> {
    let text = read(path)?;
    let shown = path.display().to_string();
    let origin = Origin {
        name: &name_of(path),
        path: if shown == "-" { "stdin" } else { &shown },
    };
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let mut read_file = |named: &str| fs::read(folder.join(named));
    Ok(scenario::load(
        &text,
        origin,
        &flags(changes),
        &mut read_file,
    ))
}

fn read(path: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let result = if path == Path::new("-") {
        io::stdin().lock().read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    result.map_err(|cause| Failure::Machine(cannot_read(path, &cause)))?;
    String::from_utf8(bytes).map_err(|error| Failure::Usage(not_utf8(path, &error)))
}

fn not_utf8(path: &Path, error: &FromUtf8Error) -> String {
    let (bytes, place) = (error.as_bytes(), error.utf8_error().valid_up_to());
    let line = bytes[..place].iter().filter(|byte| **byte == b'\n').count() + 1;
    let path = path.display();
    let byte = bytes[place];
    format!(
        "error: {path} is not UTF-8 text: line {line} has the byte 0x{byte:02x}, byte {} of the file; \
         save it as UTF-8",
        place + 1
    )
}

fn cannot_read(path: &Path, cause: &io::Error) -> anyhow::Error {
    let template = path.with_extension("").display().to_string();
    let remedy = if super::init::is_template(&template) {
        format!("write it first: queuelab init {template}")
    } else {
        "give a scenario file, or write one: queuelab init".to_owned()
    };
    anyhow::anyhow!("cannot read {}: {cause}; {remedy}", path.display())
}

/// The file's stem. A `scenario.toml` is one that a run wrote: it has the name of its folder, so that it remakes it.
fn name_of(path: &Path) -> String {
    let stem = |path: &Path| {
        path.file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
    };
    if path == Path::new("-") {
        return "stdin".to_owned();
    }
    let whole = path.canonicalize().unwrap_or_else(|_| PathBuf::from(path));
    let folder = whole
        .parent()
        .and_then(Path::file_name)
        .map(|name| name.to_string_lossy().into_owned());
    // The stem of `...toml` is `..`, which is no folder of its own.
    let own = stem(path).filter(|stem| stem != "..");
    let own = own.unwrap_or_else(|| "scenario".to_owned());
    folder.filter(|_| own == "scenario").unwrap_or(own)
}

fn flags(changes: &Changes) -> Flags {
    let own = |flag: &str, path: &str, value: &Option<String>| {
        value.as_ref().map(|value| OwnFlag {
            flag: flag.to_owned(),
            path: path.to_owned(),
            value: value.clone(),
        })
    };
    let precision = changes
        .precision
        .as_ref()
        .map(|share| format!("{{ precision = \"{share}\" }}"));
    let own = [
        own("--seed", "seed", &changes.seed),
        own("--replications", "replications", &changes.replications),
        own("--precision", "replications", &precision),
    ];
    Flags {
        own: own.into_iter().flatten().collect(),
        set: changes.set.clone(),
        objective: changes.objective.clone(),
    }
}
