//! Criterion files (`capability.yaml` …) and `census.yaml`: value functions, weights, floors, words.

use super::values::{Seen, examples, id, knots, remedy, sentence, two_languages, weight, words};
use crate::criteria::{
    About, AppliesTo, AxisId, CENSUS_MEASURES, CensusIndicator, Criterion, Floor, Indicator, MEASURES,
    MeasureSpec, Reads, Words,
};
use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::tree::{Diagnostics, Fields, Node, suggest};

/// The words of `applies_to`.
pub(crate) const APPLIES_TO: [(&str, AppliesTo); 7] = [
    ("all", AppliesTo::All),
    ("automated", AppliesTo::Automated),
    ("candidates", AppliesTo::Candidates),
    ("outgoing", AppliesTo::Outgoing),
    ("answered", AppliesTo::Answered),
    ("live", AppliesTo::Live),
    ("contacts", AppliesTo::Contacts),
];

/// The words of `reads`.
pub(crate) const READS: [(&str, Reads); 2] = [("touchpoint", Reads::Touchpoint), ("channel", Reads::Channel)];

/// One criterion file; its id is the name of the file.
pub(super) fn criterion(node: &Node, stem: &str, d: &Diagnostics) -> Option<Criterion> {
    let known = ["id", "axis", "title", "question", "why", "weight", "indicators"];
    let fields = node.fields(d, "a criterion", &known)?;
    let name = file_id(&fields, stem, d);
    let axis = fields
        .require("axis")
        .and_then(|n| n.choice(d, &[("worth", AxisId::Worth), ("delivery", AxisId::Delivery)]));
    let about = about(&fields, d);
    let own_weight = fields.require("weight").and_then(|n| weight(n, d));
    let indicators = fields.require("indicators").map(|list| {
        let items = list.items(d, "a list of indicators");
        if items.is_empty() {
            d.push(Diagnostic::error(
                "no-indicator",
                "a criterion without an indicator says nothing",
                list.at.clone(),
            ));
        }
        items.iter().filter_map(|item| indicator(item, d)).collect::<Vec<_>>()
    });
    let About { title, question, why } = about?;
    Some(Criterion {
        id: name?,
        axis: axis?,
        title,
        question,
        why,
        weight: own_weight?,
        indicators: indicators?,
        at: fields.head(),
    })
}

fn file_id(fields: &Fields<'_>, stem: &str, d: &Diagnostics) -> Option<String> {
    let node = fields.require("id")?;
    let found = id(node, d)?;
    if found != stem {
        d.push(
            Diagnostic::error(
                "wrong-id",
                format!("the file `{stem}.yaml` describes `{}`", clean(&found)),
                node.at.clone(),
            )
            .help(format!("write `id: {stem}`")),
        );
    }
    Some(found)
}

fn about(fields: &Fields<'_>, d: &Diagnostics) -> Option<About> {
    let title = fields.require("title").and_then(|n| words(n, d));
    let question = fields.require("question").and_then(|n| words(n, d));
    let why = fields.require("why").and_then(|n| words(n, d));
    Some(About { title: title?, question: question?, why: why? })
}

/// Looks a measure up; an unknown one is reported with those that are known.
fn measure<'m>(node: &Node, d: &Diagnostics) -> Option<&'m MeasureSpec> {
    let name = node.text(d)?;
    let found = MEASURES.iter().find(|m| m.id == name);
    if found.is_none() {
        let known = MEASURES.map(|m| m.id);
        d.push(unknown("measure", &name, &known, node));
    }
    found
}

fn unknown(what: &str, name: &str, known: &[&str], node: &Node) -> Diagnostic {
    let code = if what == "measure" { "unknown-measure" } else { "unknown-id" };
    let list = known.join(", ");
    Diagnostic::error(code, format!("no {what} is called `{}`", clean(name)), node.at.clone()).help(
        match suggest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? known: {list}"),
            None => format!("known: {list}"),
        },
    )
}

fn indicator(node: &Node, d: &Diagnostics) -> Option<Indicator> {
    let known = [
        "id",
        "title",
        "question",
        "measure",
        "reads",
        "unit",
        "knots",
        "answers",
        "weight",
        "weight_cap",
        "floor",
        "applies_to",
        "before_opening",
        "judged",
        "remedy",
        "find_out",
        "source",
        "examples",
    ];
    let fields = node.fields(d, "an indicator", &known)?;
    let id_node = fields.require("id");
    let name = id_node.and_then(|n| id(n, d));
    let title = fields.require("title").and_then(|n| words(n, d));
    let question = fields.require("question").and_then(|n| words(n, d));
    let spec = fields.require("measure").and_then(|n| measure(n, d));
    let reads = fields.require("reads").and_then(|n| {
        let reads = n.choice(d, &READS)?;
        if let Some(spec) = spec
            && spec.reads != reads
        {
            let right = word(&READS, spec.reads);
            d.push(
                Diagnostic::error(
                    "wrong-reads",
                    format!("the measure `{}` is read per {right}", spec.id),
                    n.at.clone(),
                )
                .help(format!("write `reads: {right}`")),
            );
        }
        Some(reads)
    });
    let unit = fields.require("unit").and_then(|n| unit(n, spec.map(|s| (s.id, s.unit)), d));
    let knots = fields.require("knots").and_then(|n| knots(n, spec.map(|s| s.range), d));
    let answers = fields.get("answers").map(|list| {
        list.items(d, "answers, such as [{ reading: 0, en: none, it: nessuno }]")
            .iter()
            .filter_map(|item| {
                let fields = item.fields(d, "an answer", &["reading", "en", "it"])?;
                let reading = fields.require("reading").and_then(|n| n.number(d));
                let words = two_languages(&fields, d);
                Some((reading?, words?))
            })
            .collect::<Vec<(f64, Words)>>()
    });
    let own_weight = fields.require("weight").and_then(|n| weight(n, d));
    let weight_cap = fields.get("weight_cap").map(|n| {
        let cap = n.share(d)?;
        if cap == 0.0 {
            weight(n, d)?;
        }
        Some(cap)
    });
    let floor = fields.get("floor").map(|n| floor(n, d));
    let applies_to = fields.require("applies_to").and_then(|n| n.choice(d, &APPLIES_TO));
    let before_opening = fields.require("before_opening").and_then(|n| n.flag(d));
    let judged = fields.get("judged").map_or(Some(false), |n| n.flag(d));
    let find_out = fields.get("find_out").map(|n| remedy(n, d));
    let remedy = fields.require("remedy").and_then(|n| remedy(n, d));
    let source = fields.require("source").and_then(|n| sentence(n, d));
    let examples = fields.require("examples").and_then(|n| examples(n, knots.as_ref(), d));
    Some(Indicator {
        id: name?,
        title: title?,
        question: question?,
        measure: spec?.id.to_owned(),
        reads: reads?,
        unit: unit?,
        knots: knots?,
        answers: answers.unwrap_or_default(),
        weight: own_weight?,
        weight_cap: match weight_cap {
            Some(cap) => Some(cap?),
            None => None,
        },
        floor: match floor {
            Some(floor) => Some(floor?),
            None => None,
        },
        applies_to: applies_to?,
        before_opening: before_opening?,
        judged: judged?,
        remedy: remedy?,
        find_out: match find_out {
            Some(how) => Some(how?),
            None => None,
        },
        source: source?,
        examples: examples?,
        at: id_node?.at.clone(),
    })
}

/// The unit, which must be the measure's.
fn unit(node: &Node, measure: Option<(&str, &str)>, d: &Diagnostics) -> Option<String> {
    let text = node.text(d)?;
    if let Some((id, unit)) = measure
        && unit != text
    {
        d.push(
            Diagnostic::error(
                "wrong-unit",
                format!("the measure `{id}` gives a {unit}, not `{}`", clean(&text)),
                node.at.clone(),
            )
            .help(format!("write `unit: {unit}`")),
        );
    }
    Some(text)
}

fn floor(node: &Node, d: &Diagnostics) -> Option<Floor> {
    let fields = node.fields(d, "a floor", &["points", "unmeasured_only"])?;
    let points = fields.require("points").and_then(|n| n.number_in(d, 0.0, 100.0, "points from 0 to 100"));
    let unmeasured_only = fields.get("unmeasured_only").map_or(Some(false), |n| n.flag(d));
    Some(Floor { points: points?, unmeasured_only: unmeasured_only? })
}

/// The word of a value in a list of choices.
pub(crate) fn word<T: PartialEq>(choices: &[(&'static str, T)], value: T) -> &'static str {
    choices.iter().find(|(_, v)| *v == value).map_or("", |(word, _)| word)
}

/// `census.yaml`.
pub(super) fn census(node: &Node, d: &Diagnostics) -> Option<(About, Vec<CensusIndicator>)> {
    let fields = node.fields(d, "the census", &["id", "title", "question", "why", "indicators"])?;
    let _ = file_id(&fields, "census", d);
    let about = about(&fields, d);
    let list = fields.require("indicators")?;
    let mut seen = Seen::default();
    let mut indicators = Vec::new();
    for item in list.items(d, "a list of indicators") {
        if let Some(indicator) = census_indicator(item, d) {
            seen.check("indicator", &indicator.id, &indicator.at, d);
            indicators.push(indicator);
        }
    }
    if indicators.is_empty() && !d.has_errors() {
        d.push(Diagnostic::error("no-indicator", "the census has no indicator", list.at.clone()));
    }
    Some((about?, indicators))
}

fn census_indicator(node: &Node, d: &Diagnostics) -> Option<CensusIndicator> {
    let known = ["id", "title", "question", "unit", "knots", "weight", "remedy", "examples"];
    let fields = node.fields(d, "an indicator of the census", &known)?;
    let id_node = fields.require("id");
    let spec = id_node.and_then(|n| {
        let name = n.text(d)?;
        let found = CENSUS_MEASURES.iter().find(|(id, _)| *id == name);
        if found.is_none() {
            d.push(unknown("measure of the census", &name, &CENSUS_MEASURES.map(|(id, _)| id), n));
        }
        found
    });
    let title = fields.require("title").and_then(|n| words(n, d));
    let question = fields.require("question").and_then(|n| words(n, d));
    let unit = fields.require("unit").and_then(|n| unit(n, spec.copied(), d));
    let range = spec.map(|(_, unit)| if *unit == "share" { (0.0, 1.0) } else { (0.0, f64::INFINITY) });
    let knots = fields.require("knots").and_then(|n| knots(n, range, d));
    let own_weight = fields.require("weight").and_then(|n| weight(n, d));
    let remedy = fields.require("remedy").and_then(|n| words(n, d));
    let examples = fields.require("examples").and_then(|n| examples(n, knots.as_ref(), d));
    Some(CensusIndicator {
        id: spec?.0.to_owned(),
        title: title?,
        question: question?,
        remedy: remedy?,
        unit: unit?,
        knots: knots?,
        weight: own_weight?,
        examples: examples?,
        at: id_node?.at.clone(),
    })
}
