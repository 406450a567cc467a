//! The scenarios that ship with the program: each asks a question, and answers it.

use super::command::{assert_ends, queuelab, stderr, stdout};
use std::fs;
use std::path::{Path, PathBuf};

pub(super) fn shipped() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let entries = fs::read_dir(folder).expect("scenarios ship with the program");
    let mut paths = entries
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect::<Vec<_>>();
    paths.sort();
    paths
}

#[test]
fn every_shipped_scenario_opens_with_a_question_and_has_no_mistake_that_is_not_its_point() {
    for path in shipped() {
        let text = fs::read_to_string(&path).expect("a scenario is text");
        let first = text.lines().next().unwrap_or_default();
        assert!(
            first.starts_with("# ") && first.ends_with('?'),
            "{path:?}: {first}"
        );
        let checked = queuelab(Path::new("."), &["check", &path.display().to_string()]);
        assert_ends(&checked, 0);
        assert_only_meant(&stderr(&checked));
    }
}

/// What some scenarios show is what a file is warned of.
fn assert_only_meant(stderr: &str) {
    const MEANT: [&str; 2] = [
        "warning: 24 consumers share 12 partitions of \"orders\": 12 of them have nothing to read",
        "warning: work takes 12.0 s on average, and after 9.00 s its message is another's too: much is done again",
    ];
    let warnings = stderr.lines().filter(|line| line.starts_with("warning: "));
    let others: Vec<&str> = warnings.filter(|line| !MEANT.contains(line)).collect();
    assert!(others.is_empty(), "{others:?}");
    assert!(!stderr.contains("error: "), "{stderr}");
}

#[test]
fn every_shipped_scenario_answers() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for path in shipped() {
        let path = path.display().to_string();
        let ran = queuelab(folder.path(), &["run", &path, "--replications", "10"]);
        assert!(
            matches!(ran.status.code(), Some(0 | 3 | 4)),
            "{path}: {}",
            stderr(&ran)
        );
        let answer = stdout(&ran);
        assert!(
            answer.lines().any(|line| line.starts_with(['✓', '✗', '?'])),
            "{answer}"
        );
        // No figure is refused but one that is asked for, whose absence is the answer.
        let mut refused = answer.lines().filter(|line| line.contains(" none "));
        assert!(refused.all(|line| line.starts_with('✗')), "{answer}");
        assert_only_meant(&stderr(&ran));
    }
}

#[test]
fn init_writes_what_is_shipped_and_never_over_a_file() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for path in shipped() {
        let name = path
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default();
        assert_ends(&queuelab(folder.path(), &["init", &name]), 0);
        let written = fs::read(folder.path().join(format!("{name}.toml")));
        assert_eq!(written.ok(), fs::read(&path).ok(), "{name}");
        assert_ends(
            &queuelab(folder.path(), &["check", &format!("{name}.toml")]),
            0,
        );
        let again = queuelab(folder.path(), &["init", &name]);
        assert_ends(&again, 2);
        assert!(
            stderr(&again).contains("exists and is not overwritten"),
            "{}",
            stderr(&again)
        );
    }
    assert_ends(&queuelab(folder.path(), &["init", "-o", "new/place"]), 0);
    assert!(folder.path().join("new/place/worker-pool.toml").is_file());
}
