//! From a file's text and the flags to checked scenarios, or to everything that is wrong with them.

use super::ScenarioSet;
use super::diagnostic::{Mistakes, Source};
use super::inputs::Inputs;
use super::layers::Loader;
use super::resolved;

/// Where a scenario comes from, for its name and for messages.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The file's stem: the name of the output folder.
    pub name: &'a str,
    /// The file's path as the user wrote it.
    pub path: &'a str,
}

/// What flags change in the file.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// Flags with a name of their own for a path; laid over the file first.
    pub own: Vec<OwnFlag>,
    /// `--set PATH=VALUE`, with the file's paths: `pool.senders.consumers=12`. Laid over the file in this order.
    pub set: Vec<String>,
    /// More objectives, in the metric grammar: `wait.p99 < 200ms`.
    pub objective: Vec<String>,
}

/// A flag that sets one path: `--seed 7` sets `seed`, `--service 'exponential(83ms)'` a pool's service.
#[derive(Clone, Debug)]
pub struct OwnFlag {
    /// As the user writes it, `--seed`: mistakes in the value are shown under this name.
    pub flag: String,
    /// What it sets, with the file's paths.
    pub path: String,
    /// As the user wrote it: a TOML value, or else a text.
    pub value: String,
}

/// Opens the data files that a scenario names, by the path as written.
pub type ReadFile<'a> = &'a mut dyn FnMut(&str) -> std::io::Result<Vec<u8>>;

/// Reads a scenario file, lays the flags over it, and checks it and each of its variants.
///
/// Nothing is opened here but through `read_file`, which is asked once for each data file.
///
/// ```
/// use queuelab::scenario::{Flags, Origin, load};
///
/// let text = r#"
/// title = "Order e-mails"
/// horizon = "1h"
/// producer.checkout = { to = "emails", arrivals = "poisson(80/s)" }
/// queue.emails = {}
/// pool.senders = { from = "emails", consumers = 9, service = "exponential(83ms)" }
/// "#;
/// let origin = Origin { name: "orders", path: "orders.toml" };
/// let no_files = &mut |_: &str| Err(std::io::ErrorKind::NotFound.into());
/// let set = load(text, origin, &Flags::default(), no_files)?;
/// assert_eq!(set.base.parameters(), "80/s → 9 consumers, exponential(83ms), prefetch 1");
/// # Ok::<(), queuelab::scenario::Mistakes>(())
/// ```
///
/// # Errors
/// Every mistake of the file and of the flags at once; of the syntax alone, where there is one.
pub fn load(
    text: &str,
    origin: Origin<'_>,
    flags: &Flags,
    read_file: ReadFile<'_>,
) -> Result<ScenarioSet, Mistakes> {
    let sources = sources(text, origin, flags);
    let mut loader = Loader {
        sources: &sources,
        mistakes: Vec::new(),
        inputs: Inputs::default(),
        read_file,
    };
    let scenarios = loader.scenarios(flags);
    let Loader {
        mut mistakes,
        inputs,
        ..
    } = loader;
    match scenarios {
        Some((base, variants, root)) if mistakes.iter().all(|mistake| mistake.warning) => {
            mistakes.sort_by_key(|mistake| (mistake.at.source, mistake.at.span.start));
            Ok(ScenarioSet {
                name: origin.name.to_owned(),
                base,
                variants,
                resolved: resolved::write(&root, &inputs),
                inputs: inputs.contents(),
                warnings: mistakes
                    .iter()
                    .map(|warning| warning.render(&sources, false))
                    .collect(),
            })
        }
        Some(_) | None => {
            mistakes.retain(|mistake| !mistake.warning);
            debug_assert!(
                !mistakes.is_empty(),
                "a scenario was refused without a reason"
            );
            Err(Mistakes::new(sources, mistakes))
        }
    }
}

/// The texts that places refer to: the file, then each flag.
fn sources(text: &str, origin: Origin<'_>, flags: &Flags) -> Vec<Source> {
    let source = |name: &str, text: &str| Source {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let own = flags.own.iter().map(|own| source(&own.flag, &own.value));
    let sets = flags.set.iter().map(|set| source("--set", set));
    let objectives = flags
        .objective
        .iter()
        .map(|objective| source("--objective", objective));
    std::iter::once(source(origin.path, text))
        .chain(own)
        .chain(sets)
        .chain(objectives)
        .collect()
}
