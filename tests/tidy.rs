//! The shape of the house, held by reading its source: who imports whom, what no file may do, how long things may get.
//!
//! Rules stand in tables, [`MODULES`] first: a new module is added there, with its layer. Text is searched, not parsed, so
//! these tests cannot know everything; they notice what happens by accident.

use std::fs;
use std::path::{Path, PathBuf};

/// A top-level module of `src`, and what it may use.
struct Module {
    name: &'static str,
    /// It may import modules of lower layers.
    layer: u32,
    /// Modules that it may import besides: each a decision, with its reason beside it.
    besides: &'static [&'static str],
    /// Crates that it may use, besides the standard library.
    crates: &'static [&'static str],
}

const MODULES: &[Module] = &[
    // 0: numbers and words that know nothing of queues. Time shows itself in the units of a scenario file, and units read
    // durations, so these two know each other.
    Module {
        name: "time",
        layer: 0,
        besides: &["units"],
        crates: &[],
    },
    Module {
        name: "units",
        layer: 0,
        besides: &["time"],
        crates: &["thiserror"],
    },
    Module {
        name: "theory",
        layer: 0,
        besides: &[],
        crates: &["libm", "thiserror"],
    },
    // 1: the core, and data. The core is a pure state machine: an error type is all it takes from outside.
    Module {
        name: "queue",
        layer: 1,
        besides: &[],
        crates: &["thiserror"],
    },
    Module {
        name: "workload",
        layer: 1,
        besides: &[],
        crates: &[
            "libm",
            "rand",
            "rand_distr",
            "rand_xoshiro",
            "serde",
            "thiserror",
        ],
    },
    Module {
        name: "input",
        layer: 1,
        besides: &[],
        crates: &["csv", "jiff", "thiserror"],
    },
    // 2
    Module {
        name: "model",
        layer: 2,
        besides: &[],
        crates: &["thiserror"],
    },
    Module {
        name: "measure",
        layer: 2,
        besides: &[],
        crates: &[],
    },
    Module {
        name: "scenario",
        layer: 2,
        besides: &[],
        crates: &["annotate_snippets", "serde", "thiserror", "toml"],
    },
    // Which model a line is.
    Module {
        name: "client",
        layer: 2,
        besides: &[],
        crates: &[],
    },
    // 3: the ways to answer.
    Module {
        name: "engine",
        layer: 3,
        besides: &[],
        crates: &["rand", "rand_xoshiro", "thiserror"],
    },
    Module {
        name: "fluid",
        layer: 3,
        besides: &[],
        crates: &[],
    },
    Module {
        name: "fit",
        layer: 3,
        besides: &[],
        crates: &["thiserror"],
    },
    // 4: the only one with threads.
    Module {
        name: "study",
        layer: 4,
        besides: &[],
        crates: &["rayon", "thiserror"],
    },
    // 5: the only one that draws, and that writes files.
    Module {
        name: "report",
        layer: 5,
        besides: &[],
        crates: &[
            "csv",
            "plotters",
            "png",
            "resvg",
            "serde",
            "serde_json",
            "tempfile",
            "thiserror",
        ],
    },
    // The binary: it may import everything, and nobody imports it.
    Module {
        name: "cli",
        layer: 6,
        besides: &[],
        crates: &[
            "anyhow",
            "clap",
            "ctrlc",
            "indicatif",
            "queuelab",
            "rayon",
            "serde",
            "serde_json",
        ],
    },
    Module {
        name: "main",
        layer: 7,
        besides: &[],
        crates: &["anyhow", "clap", "ctrlc", "queuelab"],
    },
    // The table of contents.
    Module {
        name: "lib",
        layer: 8,
        besides: &[],
        crates: &[],
    },
];

/// The first layer that may print and look at the clock: that of the binary.
const BINARY: u32 = 6;
/// The first layer that may touch files: that of `report`.
const FILES: u32 = 5;

/// Words that must not stand in code below a layer, and why.
const BANNED: &[(&str, u32, &str)] = &[
    (
        "Instant::now",
        BINARY,
        "time is an argument: whoever drives says what time it is",
    ),
    (
        "SystemTime",
        BINARY,
        "time is an argument: whoever drives says what time it is",
    ),
    (
        "thread::sleep",
        BINARY,
        "time is an argument: whoever drives says what time it is",
    ),
    (
        "println!",
        BINARY,
        "logic returns, only the command line prints",
    ),
    (
        "print!",
        BINARY,
        "logic returns, only the command line prints",
    ),
    (
        "std::env",
        BINARY,
        "a run is determined by its file, its flags and its seed",
    ),
    (
        "HashMap",
        BINARY,
        "its order differs from run to run: use BTreeMap or a Vec",
    ),
    (
        "HashSet",
        BINARY,
        "its order differs from run to run: use BTreeSet or a Vec",
    ),
    (
        "std::fs",
        FILES,
        "only report writes files, and the binary opens them",
    ),
    (
        "File::",
        FILES,
        "only report writes files, and the binary opens them",
    ),
    ("thread::spawn", BINARY, "threads are rayon's, in study"),
    (
        "StdRng",
        u32::MAX,
        "generators by name: what StdRng is may change with a version",
    ),
    (
        "SmallRng",
        u32::MAX,
        "generators by name: what SmallRng is differs between platforms",
    ),
    ("thread_rng", u32::MAX, "every draw comes from the seed"),
    ("rand::rng(", u32::MAX, "every draw comes from the seed"),
    ("todo!", u32::MAX, "finish it, or leave it out"),
    ("unimplemented!", u32::MAX, "finish it, or leave it out"),
    ("dbg!", u32::MAX, "take it out again"),
    ("unsafe ", u32::MAX, "the library and the binary forbid it"),
];

/// Words that must not stand anywhere, comments included.
const BANNED_EVEN_IN_COMMENTS: &[&str] = &["FIXME", "XXX", "TODO", "HACK"];

/// Names of files that say nothing of what is in them.
const EMPTY_NAMES: &[&str] = &[
    "utils", "util", "common", "helpers", "helper", "misc", "mod",
];

const MOST_LINES_OF_A_FILE: usize = 500;
const MOST_LINES_OF_A_FUNCTION: usize = 70;
const MOST_COLUMNS: usize = 120;

/// A source file.
struct Source {
    path: PathBuf,
    text: String,
    /// Of each line, its code: comments, the contents of strings and whatever is for tests are blanked out. Of a file
    /// that is all tests, nothing.
    code: Vec<String>,
}

impl Source {
    fn module(&self) -> &str {
        let inside = self
            .path
            .strip_prefix(root().join("src"))
            .expect("it is in src");
        let first = inside
            .iter()
            .next()
            .and_then(|first| first.to_str())
            .expect("it has a name");
        first.trim_end_matches(".rs")
    }

    fn place(&self, line: usize) -> String {
        let path = self
            .path
            .strip_prefix(root())
            .expect("it is in the project");
        format!("{}:{}", path.display(), line + 1)
    }

    /// Number and code of each line.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.iter().map(String::as_str).enumerate()
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of src can be read") {
            let path = entry.expect("its entries too").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source can be read");
                let is_test = path
                    .iter()
                    .any(|part| part == "tests" || part == "tests.rs");
                let code = if is_test {
                    Vec::new()
                } else {
                    without_tests(&blanked(&text))
                };
                sources.push(Source { path, text, code });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(
        sources.len() > 50,
        "only {} files were found",
        sources.len()
    );
    sources
}

/// The text with comments and the contents of strings and characters as spaces: as many lines, as many columns.
fn blanked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("r\"") || rest.starts_with("r#") {
            let hashes = rest[1..].bytes().take_while(|byte| *byte == b'#').count();
            let close = format!("\"{}", "#".repeat(hashes));
            let open = 1 + hashes + 1;
            rest.get(open..)
                .and_then(|inner| inner.find(&close))
                .map_or(1, |end| open + end + close.len())
        } else if first == '"' {
            end_of_string(rest)
        } else if first == '\'' {
            end_of_character(rest)
        } else {
            0
        };
        if taken == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            out.extend(
                rest[..taken]
                    .chars()
                    .map(|c| if c == '\n' { '\n' } else { ' ' }),
            );
            rest = &rest[taken..];
        }
    }
    out
}

fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

/// Of `'a'` its length, of a lifetime `'a` nothing.
fn end_of_character(text: &str) -> usize {
    if let Some(escaped) = text.strip_prefix("'\\") {
        return escaped
            .char_indices()
            .skip(1)
            .find(|(_, c)| *c == '\'')
            .map_or(0, |(index, _)| index + 3);
    }
    let mut characters = text.char_indices().skip(2);
    characters
        .next()
        .filter(|(_, c)| *c == '\'')
        .map_or(0, |(index, _)| index + 1)
}

/// Lines, with whatever follows `#[cfg(test)]` empty: a block to its end, or one item.
fn without_tests(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    // Within an item for tests: how many braces are open.
    let mut depth = None;
    for line in text.lines() {
        if line.trim_start().starts_with("#[cfg(test)]") {
            depth = Some(0_i64);
            lines.push(String::new());
            continue;
        }
        let Some(open) = depth else {
            lines.push(line.to_owned());
            continue;
        };
        let now = open + braces(line);
        let ends = now == 0 && (line.contains('}') || line.trim_end().ends_with(';'));
        depth = if ends { None } else { Some(now) };
        lines.push(String::new());
    }
    lines
}

fn braces(line: &str) -> i64 {
    line.bytes()
        .map(|byte| i64::from(byte == b'{') - i64::from(byte == b'}'))
        .sum()
}

/// Names that follow `before` in a line: of `crate::` in `use crate::time::Time`, `time`.
fn names_after<'a>(line: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    line.match_indices(before).filter_map(move |(start, _)| {
        let is_whole = !line[..start]
            .ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '$');
        let rest = &line[start + before.len()..];
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        (is_whole && end > 0).then_some(&rest[..end])
    })
}

/// Modules named in `crate::…` on a line, also those in braces: `use crate::{queue::Broker, time::Time}`.
fn imported(line: &str, root: &str) -> Vec<String> {
    let mut names = names_after(line, root)
        .map(str::to_owned)
        .collect::<Vec<_>>();
    if let Some((_, group)) = line.split_once(&format!("{root}{{")) {
        let mut depth = 0;
        let top = group.chars().filter(|c| {
            depth += i32::from(*c == '{') - i32::from(*c == '}');
            depth == 0
        });
        let top = top.collect::<String>();
        let first = |part: &str| part.trim().split("::").next().unwrap_or("").to_owned();
        names.extend(top.split(',').map(first).filter(|name| !name.is_empty()));
    }
    names
}

fn module(name: &str) -> Option<&'static Module> {
    MODULES.iter().find(|module| module.name == name)
}

/// Names of the crates in `Cargo.toml`, as they are written in code.
fn dependencies() -> Vec<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("there is a manifest");
    let mut section = "";
    let mut names = vec!["queuelab".to_owned()];
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if section == "[dependencies]"
            && let Some((name, _)) = line.split_once(" = ")
        {
            names.push(name.trim().replace('-', "_"));
        }
    }
    assert!(names.contains(&"rayon".to_owned()), "{names:?}");
    names
}

#[track_caller]
fn assert_none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}\n  {}", found.join("\n  "));
}

#[test]
fn every_module_stands_in_the_table_of_this_test() {
    let sources = sources();
    let mut unknown = sources
        .iter()
        .map(Source::module)
        .filter(|name| module(name).is_none())
        .collect::<Vec<_>>();
    unknown.dedup();
    assert!(
        unknown.is_empty(),
        "{unknown:?} of src: add each to MODULES in tests/tidy.rs, with its layer and the crates it may use, and to the \
         table in ARCHITECTURE.md"
    );
}

#[test]
fn a_module_imports_only_lower_layers() {
    let mut found = Vec::new();
    for source in sources() {
        let Some(own) = module(source.module()) else {
            continue;
        };
        let root = if own.layer >= BINARY && own.name != "lib" {
            "queuelab::"
        } else {
            "crate::"
        };
        for (number, line) in source.lines() {
            for name in imported(line, root) {
                let is_allowed = name == own.name
                    || own.besides.contains(&name.as_str())
                    || module(&name).is_some_and(|other| other.layer < own.layer);
                // What is no module is an item of the crate's root.
                if !is_allowed && module(&name).is_some() {
                    found.push(format!(
                        "{}: {} imports {name}",
                        source.place(number),
                        own.name
                    ));
                }
            }
        }
    }
    assert_none(
        "a module imports only modules of lower layers (MODULES in tests/tidy.rs):",
        &found,
    );
}

#[test]
fn a_module_uses_only_the_crates_that_it_may() {
    let crates = dependencies();
    let mut found = Vec::new();
    for source in sources() {
        let Some(own) = module(source.module()) else {
            continue;
        };
        for (number, line) in source.lines() {
            for name in &crates {
                let path = format!("{name}::");
                let used = line.match_indices(&path).any(|(start, _)| {
                    !line[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                });
                if used && !own.crates.contains(&name.as_str()) {
                    found.push(format!(
                        "{}: {} uses {name}",
                        source.place(number),
                        own.name
                    ));
                }
            }
        }
    }
    assert_none(
        "a module uses only the crates that MODULES in tests/tidy.rs gives it:",
        &found,
    );
}

#[test]
fn nothing_stands_where_it_is_banned() {
    let mut found = Vec::new();
    for source in sources() {
        let layer = module(source.module()).map_or(0, |own| own.layer);
        for (number, line) in source.lines() {
            for (word, allowed_from, why) in BANNED {
                let mut places = line.match_indices(word);
                let is_there = places.any(|(start, _)| {
                    !line[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_')
                });
                if is_there && layer < *allowed_from {
                    found.push(format!("{}: {word}: {why}", source.place(number)));
                }
            }
        }
        for (number, line) in source.text.lines().enumerate() {
            let words = BANNED_EVEN_IN_COMMENTS
                .iter()
                .filter(|word| line.contains(**word));
            found.extend(words.map(|word| format!("{}: {word}", source.place(number))));
        }
    }
    assert_none("banned here:", &found);
}

#[test]
fn the_library_and_the_binary_forbid_unsafe_code() {
    for file in ["src/lib.rs", "src/main.rs"] {
        let text = fs::read_to_string(root().join(file)).expect("it is there");
        assert!(
            text.lines().any(|line| line == "#![forbid(unsafe_code)]"),
            "{file} does not forbid unsafe code"
        );
    }
}

#[test]
fn files_have_names_that_say_what_is_in_them() {
    let stem = |source: &Source| {
        source
            .path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or("")
            .to_owned()
    };
    let empty = sources()
        .into_iter()
        .filter(|source| EMPTY_NAMES.contains(&stem(source).as_str()));
    let found = empty.map(|source| source.place(0)).collect::<Vec<_>>();
    assert_none(
        "a file is named after what is in it, and foo.rs stands beside foo/:",
        &found,
    );
}

#[test]
fn files_begin_with_what_they_are_for_and_stay_short() {
    let mut found = Vec::new();
    for source in sources() {
        let first = source.text.lines().next().unwrap_or("");
        if !first.starts_with("//! ") && source.module() != "main" {
            found.push(format!("{} begins without a doc comment", source.place(0)));
        }
        let lines = source.code.len() - tests_at_the_end(&source);
        if lines > MOST_LINES_OF_A_FILE {
            found.push(format!(
                "{} has {lines} lines, and {MOST_LINES_OF_A_FILE} are enough",
                source.place(0)
            ));
        }
    }
    assert_none("", &found);
}

/// Lines of tests inside a file.
fn tests_at_the_end(source: &Source) -> usize {
    let blank = source
        .code
        .iter()
        .zip(source.text.lines())
        .filter(|(code, line)| code.is_empty() && !line.is_empty());
    blank.count()
}

#[test]
fn lines_are_no_longer_than_can_be_read() {
    let mut found = Vec::new();
    for source in sources() {
        for ((number, code), line) in source.lines().zip(source.text.lines()) {
            // A text for people is written as it is read, so what is inside quotes does not count.
            let columns = match line.trim_start().starts_with("//") {
                true => line.chars().count(),
                false => line
                    .chars()
                    .zip(code.chars())
                    .filter(|(written, code)| written == code)
                    .count(),
            };
            if columns > MOST_COLUMNS {
                found.push(source.place(number));
            }
        }
    }
    assert_none(
        &format!("lines of more than {MOST_COLUMNS} columns:"),
        &found,
    );
}

#[test]
fn functions_are_no_longer_than_a_page() {
    let mut found = Vec::new();
    for source in sources() {
        // Where a function begins, and how many braces are open inside it; the innermost last.
        let mut open: Vec<(usize, i64)> = Vec::new();
        for (number, line) in source.lines() {
            if names_after(line, "fn ").next().is_some() && !line.trim_end().ends_with(';') {
                open.push((number, 0));
            }
            let Some((start, depth)) = open.last_mut() else {
                continue;
            };
            *depth += braces(line);
            if *depth == 0 && line.contains('}') {
                let lines = number - *start + 1;
                if lines > MOST_LINES_OF_A_FUNCTION {
                    found.push(format!("{} has {lines} lines", source.place(*start)));
                }
                open.pop();
            } else if *depth == 0 && line.trim_end().ends_with(';') {
                // A function of a trait, without a body.
                open.pop();
            }
        }
    }
    assert_none(
        &format!("functions of more than {MOST_LINES_OF_A_FUNCTION} lines:"),
        &found,
    );
}

#[test]
fn whoever_silences_a_lint_says_why() {
    let mut found = Vec::new();
    for source in sources() {
        for (number, line) in source.text.lines().enumerate() {
            let silences = ["#[allow(", "#[expect(", "#![allow(", "#![expect("];
            if !silences
                .iter()
                .any(|attribute| line.trim_start().starts_with(attribute))
            {
                continue;
            }
            let attribute = source
                .text
                .lines()
                .skip(number)
                .take(8)
                .collect::<Vec<_>>()
                .join("\n");
            let end = attribute.find(")]").unwrap_or(attribute.len());
            if !attribute[..end].contains("reason = \"") {
                found.push(source.place(number));
            }
        }
    }
    assert_none("a silenced lint without a reason:", &found);
}

#[test]
fn this_test_sees_through_strings_comments_and_tests() {
    let text = "use crate::queue; // use crate::study\nlet a = \"crate::cli\"; let b = 'x'; fn f<'a>() {}\n\
                #[cfg(test)]\nmod tests {\n    use crate::report;\n}\nlet c = r#\"HashMap\"#; crate::time::go();\n";
    let code = without_tests(&blanked(text));
    let names = code
        .iter()
        .flat_map(|line| imported(line, "crate::"))
        .collect::<Vec<_>>();
    assert_eq!(names, ["queue", "time"]);
    assert!(code[1].contains("fn f<'a>() {}") && !code[6].contains("HashMap"));
    assert_eq!(
        imported("use crate::{queue::{Broker, Exit}, time::Time};", "crate::"),
        ["queue", "time"]
    );
}
