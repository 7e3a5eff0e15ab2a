//! JSON: the frozen shape of [`super::v1`], indented, one line at the end.

use super::{Document, v1};
use crate::text::clean_json;

/// The document as JSON.
pub(super) fn render(document: &Document<'_>) -> anyhow::Result<String> {
    let mut text = serde_json::to_string_pretty(&v1::assessment(document))?;
    text.push('\n');
    Ok(clean_json(text))
}
