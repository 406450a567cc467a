//! Readers that have enough, and streams that are not there.

use super::command::{PROGRAM, folder, stderr, stdout};
use std::path::Path;
use std::process::{Command, Output};

fn shell(folder: &Path, line: &str) -> Output {
    let output = Command::new("sh")
        .args(["-c", line])
        .env("QUEUELAB", PROGRAM)
        .current_dir(folder)
        .output();
    output.expect("there is a shell")
}

#[test]
fn a_reader_that_has_enough_is_no_error() {
    let folder = folder();
    for line in [
        "{ \"$QUEUELAB\" run orders.toml --json; echo \"code $?\" >&2; } | head -c 10",
        "{ \"$QUEUELAB\" run orders.toml; echo \"code $?\" >&2; } | true",
        "{ \"$QUEUELAB\" init --list; echo \"code $?\" >&2; } | true",
    ] {
        let output = shell(folder.path(), line);
        assert_eq!(stderr(&output), "code 0\n", "{line}");
    }
}

#[test]
fn closed_streams_are_no_error() {
    let folder = folder();
    for (line, said) in [
        ("\"$QUEUELAB\" run orders.toml >&-", ""),
        ("\"$QUEUELAB\" run orders.toml --json >&- 2>&-", ""),
        (
            "\"$QUEUELAB\" check orders.toml --set horizon=1 2>&-; echo $?",
            "2\n",
        ),
        ("\"$QUEUELAB\" run nothing.toml <&- 2>&-; echo $?", "1\n"),
    ] {
        let output = shell(folder.path(), line);
        assert!(output.status.success(), "{line}: {}", stderr(&output));
        assert_eq!(
            (stdout(&output).as_str(), stderr(&output).as_str()),
            (said, ""),
            "{line}"
        );
    }
}

#[test]
fn a_full_disk_is_an_error_with_its_cause() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = folder();
    let output = shell(
        folder.path(),
        "\"$QUEUELAB\" run orders.toml --json >/dev/full; echo $?",
    );
    assert_eq!(stdout(&output), "1\n");
    assert!(
        stderr(&output).starts_with("error: cannot write the answer: "),
        "{}",
        stderr(&output)
    );
}
