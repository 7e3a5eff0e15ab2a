//! Where bytes go: whole files under their final name or not at all, and never over what is read.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::text::clean;
use crate::text::whole::Whole;

/// Files to write, each with the format that its ending names: settled before anything is read, since a typo
/// must not cost a long scan.
///
/// # Errors
/// An ending that names none.
pub fn with_formats<F>(
    paths: &[PathBuf],
    format: impl Fn(&Path) -> anyhow::Result<F>,
) -> anyhow::Result<Vec<(&Path, F)>> {
    paths.iter().map(|path| Ok((path.as_path(), format(path)?))).collect()
}

/// Writes a whole file: to a temporary name beside it first, then renamed over it.
///
/// # Errors
/// The folder does not exist or cannot be written; nothing is left behind then.
pub fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    crate::interrupt::check()?;
    let write = || -> std::io::Result<()> {
        let mut file = Whole::begin(path)?;
        file.write_all(bytes)?;
        file.finish()
    };
    write().with_context(|| format!("{} could not be written", shown(path)))
}

/// Refuses to write over a file that is read, or twice to one file: the loser would be gone.
///
/// # Errors
/// The file that would be lost, and what to do.
pub fn refuse_overwriting(written: &[&Path], read: &[PathBuf]) -> anyhow::Result<()> {
    let read: BTreeSet<PathBuf> = read.iter().filter_map(|path| regular(path)).collect();
    let mut seen = BTreeSet::new();
    for path in written {
        let Some(place) = regular(path) else { continue };
        if read.contains(&place) {
            bail!(
                "{} is read by this command and would be lost; write to another file (nothing was written)",
                shown(path)
            );
        }
        if !seen.insert(place) {
            bail!(
                "{} is named twice as a file to write; give each answer its own (nothing was written)",
                shown(path)
            );
        }
    }
    Ok(())
}

/// Where a regular file stands or would stand, whatever the spelling; devices and pipes hold nothing to lose.
fn regular(path: &Path) -> Option<PathBuf> {
    if let Ok(place) = std::fs::canonicalize(path) {
        return place.is_file().then_some(place);
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(std::fs::canonicalize(folder).ok()?.join(path.file_name()?))
}

fn shown(path: &Path) -> String {
    clean(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_output_overwrites_an_input_or_another_output() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log.csv");
        std::fs::write(&log, "time,channel\n").unwrap();
        let same = folder.path().join(".").join("log.csv");
        let error = refuse_overwriting(&[&same], std::slice::from_ref(&log)).unwrap_err().to_string();
        assert!(error.contains("log.csv is read by this command and would be lost"), "{error}");
        let (new, again) = (folder.path().join("new.csv"), folder.path().join("./new.csv"));
        let error = refuse_overwriting(&[&new, &again], std::slice::from_ref(&log)).unwrap_err().to_string();
        assert!(error.contains("named twice"), "{error}");
        assert!(refuse_overwriting(&[&new], &[log]).is_ok());
        assert!(refuse_overwriting(&[Path::new("/dev/null"), Path::new("/dev/null")], &[]).is_ok());
    }
}
