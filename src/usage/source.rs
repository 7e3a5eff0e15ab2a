//! Log files: which ones, and their bytes. Opens files, globs, folders, `.gz`, `.zst` and standard
//! input; owns no format and never decodes text.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::inventory::Inventory;
use crate::text::clean;

/// Endings of files that a folder of logs is searched for.
const ENDINGS: [&str; 5] = ["csv", "tsv", "txt", "gz", "zst"];

/// First bytes of archives.
const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
const ZIP: [u8; 4] = *b"PK\x03\x04";

/// Bytes of an archive that are read at once.
const PACKED: usize = 1 << 17;

/// One log to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFile {
    /// The usage entry whose mapping it is read with; `None`: no entry, everything is recognised.
    pub entry: Option<usize>,
    /// Where it stands; `-` is standard input.
    pub path: PathBuf,
    /// The name shown to people: as given, or relative to the inventory.
    pub name: String,
}

/// Every log of the inventory in a stable order (entries in the order of the file, paths sorted
/// within one), or those named instead of them.
///
/// With `instead`, the mapping of the inventory's entry is kept where there is exactly one entry;
/// where there are several, the entry whose `path` names the same file, else none. A file that is
/// named twice (by two globs, say) is read once.
///
/// # Errors
/// A file, folder or glob that names nothing: all of them in one message, with what was looked for.
pub fn resolve(inventory: &Inventory, instead: &[PathBuf]) -> anyhow::Result<Vec<LogFile>> {
    let mut found = Vec::new();
    let mut missing = Vec::new();
    if instead.is_empty() {
        for (index, entry) in inventory.usage.iter().enumerate() {
            match expand(&inventory.directory, &entry.path.value) {
                Ok(paths) => found.extend(paths.into_iter().map(|path| {
                    let name = shown(&inventory.directory, &path);
                    LogFile { entry: Some(index), path, name }
                })),
                Err(why) => missing.push(format!("{} (named in {})", why, entry.path.at)),
            }
        }
    } else {
        for given in instead {
            match expand(Path::new(""), &given.to_string_lossy()) {
                Ok(paths) => found.extend(paths.into_iter().map(|path| LogFile {
                    entry: entry_of(inventory, &path),
                    name: path.display().to_string(),
                    path,
                })),
                Err(why) => missing.push(why),
            }
        }
    }
    if !missing.is_empty() {
        let head = if missing.len() == 1 { "a log was not found" } else { "logs were not found" };
        let missing: Vec<String> = missing.iter().map(|m| crate::text::clean_lines(m)).collect();
        anyhow::bail!("{head}:\n  {}", missing.join("\n  "));
    }
    let mut seen = BTreeSet::new();
    found.retain(|log| seen.insert(identity(&log.path)));
    Ok(found)
}

/// The entry whose mapping a file named on the command line is read with.
fn entry_of(inventory: &Inventory, path: &Path) -> Option<usize> {
    if inventory.usage.len() == 1 {
        return Some(0);
    }
    let wanted = identity(path);
    inventory.usage.iter().position(|entry| {
        expand(&inventory.directory, &entry.path.value)
            .is_ok_and(|paths| paths.iter().any(|p| identity(p) == wanted))
    })
}

fn identity(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

fn shown(directory: &Path, path: &Path) -> String {
    path.strip_prefix(directory).unwrap_or(path).display().to_string()
}

/// The files that a path, folder or glob names, sorted; else what was looked for, in words.
fn expand(directory: &Path, given: &str) -> Result<Vec<PathBuf>, String> {
    if given == "-" {
        return Ok(vec![PathBuf::from("-")]);
    }
    if given.trim().is_empty() {
        return Err("the path of a log is empty".to_owned());
    }
    let path = directory.join(given);
    if path.is_dir() {
        return folder(&path);
    }
    // A file whose name holds `[` or `*` is still that file.
    if path.exists() {
        return Ok(vec![path]);
    }
    if !given.contains(['*', '?', '[']) {
        return Err(format!("there is no file {}", path.display()));
    }
    let escaped = glob::Pattern::escape(&directory.to_string_lossy());
    let pattern = Path::new(&escaped).join(given);
    let paths = glob::glob(&pattern.to_string_lossy())
        .map_err(|error| format!("{} is no valid pattern: {error}", path.display()))?;
    let mut files: Vec<PathBuf> = paths.filter_map(Result::ok).filter(|p| p.is_file()).collect();
    files.sort();
    if files.is_empty() {
        return Err(format!("no file matches {}", path.display()));
    }
    Ok(files)
}

fn folder(path: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(path)
        .map_err(|error| format!("the folder {} cannot be read: {error}", path.display()))?;
    let mut files: Vec<PathBuf> =
        entries.filter_map(Result::ok).map(|e| e.path()).filter(|p| p.is_file() && is_log(p)).collect();
    files.sort();
    if files.is_empty() {
        let endings: Vec<String> = ENDINGS.iter().map(|e| format!(".{e}")).collect();
        return Err(format!("the folder {} holds no log ({})", path.display(), endings.join(", ")));
    }
    Ok(files)
}

fn is_log(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
    !hidden && ENDINGS.iter().any(|e| has_ending(path, e))
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case(ending))
}

/// The bytes of a log, unpacked; read errors name the file and say what to do.
pub(super) struct Bytes {
    inner: Box<dyn Read + Send>,
    name: String,
    packed: bool,
}

impl Bytes {
    /// Opens a log.
    pub(super) fn open(file: &LogFile) -> anyhow::Result<Self> {
        let name = clean(&file.name);
        let raw: Box<dyn Read + Send> = if file.path.as_os_str() == "-" {
            Box::new(io::stdin())
        } else {
            Box::new(File::open(&file.path).with_context(|| format!("the log {name} could not be opened"))?)
        };
        // No larger than the smallest read of plain text, which goes past it and straight to where it stays.
        let mut raw = BufReader::with_capacity(1 << 13, raw);
        // The first bytes tell an archive better than its ending, and standard input has none.
        let magic = raw.fill_buf().with_context(|| format!("the log {name} could not be read"))?;
        let (inner, packed): (Box<dyn Read + Send>, bool) =
            if magic.starts_with(&GZIP) || has_ending(&file.path, "gz") {
                let raw = BufReader::with_capacity(PACKED, raw);
                (Box::new(flate2::bufread::MultiGzDecoder::new(raw)), true)
            } else if magic.starts_with(&ZSTD) || has_ending(&file.path, "zst") {
                let raw = BufReader::with_capacity(PACKED, raw);
                let decoder = zstd::stream::read::Decoder::with_buffer(raw)
                    .with_context(|| format!("the log {name} could not be unpacked"))?;
                (Box::new(decoder), true)
            } else if magic.starts_with(&ZIP) {
                anyhow::bail!("{name} is a spreadsheet or a zip archive; save it as CSV, or unpack it")
            } else {
                (Box::new(raw), false)
            };
        let mut bytes = Self { inner, name, packed };
        if packed {
            bytes.refuse_archive_inside()?;
        }
        Ok(bytes)
    }

    /// Appends up to `wanted` bytes; fewer only at the end of the file.
    pub(super) fn fill(&mut self, into: &mut Vec<u8>, wanted: usize) -> anyhow::Result<usize> {
        let wanted = u64::try_from(wanted).unwrap_or(u64::MAX);
        match self.inner.by_ref().take(wanted).read_to_end(into) {
            Ok(read) => Ok(read),
            Err(error) if self.packed => Err(self.unpacking(&error)),
            Err(error) => Err(error).with_context(|| format!("the log {} could not be read", self.name)),
        }
    }

    /// An archive packed twice is told as that, not as a log with strange columns.
    fn refuse_archive_inside(&mut self) -> anyhow::Result<()> {
        let mut start = Vec::new();
        self.fill(&mut start, ZIP.len())?;
        if [&GZIP[..], &ZSTD, &ZIP].iter().any(|magic| start.starts_with(magic)) {
            anyhow::bail!("{} holds another archive; unpack it once and name what is inside", self.name);
        }
        let rest = std::mem::replace(&mut self.inner, Box::new(io::empty()));
        self.inner = Box::new(io::Cursor::new(start).chain(rest));
        Ok(())
    }

    fn unpacking(&self, error: &io::Error) -> anyhow::Error {
        let name = &self.name;
        let cut =
            error.kind() == io::ErrorKind::UnexpectedEof || error.to_string().contains("incomplete frame");
        if cut {
            anyhow::anyhow!(
                "the archive {name} ends too early: it was cut off while being written or copied; \
                 fetch it again, or unpack what is left of it and name that file instead"
            )
        } else {
            anyhow::anyhow!("the archive {name} cannot be unpacked ({error}); is its ending right?")
        }
    }
}
