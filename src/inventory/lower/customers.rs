//! Customers and what they said: segments, touchpoints, surveys, test contacts, and the rivals they
//! could go to.

use std::sync::Arc;

use super::values::{at, date, languages, not_after, one_or_more, share_interval, texts, whole, words};
use super::{Lower, SHARES_TOLERANCE};
use crate::criteria::kind::Kind;
use crate::inventory::{
    ChannelIx, Identity, Mystery, Need, Rival, Rivals, Segment, Survey, SurveyTarget, Touchpoint,
};
use crate::text::diagnostic::Diagnostic;
use crate::text::source::{Located, Place};
use crate::text::tree::{Diagnostics, Fields, Node};

/// Words for needs.
pub(in crate::inventory) const NEEDS: [(&str, Need); 6] = [
    ("identity", Need::Identity),
    ("documents", Need::Documents),
    ("dialogue", Need::Dialogue),
    ("payment", Need::Payment),
    ("urgency", Need::Urgency),
    ("private-place", Need::PrivatePlace),
];

/// Words for identity.
pub(in crate::inventory) const IDENTITIES: [(&str, Identity); 4] = [
    ("none", Identity::None),
    ("weak", Identity::Weak),
    ("medium", Identity::Medium),
    ("strong", Identity::Strong),
];

/// Shares as read, each with its place.
pub(super) type PlacedShares = Vec<(f64, Place)>;

/// Where the id of a mapping stands, else its first key.
pub(super) fn id_place(f: &Fields<'_>) -> Place {
    f.get("id").map_or_else(|| f.head(), |n| n.at.clone())
}

/// Reports shares that sum to more than 1, at the first share that goes beyond it.
pub(super) fn at_most_one(shares: &[(f64, Place)], what: &str, help: &str, d: &Diagnostics) {
    let sum: f64 = shares.iter().map(|(share, _)| share).sum();
    if sum <= 1.0 + SHARES_TOLERANCE {
        return;
    }
    let mut so_far = 0.0;
    let beyond = shares.iter().find(|(share, _)| {
        so_far += share;
        so_far > 1.0 + SHARES_TOLERANCE
    });
    if let Some((_, place)) = beyond.or(shares.last()) {
        d.push(
            Diagnostic::error(
                "shares-do-not-sum",
                format!("{what} sum to {}, which is more than 1", rounded(sum)),
                place.clone(),
            )
            .help(help),
        );
    }
}

/// At most three decimals, without trailing zeros.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

impl Lower<'_> {
    pub(super) fn segments(&self, node: &Node) -> Vec<Segment> {
        let d = self.d;
        let items = node.items(d, "a list of segments");
        let mut shares = Vec::new();
        let segments: Vec<Segment> = items
            .iter()
            .filter_map(|item| {
                let f = item.fields(d, "a segment", &["id", "share", "uses", "languages"])?;
                let id = f.require("id").and_then(|n| n.text(d));
                let share =
                    f.get("share").and_then(|n| n.share(d).inspect(|s| shares.push((*s, n.at.clone()))));
                let uses = f
                    .get("uses")
                    .map(|n| n.entries(d, "shares by kind, such as { phone: 0.9 }"))
                    .unwrap_or_default();
                let uses = uses
                    .iter()
                    .filter_map(|entry| {
                        let of = self.use_of(&entry.key, &entry.key_at);
                        let share = share_interval(&entry.value, d);
                        Some((of?, share?))
                    })
                    .collect();
                let languages = f.get("languages").map(|n| languages(n, d)).unwrap_or_default();
                Some(Segment { id: id?, share, uses, languages, at: id_place(&f) })
            })
            .collect();
        let sum: f64 = shares.iter().map(|(share, _)| share).sum();
        let help = "each customer belongs to one segment; the shares of all segments sum to 1";
        if shares.len() == items.len()
            && sum < 1.0 - SHARES_TOLERANCE
            && let Some((_, place)) = shares.last()
        {
            d.push(
                Diagnostic::error(
                    "shares-do-not-sum",
                    format!("the shares of the segments sum to {}, not to 1", rounded(sum)),
                    place.clone(),
                )
                .help(help),
            );
        }
        at_most_one(&shares, "the shares of the segments", help, d);
        segments
    }

    pub(super) fn touchpoints(&self, node: &Node) -> Vec<Touchpoint> {
        let d = self.d;
        node.items(d, "a list of touchpoints").iter().filter_map(|item| self.touchpoint_of(item)).collect()
    }

    fn touchpoint_of(&self, node: &Node) -> Option<Touchpoint> {
        let d = self.d;
        let f = node.fields(
            d,
            "a touchpoint",
            &["id", "stage", "importance", "needs", "identity", "bursts", "expected_contacts"],
        )?;
        let id = f.require("id").and_then(|n| n.text(d));
        let needs = f.get("needs").map(|n| {
            let mut needs: Vec<Need> = Vec::new();
            for item in n.items(d, "a list of needs, such as [identity, dialogue]") {
                if let Some(need) = item.choice(d, &NEEDS)
                    && !needs.contains(&need)
                {
                    needs.push(need);
                }
            }
            needs
        });
        let stage = f.with("stage", words);
        let importance = f
            .get("importance")
            .and_then(|n| n.number_in(d, 1.0, 5.0, "an importance from 1 (low) to 5 (vital)"));
        let identity = f.get("identity").and_then(|n| n.choice(d, &IDENTITIES));
        let bursts = f.get("bursts").and_then(|n| n.flag(d)).unwrap_or(false);
        let expected_contacts = f.get("expected_contacts").and_then(|n| whole(n, d, 1, 1000)).unwrap_or(1);
        Some(Touchpoint {
            id: id?,
            stage,
            importance,
            needs,
            identity,
            bursts,
            expected_contacts,
            at: id_place(&f),
        })
    }

    pub(super) fn surveys(&self, node: &Node) -> Vec<Survey> {
        let d = self.d;
        node.items(d, "a list of surveys").iter().filter_map(|item| self.survey(item)).collect()
    }

    fn survey(&self, node: &Node) -> Option<Survey> {
        let d = self.d;
        let f = node.fields(d, "a survey", &["touchpoint", "sample", "date", "answers", "ease", "choose"])?;
        let touchpoint = f.get("touchpoint").map(|n| self.touchpoint(n));
        let sample = f.require("sample").and_then(|n| whole(n, d, 1, 1_000_000_000));
        let date = f.with("date", date);
        if let Some(date) = &date {
            not_after(date, self.as_of, "this survey", d);
        }
        let multiple_answers = f
            .get("answers")
            .and_then(|n| n.choice(d, &[("single", false), ("multiple", true)]))
            .unwrap_or(false);
        let (ease, _) = f.get("ease").map(|n| self.answers(n)).unwrap_or_default();
        let (choose, shares) = f.get("choose").map(|n| self.answers(n)).unwrap_or_default();
        if !multiple_answers {
            at_most_one(
                &shares,
                "the answers of this survey",
                "with one answer each they sum to 1 at most; if several could be chosen, write `answers: multiple`",
                d,
            );
        }
        // A touchpoint that was named and is unknown must not turn into "all".
        let touchpoint = match touchpoint {
            Some(None) => return None,
            Some(known) => known,
            None => None,
        };
        Some(Survey { touchpoint, sample: sample?, date, multiple_answers, ease, choose, at: f.head() })
    }

    /// Shares by channel, kind or group: a channel outranks a kind, a kind its group.
    fn answers(&self, node: &Node) -> (Vec<(SurveyTarget, f64)>, PlacedShares) {
        let d = self.d;
        let (mut answers, mut shares) = (Vec::new(), Vec::new());
        for entry in node.entries(d, "shares by channel, kind or group, such as { phone: 0.4 }") {
            let target = match self.channels.position(&entry.key) {
                Some(position) => Some(SurveyTarget::Channel(ChannelIx(position))),
                None => self.use_of(&entry.key, &entry.key_at).map(SurveyTarget::Use),
            };
            let share = entry.value.share(d);
            if let Some(share) = share {
                shares.push((share, entry.value.at.clone()));
            }
            if let (Some(target), Some(share)) = (target, share) {
                answers.push((target, share));
            }
        }
        (answers, shares)
    }

    pub(super) fn mystery(&self, node: &Node) -> Vec<Mystery> {
        let d = self.d;
        node.items(d, "a list of rounds of test contacts")
            .iter()
            .filter_map(|item| self.round(item))
            .collect()
    }

    fn round(&self, node: &Node) -> Option<Mystery> {
        let d = self.d;
        let f = node.fields(
            d,
            "a round of test contacts",
            &["channel", "touchpoint", "date", "contacts", "right", "same_tone", "switched", "repeated"],
        )?;
        let channel = f.require("channel").and_then(|n| self.channel(n));
        let touchpoint = f.get("touchpoint").map(|n| self.touchpoint(n));
        let date = f.with("date", date);
        if let Some(date) = &date {
            not_after(date, self.as_of, "this round of test contacts", d);
        }
        let contacts = f.require("contacts").and_then(|n| whole(n, d, 1, 1_000_000_000));
        let count = |key: &'static str, of: Option<u32>, whole_name: &str| -> Option<u32> {
            let node = f.get(key)?;
            let value = whole(node, d, 0, 1_000_000_000)?;
            if let Some(of) = of
                && value > of
            {
                d.push(Diagnostic::error(
                    "more-than-all",
                    format!("`{key}` is {value}, more than the {of} {whole_name}"),
                    node.at.clone(),
                ));
            }
            Some(value)
        };
        let right = count("right", contacts, "contacts");
        let same_tone = count("same_tone", contacts, "contacts");
        let switched = count("switched", contacts, "contacts");
        let repeated = match switched {
            Some(_) => count("repeated", switched, "that were switched"),
            None => count("repeated", contacts, "contacts"),
        };
        let touchpoint = match touchpoint {
            Some(None) => return None,
            Some(known) => known,
            None => None,
        };
        Some(Mystery {
            channel: channel?,
            touchpoint,
            date,
            contacts: contacts?,
            right,
            same_tone,
            switched,
            repeated,
            at: f.head(),
        })
    }

    pub(super) fn rivals(&self, node: &Node) -> Rivals {
        let d = self.d;
        if node.raw() == Some("none") {
            return Rivals::None;
        }
        let rivals = node.items(d, "`none` or a list of rivals").iter().filter_map(|item| {
            let f = item.fields(d, "a rival", &["name", "checked", "channels"])?;
            let name = f.require("name").and_then(|n| words(n, d));
            let checked = f.with("checked", date);
            if let Some(date) = &checked {
                not_after(date, self.as_of, "this look at a rival", d);
            }
            let channels = f
                .get("channels")
                .map(|n| texts(n, d, "a list of kinds and groups, such as [phone, messaging]"))
                .unwrap_or_default();
            let channels = channels.iter().filter_map(|word| self.use_of(&word.value, &word.at)).collect();
            Some(Rival { name: name?, checked, channels, at: f.head() })
        });
        Rivals::Listed(rivals.collect())
    }

    /// Kinds known not to exist here.
    pub(super) fn absent(&self, node: &Node) -> Vec<Located<Arc<Kind>>> {
        let d = self.d;
        let mut absent: Vec<Located<Arc<Kind>>> = Vec::new();
        for item in node.items(d, "a list of kinds, such as [kiosk, fax]") {
            let Some(kind) = self.kind(item) else { continue };
            if let Some(first) = absent.iter().find(|a| a.value.id == kind.id) {
                d.push(
                    Diagnostic::warning(
                        "duplicate-id",
                        format!("`{}` is listed as absent twice", kind.id),
                        item.at.clone(),
                    )
                    .related(first.at.clone(), "first given here"),
                );
            } else {
                absent.push(at(item, Arc::clone(kind)));
            }
        }
        absent
    }

    /// Labels, each once; for lists such as `aliases`.
    pub(super) fn labels(&self, node: &Node) -> Vec<String> {
        one_or_more(node, self.d, "a list of labels").into_iter().map(|label| label.value).collect()
    }
}
