//! The `queuelab` command: parses its arguments, runs a verb, and maps what came of it to an exit code.

#![forbid(unsafe_code)]

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
