//! The program: collects arguments and what the terminal is, runs, and ends with the exit code.

use std::io::{self, BufWriter, IsTerminal as _};
use std::process::ExitCode;

use chanfolio::cli::{self, Terminal};
use chanfolio::interrupt;

fn main() -> ExitCode {
    // Asked once, the work ends where it can; asked again, at once. Without a handler the system ends it.
    let _ = ctrlc::set_handler(|| {
        if interrupt::ask() {
            std::process::exit(i32::from(cli::INTERRUPTED));
        }
    });
    let terminal = Terminal {
        stdout: io::stdout().is_terminal(),
        stderr: io::stderr().is_terminal(),
        width: comfy_table::Table::new().width().map(usize::from),
        no_color: std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
    };
    let mut stdout = BufWriter::new(io::stdout().lock());
    // Not locked: while logs are read, another thread draws how far that is.
    let mut stderr = io::stderr();
    ExitCode::from(cli::run(std::env::args_os(), &terminal, &mut stdout, &mut stderr))
}
