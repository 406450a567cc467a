//! Sessions at a terminal, word for word: `tests/cmd`.

#[test]
fn sessions_read_as_they_are_written_down() {
    trycmd::TestCases::new()
        .case("tests/cmd/*.trycmd")
        .case("tests/cmd/*.toml");
}
