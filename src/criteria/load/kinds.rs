//! `kinds.yaml`: the taxonomy of channels.

use std::sync::Arc;

use super::values::{Seen, id, seconds, sentence, words};
use crate::criteria::kind::{AnsweredBy, Kind, Medium, Staffing, Timing, Unit, Visibility};
use crate::inventory::{Identity, Need, Promise};
use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::tree::{Diagnostics, Node};

/// The groups by which customers, surveys and rivals may be described.
pub(crate) const GROUPS: [&str; 5] = ["messaging", "chat", "app", "social", "self-service"];

pub(crate) const UNITS: [(&str, Unit); 4] = [
    ("contact", Unit::Contact),
    ("session", Unit::Session),
    ("view", Unit::View),
    ("message", Unit::Message),
];
pub(crate) const TIMINGS: [(&str, Timing); 5] = [
    ("live", Timing::Live),
    ("near-live", Timing::NearLive),
    ("deferred", Timing::Deferred),
    ("self-service", Timing::SelfService),
    ("broadcast", Timing::Broadcast),
];
pub(crate) const ANSWERED_BY: [(&str, AnsweredBy); 5] = [
    ("human", AnsweredBy::Human),
    ("automated", AnsweredBy::Automated),
    ("both", AnsweredBy::Both),
    ("peers", AnsweredBy::Peers),
    ("none", AnsweredBy::None),
];
pub(crate) const MEDIA: [(&str, Medium); 4] = [
    ("voice", Medium::Voice),
    ("video", Medium::Video),
    ("digital", Medium::Digital),
    ("physical", Medium::Physical),
];
pub(crate) const VISIBILITIES: [(&str, Visibility); 3] = [
    ("private", Visibility::Private),
    ("semi-public", Visibility::SemiPublic),
    ("public", Visibility::Public),
];
pub(crate) const IDENTITIES: [(&str, Identity); 4] = [
    ("none", Identity::None),
    ("weak", Identity::Weak),
    ("medium", Identity::Medium),
    ("strong", Identity::Strong),
];
pub(crate) const STAFFINGS: [(&str, Staffing); 5] = [
    ("erlang-a", Staffing::ErlangA),
    ("erlang-c", Staffing::ErlangC),
    ("concurrent", Staffing::Concurrent),
    ("deferred", Staffing::Deferred),
    ("none", Staffing::None),
];
pub(crate) const NEEDS: [(&str, Need); 6] = [
    ("identity", Need::Identity),
    ("documents", Need::Documents),
    ("dialogue", Need::Dialogue),
    ("payment", Need::Payment),
    ("urgency", Need::Urgency),
    ("private-place", Need::PrivatePlace),
];

const KEYS: [&str; 19] = [
    "id",
    "name",
    "unit",
    "group",
    "timing",
    "answered_by",
    "medium",
    "visibility",
    "outbound_only",
    "best_identity",
    "usual_identity",
    "staffing",
    "conversational",
    "meets",
    "worth",
    "duty",
    "promise",
    "notes",
    "benchmarks",
];

/// All kinds, in the order of the file; `partly` is what a need met in part counts for.
pub(super) fn kinds(node: &Node, partly: f64, d: &Diagnostics) -> Vec<Arc<Kind>> {
    let Some(fields) = node.fields(d, "the file of kinds", &["kinds"]) else { return Vec::new() };
    let Some(list) = fields.require("kinds") else { return Vec::new() };
    let mut seen = Seen::default();
    let mut kinds = Vec::new();
    for item in list.items(d, "a list of kinds") {
        if let Some(kind) = kind(item, partly, &mut seen, d) {
            kinds.push(Arc::new(kind));
        }
    }
    if kinds.is_empty() && !d.has_errors() {
        d.push(Diagnostic::error("no-kind", "without kinds there are no channels", list.at.clone()));
    }
    kinds
}

fn kind(node: &Node, partly: f64, seen: &mut Seen, d: &Diagnostics) -> Option<Kind> {
    let fields = node.fields(d, "a kind", &KEYS)?;
    let name = fields.require("id").and_then(|n| {
        let id = id(n, d)?;
        seen.check("kind", &id, &n.at, d);
        Some(id)
    });
    let words_of_name = fields.require("name").and_then(|n| words(n, d));
    let unit = fields.require("unit").and_then(|n| n.choice(d, &UNITS));
    let group =
        fields.get("group").map(|n| n.choice(d, &GROUPS.map(|group| (group, group))).map(str::to_owned));
    let timing = fields.require("timing").and_then(|n| n.choice(d, &TIMINGS));
    let answered_by = fields.require("answered_by").and_then(|n| n.choice(d, &ANSWERED_BY));
    let medium = fields.require("medium").and_then(|n| n.choice(d, &MEDIA));
    let visibility = fields.require("visibility").and_then(|n| n.choice(d, &VISIBILITIES));
    let outbound_only = fields.require("outbound_only").and_then(|n| n.flag(d));
    let best = fields.require("best_identity").and_then(|n| n.choice(d, &IDENTITIES));
    let usual = fields.require("usual_identity").and_then(|n| {
        let usual = n.choice(d, &IDENTITIES)?;
        if best.is_some_and(|best| best < usual) {
            d.push(
                Diagnostic::error(
                    "identity-order",
                    "the usual identity is surer than the best one",
                    n.at.clone(),
                )
                .help("raise `best_identity` or lower `usual_identity`"),
            );
        }
        Some(usual)
    });
    let staffing = fields.require("staffing").and_then(|n| n.choice(d, &STAFFINGS));
    let conversational = fields.require("conversational").and_then(|n| n.flag(d));
    let meets = fields.require("meets").and_then(|n| meets(n, partly, d));
    let worth = fields.get("worth").map_or(Some(true), |n| n.flag(d));
    let duty = fields.get("duty").map(|n| {
        n.items(d, "a list of countries, such as [IT]").iter().filter_map(|item| country(item, d)).collect()
    });
    let promise = fields.get("promise").map(|n| promise(n, d));
    let notes = fields
        .get("notes")
        .map(|n| n.items(d, "a list of notes").iter().filter_map(|item| words(item, d)).collect::<Vec<_>>());
    let benchmarks = fields.get("benchmarks").map(|n| sentence(n, d));
    Some(Kind {
        id: name?,
        name: words_of_name?,
        unit: unit?,
        group: match group {
            Some(group) => Some(group?),
            None => None,
        },
        timing: timing?,
        answered_by: answered_by?,
        medium: medium?,
        visibility: visibility?,
        outbound_only: outbound_only?,
        best_identity: best?,
        usual_identity: usual?,
        staffing: staffing?,
        conversational: conversational?,
        meets: meets?,
        worth: worth?,
        duty: duty.unwrap_or_default(),
        default_promise: match promise {
            Some(promise) => Some(promise?),
            None => None,
        },
        notes: notes.unwrap_or_default(),
        benchmarks: match benchmarks {
            Some(benchmarks) => Some(benchmarks?),
            None => None,
        },
    })
}

/// How well each of the six needs is met: yes wholly, no not at all, partly as the defaults say.
fn meets(node: &Node, partly: f64, d: &Diagnostics) -> Option<Vec<(Need, f64)>> {
    let names = NEEDS.map(|(name, _)| name);
    let fields = node.fields(d, "what a kind meets", &names)?;
    let met: Vec<Option<(Need, f64)>> = NEEDS
        .iter()
        .map(|(name, need)| {
            let degree = fields.require(name)?.choice(d, &[("yes", 1.0), ("partly", partly), ("no", 0.0)])?;
            Some((*need, degree))
        })
        .collect();
    met.into_iter().collect()
}

fn country(node: &Node, d: &Diagnostics) -> Option<String> {
    let text = node.text(d)?;
    if text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()) {
        return Some(text);
    }
    d.push(
        Diagnostic::error("bad-country", format!("`{}` is no country code", clean(&text)), node.at.clone())
            .help("two capital letters, such as IT"),
    );
    None
}

/// `{ share, within, clock }`; `clock: open` counts open hours only.
pub(super) fn promise(node: &Node, d: &Diagnostics) -> Option<Promise> {
    let fields = node.fields(d, "a promise", &["share", "within", "clock"])?;
    let share = fields.require("share").and_then(|n| n.share(d));
    let within = fields.require("within").and_then(|n| seconds(n, d));
    let open_clock =
        fields.get("clock").map_or(Some(false), |n| n.choice(d, &[("open", true), ("all", false)]));
    Some(Promise { share: share?, within_s: within?, open_clock: open_clock? })
}
