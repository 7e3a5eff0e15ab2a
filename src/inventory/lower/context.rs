//! What references are resolved against: the ids of every section and the words of the criteria.

use std::sync::Arc;

use super::values;
use crate::criteria::kind::Kind;
use crate::inventory::{
    ChannelIx, Organisation, SegmentIx, SurveyTarget, SystemIx, TeamIx, TouchpointIx, UseOf,
};
use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::Place;
use crate::text::tree::{Diagnostics, Fields, Node, NodeKind, suggest};

/// The ids of a section with their places.
type Ids = Vec<(String, Place)>;

/// Everything that a reference may name.
pub(super) struct Context<'a> {
    segments: Ids,
    touchpoints: Ids,
    teams: Ids,
    systems: Ids,
    channels: Ids,
    objectives: Ids,
    pub(super) kinds: &'a [Arc<Kind>],
    pub(super) indicators: &'a [&'a str],
    pub(super) findings: &'a [&'a str],
    pub(super) country: Option<String>,
    pub(super) as_of: Option<jiff::civil::Date>,
}

/// The ids of the items of a list, without a diagnostic: each section reports its own.
fn ids(node: Option<&Node>) -> Ids {
    let Some(Node { kind: NodeKind::List(items), .. }) = node else { return Vec::new() };
    items
        .iter()
        .filter_map(|item| {
            let NodeKind::Map(entries) = &item.kind else { return None };
            let id = &entries.iter().find(|e| e.key == "id")?.value;
            Some((id.raw()?.to_owned(), id.at.clone()))
        })
        .collect()
}

impl<'a> Context<'a> {
    /// Gathers ids, and reports those that stand twice.
    pub(super) fn gather(
        fields: &Fields<'_>,
        kinds: &'a [Arc<Kind>],
        indicators: &'a [&'a str],
        findings: &'a [&'a str],
        organisation: Option<&Organisation>,
        d: &Diagnostics,
    ) -> Self {
        let objectives = match fields.get("objectives").map(|n| &n.kind) {
            Some(NodeKind::Map(entries)) => {
                entries.iter().map(|e| (e.key.clone(), e.key_at.clone())).collect()
            }
            _ => Vec::new(),
        };
        let it = Self {
            segments: ids(fields.get("segments")),
            touchpoints: ids(fields.get("touchpoints")),
            teams: ids(fields.get("teams")),
            systems: ids(fields.get("systems")),
            channels: ids(fields.get("channels")),
            objectives,
            kinds,
            indicators,
            findings,
            country: organisation.and_then(|o| o.country.clone()),
            as_of: organisation.and_then(|o| o.as_of.as_ref().map(|a| a.value)),
        };
        for (what, list) in [
            ("segment", &it.segments),
            ("touchpoint", &it.touchpoints),
            ("team", &it.teams),
            ("system", &it.systems),
            ("channel", &it.channels),
        ] {
            let mut seen = values::Seen::default();
            for (id, at) in list {
                seen.add(what, id, at, d);
            }
        }
        it
    }

    /// The position of a name in a list; one that is not there is reported.
    fn find(list: &Ids, what: &str, name: &str, at: &Place, d: &Diagnostics) -> Option<usize> {
        let found = list.iter().position(|(id, _)| id == name);
        if found.is_none() {
            let diagnostic = Diagnostic::error(
                "unknown-reference",
                format!("no {what} is called `{}`", clean(name)),
                at.clone(),
            );
            let known = || list.iter().map(|(id, _)| id.as_str());
            d.push(match suggest(name, known()) {
                Some(near) => diagnostic.help(format!("did you mean `{}`?", clean(near))),
                None if list.is_empty() => diagnostic.help(format!("the inventory has no {what}")),
                None => {
                    let known: Vec<String> = known().take(30).map(clean).collect();
                    diagnostic.help(format!("known: {}", known.join(", ")))
                }
            });
        }
        found
    }

    fn find_node(list: &Ids, what: &str, node: &Node, d: &Diagnostics) -> Option<usize> {
        let name = node.text(d)?;
        Self::find(list, what, &name, &node.at, d)
    }

    pub(super) fn channel(&self, node: &Node, d: &Diagnostics) -> Option<ChannelIx> {
        Self::find_node(&self.channels, "channel", node, d).map(ChannelIx)
    }

    pub(super) fn channel_named(&self, name: &str, at: &Place, d: &Diagnostics) -> Option<ChannelIx> {
        Self::find(&self.channels, "channel", name, at, d).map(ChannelIx)
    }

    pub(super) fn touchpoint(&self, node: &Node, d: &Diagnostics) -> Option<TouchpointIx> {
        Self::find_node(&self.touchpoints, "touchpoint", node, d).map(TouchpointIx)
    }

    pub(super) fn touchpoint_named(&self, name: &str, at: &Place, d: &Diagnostics) -> Option<TouchpointIx> {
        Self::find(&self.touchpoints, "touchpoint", name, at, d).map(TouchpointIx)
    }

    pub(super) fn team(&self, node: &Node, d: &Diagnostics) -> Option<TeamIx> {
        Self::find_node(&self.teams, "team", node, d).map(TeamIx)
    }

    pub(super) fn system(&self, node: &Node, d: &Diagnostics) -> Option<SystemIx> {
        Self::find_node(&self.systems, "system", node, d).map(SystemIx)
    }

    pub(super) fn segment(&self, node: &Node, d: &Diagnostics) -> Option<SegmentIx> {
        Self::find_node(&self.segments, "segment", node, d).map(SegmentIx)
    }

    pub(super) fn objective(&self, name: &str, at: &Place, d: &Diagnostics) -> Option<()> {
        Self::find(&self.objectives, "objective", name, at, d).map(|_| ())
    }

    /// One kind by id.
    pub(super) fn kind(&self, node: &Node, d: &Diagnostics) -> Option<Arc<Kind>> {
        let name = node.text(d)?;
        if let Some(kind) = self.kinds.iter().find(|k| k.id == name) {
            return Some(Arc::clone(kind));
        }
        let members: Vec<&str> =
            self.kinds.iter().filter(|k| k.group.as_deref() == Some(&name)).map(|k| k.id.as_str()).collect();
        let help = if !members.is_empty() {
            format!("this is a group of kinds; name one of {}", members.join(", "))
        } else if let Some(near) = suggest(&name, self.kinds.iter().map(|k| k.id.as_str())) {
            format!("did you mean `{near}`?")
        } else {
            let all: Vec<&str> = self.kinds.iter().map(|k| k.id.as_str()).collect();
            format!("kinds: {}", all.join(", "))
        };
        values::error(d, node, "unknown-kind", format!("`{}` is no kind of channel", clean(&name)), help);
        None
    }

    /// A kind or a group of kinds.
    pub(super) fn use_of(&self, name: &str, at: &Place, d: &Diagnostics) -> Option<UseOf> {
        if self.kinds.iter().any(|k| k.id == name) {
            return Some(UseOf::Kind(name.to_owned()));
        }
        if self.kinds.iter().any(|k| k.group.as_deref() == Some(name)) {
            return Some(UseOf::Group(name.to_owned()));
        }
        let mut known: Vec<&str> = self.kinds.iter().map(|k| k.id.as_str()).collect();
        known.extend(self.kinds.iter().filter_map(|k| k.group.as_deref()));
        let diagnostic = Diagnostic::error(
            "unknown-kind",
            format!("`{}` is no kind or group of kinds", clean(name)),
            at.clone(),
        );
        let kind_of_channel = self.channels.iter().any(|(id, _)| id == name);
        d.push(match suggest(name, known.iter().copied()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None if kind_of_channel => diagnostic.help("this is the id of a channel; name its kind here"),
            None => diagnostic.help("`chanfolio explain` lists the kinds"),
        });
        None
    }

    /// What a survey line names: a channel outranks a kind, a kind its group.
    pub(super) fn survey_target(&self, name: &str, at: &Place, d: &Diagnostics) -> Option<SurveyTarget> {
        let channel = self.channels.iter().position(|(id, _)| id == name);
        match channel {
            Some(ix) => Some(SurveyTarget::Channel(ChannelIx(ix))),
            None => self.use_of(name, at, d).map(SurveyTarget::Use),
        }
    }
}
