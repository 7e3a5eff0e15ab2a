//! The command line: what can be asked for, in plain values, and the way from there to an exit code.
//!
//! [`run`] is the whole program as a function of its arguments and streams. Exit codes are the same
//! in every format: 0 done, 1 a check found something, 2 could not run, 130
//! interrupted. Nothing here reads a log or judges anything.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::census::sql::Dialect;
use crate::census::{Facet, Facets};
use crate::command;
use crate::criteria::Language;
use crate::interrupt;
use crate::quantity::Interval;
use crate::report::{Format, check};
use crate::staff::asked::{self, Asked, ModelName, Promised};

/// Done; of a check: passed.
pub const DONE: u8 = 0;
/// A check found something that fails.
pub const FOUND: u8 = 1;
/// Could not run: bad usage, invalid inventory, unreadable log.
pub const COULD_NOT_RUN: u8 = 2;

/// Interrupted by the user.
pub const INTERRUPTED: u8 = 130;

/// What the program may know of the terminal it runs in.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    /// Standard output is a terminal.
    pub stdout: bool,
    /// Standard error is a terminal.
    pub stderr: bool,
    /// Width in columns, if known.
    pub width: Option<usize>,
    /// The user asked for no colour anywhere (`NO_COLOR`).
    pub no_color: bool,
}

impl Terminal {
    /// The terminal of a test: none, at a given width.
    #[must_use]
    pub fn none(width: usize) -> Self {
        Self { stdout: false, stderr: false, width: Some(width), no_color: false }
    }
}

/// Decides, with evidence, through which channels an organisation talks with its customers.
///
/// Three steps: a census of all channels in use, the capability to run each of them properly, and
/// its fit: appropriate, relevant, significant, functional, connected.
#[derive(Debug, Parser)]
#[command(
    name = "chanfolio",
    version,
    max_term_width = 100,
    after_help = "Examples:
  chanfolio assess inventory.yaml                    the portfolio on one screen
  chanfolio assess inventory.yaml whatsapp           one channel: for, against, what first
  chanfolio assess inventory.yaml -o report.md -o report.json
  chanfolio census inventory.yaml -o census.csv      read the logs once, assess often
  chanfolio check inventory.yaml                     what continuous integration runs
  chanfolio staff --contacts 100 --per 30m --handle 3m --promise 80/20s
  chanfolio explain ends-well                        where a number comes from

Exit codes: 0 done (check: passed), 1 check found something, 2 could not run (bad usage, invalid
inventory, unreadable log), 130 interrupted."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the three steps and recommend what to do with each channel.
    Assess(AssessArgs),
    /// Count when, why and how much each channel is used, and which role it plays.
    Census(CensusArgs),
    /// Fail by exit code on what is odd in an inventory or got worse: for continuous integration.
    Check(CheckArgs),
    /// How many people a queue needs, and what they give: the staffing calculator on its own.
    Staff(StaffArgs),
    /// Explain a criterion, indicator, measure, gate, verdict, finding or kind.
    Explain(ExplainArgs),
    /// Print the JSON Schema of the inventory, for editors.
    Schema(SchemaArgs),
    /// Print shell completions.
    Completions(CompletionsArgs),
    /// Print the manual page, or write the pages of all commands to a folder.
    Man(ManArgs),
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Where the numbers come from.
#[derive(Debug, Clone, Default, Args)]
pub struct Input {
    /// Logs to read instead of the paths in the inventory (`-` is standard input).
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "census")]
    pub usage: Vec<PathBuf>,
    /// Census files to read instead of logs.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub census: Vec<PathBuf>,
    /// A folder of criteria to use instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub criteria: Option<PathBuf>,
    /// Count only contacts from this day on.
    #[arg(long, value_name = "DATE")]
    pub from: Option<Date>,
    /// Count only contacts up to and including this day.
    #[arg(long, value_name = "DATE")]
    pub to: Option<Date>,
    /// Write every rejected row to this file.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Read and count on so many threads (else on as many as there are cores).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub threads: Option<u16>,
    /// Hold so much of the logs in memory, e.g. 512M or 4G (else 80M); what is more waits in a temporary
    /// file.
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub memory: Option<usize>,
    /// Stop with exit code 2 if more than this share of the rows is rejected (else as the criteria's
    /// defaults say, 1% in the built-in ones).
    #[arg(long, value_name = "SHARE")]
    pub max_rejects: Option<f64>,
}

/// Facets that can be asked for.
fn facets() -> impl TypedValueParser<Value = Facet> {
    PossibleValuesParser::new(Facets::CHOICE.map(Facet::word))
        .try_map(|word| Facet::from_word(&word).ok_or("there is no such facet"))
}

/// A size in bytes: a number, with K, M or G for the powers of 1024.
fn size(text: &str) -> Result<usize, String> {
    let wrong = || "give a size such as 512M or 4G".to_owned();
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 0,
        "K" | "KB" | "KIB" => 10,
        "M" | "MB" | "MIB" => 20,
        "G" | "GB" | "GIB" => 30,
        _ => return Err(wrong()),
    };
    let number: usize = digits.parse().map_err(|_| wrong())?;
    number.checked_mul(1 << shift).filter(|bytes| *bytes > 0).ok_or_else(wrong)
}

/// Where the answer goes.
#[derive(Debug, Clone, Default, Args)]
pub struct Output {
    /// Format of standard output.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Write to this file, in the format its ending names; may be given several times.
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// When to use colour.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// Draw screens with ASCII signs alone; names stay as they are written.
    #[arg(long)]
    pub ascii: bool,
    /// Say less on standard error.
    #[arg(short, long)]
    pub quiet: bool,
    /// Say more: full cards, what was taken from each log.
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// `chanfolio assess`
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  chanfolio assess examples/lumen/inventory.yaml
  chanfolio assess examples/lumen/inventory.yaml whatsapp
  chanfolio assess examples/lumen/inventory.yaml whatsapp -v      every reading, with its grade
  chanfolio assess inventory.yaml --usage export.csv --format json
  chanfolio assess inventory.yaml --census 2025.csv -o report.md")]
pub struct AssessArgs {
    /// The inventory.
    #[arg(value_name = "INVENTORY")]
    pub inventory: PathBuf,
    /// Channels to show on a screen of their own.
    #[arg(value_name = "CHANNEL")]
    pub channels: Vec<String>,
    /// Date of the assessment, instead of the inventory's `as_of` or today.
    #[arg(long, value_name = "DATE")]
    pub at: Option<Date>,
    /// Where the numbers come from.
    #[command(flatten)]
    pub input: Input,
    /// Where the answer goes.
    #[command(flatten)]
    pub out: Output,
}

/// `chanfolio census`
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  chanfolio census examples/lumen/inventory.yaml
  chanfolio census inventory.yaml -o census.csv
  chanfolio census inventory.yaml --usage export-*.csv.gz --rejects bad-rows.csv
  chanfolio census inventory.yaml --facets use,slot -o volumes.csv
  chanfolio census inventory.yaml --journeys
  chanfolio census inventory.yaml --sql duckdb --table contacts > census.sql")]
pub struct CensusArgs {
    /// The inventory.
    #[arg(value_name = "INVENTORY")]
    pub inventory: PathBuf,
    /// Print the query that yields the census table on this engine, instead of reading logs.
    #[arg(long, value_name = "DIALECT", conflicts_with_all = ["usage", "census", "rejects", "max_rejects", "output", "format"])]
    pub sql: Option<Dialect>,
    /// The tables that the query reads, one for each usage entry in their order (else named after the files).
    #[arg(long, value_name = "TABLE", num_args = 1.., requires = "sql")]
    pub table: Vec<String>,
    /// Count these facets alone, parted by commas (for --format csv or a file that ends in .csv); without
    /// followup, step, entry, reach and customers it takes a fraction of the time.
    #[arg(long, value_name = "FACET", value_delimiter = ',', value_parser = facets(), conflicts_with = "sql")]
    pub facets: Vec<Facet>,
    /// Journeys instead: the paths taken most, where each channel passes customers on, and its part in them;
    /// the table then holds paths too.
    #[arg(long, conflicts_with_all = ["facets", "sql"])]
    pub journeys: bool,
    /// Where the numbers come from.
    #[command(flatten)]
    pub input: Input,
    /// Where the answer goes (a file that ends in `.csv` is the census table).
    #[command(flatten)]
    pub out: Output,
}

/// `chanfolio check`
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  chanfolio check inventory.yaml
  chanfolio check inventory.yaml --no-logs                        where the logs are not at hand
  chanfolio check inventory.yaml --census census.csv --baseline last.json
  chanfolio check inventory.yaml --baseline last.json --update-baseline
  chanfolio check inventory.yaml -o findings.sarif -o junit.xml
  chanfolio check --list                                          all rules; explain CODE tells more

Exit codes, the same in every format: 0 passed, 1 found something, 2 could not run.")]
pub struct CheckArgs {
    /// The inventory; several may be given.
    #[arg(value_name = "INVENTORY", required_unless_present = "list")]
    pub inventories: Vec<PathBuf>,
    /// List the rules instead.
    #[arg(long, conflicts_with_all = ["inventories", "baseline", "update_baseline", "output", "format"])]
    pub list: bool,
    /// An earlier assessment (JSON): only what is new, changed or worse fails.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write this assessment as the new baseline, and pass.
    #[arg(long, requires = "baseline")]
    pub update_baseline: bool,
    /// Leave the logs unread; rules that need them are named and not asked.
    #[arg(long, conflicts_with_all = ["usage", "census", "from", "to", "rejects", "max_rejects"])]
    pub no_logs: bool,
    /// Date of the assessment, instead of the inventory's `as_of` or today.
    #[arg(long, value_name = "DATE")]
    pub at: Option<Date>,
    /// Where the numbers come from.
    #[command(flatten)]
    pub input: Input,
    /// Format of standard output.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<check::Format>,
    /// Write to this file, in the format its ending names (.sarif, .json, .xml for JUnit, .txt); may be
    /// given several times.
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// When to use colour.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// Say less on standard error.
    #[arg(short, long)]
    pub quiet: bool,
    /// Say more: what is known, waived or let pass, and what was taken from each log.
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// `chanfolio staff`
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  chanfolio staff --contacts 100 --per 30m --handle 3m --promise 80/20s
  chanfolio staff --contacts 100 --per 30m --handle 3m --promise 80/20s --patience 2m --agents 12 --curve
  chanfolio staff --contacts 60 --per 30m --handle 10m --promise 80/60s --concurrency 3
  chanfolio staff --contacts 100 --per 8h --handle 6m --deadline 4h      a working day of 8 open hours
  chanfolio staff --csv intervals.csv --promise 80/20s -o staffing.csv

Models: erlang-a (callers give up after a while; the usual one), erlang-c (nobody gives up), chat (several
talks at once), deadline (work that may wait). Without --model it follows from --patience, --concurrency,
--speed or --deadline.

Columns of --csv: contacts, per, handle, promise, patience, agents, max_occupancy, max_lost, shrinkage,
concurrency, speed, deadline, model. A column that is not there and a blank cell say what the option says.")]
pub struct StaffArgs {
    /// Contacts in one period.
    #[arg(long, value_name = "NUMBER", value_parser = asked::number, required_unless_present = "csv")]
    pub contacts: Option<f64>,
    /// The period, e.g. 30m or 1h (deadline: open time; a working day is 8h, not 1d).
    #[arg(long, value_name = "TIME", value_parser = asked::duration, required_unless_present = "csv")]
    pub per: Option<f64>,
    /// Mean handling time, e.g. 3m or 180s.
    #[arg(long, value_name = "TIME", value_parser = asked::duration, required_unless_present = "csv")]
    pub handle: Option<f64>,
    /// What is promised, e.g. 80/20s or 0.9/8h.
    #[arg(long, value_name = "SHARE/TIME", value_parser = asked::promise, required_unless_present_any = ["csv", "deadline"])]
    pub promise: Option<Promised>,
    /// How long callers wait on average before they give up, e.g. 2m, or a range such as 60s..180s, of which
    /// the end that needs more people decides.
    #[arg(long, value_name = "TIME", value_parser = asked::patience)]
    pub patience: Option<Interval>,
    /// Look at so many people, too.
    #[arg(long, value_name = "N")]
    pub agents: Option<u32>,
    /// Most of the people's time that may be work (else as the criteria say, 0.85 in the built-in ones).
    #[arg(long, value_name = "SHARE", value_parser = asked::share)]
    pub max_occupancy: Option<f64>,
    /// Most callers that may be lost (erlang-a; else as the criteria say, 0.05).
    #[arg(long, value_name = "SHARE", value_parser = asked::share)]
    pub max_lost: Option<f64>,
    /// Share of paid time away from the desk (else as the criteria say, 0.3).
    #[arg(long, value_name = "SHARE", value_parser = asked::shrinkage)]
    pub shrinkage: Option<f64>,
    /// Most talks that one person holds at once.
    #[arg(long, value_name = "N", value_parser = asked::talks)]
    pub concurrency: Option<u32>,
    /// Speed with 1, 2, … talks against one alone, e.g. 1,1.7,2.5.
    #[arg(long, value_name = "LIST", value_parser = speeds)]
    pub speed: Option<Speeds>,
    /// Work may wait so long in open time, e.g. 8h; all of it, unless --promise says a smaller share.
    #[arg(long, value_name = "TIME", value_parser = asked::duration)]
    pub deadline: Option<f64>,
    /// How people are computed.
    #[arg(long, value_name = "MODEL")]
    pub model: Option<ModelName>,
    /// A file of intervals, one a line (`-` is standard input).
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Show what three people fewer to five more would give.
    #[arg(long)]
    pub curve: bool,
    /// A folder of criteria to use instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub criteria: Option<PathBuf>,
    /// Where the answer goes.
    #[command(flatten)]
    pub out: Output,
}

/// Speeds with 1, 2, … talks, in one argument.
#[derive(Debug, Clone)]
pub struct Speeds(Vec<f64>);

fn speeds(text: &str) -> Result<Speeds, String> {
    asked::speed(text).map(Speeds)
}

impl From<&StaffArgs> for Asked {
    fn from(args: &StaffArgs) -> Self {
        Self {
            contacts: args.contacts,
            per_s: args.per,
            handle_s: args.handle,
            promise: args.promise,
            patience_s: args.patience,
            agents: args.agents,
            max_occupancy: args.max_occupancy,
            max_lost: args.max_lost,
            shrinkage: args.shrinkage,
            concurrency: args.concurrency,
            speed: args.speed.clone().map(|Speeds(speed)| speed),
            deadline_s: args.deadline,
            model: args.model,
        }
    }
}

/// `chanfolio explain`
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  chanfolio explain ends-well
  chanfolio explain staffed --lang it
  chanfolio explain whatsapp")]
pub struct ExplainArgs {
    /// What to explain; without it, everything that can be explained is listed.
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    /// A folder of criteria to use instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub criteria: Option<PathBuf>,
    /// Language.
    #[arg(long, value_name = "LANG", default_value = "en")]
    pub lang: Lang,
}

/// Output language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Italian.
    It,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::English,
            Lang::It => Self::Italian,
        }
    }
}

/// `chanfolio schema`
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  chanfolio schema > inventory.schema.json
  chanfolio schema assessment > assessment.schema.json
  chanfolio schema check > check.schema.json
  chanfolio schema staff > staff.schema.json")]
pub struct SchemaArgs {
    /// Which schema.
    #[arg(value_name = "WHAT", default_value = "inventory")]
    pub what: SchemaOf,
}

/// What a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// The inventory that people write.
    Inventory,
    /// The JSON that `assess` writes.
    Assessment,
    /// The JSON that `check` writes.
    Check,
    /// The JSON that `staff` writes.
    Staff,
}

/// `chanfolio completions`
#[derive(Debug, Clone, Args)]
pub struct CompletionsArgs {
    /// The shell.
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// `chanfolio man`
#[derive(Debug, Clone, Args)]
pub struct ManArgs {
    /// Write one page for each command into this folder.
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

/// The streams and the terminal of one run.
pub struct Session<'a> {
    /// The terminal.
    pub terminal: &'a Terminal,
    /// Standard output.
    pub stdout: &'a mut dyn Write,
    /// Standard error.
    pub stderr: &'a mut dyn Write,
}

/// Runs the program: arguments in (the program's name first), bytes out, exit code back.
pub fn run(
    args: impl IntoIterator<Item = OsString>,
    terminal: &Terminal,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> u8 {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let text = error.render().to_string();
            return if error.use_stderr() {
                let _ = stderr.write_all(text.as_bytes());
                COULD_NOT_RUN
            } else {
                finish(stdout.write_all(text.as_bytes()).map(|()| DONE).map_err(Into::into), stderr)
            };
        }
    };
    let mut session = Session { terminal, stdout, stderr };
    let result = match cli.command {
        Command::Assess(args) => command::assess::run(&args, &mut session),
        Command::Census(args) => command::census::run(&args, &mut session),
        Command::Check(args) => command::check::run(&args, &mut session),
        Command::Staff(args) => command::staff::run(&args, &mut session),
        Command::Explain(args) => command::explain::run(&args, &mut session),
        Command::Schema(args) => command::schema::run(&args, &mut session),
        Command::Completions(args) => command::shell::completions(&args, Cli::command(), &mut session),
        Command::Man(args) => command::shell::man(&args, Cli::command(), &mut session),
    };
    let result = result.and_then(|code| match session.stdout.flush() {
        // The answer is known, whether or not somebody reads all of it.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(code),
        flushed => flushed.map(|()| code).map_err(Into::into),
    });
    finish(result, session.stderr)
}

/// Turns an error into its message and code; a reader that went away is no error.
fn finish(result: anyhow::Result<u8>, stderr: &mut dyn Write) -> u8 {
    match result {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => DONE,
        Err(error) if is_interrupt(&error) => {
            let _ = writeln!(stderr, "{}", interrupt::Interrupted);
            INTERRUPTED
        }
        Err(error) => {
            tell_error(&error, stderr);
            COULD_NOT_RUN
        }
    }
}

/// Says an error on standard error: one line for the whole chain of causes, in which text from files cannot
/// steer the terminal.
pub fn tell_error(error: &anyhow::Error, stderr: &mut dyn Write) {
    let chain = error.chain().map(|cause| crate::text::clean_lines(&cause.to_string())).collect::<Vec<_>>();
    let _ = writeln!(stderr, "error: {}", chain.join(": "));
}

/// Whether somebody asked to stop.
pub(crate) fn is_interrupt(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.is::<interrupt::Interrupted>()
            || cause
                .downcast_ref::<io::Error>()
                .and_then(io::Error::get_ref)
                .is_some_and(|inner| inner.is::<interrupt::Interrupted>())
    })
}

/// Whether a reader went away.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe))
}
