//! A file that gets its name when it is whole: until then it stands under a temporary name beside it,
//! so that a run that fails leaves neither half a file nor the loss of the old one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file being written.
pub struct Whole {
    /// Where it will stand: the file that a link points to, not the link.
    path: PathBuf,
    target: Target,
}

enum Target {
    Beside(NamedTempFile),
    /// A device or a pipe has no place for a file beside it and must not be replaced by one.
    Straight(File),
}

impl Whole {
    /// Begins a file; one that is there keeps its bytes until [`Whole::finish`].
    ///
    /// # Errors
    /// The path is a folder, or the folder it stands in does not exist or cannot be written.
    pub fn begin(path: &Path) -> io::Result<Self> {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let there = fs::metadata(&path).ok();
        if there.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder; name a file in it"));
        }
        if there.as_ref().is_some_and(|m| !m.is_file()) {
            let target = Target::Straight(OpenOptions::new().write(true).open(&path)?);
            return Ok(Self { path, target });
        }
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        // Temporary files are private; an output file has the mode of any other new file.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        // The name of the temporary file tells nobody anything: say what is wrong with the folder.
        fs::metadata(folder)?;
        let file = builder.tempfile_in(folder).map_err(|error| io::Error::from(error.kind()))?;
        if let Some(there) = there {
            file.as_file().set_permissions(there.permissions())?;
        }
        Ok(Self { path, target: Target::Beside(file) })
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// What was written last cannot be kept, or the name cannot be given.
    pub fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        match self.target {
            Target::Beside(file) => file.persist(&self.path).map(|_| ()).map_err(Into::into),
            Target::Straight(_) => Ok(()),
        }
    }
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.target {
            Target::Beside(file) => file.write(bytes),
            Target::Straight(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.target {
            Target::Beside(file) => file.flush(),
            Target::Straight(file) => file.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path) -> io::Result<()> {
        let mut whole = Whole::begin(path)?;
        whole.write_all(b"new")?;
        whole.finish()
    }

    #[test]
    fn an_unfinished_file_leaves_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, "old").unwrap();
        let mut whole = Whole::begin(&path).unwrap();
        whole.write_all(b"half").unwrap();
        drop(whole);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        write(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
    }

    #[test]
    fn a_folder_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write(folder.path()).unwrap_err().to_string().contains("name a file in it"));
        let nowhere = write(&folder.path().join("no/a.csv")).unwrap_err().to_string();
        assert!(!nowhere.contains(".tmp"), "{nowhere}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_and_the_mode_of_a_file_survive() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real.csv"), folder.path().join("link.csv"));
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o600)).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write(&link).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "new");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("null.csv");
        std::os::unix::fs::symlink("/dev/null", &link).unwrap();
        write(&link).unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}
