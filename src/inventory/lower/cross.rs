//! What stands in several places and must fit together: labels of channels, kinds that are absent and
//! listed, replaced channels, forecasts against the volumes of their sources.

use std::collections::HashMap;
use std::sync::Arc;

use super::Lower;
use super::customers::rounded;
use crate::criteria::kind::Kind;
use crate::inventory::{Channel, ChannelIx, HumanExit, Status};
use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::{Located, Place};
use crate::text::tree::{Node, NodeKind};

impl Lower<'_> {
    /// Compares what stands in several places. Channels are by position; empty where one has mistakes.
    pub(super) fn cross(&self, channels: &[Option<Channel>], absent: &[Located<Arc<Kind>>]) {
        self.absent_kinds(channels, absent);
        for channel in channels.iter().flatten() {
            self.replaced_are_open(channel, channels);
            self.sources_are_large_enough(channel, channels);
            self.exit_leads_to_people(channel, channels);
        }
    }

    /// A log's label must name one channel: ids and aliases are compared without case. Reads the
    /// list as written, so that a channel with other mistakes is compared, too.
    pub(super) fn labels_apart(&self, items: &[Node]) {
        let raw = |item: &Node, key: &str| -> Vec<Located<String>> {
            let Some(value) = item.look(key) else { return Vec::new() };
            let nodes = match &value.kind {
                NodeKind::List(items) => items.as_slice(),
                _ => std::slice::from_ref(value),
            };
            nodes
                .iter()
                .filter_map(|n| Some(Located { value: n.raw()?.to_owned(), at: n.at.clone() }))
                .collect()
        };
        let mut labels: HashMap<String, (usize, Place)> = HashMap::new();
        // Ids first: that two of them are the same is reported where ids are.
        for (position, item) in items.iter().enumerate() {
            for id in raw(item, "id") {
                labels.entry(label(&id.value)).or_insert((position, id.at));
            }
        }
        for (position, item) in items.iter().enumerate() {
            for alias in raw(item, "aliases") {
                let (other, place) =
                    labels.entry(label(&alias.value)).or_insert_with(|| (position, alias.at.clone()));
                if *other != position {
                    self.d.push(
                        Diagnostic::error(
                            "shared-label",
                            format!(
                                "the label `{}` stands for both `{}` and `{}`",
                                clean(&alias.value),
                                clean(self.channels.id(*other)),
                                clean(self.channels.id(position))
                            ),
                            alias.at,
                        )
                        .related(place.clone(), "the other channel's label")
                        .help("a label in a log names one channel; case makes no difference"),
                    );
                }
            }
        }
    }

    /// What is absent cannot be a channel in use. (A candidate's kind may be absent: it is not open.)
    fn absent_kinds(&self, channels: &[Option<Channel>], absent: &[Located<Arc<Kind>>]) {
        for kind in absent {
            let listed = channels
                .iter()
                .flatten()
                .find(|c| c.kind.id == kind.value.id && c.status != Status::Candidate);
            if let Some(channel) = listed {
                self.d.push(
                    Diagnostic::error(
                        "absent-but-listed",
                        format!(
                            "`{}` is said to be absent, yet `{}` is of that kind",
                            kind.value.id,
                            clean(&channel.id)
                        ),
                        kind.at.clone(),
                    )
                    .related(channel.at.clone(), "this channel")
                    .help("take one of them away"),
                );
            }
        }
    }

    fn replaced_are_open(&self, channel: &Channel, channels: &[Option<Channel>]) {
        let sources = channel
            .forecast
            .iter()
            .flat_map(|f| f.from.iter().map(|(ix, share)| (*ix, &share.at, "contacts come from")));
        let replaced = channel.replaces.iter().map(|r| (r.value, &r.at, "is replaced"));
        for (ix, place, what) in replaced.chain(sources) {
            let Some(other) = at(channels, ix) else { continue };
            let word = match other.status {
                Status::Active | Status::Retiring => continue,
                Status::Candidate => "a candidate",
                Status::Pilot if what != "is replaced" => continue,
                Status::Pilot => "a pilot",
            };
            let message = if what == "is replaced" {
                format!("`{}` is replaced, but it is {word}", clean(&other.id))
            } else {
                format!("contacts cannot come from `{}`: it is {word}", clean(&other.id))
            };
            self.d.push(
                Diagnostic::warning("not-in-use", message, place.clone())
                    .related(other.at.clone(), "not in use yet")
                    .help("name a channel that is in use"),
            );
        }
    }

    /// A forecast cannot take more contacts from a channel than it has (against its declared volume).
    fn sources_are_large_enough(&self, channel: &Channel, channels: &[Option<Channel>]) {
        let Some(forecast) = &channel.forecast else { return };
        let Some(contacts) = &forecast.contacts_per_year else { return };
        for (ix, share) in &forecast.from {
            let Some(source) = at(channels, *ix) else { continue };
            let Some(volume) = &source.volume_per_year else { continue };
            let taken = contacts.value.low * share.value;
            if taken > volume.value.high {
                self.d.push(
                    Diagnostic::error(
                        "forecast-larger-than-source",
                        format!(
                            "{} of {} contacts a year are {}, more than the {} that `{}` has",
                            share.value,
                            contacts.value.low,
                            rounded(taken),
                            volume.value.high,
                            clean(&source.id)
                        ),
                        share.at.clone(),
                    )
                    .related(volume.at.clone(), "its volume")
                    .help("shares in `from` are shares of the forecast, not of the source"),
                );
            }
        }
    }

    fn exit_leads_to_people(&self, channel: &Channel, channels: &[Option<Channel>]) {
        if let Some(exit) = &channel.human_exit
            && let HumanExit::To(ix) = exit.value
            && let Some(to) = at(channels, ix)
            && to.kind.is_automated()
        {
            self.d.push(
                Diagnostic::warning(
                    "exit-to-machine",
                    format!("the human exit leads to `{}`, where a machine answers", clean(&to.id)),
                    exit.at.clone(),
                )
                .related(to.at.clone(), "answered by a machine")
                .help("name the channel where people answer"),
            );
        }
    }
}

fn at(channels: &[Option<Channel>], ix: ChannelIx) -> Option<&Channel> {
    channels.get(ix.0)?.as_ref()
}

/// Labels are compared without case and without blanks around them.
pub(super) fn label(text: &str) -> String {
    text.trim().to_lowercase()
}
