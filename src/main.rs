//! The command `ptce`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ptce::cli::main()
}
