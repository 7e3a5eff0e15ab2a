//! The program: hands arguments and streams to the library and its exit code to the system.

use std::io::IsTerminal as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let terminal = chanfolio::cli::Terminal {
        stdout: std::io::stdout().is_terminal(),
        stderr: std::io::stderr().is_terminal(),
        width: terminal_width(),
        no_color: std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
    };
    let code = chanfolio::cli::run(
        std::env::args_os(),
        &terminal,
        &mut std::io::stdout().lock(),
        &mut std::io::stderr().lock(),
    );
    ExitCode::from(code)
}

/// Width of the terminal: `COLUMNS`, else what the terminal says; `None` if there is none.
fn terminal_width() -> Option<usize> {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse().ok())
        .or_else(|| comfy_table::Table::new().width().map(usize::from))
}
