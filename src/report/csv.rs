//! CSV for spreadsheets: one row for each channel. A text that a spreadsheet would run as a formula is
//! made harmless; numbers are left alone.

use super::{Document, phrase, v1};
use crate::quantity::Interval;

/// The document as CSV.
pub(super) fn render(document: &Document<'_>) -> anyhow::Result<String> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let criteria: Vec<&str> = document.criteria().criteria.iter().map(|c| c.id.as_str()).collect();
    let mut header: Vec<String> = ["id", "kind", "status", "call", "words", "proven", "duty", "provisional"]
        .into_iter()
        .chain(["worth_low", "worth_high", "delivery_low", "delivery_high"])
        .map(str::to_owned)
        .collect();
    for id in &criteria {
        header.extend([format!("{id}_low"), format!("{id}_high")]);
    }
    header.extend(["known", "contacts", "unit", "because"].map(str::to_owned));
    writer.write_record(&header)?;
    for c in document.assessment.channels.iter().filter(|c| document.shows(c.channel)) {
        let channel = document.inventory().channel(c.channel);
        let counted = phrase::counted(document, c.channel);
        let mut row = vec![
            text(&channel.id),
            text(&channel.kind.id),
            v1::status(channel.status).to_owned(),
            c.verdict.call.to_string(),
            text(&c.verdict.words),
            c.verdict.proven.to_string(),
            c.verdict.duty.to_string(),
            c.verdict.provisional.to_string(),
        ];
        row.extend(ends(c.worth));
        row.extend(ends(c.delivery));
        for id in &criteria {
            row.extend(ends(c.criteria.iter().find(|s| s.id == *id).and_then(|s| s.score)));
        }
        row.push(number(c.known));
        row.push(counted.map(|n| n.contacts.to_string()).unwrap_or_default());
        row.push(v1::unit(channel.kind.unit).to_owned());
        row.push(text(&c.verdict.because.join("; ")));
        writer.write_record(&row)?;
    }
    let bytes = writer.into_inner().map_err(|e| e.into_error())?;
    Ok(String::from_utf8(bytes)?)
}

fn ends(x: Option<Interval>) -> [String; 2] {
    x.map_or_else(Default::default, |x| [number(x.low), number(x.high)])
}

/// Two decimals are more than any score means.
fn number(x: f64) -> String {
    let text = format!("{x:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A text cell. Spreadsheets run what begins with `=`, `+`, `-` or `@` (also after a tab or a line
/// break): such a text gets an apostrophe in front.
fn text(value: &str) -> String {
    let value = phrase::sentence(value);
    if value.trim_start().starts_with(['=', '+', '-', '@']) { format!("'{value}") } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_harmless() {
        assert_eq!(text("=cmd()"), "'=cmd()");
        assert_eq!(text("\t=cmd()"), "\\t=cmd()");
        assert_eq!(text(" @x"), "' @x");
        assert_eq!(text("plain"), "plain");
    }

    #[test]
    fn numbers_stay_numbers() {
        assert_eq!(number(-1.5), "-1.5");
        assert_eq!(number(100.0), "100");
        assert_eq!(number(0.0), "0");
    }
}
