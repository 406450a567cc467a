//! The program, started as a user would: in a folder of its own, with a small scenario in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

pub(super) const PROGRAM: &str = env!("CARGO_BIN_EXE_queuelab");

/// Small, and with figures that can be known.
pub(super) const ORDERS: &str = r#"
title = "Orders"
horizon = "300s"
replications = 4

[producer.shop]
to = "orders"
arrivals = "poisson(80/s)"

[queue.orders]

[pool.clerks]
from = "orders"
consumers = 9
service = "exponential(83ms)"
"#;

/// A folder that holds `orders.toml`, and vanishes.
pub(super) fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    fs::write(folder.path().join("orders.toml"), ORDERS).expect("a file can be written");
    folder
}

pub(super) fn queuelab(folder: &Path, arguments: &[&str]) -> Output {
    let output = Command::new(PROGRAM)
        .args(arguments)
        .current_dir(folder)
        .output();
    output.expect("the program starts")
}

#[track_caller]
pub(super) fn assert_ends(output: &Output, code: i32) {
    assert_eq!(
        output.status.code(),
        Some(code),
        "{}{}",
        stdout(output),
        stderr(output)
    );
}

pub(super) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("answers are UTF-8")
}

pub(super) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("complaints are UTF-8")
}

/// Every file of a folder, hidden ones too, with its bytes.
#[track_caller]
pub(super) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let entries = entries.map(|entry| entry.expect("a folder can be listed"));
    let file = |entry: fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        (name, fs::read(entry.path()).unwrap_or_default())
    };
    entries.map(file).collect()
}

/// What stands in a folder.
pub(super) fn names(folder: &Path) -> Vec<String> {
    files(folder).into_keys().collect()
}
