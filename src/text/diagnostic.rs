//! A mistake in an input file that the user can put right: what, where, why and how.

use super::source::Place;

/// How grave a diagnostic is. Only errors stop a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file cannot be used until this is mended.
    Error,
    /// The file can be used, but something in it is probably not what was meant.
    Warning,
}

/// One mistake, with everything needed to mend it.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// Stable kebab-case code, e.g. `unknown-key`.
    pub code: &'static str,
    /// How grave.
    pub severity: Severity,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// Where.
    pub at: Place,
    /// What stands under the caret (may be empty).
    pub label: String,
    /// Other places that matter, each with a word on why.
    pub related: Vec<(Place, String)>,
    /// How to mend it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>, at: Place) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            at,
            label: String::new(),
            related: Vec::new(),
            help: None,
        }
    }

    /// A warning at a place.
    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>, at: Place) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message, at) }
    }

    /// With words under the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// With another place that matters.
    #[must_use]
    pub fn related(mut self, at: Place, why: impl Into<String>) -> Self {
        self.related.push((at, why.into()));
        self
    }

    /// With advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
