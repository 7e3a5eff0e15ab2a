//! The log scan: files in, census out. The one place where reading and folding meet.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, bail};
use jiff::civil::Date;

use crate::criteria::Criteria;
use crate::interrupt;
use crate::inventory::{Inventory, Role};
use crate::text::clean;
use crate::text::whole::Whole;
use crate::usage::block::Block;
use crate::usage::source::{LogFile, resolve};
use crate::usage::{Log, Outcome, Rejected, Repeat, Sink};

use super::Census;
use super::fold::{Fold, LABELS, Options, Rejects};

/// What a scan of the logs gave.
#[derive(Debug)]
pub struct Scan {
    /// The table; `None` where the inventory names no log and none was given.
    pub census: Option<Census>,
    /// Rejected rows.
    pub rejects: Rejects,
    /// What was taken from each file, in words.
    pub notes: Vec<String>,
    /// What deserves attention even without `-v`: skipped preamble lines, a column that was a guess,
    /// a log wholly after the date of the assessment.
    pub warnings: Vec<String>,
}

/// What to scan.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Logs to read instead of the inventory's.
    pub usage: Vec<PathBuf>,
    /// Which contacts count.
    pub options: Options,
    /// Where every rejected row goes (written whole at the end).
    pub rejects: Option<PathBuf>,
    /// Largest share of rejected rows.
    pub max_rejects: f64,
    /// Date of the assessment: a log wholly after it is refused.
    pub at: Option<Date>,
    /// Threads that read and count; `None`: as many as the machine has cores.
    pub threads: Option<usize>,
    /// Bytes of text that a thread takes at once; `None`: as many as suit it. The census does not depend on
    /// it, which is what small ones are there to show.
    pub block_bytes: Option<usize>,
}

/// Reads all logs, on as many threads as the request allows: each takes the next block, reads its rows and
/// folds them. What is told about single rows is told in their order all the same.
///
/// # Errors
/// A log cannot be read, is no contact log, lies wholly after the date of the assessment, or more
/// than `max_rejects` of its rows were rejected; no row is left to count; the file of rejected rows
/// cannot be written; a label has more values than a census holds; there is no room for rows that wait.
pub fn scan(
    inventory: &Inventory,
    criteria: &Criteria,
    request: &Request,
    watch: &dyn Watch,
) -> anyhow::Result<Scan> {
    let mut scan =
        Scan { census: None, rejects: Rejects::default(), notes: Vec::new(), warnings: Vec::new() };
    if inventory.usage.is_empty() && request.usage.is_empty() {
        return Ok(scan);
    }
    let files = resolve(inventory, &request.usage)?;
    let threads = threads(request);
    watch.begins(bytes(&files));
    let mut folds: Vec<Fold<'_>> =
        (0..threads).map(|_| Fold::new(inventory, criteria, request.options)).collect();
    let keeper = request.rejects.as_deref().map(Keeper::new).transpose()?;
    let told = Mutex::new(Told { rejects: Rejects::default(), causes: BTreeMap::new(), keeper });
    let (mut notes, mut warnings) = (Said::default(), Said::default());
    let mut alone: BTreeMap<Option<usize>, bool> = BTreeMap::new();
    for file in &files {
        let log = match request.block_bytes {
            Some(most) => Log::open_in_blocks(inventory, file, most),
            None => Log::open(inventory, file),
        }?;
        let mut first: Option<Date> = None;
        if let Some(fold) = folds.first_mut() {
            for role in [Role::Reason, Role::Replied, Role::Closed, Role::Wait, Role::TransferredTo] {
                if log.has(role) {
                    fold.has_column(file.entry, role);
                }
            }
        }
        // All logs of an entry are looked into once, not once for each of them.
        let alone = match alone.entry(file.entry) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => *new.insert(stands_alone(inventory, &files, file, &log, request)?),
        };
        folds.iter_mut().for_each(|fold| fold.stands_alone(alone));
        let queue = Queue { log: &log, taken: Mutex::new(0), waiting: Mutex::default(), told: &told, watch };
        for day in queue.work(&mut folds)? {
            first = first.into_iter().chain(day).min();
        }
        let (gaps, changes) = log.clock_changes();
        if let Some(fold) = folds.first_mut() {
            fold.clock_changes(gaps, changes);
        }
        let said = log.warnings();
        notes.add(&file.name, log.notes().into_iter().filter(|note| !said.contains(note)));
        warnings.add(&file.name, said);
        refuse_later(file, first, request.at)?;
    }
    let told = told.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(keeper) = told.keeper {
        keeper.finish()?;
    }
    scan.notes = notes.told();
    scan.warnings = warnings.told();
    scan.rejects = told.rejects;
    let mut folds = folds.into_iter();
    let Some(mut fold) = folds.next() else { return Ok(scan) };
    folds.for_each(|other| fold.merge(other));
    refuse_rejects(&scan.rejects, &told.causes, fold.read(), request)?;
    refuse_empty(&fold, &files, &request.options)?;
    refuse_free_text(fold.variety())?;
    watch.counts();
    scan.census = Some(fold.finish(threads).context("rows that were put aside could not be read again")?);
    Ok(scan)
}

/// Whether all logs of a log's usage entry are known to have no flag "in time" and no due dates, so that rows
/// can be counted at once. Other logs are only looked into where they can be opened twice, and only
/// where it is of use.
fn stands_alone(
    inventory: &Inventory,
    files: &[LogFile],
    own: &LogFile,
    log: &Log<'_>,
    request: &Request,
) -> anyhow::Result<bool> {
    let plain = |log: &Log<'_>| ![Role::OnTime, Role::Due].iter().any(|role| log.has(*role));
    if request.options.facets.hold_episodes() || !plain(log) {
        return Ok(false);
    }
    for other in files.iter().filter(|file| file.entry == own.entry && file.path != own.path) {
        let is_file = std::fs::metadata(&other.path).is_ok_and(|meta| meta.is_file());
        if !is_file || !plain(&Log::open(inventory, other)?) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Somebody who watches how far a scan has come.
pub trait Watch: Sync {
    /// It begins; so many bytes will be read, where that is known.
    fn begins(&self, bytes: Option<u64>);
    /// So many more bytes and rows were read.
    fn reads(&self, bytes: u64, rows: u64);
    /// All is read and being counted.
    fn counts(&self);
}

/// Nobody watches.
impl Watch for () {
    fn begins(&self, _: Option<u64>) {}
    fn reads(&self, _: u64, _: u64) {}
    fn counts(&self) {}
}

/// Bytes of all logs, where they are plain files.
fn bytes(files: &[LogFile]) -> Option<u64> {
    let size = |file: &LogFile| {
        let packed = ["gz", "zst"].map(Some);
        let ending = file.path.extension().and_then(|e| e.to_str());
        let meta = std::fs::metadata(&file.path).ok().filter(std::fs::Metadata::is_file)?;
        (!packed.contains(&ending)).then_some(meta.len())
    };
    files.iter().map(size).sum()
}

/// How many threads read and count.
fn threads(request: &Request) -> usize {
    /// Beyond so many, cutting blocks is what takes the time.
    const MOST: usize = 64;
    let all = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    request.threads.unwrap_or_else(all).clamp(1, MOST)
}

/// What is told about single rows.
struct Told {
    rejects: Rejects,
    causes: BTreeMap<&'static str, u64>,
    keeper: Option<Keeper>,
}

impl Told {
    fn add(&mut self, rejected: &Rejected) -> anyhow::Result<()> {
        self.rejects.add(rejected);
        *self.causes.entry(rejected.cause).or_default() += 1;
        self.keeper.as_mut().map_or(Ok(()), |keeper| keeper.write(rejected))
    }
}

/// The blocks of one log, handed out in order.
struct Queue<'a, 'i> {
    log: &'a Log<'i>,
    /// How many blocks were handed out.
    taken: Mutex<u64>,
    /// Rejected rows of blocks that were done before an earlier one; and the block that is next to be told.
    waiting: Mutex<(u64, BTreeMap<u64, Vec<Rejected>>)>,
    told: &'a Mutex<Told>,
    watch: &'a dyn Watch,
}

impl Queue<'_, '_> {
    /// Has every fold take blocks until none is left. The first day of each.
    fn work(&self, folds: &mut [Fold<'_>]) -> anyhow::Result<Vec<Option<Date>>> {
        let count = folds.len();
        match folds {
            [fold] => Ok(vec![self.take_all(fold, count)?]),
            folds => std::thread::scope(|scope| {
                let workers: Vec<_> =
                    folds.iter_mut().map(|fold| scope.spawn(move || self.take_all(fold, count))).collect();
                let joined = workers.into_iter().map(|worker| {
                    worker.join().unwrap_or_else(|_| bail!("a thread that reads logs stopped"))
                });
                joined.collect()
            }),
        }
    }

    fn take_all(&self, fold: &mut Fold<'_>, folds: usize) -> anyhow::Result<Option<Date>> {
        let mut memory = self.log.memory();
        let mut counter = Counter { fold, first: None, last: None, rows: 0, rejects: Vec::new() };
        while let Some((number, block)) = self.next()? {
            interrupt::check()?;
            self.log.parse(&block, &mut memory, &mut counter);
            self.watch.reads(block.text.len() as u64, std::mem::take(&mut counter.rows));
            self.tell(number, std::mem::take(&mut counter.rejects))?;
            let fold = &mut *counter.fold;
            // Free text is told before it fills the memory: so many different labels are too many in one place.
            if fold.labels() > LABELS.len() * MOST_VALUES {
                refuse_free_text(fold.variety())?;
            }
            fold.keep_within_memory(folds).context("there is no room on disk for rows that wait")?;
        }
        Ok(counter.first)
    }

    fn next(&self) -> anyhow::Result<Option<(u64, Block)>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(block) = self.log.next_block()? else { return Ok(None) };
        *taken += 1;
        Ok(Some((*taken - 1, block)))
    }

    /// Tells of rejected rows once all blocks before theirs have been told of.
    fn tell(&self, number: u64, rejects: Vec<Rejected>) -> anyhow::Result<()> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let (next, done) = &mut *waiting;
        done.insert(number, rejects);
        while let Some(rejects) = done.remove(next) {
            *next += 1;
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            rejects.iter().try_for_each(|rejected| told.add(rejected))?;
        }
        Ok(())
    }
}

/// Counts what one worker reads, and notes what is told of it.
struct Counter<'a, 'i> {
    fold: &'a mut Fold<'i>,
    /// The first day.
    first: Option<Date>,
    /// The day of the row read last.
    last: Option<Date>,
    /// Since the last block.
    rows: u64,
    rejects: Vec<Rejected>,
}

impl Counter<'_, '_> {
    #[inline]
    fn note(&mut self, day: Option<Date>) {
        self.rows += 1;
        if day != self.last {
            self.first = self.first.into_iter().chain(day).min();
            self.last = day;
        }
    }
}

impl Sink for Counter<'_, '_> {
    fn take(&mut self, outcome: Outcome<'_>) {
        if let Outcome::Rejected(rejected) = &outcome {
            self.rejects.push(rejected.clone());
        }
        self.note(day(&outcome));
        self.fold.take(&outcome);
    }

    #[inline(always)]
    fn repeat(&mut self, repeat: Repeat<'_>) {
        self.note(Some(repeat.at.date));
        self.fold.repeat(&repeat);
    }
}

/// What logs have to say: the same words about several of them are told once.
#[derive(Default)]
struct Said(Vec<(String, Vec<String>)>);

impl Said {
    fn add(&mut self, file: &str, words: impl IntoIterator<Item = String>) {
        for words in words {
            match self.0.iter_mut().find(|(known, _)| *known == words) {
                Some((_, files)) => files.push(file.to_owned()),
                None => self.0.push((words, vec![file.to_owned()])),
            }
        }
    }

    fn told(self) -> Vec<String> {
        self.0
            .into_iter()
            .map(|(words, files)| {
                let first = files.first().map(|f| clean(f)).unwrap_or_default();
                match files.len() {
                    0 | 1 => format!("{first}: {words}"),
                    n => format!("{first} and {} more: {words}", n - 1),
                }
            })
            .collect()
    }
}

/// The local day of an outcome, where it has one.
fn day(outcome: &Outcome<'_>) -> Option<Date> {
    match outcome {
        Outcome::Row(row) => Some(row.at.date),
        Outcome::Repeat(repeat) => Some(repeat.at.date),
        Outcome::Ignored { at, .. } => at.map(|at| at.date),
        Outcome::Rejected(_) => None,
    }
}

fn refuse_later(file: &LogFile, first: Option<Date>, at: Option<Date>) -> anyhow::Result<()> {
    if let (Some(first), Some(at)) = (first, at)
        && first > at
    {
        bail!(
            "{}: its first contact is of {first}, after the date of the assessment ({at}); give --at DATE, or correct as_of in the inventory",
            clean(&file.name)
        );
    }
    Ok(())
}

fn refuse_rejects(
    rejects: &Rejects,
    causes: &BTreeMap<&'static str, u64>,
    read: i64,
    request: &Request,
) -> anyhow::Result<()> {
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    let share = rejects.count as f64 / (read as f64).max(1.0);
    if rejects.count == 0 || share <= request.max_rejects {
        return Ok(());
    }
    let by_cause: Vec<String> = causes.iter().map(|(cause, n)| format!("{cause} {n}")).collect();
    let examples: Vec<String> = rejects
        .shown
        .iter()
        .map(|r| format!("  {}:{}: {}: {}", clean(&r.file), r.line, r.cause, clean(&r.text)))
        .collect();
    let mend: String =
        causes.keys().filter_map(|cause| Some(format!("{cause}: {}\n", remedy(cause)?))).collect();
    let written = match &request.rejects {
        Some(path) => format!("all of them stand in {}", clean(&path.display().to_string())),
        None => "--rejects FILE writes all of them".to_owned(),
    };
    bail!(
        "{} of {read} rows could not be read ({}), more than the {} that are allowed: {}\n{}\n{mend}{written}; --max-rejects SHARE allows more",
        rejects.count,
        percent(share),
        percent(request.max_rejects),
        by_cause.join(", "),
        examples.join("\n"),
    )
}

/// What is wrong with a row, and how to mend it.
fn remedy(cause: &str) -> Option<&'static str> {
    Some(match cause {
        "bad-time" => {
            "not written as `time_format` says, or as the first rows are; write all times alike, or mend the format"
        }
        "no-time" => "the row has no time; fill it in, or name the column under `columns: { time: … }`",
        "no-channel" => {
            "the row has no channel; fill it in, or say `fixed: { channel: … }` for the whole log"
        }
        "bad-number" => "the number of contacts is no number",
        "too-many-fields" => {
            "more fields than the header names; a field that holds the delimiter stands in quotes"
        }
        "unclosed-quote" => "a quote is opened and never closed; double the quotes inside a field",
        "stray-quote" => "a quote stands inside a quoted field; double it",
        "line-too-long" => "longer than any record; a quote may be missing before it",
        "nul-byte" => "a byte of no text; the file may be damaged",
        _ => return None,
    })
}

/// A share in per cent, never rounded to one that hides the difference.
fn percent(share: f64) -> String {
    let text = format!("{:.2}", share * 100.0);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

fn refuse_empty(fold: &Fold<'_>, files: &[LogFile], options: &Options) -> anyhow::Result<()> {
    if fold.accepted() > 0 {
        return Ok(());
    }
    let names: Vec<String> = files.iter().take(5).map(|f| clean(&f.name)).collect();
    let more = if files.len() > 5 { format!(" and {} more", files.len() - 5) } else { String::new() };
    let names = format!("{}{more}", names.join(", "));
    if fold.outside() > 0 {
        let end = |date: Option<Date>| date.map_or_else(|| "…".to_owned(), |d| d.to_string());
        bail!(
            "no contact lies between {} and {}: all {} rows of {names} are outside",
            end(options.from),
            end(options.to),
            fold.outside()
        );
    }
    if fold.read() == 0 {
        bail!("there is no row in {names}");
    }
    bail!("there is no contact in {names}: all {} rows are ignored or could not be read", fold.read())
}

/// Most different values of one label: beyond it the table is no small table, and no person reads it.
const MOST_VALUES: usize = 50_000;

fn refuse_free_text(variety: [(&'static str, usize); 5]) -> anyhow::Result<()> {
    for (word, values) in variety {
        if values > MOST_VALUES {
            bail!(
                "the {word} of the contacts has {values} different values, more than the {MOST_VALUES} that a census holds: \
                 this looks like free text or an id; name another column with `columns: {{ {word}: … }}`, \
                 or group its values in the export"
            );
        }
    }
    Ok(())
}

/// Writes every rejected row as it comes to a file that gets its name at the end.
struct Keeper {
    path: PathBuf,
    writer: csv::Writer<Whole>,
}

impl Keeper {
    fn new(path: &Path) -> anyhow::Result<Self> {
        let open = || -> anyhow::Result<csv::Writer<Whole>> {
            let mut writer = csv::Writer::from_writer(Whole::begin(path)?);
            writer.write_record(["cause", "file", "line", "text"])?;
            Ok(writer)
        };
        let writer = open().with_context(|| cannot_write(path))?;
        Ok(Self { path: path.to_path_buf(), writer })
    }

    fn write(&mut self, rejected: &Rejected) -> anyhow::Result<()> {
        let line = rejected.line.to_string();
        self.writer
            .write_record([rejected.cause, &rejected.file, &line, &rejected.text])
            .with_context(|| cannot_write(&self.path))
    }

    fn finish(self) -> anyhow::Result<()> {
        let file = self.writer.into_inner().map_err(csv::IntoInnerError::into_error);
        file.and_then(Whole::finish).with_context(|| cannot_write(&self.path))
    }
}

fn cannot_write(path: &Path) -> String {
    format!("the file of rejected rows {} could not be written", clean(&path.display().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejected(line: u64) -> Rejected {
        Rejected {
            cause: "bad-time",
            file: "log.csv".into(),
            line,
            text: "32/13/2026,\u{1b}[31m\"x\"".into(),
        }
    }

    #[test]
    fn too_many_rejected_rows_are_told_with_places_and_what_to_do() {
        let mut rejects = Rejects::default();
        (1..=30).for_each(|line| rejects.add(&rejected(line)));
        assert_eq!((rejects.count, rejects.shown.len()), (30, 3));
        let causes = BTreeMap::from([("bad-time", 30)]);
        let request = Request { max_rejects: 0.01, ..Request::default() };
        let error =
            refuse_rejects(&rejects, &causes, 100, &request).expect_err("30% is too much").to_string();
        assert_eq!(
            error,
            "30 of 100 rows could not be read (30%), more than the 1% that are allowed: bad-time 30\n\
             \u{20} log.csv:1: bad-time: 32/13/2026,\\u{1b}[31m\"x\"\n\
             \u{20} log.csv:2: bad-time: 32/13/2026,\\u{1b}[31m\"x\"\n\
             \u{20} log.csv:3: bad-time: 32/13/2026,\\u{1b}[31m\"x\"\n\
             bad-time: not written as `time_format` says, or as the first rows are; write all times alike, or mend the \
             format\n\
             --rejects FILE writes all of them; --max-rejects SHARE allows more"
        );
        assert!(refuse_rejects(&rejects, &causes, 3000, &request).is_ok(), "1% is allowed");
        assert!(refuse_rejects(&Rejects::default(), &BTreeMap::new(), 0, &request).is_ok());
    }

    #[test]
    fn the_file_of_rejected_rows_is_whole_or_not_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("rejects.csv");
        let mut keeper = Keeper::new(&path).expect("a file");
        (1..=2).for_each(|line| keeper.write(&rejected(line)).expect("written"));
        assert!(!path.exists(), "not before the end");
        keeper.finish().expect("finished");
        let mut reader = csv::Reader::from_path(&path).expect("a file");
        let rows: Vec<Vec<String>> = reader.deserialize().map(|row| row.expect("a record")).collect();
        assert_eq!(rows[1], ["bad-time", "log.csv", "2", "32/13/2026,\u{1b}[31m\"x\""]);
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left behind");
        let nowhere = Keeper::new(&folder.path().join("no/such/rejects.csv")).err().expect("no folder");
        assert!(format!("{nowhere:#}").contains("could not be written"));
    }

    #[test]
    fn a_label_of_a_million_values_is_refused_and_does_not_fill_the_memory() {
        let variety =
            |n| [("channel", 3), ("reason", n), ("touchpoint", 0), ("segment", 0), ("transferred_to", 0)];
        assert!(refuse_free_text(variety(MOST_VALUES)).is_ok());
        let error = refuse_free_text(variety(1_000_000)).expect_err("too many").to_string();
        assert!(error.starts_with("the reason of the contacts has 1000000 different values"), "{error}");
        assert!(error.contains("`columns: { reason: … }`"), "{error}");
    }

    #[test]
    fn a_log_wholly_after_the_assessment_is_refused() {
        let file = LogFile { entry: None, path: "log.csv".into(), name: "log.csv".into() };
        let day = |text: &str| text.parse::<Date>().ok();
        let error = refuse_later(&file, day("2026-12-01"), day("2026-11-23")).expect_err("later").to_string();
        assert_eq!(
            error,
            "log.csv: its first contact is of 2026-12-01, after the date of the assessment (2026-11-23); give --at DATE, or correct as_of in the inventory"
        );
        assert!(refuse_later(&file, day("2026-11-23"), day("2026-11-23")).is_ok());
        assert!(refuse_later(&file, None, day("2026-11-23")).is_ok());
    }
}
