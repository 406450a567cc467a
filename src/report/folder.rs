//! The folder of a run: written beside the old one, and then put in its place whole. No stale file survives in it, and
//! no partial one looks whole.

use super::chart::{self, Chart};
use super::{figures, json, tables};
use crate::scenario::ScenarioSet;
use crate::study::Outcome;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Why a folder could not be written; the old one, if there was one, stands as it was.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The file system said no.
    #[error("cannot write {}: {cause}; choose another place with -o", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What it said.
        cause: io::Error,
    },
    /// Something else stands there.
    #[error(
        "{} is not the folder of a run (it has no summary.json), and is not replaced; move it, or choose another place \
         with -o",
        .0.display()
    )]
    NotARun(PathBuf),
}

/// Files by name.
type Files = Vec<(String, Vec<u8>)>;

/// Writes the files of one study to `folder`: tables, pictures, and the scenario that remakes them; with Welch's
/// picture of the warm-up if asked for. Gives their names.
///
/// # Errors
/// Where the folder cannot be written, or is not one of a run.
pub fn write(
    folder: &Path,
    outcome: &Outcome,
    set: &ScenarioSet,
    welch: bool,
) -> Result<Vec<String>, WriteError> {
    let memory = |error: csv::Error| failed(folder)(error.into());
    let mut files: Files = vec![
        (
            "summary.json".to_owned(),
            json::object(outcome).into_bytes(),
        ),
        (
            "series.csv".to_owned(),
            tables::series(outcome).map_err(memory)?,
        ),
        (
            "latency.csv".to_owned(),
            tables::latency(outcome).map_err(memory)?,
        ),
        (
            "scenario.toml".to_owned(),
            set.resolved.clone().into_bytes(),
        ),
    ];
    files.extend(set.inputs.iter().cloned());
    let mut charts = figures::all(outcome);
    if welch {
        charts.extend(figures::settling(outcome));
    }
    files.extend(pictures(charts, folder)?);
    replace(folder, files)
}

/// Writes the pictures in which several studies lie over each other.
///
/// # Errors
/// As [`write()`].
pub fn write_overlay(folder: &Path, outcomes: &[Outcome]) -> Result<Vec<String>, WriteError> {
    let mut files: Files = vec![(
        "summary.json".to_owned(),
        json::several(outcomes).into_bytes(),
    )];
    files.extend(pictures(figures::overlay(outcomes), folder)?);
    replace(folder, files)
}

/// Whether [`write()`] could replace `folder`: asked before hours of work, and again when they are done.
///
/// # Errors
/// Where it could not.
pub fn check(folder: &Path) -> Result<(), WriteError> {
    if folder.exists() && !is_ours(folder) {
        return Err(WriteError::NotARun(folder.to_owned()));
    }
    let place = parent(folder);
    let standing = place.ancestors().map(named).find(|place| place.exists());
    let standing = standing.unwrap_or(Path::new("."));
    if !standing.is_dir() {
        let rule = format!("{} is not a folder", standing.display());
        return Err(failed(folder)(io::Error::new(
            io::ErrorKind::NotADirectory,
            rule,
        )));
    }
    tempfile::tempdir_in(standing)
        .map(drop)
        .map_err(failed(folder))
}

/// Each chart as SVG and PNG, drawn side by side.
fn pictures(charts: Vec<(String, Chart)>, folder: &Path) -> Result<Files, WriteError> {
    let draw = |(name, chart): (String, Chart)| {
        let svg = chart::svg(&chart);
        let png = chart::png(&svg).map_err(|error| failed(folder)(io::Error::other(error)))?;
        Ok([
            (format!("{name}.svg"), svg.into_bytes()),
            (format!("{name}.png"), png),
        ])
    };
    let drawn = std::thread::scope(|scope| {
        let threads = charts
            .into_iter()
            .map(|chart| scope.spawn(|| draw(chart)))
            .collect::<Vec<_>>();
        let joined = threads.into_iter().map(|thread| thread.join());
        let drawn =
            joined.map(|drawn| drawn.unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        drawn.collect::<Result<Vec<_>, WriteError>>()
    });
    Ok(drawn?.into_iter().flatten().collect())
}

fn replace(folder: &Path, files: Files) -> Result<Vec<String>, WriteError> {
    check(folder)?;
    let failed = failed(folder);
    fs::create_dir_all(parent(folder)).map_err(&failed)?;
    // From the root: who runs a folder's own scenario from inside it goes aside with it, and `..` leads elsewhere then.
    let parent = fs::canonicalize(parent(folder)).map_err(&failed)?;
    let place = folder
        .file_name()
        .map_or_else(|| parent.clone(), |name| parent.join(name));
    let beside = || {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".queuelab-").tempdir_in(&parent)
    };
    let fresh = beside().map_err(&failed)?;
    for (name, bytes) in &files {
        fs::write(fresh.path().join(name), bytes).map_err(&failed)?;
    }
    open_to_all(fresh.path()).map_err(&failed)?;
    // The old folder steps aside into one that removes itself, and comes back if the new one cannot take its place.
    let aside = beside().map_err(&failed)?;
    let old = aside.path().join("old");
    let stepped_aside = place.exists();
    if stepped_aside {
        fs::rename(&place, &old).map_err(&failed)?;
    }
    if let Err(error) = fs::rename(fresh.path(), &place) {
        if stepped_aside && fs::rename(&old, &place).is_err() {
            // Rather a hidden folder than none.
            let _kept = aside.keep();
        }
        return Err(failed(error));
    }
    // It is in its place now, under another name: nothing is left for the guard to remove.
    let _gone = fresh.keep();
    Ok(files.into_iter().map(|(name, _)| name).collect())
}

/// A temporary folder is private; a folder of results is like any other.
#[cfg(unix)]
fn open_to_all(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn open_to_all(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn is_ours(folder: &Path) -> bool {
    let is_empty = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    is_empty || folder.join("summary.json").is_file()
}

/// Where the folder stands.
fn parent(folder: &Path) -> &Path {
    named(folder.parent().unwrap_or(Path::new("")))
}

/// A path that says "here" by saying nothing, by its name.
fn named(path: &Path) -> &Path {
    if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    }
}

fn failed(path: &Path) -> impl Fn(io::Error) -> WriteError {
    let path = path.to_owned();
    move |cause| WriteError::Io {
        path: path.clone(),
        cause,
    }
}
