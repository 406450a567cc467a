//! Pages whose commands are run, the README and the lessons for teachers, `docs/lessons.md`: what they print is what is
//! printed, and what the lessons say to try works.

use super::command::{queuelab, stderr};
use std::fs;
use std::path::{Path, PathBuf};

fn page(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn lessons_print_what_they_say() {
    assert_prints_what_it_says(&page("docs/lessons.md"));
}

#[test]
fn the_readme_prints_what_it_says() {
    assert_prints_what_it_says(&page("README.md"));
}

fn assert_prints_what_it_says(page: &Path) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    // With folders of these names beside a page, its commands run in a folder of their own.
    for name in ["page.in", "page.out"] {
        fs::create_dir(folder.path().join(name)).expect("a folder can be made");
    }
    let copy = folder.path().join("page.md");
    fs::copy(page, &copy).expect("the page can be read");
    trycmd::TestCases::new().case(&copy).run();
    // What trycmd has corrected is the copy.
    if std::env::var("TRYCMD").is_ok_and(|mode| mode == "overwrite") {
        fs::copy(&copy, page).expect("the page can be written");
    }
}

#[test]
fn what_lessons_say_to_try_works() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let text = fs::read_to_string(page("docs/lessons.md")).expect("the lessons can be read");
    let mut tried = 0;
    for command in text
        .split('`')
        .filter(|code| code.starts_with("queuelab run "))
    {
        let mut arguments = words(command.trim_start_matches("queuelab "));
        let template = arguments[1].trim_end_matches(".toml").to_owned();
        queuelab(folder.path(), &["init", &template]);
        arguments.extend(["--replications", "2", "--quiet"].map(str::to_owned));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let ran = queuelab(folder.path(), &arguments);
        let code = ran.status.code();
        assert!(
            matches!(code, Some(0 | 3 | 4)),
            "{command}: {}",
            stderr(&ran)
        );
        tried += 1;
    }
    assert!(tried >= 5, "only {tried} commands were found");
}

/// As a shell takes them apart: at blanks that stand in no single quotes.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for character in command.chars() {
        match character {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            other => words
                .last_mut()
                .expect("there is one from the start")
                .push(other),
        }
    }
    words
}
