//! Where bytes go: whole files under their final name or not at all, and standard output.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;

/// Writes a whole file: to a temporary name beside it first, then renamed over it.
///
/// # Errors
/// The folder does not exist or cannot be written; nothing is left behind then.
pub fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.flush()?;
        allow_others_to_read(file.as_file())?;
        file.persist(path)?;
        Ok(())
    };
    write().with_context(|| format!("{} could not be written", path.display()))
}

/// Temporary files are private; an output file has the mode of any other new file.
#[cfg(unix)]
fn allow_others_to_read(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn allow_others_to_read(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
