//! A mistake in an input file that the user can put right: what, where, why and how.

use std::borrow::Cow;

use super::source::Place;

/// How grave a diagnostic or a finding is, the least grave first. Of diagnostics only errors stop a run.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Should be looked at: in a file, something that is probably not what was meant.
    Warning,
    /// Must be mended: a file cannot be used until then.
    Error,
}

impl Severity {
    /// The words for it in YAML, on screens and in every format.
    pub const WORDS: [(&'static str, Self); 3] =
        [("error", Self::Error), ("warning", Self::Warning), ("note", Self::Note)];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One mistake, with everything needed to mend it.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// Stable kebab-case code, e.g. `unknown-key`.
    pub code: Cow<'static, str>,
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
    pub fn error(code: impl Into<Cow<'static, str>>, message: impl Into<String>, at: Place) -> Self {
        Self {
            code: code.into(),
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
    pub fn warning(code: impl Into<Cow<'static, str>>, message: impl Into<String>, at: Place) -> Self {
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
