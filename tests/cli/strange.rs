//! What users type or save by mistake, and what a stranger's file may hold.

use super::command::{ORDERS, assert_ends, folder, queuelab, stderr, stdout};
use std::fs;

#[test]
fn a_negative_number_is_told_to_be_one() {
    let folder = folder();
    let run = |flag: &str| queuelab(folder.path(), &["run", "orders.toml", flag, "-1"]);
    for flag in ["--seed", "--replications", "--precision", "--jobs"] {
        let refused = run(flag);
        assert_ends(&refused, 2);
        let said = stderr(&refused);
        assert!(said.contains("-1") && !said.contains("-- -1"), "{said}");
    }
}

#[test]
fn a_file_that_is_not_utf8_says_where_and_what_to_do() {
    let folder = folder();
    let latin = [ORDERS.as_bytes(), b"# Auftr\xe4ge\n"].concat();
    fs::write(folder.path().join("latin.toml"), latin).expect("a file can be written");
    let refused = queuelab(folder.path(), &["check", "latin.toml"]);
    assert_ends(&refused, 2);
    let (line, byte) = (ORDERS.lines().count() + 1, ORDERS.len() + 8);
    assert_eq!(
        stderr(&refused),
        format!(
            "error: latin.toml is not UTF-8 text: line {line} has the byte 0xe4, byte {byte} of the file; \
             save it as UTF-8\n1 file is not a valid scenario\n"
        )
    );
}

#[test]
fn a_file_that_cannot_be_read_hides_nothing_of_the_others() {
    let folder = folder();
    let checked = queuelab(
        folder.path(),
        &["check", "nowhere.toml", "orders.toml", "--json"],
    );
    assert_ends(&checked, 1);
    let report: serde_json::Value = serde_json::from_slice(&checked.stdout).expect("JSON");
    let files = report["files"].as_array().expect("files");
    assert_eq!([&files[0]["valid"], &files[1]["valid"]], [false, true]);
    let why = files[0]["mistakes"][0].as_str();
    assert!(why.is_some_and(|why| why.contains("cannot read nowhere.toml")));
}

#[test]
fn control_characters_of_a_file_are_shown_and_not_obeyed() {
    let folder = folder();
    let run = |set: &str| {
        let path = folder.path();
        let output = queuelab(
            path,
            &["run", "orders.toml", "--color", "always", "--set", set],
        );
        stdout(&output) + &stderr(&output)
    };
    let title = run(r#"title="\u0007 \u001b[31m red""#);
    assert!(title.starts_with("\\u0007 \\u001b[31m red\n"), "{title}");
    let name = run(r#"producer.shop.to="\u0007""#);
    assert!(name.contains("no queue is called \"\\u"), "{name}");
    assert!(!name.contains('\u{7}'), "{name}");
}

#[test]
fn a_title_in_a_script_that_the_font_lacks_is_noted() {
    let folder = folder();
    let set = ["--set", "title=\"Заказы, über\""];
    let path = folder.path();
    let ran = queuelab(
        path,
        &[&["run", "orders.toml", "--quiet"][..], &set].concat(),
    );
    assert_ends(&ran, 0);
    let said = stderr(&ran);
    assert!(
        said.starts_with("note: the font of the pictures has no З а з к ы: the PNG"),
        "{said}"
    );
    let svg = fs::read_to_string(path.join("output/orders/backlog.svg")).unwrap_or_default();
    assert!(svg.contains("Заказы, über"));
}
