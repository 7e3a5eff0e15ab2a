//! How diagnostics look: file, line, column, source line, caret, related places, help.
//!
//! Owns what of a source line may reach a terminal: control characters, escapes and direction
//! overrides become visible signs, long lines are cut to a window around the mistake. Never decides
//! what is a mistake.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::diagnostic::{Diagnostic, Severity};
use super::source::Place;

/// Most diagnostics that are shown; the rest are counted.
const MAX_SHOWN: usize = 50;
/// Most related places of one diagnostic.
const MAX_RELATED: usize = 4;
/// Characters of a source line that are shown.
const WINDOW: usize = 100;
/// Of these, at most so many before the mistake.
const BEFORE: usize = 60;
/// Wide enough that the renderer itself never cuts a window.
const TERM_WIDTH: usize = 4 * WINDOW;

/// All diagnostics as text for standard error.
///
/// Positions are 1-based and count characters. Without `color` there is no escape byte in it. After
/// 50 diagnostics the rest are only counted; the last line sums up.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], color: bool) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let mut out = render_each(&diagnostics[..diagnostics.len().min(MAX_SHOWN)], color);
    if let Some(more) = diagnostics.len().checked_sub(MAX_SHOWN).filter(|more| *more > 0) {
        let _ = writeln!(out, "… and {more} more, not shown\n");
    }
    out.push_str(&summary(diagnostics));
    out.push('\n');
    out
}

/// Each diagnostic as text, an empty line after it: all of them, and no sum at the end.
#[must_use]
pub fn render_each(diagnostics: &[Diagnostic], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() }.term_width(TERM_WIDTH);
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&one(diagnostic, &renderer));
        out.push_str("\n\n");
    }
    out
}

fn one(diagnostic: &Diagnostic, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(harmless(&diagnostic.message).into_owned()).id(&*diagnostic.code);
    let mut group = Group::with_title(title);
    let mut origins = Vec::new();
    group = point(group, &diagnostic.at, &diagnostic.label, AnnotationKind::Primary, &mut origins);
    for (at, why) in diagnostic.related.iter().take(MAX_RELATED) {
        group = point(group, at, why, AnnotationKind::Context, &mut origins);
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(harmless(help).into_owned()));
    }
    let mut text = renderer.render(&[group]);
    for (rendered, right) in origins {
        text = text.replacen(&rendered, &right, 1);
    }
    text
}

/// Adds one place: its source line with a mark, under the place's name, line and column.
///
/// The renderer counts line and column in what it is given, a window of the line; so the right ones
/// are part of the name, and `origins` says what to take away from the result.
fn point<'a>(
    group: Group<'a>,
    at: &Place,
    label: &str,
    kind: AnnotationKind,
    origins: &mut Vec<(String, String)>,
) -> Group<'a> {
    let name = harmless(&at.source.name).into_owned();
    if at.source.text.is_empty() {
        return group.element(Origin::path(name));
    }
    let (line, column) = at.line_column();
    let window = Window::around(at, line);
    let counted = window.text[..window.mark.start].chars().count() + 1;
    let origin = format!("{name}:{line}:{column}");
    origins.push((format!("{origin}:{line}:{counted}"), origin.clone()));
    let label = (!label.is_empty()).then(|| harmless(label).into_owned());
    group.element(
        Snippet::source(window.text)
            .path(origin)
            .line_start(line)
            .annotation(kind.span(window.mark).label(label)),
    )
}

/// The part of a source line that is shown, and the mistake's bytes in it.
struct Window {
    text: String,
    mark: Range<usize>,
}

impl Window {
    fn around(at: &Place, line: usize) -> Self {
        let text = at.source.line(line);
        let (_, from, to) = at.span();
        let (before, marked) = (from - 1, to - from);
        let length = text.chars().count();
        let from = if length > WINDOW { before.saturating_sub(BEFORE) } else { 0 };
        let mut window = String::new();
        if from > 0 {
            window.push('…');
        }
        let mut mark = None;
        for (i, c) in text.chars().enumerate().skip(from).take(WINDOW) {
            if i == before {
                mark = Some(window.len()..window.len());
            }
            match visible(c) {
                Some(sign) => window.push_str(&sign),
                None => window.push(c),
            }
            if let Some(mark) = &mut mark
                && i < before + marked
            {
                mark.end = window.len();
            }
        }
        let mark = mark.unwrap_or(window.len()..window.len());
        if length > from + WINDOW {
            window.push('…');
        }
        Self { text: window, mark }
    }
}

/// Text in which nothing can steer a terminal.
fn harmless(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| visible(c).is_some() || c == '\t') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match visible(c) {
            Some(sign) => out.push_str(&sign),
            None if c == '\t' => out.push(' '),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// The sign shown instead of a character that would steer a terminal or hide text; `None` where it
/// may be shown as it is (a tab among them).
fn visible(c: char) -> Option<String> {
    match c {
        '\t' => None,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).map(String::from),
        '\u{7f}' => Some('\u{2421}'.to_string()),
        _ if super::is_harmful(c) => Some(c.escape_unicode().to_string()),
        _ => None,
    }
}

/// `3 errors, 1 warning`, the gravest first; empty where there is none.
#[must_use]
pub fn tally(severities: impl Iterator<Item = Severity> + Clone) -> String {
    let counted = |(word, of): (&str, Severity)| match severities.clone().filter(|s| *s == of).count() {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    };
    Severity::WORDS.into_iter().filter_map(counted).collect::<Vec<_>>().join(", ")
}

/// `3 errors, 1 warning in inventory.yaml`.
fn summary(diagnostics: &[Diagnostic]) -> String {
    let files: BTreeSet<&str> = diagnostics.iter().map(|d| d.at.source.name.as_str()).collect();
    let files = match files.len() {
        1 => files.first().map(|name| harmless(name).into_owned()).unwrap_or_default(),
        n => format!("{n} files"),
    };
    format!("{} in {files}", tally(diagnostics.iter().map(|d| d.severity)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::source::Source;
    use std::sync::Arc;

    fn place(source: &Arc<Source>, of: &str) -> Place {
        let start = source.text.find(of).unwrap();
        Place { source: Arc::clone(source), range: start..start + of.len() }
    }

    #[test]
    fn a_mistake_is_shown_with_its_place_and_related_place() {
        let source = Source::new("inventory.yaml", "a:\n  - id: phone\n  - id: èphone\n");
        let diagnostic = Diagnostic::error("duplicate-id", "given twice", place(&source, "èphone"))
            .label("here")
            .related(place(&source, "phone"), "first given here")
            .help("rename it");
        let text = render(&[diagnostic], false);
        let expected = "\
error[duplicate-id]: given twice
 --> inventory.yaml:3:9
  |
3 |   - id: èphone
  |         ^^^^^^ here
  |
 ::: inventory.yaml:2:9
  |
2 |   - id: phone
  |         ----- first given here
  |
  = help: rename it

1 error in inventory.yaml
";
        assert_eq!(text, expected, "\n{text}");
    }

    #[test]
    fn nothing_of_a_source_line_steers_the_terminal() {
        let source = Source::new("i\u{1b}[2J.yaml", "a: \u{1b}[31mred\u{202e}\u{9b}2J\u{7}\tx\r\n");
        let diagnostic =
            Diagnostic::warning("w", "bad \u{1b}]0;x\u{7}", place(&source, "red")).label("l\u{1b}");
        let text = render(&[diagnostic], false);
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
        assert!(!text.contains('\u{202e}'), "{text:?}");
        assert!(text.contains("^^^"), "{text}");
    }

    #[test]
    fn long_lines_are_cut_around_the_mistake() {
        let line = format!("a: [{}here{}]\n", "x, ".repeat(5000), "y, ".repeat(5000));
        let source = Source::new("t.yaml", line);
        let text = render(&[Diagnostic::error("c", "m", place(&source, "here"))], false);
        assert!(text.lines().all(|l| l.chars().count() < 130), "{text}");
        assert!(text.contains("t.yaml:1:15005"), "{text}");
        assert!(text.contains("^^^^"), "{text}");
    }

    #[test]
    fn an_empty_source_an_end_of_file_and_a_tab_are_fine() {
        let empty = Source::new("missing.yaml", "");
        let at = Place { source: empty, range: 0..0 };
        assert!(render(&[Diagnostic::error("c", "m", at)], false).contains("missing.yaml"));
        let source = Source::new("t.yaml", "a:\t1\n");
        for offset in 0..=source.text.len() {
            let at = Place { source: Arc::clone(&source), range: offset..offset };
            assert!(render(&[Diagnostic::error("c", "m", at)], false).contains("t.yaml:"));
        }
    }

    #[test]
    fn many_are_counted_and_colour_is_optional() {
        let source = Source::new("t.yaml", "a: 1\n");
        let one = || Diagnostic::error("c", "m", place(&source, "a"));
        let many: Vec<_> = (0..62).map(|_| one()).collect();
        let text = render(&many, false);
        assert_eq!(text.matches("error[c]").count(), 50);
        assert!(text.ends_with("… and 12 more, not shown\n\n62 errors in t.yaml\n"), "{text}");
        assert!(!text.contains('\u{1b}'));
        assert!(render(&many, true).contains('\u{1b}'));
        let mixed = [one(), Diagnostic::warning("w", "m", place(&source, "1"))];
        assert!(render(&mixed, false).ends_with("1 error, 1 warning in t.yaml\n"));
        assert_eq!(render(&[], true), "");
    }
}
