//! How diagnostics look: file, line, column, source line, caret, related places, help.

use super::diagnostic::Diagnostic;

/// All diagnostics as text for standard error.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], color: bool) -> String {
    let _ = (diagnostics, color);
    String::new()
}
