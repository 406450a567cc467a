//! `queuelab init`: a scenario file to start from, one of those that ship with the program.

use super::{Ending, Failure, answer};
use clap::Args;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A shipped scenario, with the files that it needs beside it.
struct Template {
    name: &'static str,
    files: &'static [(&'static str, &'static str)],
}

macro_rules! template {
    ($name:literal $(, $data:literal)*) => {
        Template {
            name: $name,
            files: &[
                (concat!($name, ".toml"), include_str!(concat!("../../scenarios/", $name, ".toml"))),
                $(($data, include_str!(concat!("../../scenarios/", $data)))),*
            ],
        }
    };
}

const TEMPLATES: [Template; 22] = [
    template!("worker-pool"),
    template!("how-busy"),
    template!("overload-and-drain"),
    template!("nightly-burst"),
    template!("bursty"),
    template!("bounded-queue"),
    template!("expiring-messages"),
    template!("prefetch"),
    template!("trace-replay", "publishes.csv"),
    template!("prefetch-round-trip"),
    template!("pipeline"),
    template!("load-balancing"),
    template!("retry-storm"),
    template!("consumer-crash"),
    template!("topic-routing"),
    template!("confirm-window"),
    template!("coordinated-omission"),
    template!("brokers"),
    template!("kafka-hot-partition"),
    template!("kafka-rebalance"),
    template!("sqs-visibility"),
    template!("zeromq-push-pull"),
];

#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// Which scenario to start from
    #[arg(default_value = TEMPLATES[0].name)]
    template: String,
    /// List the scenarios there are, with the question that each asks
    #[arg(long)]
    list: bool,
    /// Folder to write to, made if there is none
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    output: PathBuf,
}

/// Whether `queuelab init` knows a scenario of that name.
pub(super) fn is_template(name: &str) -> bool {
    TEMPLATES.iter().any(|template| template.name == name)
}

pub(super) fn init(arguments: &InitArguments) -> Result<Ending, Failure> {
    if arguments.list {
        let lines = TEMPLATES
            .iter()
            .map(|template| format!("{:20} {}\n", template.name, question(template)));
        answer(&lines.collect::<String>())?;
        return Ok(Ending::Done);
    }
    let known = TEMPLATES
        .iter()
        .find(|template| template.name == arguments.template);
    let template = known.ok_or_else(|| {
        let names = TEMPLATES.map(|template| template.name).join(", ");
        Failure::Usage(format!(
            "error: no template \"{}\"; there are {names}",
            arguments.template
        ))
    })?;
    let paths = template
        .files
        .iter()
        .map(|(name, _)| match arguments.output.as_os_str() == "." {
            true => PathBuf::from(name),
            false => arguments.output.join(name),
        })
        .collect::<Vec<_>>();
    if let Some(there) = paths.iter().find(|path| path.exists()) {
        return Err(Failure::Usage(format!(
            "error: {} exists and is not overwritten; remove it, or write elsewhere with -o DIR",
            there.display()
        )));
    }
    make_folder(&arguments.output)?;
    for (path, (_, text)) in paths.iter().zip(template.files) {
        write_new(path, text).map_err(|cause| unwritable(path, cause))?;
    }
    let names = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect::<Vec<_>>()
        .join(" and ");
    answer(&format!(
        "wrote {names}.  Next: queuelab run {}      (queuelab init --list: other templates)\n",
        paths[0].display()
    ))?;
    Ok(Ending::Done)
}

fn make_folder(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|cause| unwritable(folder, cause))
}

fn unwritable(path: &Path, cause: io::Error) -> Failure {
    Failure::Machine(anyhow::Error::new(cause).context(format!("cannot write {}", path.display())))
}

/// The first comment of a scenario is its question.
fn question(template: &Template) -> &'static str {
    let (_, text) = template.files[0];
    text.lines()
        .next()
        .unwrap_or_default()
        .trim_start_matches(['#', ' '])
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)?
        .write_all(text.as_bytes())
}
