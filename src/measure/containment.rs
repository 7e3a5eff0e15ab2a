//! Talks that end in a machine (bot, IVR, app): kept is not yet resolved. Whoever was kept and comes to
//! people within the window was kept in vain.

use std::collections::BTreeMap;

use super::{Facts, Reading, real};
use crate::census::{Column, Facet};
use crate::inventory::ChannelIx;

/// What became of the talks of a machine.
#[derive(Debug, Clone)]
pub struct Containment {
    /// Talks that could be followed.
    pub talks: i64,
    /// Of them, those that nobody else took over.
    pub kept: Reading,
    /// Of them, those that nobody else took over and after which the customer came to nobody.
    pub resolved: Reading,
    /// Of those kept, those after which the customer came to people: false containment.
    pub in_vain: Reading,
    /// Kept talks by reason, and those of them in vain; most in vain first (blank: not noted).
    pub by_reason: Vec<(String, i64, i64)>,
    /// What the logs would have to hold, where nothing could be followed.
    pub needed: Vec<&'static str>,
}

const IDS: &str = "customer ids in its sessions";
const HANDED_ON: &str = "who was handed on to people, and to whom (`transferred_to`)";
const FOLLOWED: &str = "sessions of single customers, days before the end of the logs";

/// Of an automated channel with logs; `None` of any other.
pub(super) fn containment(facts: &Facts<'_>, ix: ChannelIx) -> Option<Containment> {
    let channel = facts.channel(ix);
    let sums = facts.total(ix).filter(|_| channel.kind.is_automated())?;
    let classes = facts.classes(ix, None);
    let kept = classes.contained_clear.saturating_add(classes.contained_followed);
    let talks = kept.saturating_add(classes.not_contained);
    let lacks = [
        (IDS, sums[Column::Identified] == 0),
        (HANDED_ON, sums[Column::Transferred] == 0),
        (FOLLOWED, sums[Column::Identified] > 0 && classes.base() == 0),
    ];
    let needed = lacks.into_iter().filter(|(_, lacks)| talks == 0 && *lacks).map(|(what, _)| what).collect();
    let (grade, from) = facts.of_identified(ix, "sessions");
    let share = |hits: i64, n: i64| {
        let none = "the logs do not say who was handed on, or who came back";
        Reading::share(real(hits), real(n), grade, from.clone(), none)
    };
    Some(Containment {
        talks,
        kept: share(kept, talks),
        resolved: share(classes.contained_clear, talks),
        in_vain: share(classes.contained_followed, kept),
        by_reason: by_reason(facts, ix),
        needed,
    })
}

/// Contained contacts by reason, and how many of them were followed; most followed first.
pub(super) fn by_reason(facts: &Facts<'_>, ix: ChannelIx) -> Vec<(String, i64, i64)> {
    let Some(view) = facts.census else { return Vec::new() };
    let window = view.window_days().unwrap_or_default().to_string();
    let mut sums: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for (key, row) in view.rows(Facet::Followup, &facts.channel(ix).id) {
        let followed = key.keys[3] == "contained-followed";
        if key.keys[0] == window && (followed || key.keys[3] == "contained-clear") {
            let n = row[Column::Contacts];
            let sum = sums.entry(&key.keys[2]).or_default();
            *sum = (sum.0.saturating_add(n), sum.1.saturating_add(if followed { n } else { 0 }));
        }
    }
    let mut list: Vec<_> = sums.into_iter().map(|(reason, (n, f))| (reason.to_owned(), n, f)).collect();
    list.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
    list
}
