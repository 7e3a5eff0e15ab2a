//! Text that people write: source files, the spanned YAML tree, diagnostics and how they look; and
//! files that are written whole.
//!
//! Everything a user can put right in a file becomes a [`Diagnostic`](diagnostic::Diagnostic); all of them are shown at once.

pub mod diagnostic;
pub mod render;
pub mod source;
pub mod tree;
pub mod whole;

/// Text from an input file, safe to show: control characters (terminal escapes, line breaks,
/// direction overrides) become visible escapes and very long text is shortened.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(200));
    for (i, c) in text.chars().enumerate() {
        if i == 200 {
            out.push('…');
            break;
        }
        if c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// Like [`clean`] for a message of several lines: line breaks stay, nothing is shortened.
#[must_use]
pub fn clean_lines(text: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| {
            line.chars()
                .collect::<Vec<_>>()
                .chunks(150)
                .map(|part| clean(&part.iter().collect::<String>()))
                .collect()
        })
        .collect();
    lines.join("\n")
}
