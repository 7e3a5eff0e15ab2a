//! Ids and the references to them: every list of the inventory that others name has a table here.
//! Owns the checks of ids (form, doubles, doubles but for case) and of references; lowers nothing.

use std::collections::HashMap;

use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::{Located, Place};
use crate::text::tree::{Diagnostics, Node, NodeKind, suggest};

/// Longest id, in bytes.
const MAX_ID: usize = 60;

/// The ids of one list, by position. An item without a readable id holds its position.
#[derive(Debug, Default)]
pub(super) struct Ids {
    what: &'static str,
    list: Vec<Option<Located<String>>>,
    by_id: HashMap<String, usize>,
}

impl Ids {
    /// The ids of a list of mappings with an `id` each; reports bad and double ones.
    pub(super) fn of_list(node: Option<&Node>, what: &'static str, d: &Diagnostics) -> Self {
        let items: &[Node] = match node.map(|n| &n.kind) {
            Some(NodeKind::List(items)) => items,
            _ => &[],
        };
        let ids = items.iter().map(|item| {
            let value = item.look("id")?;
            Some(Located { value: value.raw()?.to_owned(), at: value.at.clone() })
        });
        Self::new(what, ids.collect(), d)
    }

    /// The ids of a mapping whose keys they are.
    pub(super) fn of_keys(node: Option<&Node>, what: &'static str, d: &Diagnostics) -> Self {
        let ids = match node.map(|n| &n.kind) {
            Some(NodeKind::Map(entries)) => {
                entries.iter().map(|e| Some(Located { value: e.key.clone(), at: e.key_at.clone() })).collect()
            }
            _ => Vec::new(),
        };
        Self::new(what, ids, d)
    }

    fn new(what: &'static str, list: Vec<Option<Located<String>>>, d: &Diagnostics) -> Self {
        let mut by_id = HashMap::new();
        let mut lower: HashMap<String, &Located<String>> = HashMap::new();
        for (position, id) in list.iter().enumerate().filter_map(|(i, id)| Some((i, id.as_ref()?))) {
            match lower.get(&id.value.to_lowercase()) {
                Some(first) if first.value == id.value => {
                    d.push(
                        Diagnostic::error(
                            "duplicate-id",
                            format!("the {what} `{}` is given twice", clean(&id.value)),
                            id.at.clone(),
                        )
                        .related(first.at.clone(), "first given here")
                        .help("give one of them another id"),
                    );
                    continue;
                }
                Some(first) => {
                    d.push(
                        Diagnostic::error(
                            "ids-differ-by-case",
                            format!(
                                "the {what}s `{}` and `{}` differ by upper and lower case only",
                                clean(&first.value),
                                clean(&id.value)
                            ),
                            id.at.clone(),
                        )
                        .related(first.at.clone(), "the other one")
                        .help("give one of them another id; ids are written in lower case"),
                    );
                }
                None => {
                    lower.insert(id.value.to_lowercase(), id);
                    form(what, id, d);
                }
            }
            by_id.entry(id.value.clone()).or_insert(position);
        }
        drop(lower);
        Self { what, list, by_id }
    }

    /// All readable ids.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.list.iter().flatten().map(|id| id.value.as_str())
    }

    /// The position of an id, without a diagnostic.
    pub(super) fn position(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The id of a position.
    pub(super) fn id(&self, position: usize) -> &str {
        self.list.get(position).and_then(Option::as_ref).map_or("?", |id| &id.value)
    }

    /// The position that a word names; a word that names nothing is reported.
    pub(super) fn find(&self, word: &str, at: &Place, d: &Diagnostics) -> Option<usize> {
        let found = self.position(word);
        if found.is_none() {
            d.push(unknown(self.what, word, at, self.words()));
        }
        found
    }

    /// The position that a scalar names.
    pub(super) fn resolve(&self, node: &Node, d: &Diagnostics) -> Option<usize> {
        let word = node.text(d)?;
        self.find(&word, &node.at, d)
    }
}

/// An id is made of lower-case letters, digits, `-` and `_`.
fn form(what: &str, id: &Located<String>, d: &Diagnostics) {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if !id.value.is_empty() && id.value.len() <= MAX_ID && id.value.chars().all(plain) {
        return;
    }
    let better: String = id
        .value
        .to_lowercase()
        .chars()
        .map(|c| if plain(c) { c } else { '-' })
        .take(MAX_ID)
        .collect::<String>()
        .trim_matches('-')
        .to_owned();
    let mut help =
        format!("an id is made of at most {MAX_ID} lower-case letters a to z, digits, `-` and `_`");
    if !better.is_empty() {
        help += &format!("; for example `{better}`");
    }
    d.push(
        Diagnostic::error(
            "bad-id",
            format!("`{}` cannot be the id of a {what}", clean(&id.value)),
            id.at.clone(),
        )
        .help(help),
    );
}

/// The diagnostic for a word that names nothing: what was meant, or what there is.
pub(super) fn unknown<'w>(
    what: &'static str,
    word: &str,
    at: &Place,
    known: impl IntoIterator<Item = &'w str>,
) -> Diagnostic {
    /// Most words that help lists.
    const MOST: usize = 12;
    /// Most words that are compared.
    const COMPARED: usize = 1000;
    let known: Vec<&str> = known.into_iter().take(COMPARED).collect();
    let code = match what {
        "channel" => "unknown-channel",
        "touchpoint" => "unknown-touchpoint",
        "segment" => "unknown-segment",
        "team" => "unknown-team",
        "system" => "unknown-system",
        "objective" => "unknown-objective",
        "criterion" => "unknown-criterion",
        "indicator" => "unknown-indicator",
        "finding" => "unknown-finding",
        "kind" | "kind or group" => "unknown-kind",
        "role" => "unknown-role",
        _ => "unknown-word",
    };
    let diagnostic = Diagnostic::error(code, format!("there is no {what} `{}`", clean(word)), at.clone());
    if let Some(near) = suggest(word, known.iter().copied()) {
        return diagnostic.help(format!("did you mean `{}`?", clean(near)));
    }
    if known.is_empty() {
        return diagnostic.help(format!("this inventory names no {what}"));
    }
    let listed: Vec<String> = known.iter().take(MOST).map(|k| clean(k)).collect();
    let more = if known.len() > MOST { ", …" } else { "" };
    diagnostic.help(format!("known: {}{more}", listed.join(", ")))
}
