//! What a run leaves behind: the same bytes every time, whole or not at all.

use super::command::{ORDERS, assert_ends, files, folder, names, queuelab, stderr};
use std::fs;
use std::path::Path;

const TRACE: &str = r#"
title = "Trace"
replications = 3
producer.shop = { to = "orders", arrivals = { trace = { file = "logs/day.csv", column = "t", unit = "s" } } }
queue.orders = {}
pool.clerks = { from = "orders", consumers = 2, service = "exponential(900ms)" }
objective = [{ metric = "orders.wait.p99", below = "10s" }]
variant = [{ name = "a third", set = { "pool.clerks.consumers" = 3 } }]
"#;

fn write_trace(folder: &Path) {
    let rows = (0..200)
        .map(|row| {
            format!(
                "{}\n",
                f64::from(row * row % 97).mul_add(0.001, f64::from(row))
            )
        })
        .collect::<String>();
    fs::create_dir(folder.join("logs")).expect("a folder can be made");
    fs::write(folder.join("logs/day.csv"), format!("t\n{rows}")).expect("a file can be written");
    fs::write(folder.join("trace.toml"), TRACE).expect("a file can be written");
}

#[test]
fn many_files_are_laid_over_each_other_in_a_folder_whose_name_any_file_system_takes() {
    let folder = folder();
    let stems = ["first", "second", "third"].map(|stem| stem.repeat(15));
    let mut arguments = vec!["run".to_owned(), "-q".to_owned()];
    for stem in &stems {
        let name = format!("{stem}.toml");
        fs::write(folder.path().join(&name), ORDERS).expect("a file can be written");
        arguments.push(name);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    assert_ends(&queuelab(folder.path(), &arguments), 0);
    let written = names(&folder.path().join("output"));
    let overlay = format!("{}+{}+1 more", stems[0], stems[1]);
    assert!(written.contains(&overlay), "{written:?}");
}

#[test]
fn how_the_runs_settle_is_drawn_where_it_is_asked_for() {
    let folder = folder();
    for (flags, drawn) in [(&["-q"][..], false), (&["-q", "--welch"], true)] {
        let arguments = [&["run", "orders.toml"], flags].concat();
        assert_ends(&queuelab(folder.path(), &arguments), 0);
        let left = names(&folder.path().join("output/orders"));
        for picture in ["warmup.svg", "warmup.png"] {
            let is_there = left.iter().any(|name| name == picture);
            assert_eq!(is_there, drawn, "{picture} among {left:?}");
        }
    }
}

#[test]
fn the_same_file_and_seed_leave_the_same_bytes_whatever_the_threads() {
    let folder = folder();
    let of = |jobs: &str| {
        let output = queuelab(
            folder.path(),
            &["run", "orders.toml", "--jobs", jobs, "-o", jobs],
        );
        assert_ends(&output, 0);
        files(&folder.path().join(jobs).join("orders"))
    };
    let alone = of("1");
    assert_eq!(alone.len(), 4 + 2 * 4, "{:?}", alone.keys());
    assert!(
        alone == of("2") && alone == of("3"),
        "threads show in the files"
    );
}

#[test]
fn the_folder_of_a_run_remakes_itself() {
    let folder = folder();
    write_trace(folder.path());
    for name in ["orders", "trace"] {
        let run = |file: &str, output: &str| {
            let objective = ["--objective", "orders.ready.mean < 100"];
            let flags = [&["run", file, "-o", output][..], &objective].concat();
            // What was asked by a flag is in the file that is kept.
            let flags = if file.ends_with("scenario.toml") {
                &flags[..4]
            } else {
                &flags
            };
            let ended = queuelab(folder.path(), flags);
            assert!(
                ended
                    .status
                    .code()
                    .is_some_and(|code| code != 1 && code != 2),
                "{}",
                stderr(&ended)
            );
            files(&folder.path().join(output).join(name))
        };
        let first = run(&format!("{name}.toml"), "output");
        let again = run(&format!("output/{name}/scenario.toml"), "again");
        assert_eq!(
            first.keys().collect::<Vec<_>>(),
            again.keys().collect::<Vec<_>>()
        );
        let differ = first.iter().filter(|(file, bytes)| again[*file] != **bytes);
        assert_eq!(
            differ.map(|(file, _)| file).collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "{name}"
        );
        assert!(
            first == run(&format!("output/{name}/scenario.toml"), "output"),
            "a folder is remade over itself"
        );
    }
}

#[test]
fn an_old_folder_is_replaced_whole() {
    let folder = folder();
    assert_ends(&queuelab(folder.path(), &["run", "orders.toml"]), 0);
    let results = folder.path().join("output/orders");
    let stale = results.join("stale.svg");
    fs::write(&stale, "old").expect("a file can be written");
    assert_ends(&queuelab(folder.path(), &["run", "orders.toml"]), 0);
    assert!(!stale.exists());
    assert_eq!(
        names(&folder.path().join("output")),
        ["orders"],
        "nothing temporary is left"
    );
}

#[test]
fn a_folder_that_is_not_of_a_run_is_refused_and_untouched() {
    let folder = folder();
    let precious = folder.path().join("output/orders/precious.txt");
    fs::create_dir_all(precious.with_file_name("")).expect("a folder can be made");
    fs::write(&precious, "mine").expect("a file can be written");
    let refused = queuelab(folder.path(), &["run", "orders.toml"]);
    assert_ends(&refused, 2);
    assert!(
        stderr(&refused).contains(
            "output/orders is not the folder of a run (it has no summary.json), and is not replaced"
        ),
        "{}",
        stderr(&refused)
    );
    assert_eq!(
        names(&folder.path().join("output/orders")),
        ["precious.txt"]
    );
    assert_eq!(names(&folder.path().join("output")), ["orders"]);
}

#[test]
fn where_nothing_can_be_written_nothing_is_begun() {
    let folder = folder();
    fs::write(folder.path().join("afile"), "mine").expect("a file can be written");
    let before = files(folder.path());
    for place in ["afile", "afile/below", "afile/far/below"] {
        let refused = queuelab(folder.path(), &["run", "orders.toml", "-o", place]);
        assert_ends(&refused, 1);
        let said = format!(
            "error: cannot write {place}/orders: afile is not a folder; choose another place with -o\n"
        );
        assert_eq!(stderr(&refused), said);
        assert!(refused.stdout.is_empty());
    }
    assert!(files(folder.path()) == before);
}

#[test]
fn a_name_that_is_a_path_upwards_stays_in_its_place() {
    let folder = folder();
    let file = folder.path().join("...toml");
    fs::write(file, ORDERS).expect("a file can be written");
    // A run's own file stands where the folder above the results is.
    fs::write(folder.path().join("summary.json"), "{}").expect("a file can be written");
    assert_ends(&queuelab(folder.path(), &["run", "...toml"]), 0);
    assert_eq!(names(&folder.path().join("output")).len(), 1);
    assert!(folder.path().join("orders.toml").exists());
}

#[test]
fn names_with_blanks_and_letters_of_all_alphabets_are_names() {
    let folder = folder();
    for name in ["two words", "größe ☃", "-dash", "a.b.c"] {
        fs::write(folder.path().join(format!("{name}.toml")), ORDERS)
            .expect("a file can be written");
        let ran = queuelab(folder.path(), &["run", "-q", "--", &format!("{name}.toml")]);
        assert_ends(&ran, 0);
        assert!(
            folder
                .path()
                .join("output")
                .join(name)
                .join("summary.json")
                .is_file(),
            "{name}"
        );
    }
}

#[test]
fn two_files_of_one_name_are_refused_before_anything_is_run() {
    let folder = folder();
    fs::create_dir(folder.path().join("sub")).expect("a folder can be made");
    fs::write(folder.path().join("sub/orders.toml"), ORDERS).expect("a file can be written");
    let refused = queuelab(folder.path(), &["run", "orders.toml", "sub/orders.toml"]);
    assert_ends(&refused, 2);
    assert_eq!(
        stderr(&refused),
        "error: two of the files would write output/orders; rename one of them\n"
    );
    assert!(!folder.path().join("output").exists());
}

#[test]
fn a_variant_that_lacks_a_column_leaves_its_cells_empty() {
    let folder = folder();
    let variant = "\n[[variant]]\nname = \"closed\"\n\
                   set = { \"producer.shop.arrivals\" = \"closed(clients=20, think=exponential(1s))\" }\n";
    fs::write(
        folder.path().join("orders.toml"),
        format!("{ORDERS}{variant}"),
    )
    .expect("a file can be written");
    assert_ends(&queuelab(folder.path(), &["run", "orders.toml"]), 0);
    let table =
        fs::read_to_string(folder.path().join("output/orders/series.csv")).expect("it is written");
    let rows = table
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>())
        .collect::<Vec<_>>();
    let offered = rows[0]
        .iter()
        .position(|heading| *heading == "orders.offered_per_s")
        .expect("the base has it");
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    let cells = |variant| {
        rows.iter()
            .filter(move |row| row[1] == variant)
            .map(move |row| row[offered])
    };
    assert!(cells("base").all(|cell| cell == "80"));
    assert!(cells("closed").count() > 0 && cells("closed").all(str::is_empty));
}

#[test]
fn a_folder_can_be_remade_from_inside() {
    let folder = folder();
    assert_ends(&queuelab(folder.path(), &["run", "orders.toml"]), 0);
    let results = folder.path().join("output/orders");
    let before = files(&results);
    assert_ends(
        &queuelab(&results, &["run", "scenario.toml", "-o", ".."]),
        0,
    );
    assert!(files(&results) == before);
    assert_eq!(names(&folder.path().join("output")), ["orders"]);
}

#[test]
fn data_files_named_like_those_of_a_run_are_kept_under_other_names() {
    let folder = folder();
    assert_ends(&queuelab(folder.path(), &["run", "orders.toml"]), 0);
    let taken = names(&folder.path().join("output/orders"));
    let mut text = "title = \"Names\"\nreplications = 2\nqueue.orders = {}\n".to_owned();
    for (number, name) in taken.iter().enumerate() {
        fs::write(folder.path().join(name), format!("t\n0\n{}\n", number + 1))
            .expect("a file can be written");
        let trace = format!("{{ trace = {{ file = \"{name}\", column = \"t\", unit = \"s\" }} }}");
        text += &format!("producer.p{number} = {{ to = \"orders\", arrivals = {trace} }}\n");
    }
    text += "pool.clerks = { from = \"orders\", consumers = 1, service = \"constant(10ms)\" }\n";
    fs::write(folder.path().join("names.toml"), text).expect("a file can be written");
    assert_ends(&queuelab(folder.path(), &["run", "names.toml"]), 0);
    let results = folder.path().join("output/names");
    let before = files(&results);
    assert_eq!(before.len(), 2 * taken.len());
    assert_ends(
        &queuelab(folder.path(), &["run", "output/names/scenario.toml"]),
        0,
    );
    assert!(files(&results) == before);
}
