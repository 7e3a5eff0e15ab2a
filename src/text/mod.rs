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
        if is_harmful(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// A character that steers a terminal or hides text: controls, overrides of direction, marks of no width.
fn is_harmful(c: char) -> bool {
    // The last two of each plane are no characters, and XML forbids those of the first.
    c.is_control()
        || u32::from(c) & 0xfffe == 0xfffe
        || matches!(
            c,
            '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// JSON in which nothing can steer a terminal that it is printed to. A JSON writer escapes the controls
/// that JSON forbids; the others can stand in strings only, where an escape means the same.
#[must_use]
pub fn clean_json(text: String) -> String {
    let harmful = |c: char| c != '\n' && is_harmful(c);
    if !text.contains(harmful) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if harmful(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Like [`clean`], and nothing is shortened: one line, whatever the text holds.
#[must_use]
pub fn clean_line(text: &str) -> String {
    clean_lines(text).replace('\n', "\\n")
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
