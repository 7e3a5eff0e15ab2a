//! The spanned YAML tree: one tree for every YAML file the program reads, and the small vocabulary
//! with which a tree is lowered to valid types while *all* mistakes are collected.
//!
//! Scalars stay text until a lowering asks for a number or a yes/no, so `[it, no]` keeps Norwegian
//! and `007` stays text. The tree is built under a budget: no file can exhaust memory or the stack.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use serde_yaml::granit_parser::{Event, Parser, ScalarStyle};

use super::diagnostic::{Diagnostic, Severity};
use super::source::{Located, Place, Source};

/// Largest file, in bytes.
pub const MAX_BYTES: usize = 8 << 20;
/// Deepest nesting.
pub const MAX_DEPTH: usize = 64;
/// Most nodes, those that aliases repeat included.
pub const MAX_NODES: usize = 400_000;

/// One value of the tree.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it was written (for an alias: where the alias stands).
    pub at: Place,
    /// What it is.
    pub kind: NodeKind,
}

/// What a [`Node`] is.
#[derive(Debug, Clone)]
pub enum NodeKind {
    /// Nothing, `~` or `null`.
    Null,
    /// A scalar; `quoted` if it was written in quotes or as a block.
    Scalar {
        /// The text as written, escapes resolved.
        text: String,
        /// Quoted or block text is never a number, a yes/no or null.
        quoted: bool,
    },
    /// A sequence.
    List(Vec<Node>),
    /// A mapping in the order of the file; keys are unique (duplicates are reported and dropped).
    Map(Vec<Entry>),
}

/// One `key: value` of a mapping.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_at: Place,
    /// The value.
    pub value: Node,
}

/// Collects diagnostics while a tree is lowered.
#[derive(Debug, Default)]
pub struct Diagnostics(RefCell<Vec<Diagnostic>>);

impl Diagnostics {
    /// Adds one.
    pub fn push(&self, diagnostic: Diagnostic) {
        self.0.borrow_mut().push(diagnostic);
    }

    /// Whether any of them is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.borrow().iter().any(|d| d.severity == Severity::Error)
    }

    /// All of them, in the order of the file.
    #[must_use]
    pub fn into_sorted(self) -> Vec<Diagnostic> {
        let mut all = self.0.into_inner();
        all.sort_by(|a, b| {
            (&a.at.source.name, a.at.range.start, &a.code).cmp(&(
                &b.at.source.name,
                b.at.range.start,
                &b.code,
            ))
        });
        all
    }
}

/// Parses one YAML document.
///
/// Duplicate keys go to `diagnostics` (the first stands); a syntax error or an exceeded budget
/// stands alone and is returned.
///
/// # Errors
/// The one diagnostic that prevents a tree: bad syntax, too large, too deep, a cyclic or unknown
/// alias, more than one document.
pub fn parse(source: &Arc<Source>, diagnostics: &Diagnostics) -> Result<Node, Box<Diagnostic>> {
    let whole = |range: Range<usize>| Place { source: Arc::clone(source), range };
    if source.text.len() > MAX_BYTES {
        return Err(Box::new(
            Diagnostic::error(
                "yaml-budget",
                format!("this file is larger than {} MiB", MAX_BYTES >> 20),
                whole(0..0),
            )
            .help("an inventory is a few hundred lines; was a log passed as the inventory?"),
        ));
    }
    Builder {
        source,
        diagnostics,
        anchors: HashMap::new(),
        open: Vec::new(),
        nodes: 0,
        stack: Vec::new(),
        root: None,
    }
    .run()
}

enum Open {
    List {
        at: Place,
        anchor: usize,
        items: Vec<Node>,
    },
    Map {
        at: Place,
        anchor: usize,
        entries: Vec<Entry>,
        seen: HashMap<String, usize>,
        key: Option<(String, Place)>,
    },
}

struct Builder<'a> {
    source: &'a Arc<Source>,
    diagnostics: &'a Diagnostics,
    anchors: HashMap<usize, (Node, usize)>,
    open: Vec<usize>,
    nodes: usize,
    stack: Vec<Open>,
    root: Option<Node>,
}

impl Builder<'_> {
    fn place(&self, range: Range<usize>) -> Place {
        Place { source: Arc::clone(self.source), range }
    }

    fn fail(&self, code: &'static str, message: impl Into<String>, range: Range<usize>) -> Box<Diagnostic> {
        Box::new(Diagnostic::error(code, message, self.place(range)))
    }

    fn run(mut self) -> Result<Node, Box<Diagnostic>> {
        let text = self.source.text.as_str();
        let mut documents = 0;
        for event in Parser::new_from_str(text) {
            let (event, span) = event.map_err(|error| {
                let offset = error.marker().byte_offset().unwrap_or(0).min(text.len());
                let mut diagnostic = self.fail(
                    "yaml-syntax",
                    format!("this is not valid YAML: {}", error.info()),
                    offset..offset,
                );
                let indented_by_tab =
                    |line: &str| line.trim_start_matches(' ').starts_with('\t') && !line.trim().is_empty();
                let tab = text.lines().position(indented_by_tab).filter(|_| error.info().contains("tab"));
                let how = tab.map_or(String::new(), |line| {
                    format!("; line {} begins with a tab, and YAML is indented by spaces", line + 1)
                });
                diagnostic.help = Some(format!(
                    "mend this first{how}; everything else is checked once the file can be read"
                ));
                diagnostic
            })?;
            let range = span.byte_range().unwrap_or(0..0);
            let range = range.start.min(text.len())..range.end.min(text.len());
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        return Err(self.fail(
                            "yaml-documents",
                            "a second YAML document starts here; one file holds one document",
                            range,
                        ));
                    }
                }
                Event::Scalar(value, style, anchor, _tag) => {
                    let quoted = style != ScalarStyle::Plain;
                    let kind = if !quoted && matches!(value.as_ref(), "" | "~" | "null" | "Null" | "NULL") {
                        NodeKind::Null
                    } else {
                        NodeKind::Scalar { text: value.into_owned(), quoted }
                    };
                    let node = Node { at: self.place(range), kind };
                    self.add(node, 1, anchor)?;
                }
                Event::SequenceStart(_, anchor, _) => {
                    self.deepen(&range, anchor)?;
                    self.stack.push(Open::List { at: self.place(range), anchor, items: Vec::new() });
                }
                Event::MappingStart(_, anchor, _) => {
                    self.deepen(&range, anchor)?;
                    self.stack.push(Open::Map {
                        at: self.place(range),
                        anchor,
                        entries: Vec::new(),
                        seen: HashMap::new(),
                        key: None,
                    });
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    let (node, anchor) = match self.stack.pop() {
                        Some(Open::List { at, anchor, items }) => {
                            (Node { at, kind: NodeKind::List(items) }, anchor)
                        }
                        Some(Open::Map { at, anchor, entries, .. }) => {
                            (Node { at, kind: NodeKind::Map(entries) }, anchor)
                        }
                        None => continue,
                    };
                    self.open.retain(|id| *id != anchor);
                    self.add(node, 1, anchor)?;
                }
                Event::Alias(id) => {
                    if self.open.contains(&id) {
                        return Err(self.fail(
                            "yaml-cycle",
                            "this alias stands inside the value it repeats",
                            range,
                        ));
                    }
                    let Some((node, size)) = self.anchors.get(&id).cloned() else {
                        return Err(self.fail("yaml-alias", "this alias names no anchor", range));
                    };
                    let node = Node { at: self.place(range), kind: node.kind };
                    self.add(node, size, 0)?;
                }
                _ => {}
            }
        }
        Ok(self.root.unwrap_or_else(|| Node {
            at: Place { source: Arc::clone(self.source), range: 0..0 },
            kind: NodeKind::Null,
        }))
    }

    fn deepen(&mut self, range: &Range<usize>, anchor: usize) -> Result<(), Box<Diagnostic>> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(self.fail(
                "yaml-budget",
                format!("nested deeper than {MAX_DEPTH} levels"),
                range.clone(),
            ));
        }
        if anchor != 0 {
            self.open.push(anchor);
        }
        Ok(())
    }

    fn add(&mut self, node: Node, size: usize, anchor: usize) -> Result<(), Box<Diagnostic>> {
        // An anchor keeps a copy of what it names, so that counts twice.
        let kept = if anchor == 0 { 0 } else { count(&node) };
        self.nodes += size + kept;
        if self.nodes > MAX_NODES {
            let range = node.at.range.clone();
            return Err(self.fail(
                "yaml-budget",
                format!("more than {MAX_NODES} values, those repeated by aliases included"),
                range,
            ));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), kept));
        }
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { entries, seen, key, .. }) => match key.take() {
                None => {
                    let text = match &node.kind {
                        NodeKind::Scalar { text, .. } => text.clone(),
                        NodeKind::Null => "null".to_owned(),
                        _ => return Err(self.fail("yaml-key", "a key must be plain text", node.at.range)),
                    };
                    *key = Some((text, node.at));
                }
                Some((name, key_at)) => {
                    if let Some(first) = seen.get(&name).and_then(|i| entries.get(*i)) {
                        self.diagnostics.push(
                            Diagnostic::error(
                                "duplicate-key",
                                format!("`{}` is given twice", super::clean(&name)),
                                key_at,
                            )
                            .related(first.key_at.clone(), "first given here")
                            .help("keep one of them"),
                        );
                    } else {
                        seen.insert(name.clone(), entries.len());
                        entries.push(Entry { key: name, key_at, value: node });
                    }
                }
            },
        }
        Ok(())
    }
}

fn count(node: &Node) -> usize {
    match &node.kind {
        NodeKind::Null | NodeKind::Scalar { .. } => 1,
        NodeKind::List(items) => 1 + items.iter().map(count).sum::<usize>(),
        NodeKind::Map(entries) => 1 + entries.iter().map(|e| count(&e.value)).sum::<usize>(),
    }
}

/// The keys of one mapping, each taken by name; unknown keys are reported with a suggestion. A key with a slip of the
/// pen is then read as the one that was meant, where that one is not given: nobody is told of what follows from the
/// slip alone.
#[derive(Debug)]
pub struct Fields<'a> {
    /// The mapping itself.
    pub node: &'a Node,
    entries: &'a [Entry],
    /// Keys with a slip, by what was meant.
    slips: Vec<(String, &'a Entry)>,
    what: &'static str,
    diagnostics: &'a Diagnostics,
}

impl<'a> Fields<'a> {
    /// The value of a key, `None` where it is absent or null.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'a Node> {
        let mut written = self.entry(key).into_iter().chain(self.slips_of(key)).map(|e| &e.value);
        written.find(|n| !matches!(n.kind, NodeKind::Null))
    }

    /// The entry of a key as it should be written, null values included.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&'a Entry> {
        self.entries.iter().find(|e| e.key == key)
    }

    fn slips_of(&self, key: &str) -> impl Iterator<Item = &'a Entry> {
        self.slips.iter().filter(move |(meant, _)| meant == key).map(|(_, entry)| *entry)
    }

    /// The value of a key that must be there; a missing one is reported.
    #[must_use]
    pub fn require(&self, key: &'static str) -> Option<&'a Node> {
        let found = self.get(key);
        // Of one that was meant, the slip is told.
        if found.is_none() && self.slips_of(key).next().is_none() {
            self.diagnostics.push(
                Diagnostic::error("missing-key", format!("{} needs `{key}`", self.what), self.head())
                    .help(format!("add `{key}: …`")),
            );
        }
        found
    }

    /// Lowers the value of a key with a function of this module or of the caller.
    pub fn with<T>(
        &self,
        key: &str,
        lower: impl FnOnce(&'a Node, &'a Diagnostics) -> Option<T>,
    ) -> Option<T> {
        self.get(key).and_then(|node| lower(node, self.diagnostics))
    }

    /// The place that stands for the whole mapping: its first key.
    #[must_use]
    pub fn head(&self) -> Place {
        self.entries.first().map_or_else(|| self.node.at.clone(), |e| e.key_at.clone())
    }
}

/// `did you mean` for a word that is not among the known ones.
#[must_use]
pub fn suggest<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    /// Longer words are no slips of the pen, and comparing them would take long.
    const LONGEST: usize = 100;
    if word.len() > LONGEST {
        return None;
    }
    let lower = word.to_lowercase();
    known
        .into_iter()
        .filter(|k| k.len() <= LONGEST)
        .map(|k| (strsim::damerau_levenshtein(&lower, &k.to_lowercase()), k))
        .filter(|(distance, k)| *distance <= (k.chars().count().max(lower.chars().count()) / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, k)| k)
}

/// Whether a word is so near another one that only a slip of the pen can part them: nearer than what is suggested.
fn is_slip(word: &str, meant: &str) -> bool {
    /// Letters of a word in which two may be wrong.
    const LONG: usize = 8;
    let allowed = if word.chars().count() < LONG { 1 } else { 2 };
    suggest(word, [meant]).is_some()
        && strsim::damerau_levenshtein(&word.to_lowercase(), &meant.to_lowercase()) <= allowed
}

impl Node {
    /// The value of a key of a mapping, or of a slip of it, without a diagnostic: for who must look before its keys are
    /// read. The key is none that a slip of another one looks like.
    #[must_use]
    pub fn look(&self, key: &str) -> Option<&Self> {
        let NodeKind::Map(entries) = &self.kind else { return None };
        let exact = entries.iter().find(|e| e.key == key);
        exact.or_else(|| entries.iter().find(|e| is_slip(&e.key, key))).map(|e| &e.value)
    }

    fn wrong(&self, diagnostics: &Diagnostics, wanted: &str) {
        diagnostics.push(self.mismatch(wanted, None));
    }

    fn mismatch(&self, wanted: &str, help: Option<String>) -> Diagnostic {
        let found = match &self.kind {
            NodeKind::Null => "nothing".to_owned(),
            NodeKind::Scalar { text, .. } => format!("`{}`", super::clean(text)),
            NodeKind::List(_) => "a list".to_owned(),
            NodeKind::Map(_) => "a mapping".to_owned(),
        };
        let mut diagnostic =
            Diagnostic::error("wrong-type", format!("expected {wanted}, found {found}"), self.at.clone())
                .label(format!("expected {wanted}"));
        diagnostic.help = help;
        diagnostic
    }

    /// The keys of a mapping; keys not in `known` are reported. `what` names the thing, with an
    /// article ("a channel").
    pub fn fields<'a>(
        &'a self,
        diagnostics: &'a Diagnostics,
        what: &'static str,
        known: &[&str],
    ) -> Option<Fields<'a>> {
        let NodeKind::Map(entries) = &self.kind else {
            self.wrong(diagnostics, &format!("a mapping that describes {what}"));
            return None;
        };
        let mut slips: Vec<(String, &Entry)> = Vec::new();
        for entry in entries {
            if !known.contains(&entry.key.as_str()) {
                let near = suggest(&entry.key, known.iter().copied());
                slips.extend(
                    near.filter(|near| is_slip(&entry.key, near)).map(|near| (near.to_owned(), entry)),
                );
                let mut diagnostic = Diagnostic::error(
                    "unknown-key",
                    format!("{what} has no key `{}`", super::clean(&entry.key)),
                    entry.key_at.clone(),
                );
                diagnostic = match near {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic.help(format!("known keys: {}", known.join(", "))),
                };
                diagnostics.push(diagnostic);
            }
        }
        Some(Fields { node: self, entries, slips, what, diagnostics })
    }

    /// The entries of a mapping with free keys.
    pub fn entries<'a>(&'a self, diagnostics: &Diagnostics, wanted: &str) -> &'a [Entry] {
        if let NodeKind::Map(entries) = &self.kind {
            entries
        } else {
            self.wrong(diagnostics, wanted);
            &[]
        }
    }

    /// The items of a list.
    pub fn items<'a>(&'a self, diagnostics: &Diagnostics, wanted: &str) -> &'a [Node] {
        if let NodeKind::List(items) = &self.kind {
            items
        } else {
            self.wrong(diagnostics, wanted);
            &[]
        }
    }

    /// The text of a scalar as written, without a diagnostic.
    #[must_use]
    pub fn raw(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Any scalar as text.
    pub fn text(&self, diagnostics: &Diagnostics) -> Option<String> {
        if let Some(text) = self.raw() {
            return Some(text.to_owned());
        }
        self.wrong(diagnostics, "text");
        None
    }

    /// Any scalar as text, with its place.
    pub fn located_text(&self, diagnostics: &Diagnostics) -> Option<Located<String>> {
        self.text(diagnostics).map(|value| Located { value, at: self.at.clone() })
    }

    /// A finite number.
    pub fn number(&self, diagnostics: &Diagnostics) -> Option<f64> {
        if let NodeKind::Scalar { text, quoted: false } = &self.kind {
            // Underscores are not YAML 1.2 numbers; `inf` and `nan` are no quantities of anything.
            if let Ok(value) = text.parse::<f64>()
                && value.is_finite()
                && text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
            {
                return Some(value);
            }
        }
        diagnostics.push(self.mismatch("a number", self.number_help()));
        None
    }

    /// What keeps a text from being a number, where that can be told.
    fn number_help(&self) -> Option<String> {
        let NodeKind::Scalar { text, quoted } = &self.kind else { return None };
        let number = |text: &str| text.parse::<f64>().is_ok_and(f64::is_finite);
        if *quoted && number(text) {
            return Some("quoted, it is text; take the quotes away".to_owned());
        }
        let point = text.replace(',', ".");
        if number(&point) {
            return Some(format!("write the decimal sign as a point: {point}"));
        }
        let bare = text.trim_end_matches('%').trim_end();
        match bare.parse::<f64>() {
            Ok(percent) if text.ends_with('%') && percent.is_finite() => {
                Some(format!("write a share, without %: {}", percent / 100.0))
            }
            _ => None,
        }
    }

    /// A number in `low..=high`; `wanted` names it ("a share from 0 to 1").
    pub fn number_in(&self, diagnostics: &Diagnostics, low: f64, high: f64, wanted: &str) -> Option<f64> {
        let value = self.number(diagnostics)?;
        if (low..=high).contains(&value) {
            return Some(value);
        }
        diagnostics.push(
            Diagnostic::error("out-of-range", format!("expected {wanted}, found {value}"), self.at.clone())
                .label(format!("expected {wanted}")),
        );
        None
    }

    /// A share from 0 to 1.
    pub fn share(&self, diagnostics: &Diagnostics) -> Option<f64> {
        let value = self.number(diagnostics)?;
        if (0.0..=1.0).contains(&value) {
            return Some(value);
        }
        let wanted = "a share from 0 to 1";
        let mut diagnostic =
            Diagnostic::error("out-of-range", format!("expected {wanted}, found {value}"), self.at.clone())
                .label(format!("expected {wanted}"));
        if value > 1.0 && value <= 100.0 {
            diagnostic = diagnostic.help(format!("if it is a percentage, write {}", value / 100.0));
        }
        diagnostics.push(diagnostic);
        None
    }

    /// A number of 0 or more.
    pub fn amount(&self, diagnostics: &Diagnostics) -> Option<f64> {
        self.number_in(diagnostics, 0.0, 1e15, "a number of 0 or more")
    }

    /// `yes`/`no`/`true`/`false`, without a diagnostic.
    #[must_use]
    pub fn as_flag(&self) -> Option<bool> {
        match &self.kind {
            NodeKind::Scalar { text, quoted: false } => match text.to_ascii_lowercase().as_str() {
                "yes" | "true" => Some(true),
                "no" | "false" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// `yes`/`no`/`true`/`false`.
    pub fn flag(&self, diagnostics: &Diagnostics) -> Option<bool> {
        let flag = self.as_flag();
        if flag.is_none() {
            let quoted = matches!(&self.kind, NodeKind::Scalar { text, quoted: true }
                if matches!(text.to_ascii_lowercase().as_str(), "yes" | "no" | "true" | "false"));
            let help = quoted.then(|| "quoted, it is text; take the quotes away".to_owned());
            diagnostics.push(self.mismatch("yes or no", help));
        }
        flag
    }

    /// One word of a fixed list.
    pub fn choice<T: Copy>(&self, diagnostics: &Diagnostics, choices: &[(&str, T)]) -> Option<T> {
        let wanted = || choices.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        let Some(text) = self.raw() else {
            self.wrong(diagnostics, &format!("one of {}", wanted()));
            return None;
        };
        if let Some((_, value)) = choices.iter().find(|(word, _)| *word == text) {
            return Some(*value);
        }
        let near = suggest(text, choices.iter().map(|(word, _)| *word));
        diagnostics.push(
            Diagnostic::error(
                "unknown-word",
                format!("`{}` is not one of {}", super::clean(text), wanted()),
                self.at.clone(),
            )
            .help(
                near.map_or_else(|| format!("use one of {}", wanted()), |n| format!("did you mean `{n}`?")),
            ),
        );
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Result<Node, Box<Diagnostic>> {
        parse(&Source::new("t.yaml", text), &Diagnostics::default())
    }

    #[test]
    fn scalars_stay_text_until_asked() {
        let diagnostics = Diagnostics::default();
        let node = tree("[it, no, 007, 1.5, \"1\"]").unwrap();
        let items = node.items(&diagnostics, "a list");
        assert_eq!(items[1].text(&diagnostics).as_deref(), Some("no"));
        assert_eq!(items[1].as_flag(), Some(false));
        assert_eq!(items[2].text(&diagnostics).as_deref(), Some("007"));
        assert_eq!(items[3].number(&diagnostics), Some(1.5));
        assert!(!diagnostics.has_errors());
        assert_eq!(items[4].number(&diagnostics), None);
        assert!(diagnostics.has_errors());
    }

    #[test]
    fn cycles_and_bombs_are_refused() {
        assert_eq!(tree("a: &x [1, *x]").unwrap_err().code, "yaml-cycle");
        let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for level in 1..12 {
            let previous = format!("*a{}", level - 1);
            bomb += &format!("a{level}: &a{level} [{}]\n", [previous.as_str(); 10].join(","));
        }
        assert_eq!(tree(&bomb).unwrap_err().code, "yaml-budget");
        let deep = format!("{}{}", "[".repeat(80), "]".repeat(80));
        assert_eq!(tree(&deep).unwrap_err().code, "yaml-budget");
        // Never closed: whichever of the two is seen first.
        let open = tree(&"[".repeat(100_000)).unwrap_err();
        assert!(["yaml-budget", "yaml-syntax"].contains(&&*open.code), "{open:?}");
    }

    #[test]
    fn a_tab_that_indents_is_told_with_its_line() {
        let help = |text: &str| tree(text).unwrap_err().help.unwrap_or_default();
        let tabbed = help("usage:\n  - path: a.csv\n    columns:\n      time: t\n\t- path: b.csv\n");
        assert!(tabbed.contains("line 5 begins with a tab, and YAML is indented by spaces"), "{tabbed}");
        assert!(!help("a: [1\n").contains("tab"));
    }

    #[test]
    fn positions_count_characters_from_one() {
        let node = tree("è: 1\r\nb: é ü\r\n").unwrap();
        let diagnostics = Diagnostics::default();
        let entries = node.entries(&diagnostics, "a mapping");
        assert_eq!(entries[1].key_at.line_column(), (2, 1));
        assert_eq!(entries[1].value.at.line_column(), (2, 4));
    }
}
