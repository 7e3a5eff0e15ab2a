//! What persons said where no data can tell, what `check` fails on, and accepted exceptions.

use super::Lower;
use super::refs::unknown;
use super::values::{date, interval, words};
use crate::inventory::{Judgement, Policy, Waiver};
use crate::text::clean;
use crate::text::diagnostic::{Diagnostic, Severity};
use crate::text::source::Located;
use crate::text::tree::Node;

/// Words for what a policy makes of a finding.
pub(in crate::inventory) const REQUIRED: [(&str, Option<Severity>); 4] = [
    ("error", Some(Severity::Error)),
    ("warning", Some(Severity::Warning)),
    ("note", Some(Severity::Note)),
    ("off", None),
];

impl Lower<'_> {
    pub(super) fn judgements(&self, node: &Node) -> Vec<Judgement> {
        let d = self.d;
        node.items(d, "a list of judgements").iter().filter_map(|item| self.judgement(item)).collect()
    }

    fn judgement(&self, node: &Node) -> Option<Judgement> {
        let d = self.d;
        let f = node.fields(d, "a judgement", &["channel", "indicator", "points", "by", "because"])?;
        let channel = f.require("channel").and_then(|n| self.channel(n));
        let indicator = f.require("indicator").and_then(|n| {
            let word = n.text(d)?;
            if self.indicators.contains(&word.as_str()) {
                return Some(word);
            }
            d.push(unknown("indicator", &word, &n.at, self.indicators.iter().copied()));
            None
        });
        let points = f.require("points").and_then(|n| interval(n, d, 0.0, 100.0, "points from 0 to 100"));
        let by = f.with("by", words);
        let because = f.with("because", words);
        let (points, given_as_interval) = points?;
        Some(Judgement {
            channel: channel?,
            indicator: indicator?,
            points: points.value,
            given_as_interval,
            by,
            because,
            at: f.head(),
        })
    }

    pub(super) fn policy(&self, node: &Node) -> Policy {
        let d = self.d;
        let Some(f) = node.fields(d, "a policy", &["fail_on", "require", "allow"]) else {
            return Policy::default();
        };
        let fail_on = f.get("fail_on").and_then(|n| n.choice(d, &Severity::WORDS));
        let require: Vec<_> = f
            .get("require")
            .map(|n| n.entries(d, "severities by finding, such as { missing-owner: error }"))
            .unwrap_or_default()
            .iter()
            .filter_map(|entry| {
                let code = self.finding(Located { value: entry.key.clone(), at: entry.key_at.clone() });
                let severity = entry.value.choice(d, &REQUIRED);
                Some((code?, severity?))
            })
            .collect();
        let allow: Vec<Located<String>> = f
            .get("allow")
            .map(|n| n.items(d, "a list of findings"))
            .unwrap_or_default()
            .iter()
            .filter_map(|item| self.finding(item.located_text(d)?))
            .collect();
        for allowed in &allow {
            let required = require.iter().find(|(code, _)| code.value == allowed.value);
            if let Some((code, Some(_))) = required {
                let message = format!("`{}` is required and let pass at once", clean(&allowed.value));
                let diagnostic = Diagnostic::error("contradictory-policy", message, allowed.at.clone())
                    .related(code.at.clone(), "required here")
                    .help("keep one of the two; a single exception is a waiver");
                d.push(diagnostic);
            }
        }
        Policy { fail_on, require, allow }
    }

    pub(super) fn waivers(&self, node: &Node) -> Vec<Waiver> {
        let d = self.d;
        node.items(d, "a list of waivers")
            .iter()
            .filter_map(|item| {
                let f = item.fields(d, "a waiver", &["code", "channel", "subject", "reason", "until"])?;
                let code = f.require("code").and_then(|n| self.finding(n.located_text(d)?));
                let channel = f.get("channel").map(|n| self.channel(n));
                let subject = f.with("subject", words);
                let reason = f.require("reason").and_then(|n| words(n, d));
                let until = f.with("until", date);
                // A channel that was named and is unknown must not turn into "any".
                let channel = match channel {
                    Some(None) => return None,
                    Some(known) => known,
                    None => None,
                };
                Some(Waiver { code: code?, channel, subject, reason: reason?, until, at: f.head() })
            })
            .collect()
    }

    fn finding(&self, code: Located<String>) -> Option<Located<String>> {
        if self.findings.contains(&code.value.as_str()) {
            return Some(code);
        }
        self.d.push(unknown("finding", &code.value, &code.at, self.findings.iter().copied()));
        None
    }
}
