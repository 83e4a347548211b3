//! The program: reads the command line, does it, and is the only place that exits. Everything else is left to [`medse_bot::cli`].

use std::process::ExitCode;

use clap::Parser;
use medse_bot::cli::{self, Cli};

fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => cli::main(cli),
        Err(error) => cli::usage(&error),
    }
}
