//! `chanfolio completions` and `chanfolio man`: both are made from the command line's own definition.

use std::path::Path;

use anyhow::Context as _;

use super::output::write_whole;
use crate::cli::{CompletionsArgs, DONE, ManArgs, Session};

/// Prints completions for one shell.
///
/// # Errors
/// Standard output cannot be written.
pub fn completions(
    args: &CompletionsArgs,
    mut command: clap::Command,
    session: &mut Session<'_>,
) -> anyhow::Result<u8> {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut command, "chanfolio", &mut bytes);
    session.stdout.write_all(&bytes)?;
    Ok(DONE)
}

/// Prints the manual page, or writes one page for each command to a folder.
///
/// # Errors
/// Standard output or the folder cannot be written.
pub fn man(args: &ManArgs, mut command: clap::Command, session: &mut Session<'_>) -> anyhow::Result<u8> {
    command.build();
    match &args.folder {
        None => session.stdout.write_all(&page(&command)?)?,
        Some(folder) => {
            std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            write_page(folder, &command)?;
            for sub in command.get_subcommands().filter(|c| c.get_name() != "help") {
                write_page(folder, sub)?;
            }
        }
    }
    Ok(DONE)
}

fn write_page(folder: &Path, command: &clap::Command) -> anyhow::Result<()> {
    let name = command.get_display_name().unwrap_or(command.get_name());
    write_whole(&folder.join(format!("{name}.1")), &page(command)?)
}

fn page(command: &clap::Command) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut bytes)?;
    Ok(bytes)
}
