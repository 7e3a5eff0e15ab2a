//! The frozen shape of the calculator's answers, in JSON and in CSV. Where the patience is a range, a
//! figure is `{low, high}` in JSON; a cell of the CSV holds the end that is worse for the customer.

use schemars::JsonSchema;
use serde::Serialize;

use super::Answered;
use crate::capability::Refusal;
use crate::capability::erlang::Performance;
use crate::capability::model::Model;
use crate::quantity::Interval;
use crate::staff::asked::ModelName;
use crate::staff::intervals::Line;
use crate::staff::{Outcome, Staffed};

/// The JSON Schema of one answer; a file of questions is answered by a list of them.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<StaffV1>().to_value()
}

/// A number, or both ends of a range.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(untagged)]
enum EndsV1 {
    Exact(f64),
    Range { low: f64, high: f64 },
}

impl From<Interval> for EndsV1 {
    fn from(x: Interval) -> Self {
        if x.low == x.high { Self::Exact(x.low) } else { Self::Range { low: x.low, high: x.high } }
    }
}

/// The answer to one staffing question.
#[derive(Debug, Serialize, JsonSchema)]
struct StaffV1 {
    schema: &'static str,
    /// Line of the file that the question stands on.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    model: &'static str,
    contacts: f64,
    per_s: f64,
    handle_s: f64,
    erlangs: f64,
    promise: PromiseV1,
    /// Mean patience; only in the model erlang-a.
    #[serde(skip_serializing_if = "Option::is_none")]
    patience_s: Option<EndsV1>,
    max_occupancy: f64,
    max_lost: f64,
    shrinkage: f64,
    /// The fewest people who keep the promise within its limits; null: `because` says why there are none.
    required_agents: Option<u32>,
    /// Full-time people on the roster for them.
    required_fte: Option<f64>,
    #[serde(flatten)]
    staffed: Option<StaffedV1>,
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<String>,
    /// People required if one holds so many talks at once; only in the model chat.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by_talks: Vec<TalksV1>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    curve: Vec<StaffedV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct PromiseV1 {
    share: f64,
    within_s: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct TalksV1 {
    talks: u32,
    required_agents: Option<u32>,
}

/// So many people and what they give.
#[derive(Debug, Serialize, JsonSchema)]
struct StaffedV1 {
    agents: u32,
    /// Null where the work outgrows the people.
    service_level: Option<ServiceV1>,
    p_wait: Option<EndsV1>,
    p_abandon: Option<EndsV1>,
    /// Mean wait of all, seconds.
    mean_wait_s: Option<EndsV1>,
    occupancy: Option<EndsV1>,
    /// Whether they keep the promise within its limits.
    keeps: bool,
}

/// Served in time, in its four variants; work with a deadline knows the first alone.
#[derive(Debug, Serialize, JsonSchema)]
struct ServiceV1 {
    strict: EndsV1,
    excluding_short: Option<EndsV1>,
    plus: Option<EndsV1>,
    answered_only: Option<EndsV1>,
}

impl StaffedV1 {
    fn new((agents, outcome): &Staffed, of: &Answered<'_>) -> Self {
        let outcome = outcome.as_ref().ok();
        let queue = |figure: fn(&Performance) -> f64| outcome?.queue(figure).map(EndsV1::from);
        Self {
            agents: *agents,
            service_level: outcome.map(|o| ServiceV1 {
                strict: o.strict().into(),
                excluding_short: queue(|p| p.excluding_short),
                plus: queue(|p| p.plus),
                answered_only: queue(|p| p.answered_only),
            }),
            p_wait: queue(|p| p.p_wait),
            p_abandon: queue(|p| p.p_abandon),
            mean_wait_s: queue(|p| p.mean_wait_s),
            occupancy: outcome.map(|o| o.occupancy().into()),
            keeps: outcome.is_some_and(|o| o.keeps(of.question.target)),
        }
    }
}

fn v1(line: Option<u64>, of: &Answered<'_>) -> StaffV1 {
    let (question, answer) = (of.question, &of.answer);
    let patience_s = match question.model {
        Model::ErlangA { patience_s } => Some(patience_s.into()),
        _ => None,
    };
    StaffV1 {
        schema: "chanfolio.staff/1",
        line,
        model: ModelName::of(&question.model).word(),
        contacts: question.contacts,
        per_s: question.per_s,
        handle_s: question.handle_s,
        erlangs: question.erlangs(),
        promise: PromiseV1 { share: question.target.share, within_s: question.target.within_s },
        patience_s,
        max_occupancy: question.target.max_occupancy,
        max_lost: question.target.max_lost,
        shrinkage: question.shrinkage,
        required_agents: answer.required.ok(),
        required_fte: answer.required.ok().map(|agents| question.rostered(agents)),
        staffed: answer.staffed.as_ref().map(|staffed| StaffedV1::new(staffed, of)),
        because: because(of),
        by_talks: of
            .by_talks
            .iter()
            .map(|(talks, required)| TalksV1 { talks: *talks, required_agents: required.ok() })
            .collect(),
        curve: of.curve.iter().map(|staffed| StaffedV1::new(staffed, of)).collect(),
    }
}

/// Why something has no number.
pub(super) fn because(of: &Answered<'_>) -> Option<String> {
    let refused = |refusal: &Refusal| refusal.to_string();
    let required = of.answer.required.as_ref().err().map(refused);
    let staffed = of.answer.staffed.as_ref().and_then(|(agents, outcome)| {
        outcome.as_ref().err().map(|refusal| format!("with {agents}: {refusal}"))
    });
    match (required, staffed) {
        (Some(a), Some(b)) => Some(format!("{a}; {b}")),
        (a, b) => a.or(b),
    }
}

/// One answer as JSON.
pub(super) fn json_one(answered: &Answered<'_>) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(&v1(None, answered))? + "\n")
}

/// A list of answers as JSON, one a line.
pub(super) fn json_many(lines: &[Line], answered: &[Answered<'_>]) -> anyhow::Result<String> {
    let mut out = String::from("[");
    for (line, answered) in lines.iter().zip(answered) {
        out.push_str(if out.len() > 1 { ",\n" } else { "\n" });
        out.push_str(&serde_json::to_string(&v1(Some(line.line), answered))?);
    }
    out.push_str("\n]\n");
    Ok(out)
}

/// Answers as CSV.
pub(super) fn csv(answers: &[(Option<u64>, &Answered<'_>)]) -> anyhow::Result<String> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "line",
        "model",
        "contacts",
        "per_s",
        "handle_s",
        "erlangs",
        "promise_share",
        "promise_within_s",
        "patience_low_s",
        "patience_high_s",
        "max_occupancy",
        "max_lost",
        "shrinkage",
        "required_agents",
        "required_fte",
        "agents",
        "strict",
        "excluding_short",
        "plus",
        "answered_only",
        "p_wait",
        "p_abandon",
        "mean_wait_s",
        "occupancy",
        "keeps",
        "because",
    ])?;
    for (line, of) in answers {
        let (question, answer) = (of.question, &of.answer);
        // Every answer is one line, those to a curve too.
        let single = answer.staffed.as_slice();
        let staffed = if of.curve.is_empty() { single } else { &of.curve };
        let row = |staffed: Option<&Staffed>| {
            let patience = match question.model {
                Model::ErlangA { patience_s } => Some(patience_s),
                _ => None,
            };
            let outcome = staffed.and_then(|(_, outcome)| outcome.as_ref().ok());
            let least =
                |figure: fn(&Performance) -> f64| text(outcome.and_then(|o| Some(o.queue(figure)?.low)));
            let most =
                |figure: fn(&Performance) -> f64| text(outcome.and_then(|o| Some(o.queue(figure)?.high)));
            vec![
                line.map(|line| line.to_string()).unwrap_or_default(),
                ModelName::of(&question.model).word().to_owned(),
                text(Some(question.contacts)),
                text(Some(question.per_s)),
                text(Some(question.handle_s)),
                text(Some(question.erlangs())),
                text(Some(question.target.share)),
                text(Some(question.target.within_s)),
                text(patience.map(|p| p.low)),
                text(patience.map(|p| p.high)),
                text(Some(question.target.max_occupancy)),
                text(Some(question.target.max_lost)),
                text(Some(question.shrinkage)),
                answer.required.map(|n| n.to_string()).unwrap_or_default(),
                text(answer.required.ok().map(|n| question.rostered(n))),
                staffed.map(|(n, _)| n.to_string()).unwrap_or_default(),
                text(outcome.map(|o| o.strict().low)),
                least(|p| p.excluding_short),
                least(|p| p.plus),
                least(|p| p.answered_only),
                most(|p| p.p_wait),
                most(|p| p.p_abandon),
                most(|p| p.mean_wait_s),
                text(outcome.map(|o| o.occupancy().high)),
                outcome.is_some_and(|o: &Outcome| o.keeps(question.target)).to_string(),
                because(of).unwrap_or_default(),
            ]
        };
        if staffed.is_empty() {
            writer.write_record(row(None))?;
        }
        for staffed in staffed {
            writer.write_record(row(Some(staffed)))?;
        }
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn text(number: Option<f64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}
