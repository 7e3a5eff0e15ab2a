//! The JSON Schema of the inventory, for editors: every key with a description, words from the same
//! lists that the lowering reads. Owns no rule that compares two places; those are told on reading.
//!
//! YAML 1.2 editors read `yes` as text and older ones as true: both are accepted where a yes or no
//! stands.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::lower::candidate::{CHANGES, EVIDENCE};
use super::lower::channel::{CONTEXTS, PARTS, STATUSES};
use super::lower::customers::{IDENTITIES, NEEDS};
use super::lower::policy::REQUIRED;
use super::lower::usage::ROLES;
use super::lower::{CRITERIA, groups};
use crate::criteria::kind::Kind;
use crate::text::diagnostic::Severity;

/// The schema (draft 2020-12); the kinds are those of the criteria.
#[must_use]
pub fn schema(kinds: &[Arc<Kind>]) -> Value {
    let root = object(
        "An inventory of an organisation's contact channels.",
        vec![
            ("schema", json!({ "description": "Version of this format.", "const": 1 })),
            ("organisation", organisation()),
            (
                "objectives",
                free(
                    "What the organisation wants, with weights: { retention: 0.6, inclusion: 0.4 }.",
                    &positive("Weight; all are made to sum to 1."),
                ),
            ),
            (
                "weights",
                weights("How much each criterion weighs, or `order`: all six, most important first."),
            ),
            (
                "stakeholders",
                free("Weights of named stakeholders.", &weights("The weights of this stakeholder.")),
            ),
            ("segments", list("Groups of customers; their shares sum to 1.", segment(kinds))),
            ("touchpoints", list("Moments of the customer's journey.", touchpoint())),
            ("surveys", list("What surveyed customers answered.", survey())),
            ("mystery", list("Rounds of test contacts.", mystery())),
            ("teams", list("Who answers.", team())),
            ("systems", list("Where contacts are recorded.", system())),
            (
                "absent",
                list(
                    "Kinds known not to exist here.",
                    one_of("A kind of channel.", kinds.iter().map(|k| k.id.as_str())),
                ),
            ),
            ("rivals", rivals(kinds)),
            (
                "drop",
                object(
                    "What closing a channel costs.",
                    vec![(
                        "lost_share",
                        share_interval("Share of its customers lost when a channel closes."),
                    )],
                    &[],
                ),
            ),
            ("episodes", episodes()),
            ("channels", channels(kinds)),
            ("judgements", list("A person's rating where no data can tell.", judgement())),
            ("usage", list("Where the logs are and how to read them.", usage_entry())),
            ("policy", policy()),
            ("waivers", list("Accepted exceptions.", waiver())),
        ],
        &["schema", "organisation", "channels"],
    );
    let mut whole = Map::new();
    whole.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    whole.insert("title".to_owned(), json!("chanfolio inventory"));
    if let Value::Object(root) = root {
        whole.extend(root);
    }
    Value::Object(whole)
}

// The pieces that sections are made of.

/// A mapping with these keys and no others.
fn object(description: &str, keys: Vec<(&str, Value)>, required: &[&str]) -> Value {
    let properties: Map<String, Value> =
        keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let mut map = Map::new();
    map.insert("description".to_owned(), json!(description));
    map.insert("type".to_owned(), json!("object"));
    map.insert("additionalProperties".to_owned(), json!(false));
    map.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        map.insert("required".to_owned(), json!(required));
    }
    Value::Object(map)
}

/// A mapping with keys of the user's own.
fn free(description: &str, value: &Value) -> Value {
    json!({ "description": description, "type": "object", "additionalProperties": value })
}

fn list(description: &str, item: Value) -> Value {
    json!({ "description": description, "type": "array", "items": item })
}

/// Any scalar; the program reads it as text.
fn text(description: &str) -> Value {
    json!({ "description": description, "type": ["string", "number", "boolean"] })
}

fn texts(description: &str) -> Value {
    json!({ "description": description, "oneOf": [text("One value."), { "type": "array", "items": text("A value.") }] })
}

fn id(description: &str) -> Value {
    json!({ "description": description, "type": "string", "pattern": "^[a-z0-9_-]{1,60}$" })
}

/// The id of something defined elsewhere in the inventory.
fn reference(description: &str) -> Value {
    json!({ "description": description, "type": "string" })
}

fn one_of<'a>(description: &str, words: impl IntoIterator<Item = &'a str>) -> Value {
    json!({ "description": description, "enum": words.into_iter().collect::<Vec<_>>() })
}

fn word_of<T>(description: &str, words: &[(&str, T)]) -> Value {
    one_of(description, words.iter().map(|(word, _)| *word))
}

fn flag(description: &str) -> Value {
    flag_or(description, &[])
}

/// A yes or no, or one of these words.
fn flag_or(description: &str, words: &[&str]) -> Value {
    let mut values = vec![json!(true), json!(false), json!("yes"), json!("no")];
    values.extend(words.iter().map(|word| json!(word)));
    json!({ "description": description, "enum": values })
}

fn amount(description: &str) -> Value {
    json!({ "description": description, "type": "number", "minimum": 0 })
}

fn positive(description: &str) -> Value {
    json!({ "description": description, "type": "number", "exclusiveMinimum": 0 })
}

fn between(description: &str, low: f64, high: f64) -> Value {
    json!({ "description": description, "type": "number", "minimum": low, "maximum": high })
}

fn whole(description: &str, least: u32) -> Value {
    json!({ "description": description, "type": "integer", "minimum": least })
}

fn share(description: &str) -> Value {
    between(description, 0.0, 1.0)
}

/// A number, or `{ low, high }`.
fn interval(description: &str, number: &Value) -> Value {
    json!({ "description": description, "oneOf": [
        number,
        { "type": "object", "additionalProperties": false, "required": ["low", "high"],
          "properties": { "low": number, "high": number } },
    ] })
}

fn share_interval(description: &str) -> Value {
    interval(description, &share("A share from 0 to 1."))
}

fn amount_interval(description: &str) -> Value {
    interval(description, &amount("A number of 0 or more."))
}

fn date(description: &str) -> Value {
    json!({ "description": description, "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
}

fn duration(description: &str) -> Value {
    json!({
        "description": format!("{description} Written 20s, 6m, 8h, 2d or 0:06:00."),
        "type": "string",
        "pattern": "^([0-9]+(\\.[0-9]+)? *[smhd]|[0-9]+:[0-5][0-9]:[0-5][0-9])$",
    })
}

fn hours(description: &str) -> Value {
    json!({ "description": format!("{description} As on OpenStreetMap: \"Mo-Fr 08:00-20:00; Sa 09:00-13:00; PH off\"."), "type": "string" })
}

fn languages(description: &str) -> Value {
    list(description, json!({ "type": "string", "pattern": "^[A-Za-z]{2,3}$" }))
}

fn kinds_and_groups(kinds: &[Arc<Kind>]) -> Vec<&str> {
    kinds.iter().map(|k| k.id.as_str()).chain(groups(kinds)).collect()
}

// The sections.

fn organisation() -> Value {
    object(
        "The organisation.",
        vec![
            ("name", text("Its name.")),
            (
                "country",
                json!({ "description": "ISO 3166 code of two letters; its public holidays count in opening hours.", "type": "string", "pattern": "^[A-Za-z]{2}$" }),
            ),
            ("region", json!({ "description": "Region for public holidays.", "type": ["string", "null"] })),
            (
                "timezone",
                json!({ "description": "IANA name of the zone of local times, such as Europe/Rome.", "type": "string" }),
            ),
            (
                "currency",
                json!({ "description": "ISO 4217 code of three letters. Amounts are never converted.", "type": "string", "pattern": "^[A-Za-z]{3}$" }),
            ),
            ("languages", languages("Languages that its customers speak.")),
            ("as_of", date("Date of the assessment; today if left out.")),
            ("budget", object("Money for channels.", vec![("per_year", amount("A year."))], &["per_year"])),
            ("improvement_capacity", whole("How many channels can be changed at once.", 1)),
            ("sells", flag("Whether it sells anything; if not, returns are not applicable.")),
        ],
        &["name", "timezone"],
    )
}

fn weights(description: &str) -> Value {
    let by_id: Vec<(&str, Value)> = CRITERIA.iter().map(|c| (*c, amount("Weight."))).collect();
    json!({ "description": description, "oneOf": [
        object("Weights by criterion.", by_id, &[]),
        object("Criteria in order.", vec![("order", json!({
            "description": "All six criteria, most important first.", "type": "array",
            "items": { "enum": CRITERIA }, "minItems": CRITERIA.len(), "uniqueItems": true,
        }))], &["order"]),
    ] })
}

fn segment(kinds: &[Arc<Kind>]) -> Value {
    let uses: Vec<(&str, Value)> = kinds_and_groups(kinds)
        .into_iter()
        .map(|word| (word, share_interval("Share of the segment able and willing to use it.")))
        .collect();
    object(
        "A group of customers.",
        vec![
            ("id", id("Its id.")),
            ("share", share("Share of all customers.")),
            (
                "uses",
                object(
                    "Share able and willing to use a kind or kind group; what is not named is unknown.",
                    uses,
                    &[],
                ),
            ),
            ("languages", languages("Languages its members speak.")),
        ],
        &["id"],
    )
}

fn touchpoint() -> Value {
    object(
        "A moment of the journey.",
        vec![
            ("id", id("Its id.")),
            ("stage", text("Stage of the journey.")),
            ("importance", between("From 1 (low) to 5 (vital).", 1.0, 5.0)),
            ("needs", list("What it needs from a channel.", word_of("A need.", &NEEDS))),
            ("identity", word_of("The least identity it needs.", &IDENTITIES)),
            ("bursts", flag("Demand comes in bursts, as in an outage.")),
            ("expected_contacts", whole("Contacts that one case takes as planned.", 1)),
        ],
        &["id"],
    )
}

fn survey() -> Value {
    let answers = share("Share of those asked.");
    object(
        "What surveyed customers answered.",
        vec![
            ("touchpoint", reference("About which touchpoint; all if left out.")),
            ("sample", whole("How many answered.", 1)),
            ("date", date("When.")),
            ("answers", one_of("Whether several channels could be chosen.", ["single", "multiple"])),
            ("ease", free("Ease of use by channel, kind or group, from 0 to 1.", &answers)),
            ("choose", free("Share that would choose a channel, kind or group.", &answers)),
        ],
        &["sample"],
    )
}

fn mystery() -> Value {
    object(
        "A round of test contacts.",
        vec![
            ("channel", reference("The channel.")),
            ("touchpoint", reference("The touchpoint; all if left out.")),
            ("date", date("When.")),
            ("contacts", whole("How many test contacts.", 1)),
            ("right", whole("With the right answer.", 0)),
            ("same_tone", whole("In the same tone.", 0)),
            ("switched", whole("Sent on to another channel.", 0)),
            ("repeated", whole("Of those, that had to repeat themselves.", 0)),
        ],
        &["channel", "contacts"],
    )
}

fn team() -> Value {
    let line = object(
        "People present in certain hours.",
        vec![("hours", hours("The hours.")), ("people", amount("People present."))],
        &["hours", "people"],
    );
    object(
        "A team.",
        vec![
            ("id", id("Its id.")),
            ("people", interval("Heads under contract.", &positive("A number of people."))),
            ("contract_hours", between("Hours a week in a contract.", 1.0, 80.0)),
            ("hours", hours("When it works.")),
            ("roster", list("People present by hours of the week.", line)),
            (
                "shrinkage",
                json!({ "description": "Share of paid time not at the desk.", "type": "number", "minimum": 0, "exclusiveMaximum": 1 }),
            ),
            ("languages", languages("Languages it speaks.")),
            ("cost_per_hour", amount("Cost of an hour.")),
            ("partner", flag("Somebody else's people who answer for us.")),
            ("capacity_per_hour", amount("Partners: contacts they can take in an hour.")),
            ("price_per_contact", amount("Partners: price of a contact.")),
            ("until", date("Partners: end of the contract.")),
        ],
        &["id"],
    )
}

fn system() -> Value {
    object(
        "A system that records contacts.",
        vec![
            ("id", id("Its id.")),
            ("shares_history", flag("People who answer see the customer's history in it.")),
            ("cost_per_year", amount("Yearly cost.")),
        ],
        &["id"],
    )
}

fn rivals(kinds: &[Arc<Kind>]) -> Value {
    let rival = object(
        "A competitor.",
        vec![
            ("name", text("Its name.")),
            ("checked", date("When somebody looked.")),
            (
                "channels",
                list("Kinds and groups it offers.", one_of("A kind or group.", kinds_and_groups(kinds))),
            ),
        ],
        &["name"],
    );
    json!({ "description": "What competitors offer; `none` if there are none.", "oneOf": [
        { "const": "none" }, list("Competitors.", rival),
    ] })
}

fn episodes() -> Value {
    object(
        "How contacts are joined to episodes.",
        vec![
            ("key", one_of("Which contacts belong together.", ["customer", "customer-and-reason"])),
            (
                "window",
                json!({ "description": "Whole days between contacts of one episode, such as 7d.", "type": "string", "pattern": "^[0-9]+ *[hd]$" }),
            ),
        ],
        &[],
    )
}

fn channels(kinds: &[Arc<Kind>]) -> Value {
    let mut channels = list("The channels: active, candidate, pilot or retiring.", channel(kinds));
    if let Value::Object(map) = &mut channels {
        map.insert("minItems".to_owned(), json!(1));
    }
    channels
}

fn channel(kinds: &[Arc<Kind>]) -> Value {
    let mut keys = vec![
        ("id", id("Its id.")),
        ("kind", one_of("Its kind.", kinds.iter().map(|k| k.id.as_str()))),
        ("status", word_of("Where it stands in its life.", &STATUSES)),
        ("aliases", texts("Its labels in the logs, beside its id.")),
        ("owner", text("Who owns it; `none` if nobody does.")),
        ("monitored", flag("Whether somebody looks at it.")),
        ("personal", flag_or("Agents see history, preference and consent.", &["partly"])),
        ("team", reference("The team that answers.")),
        ("system", reference("The system that records it.")),
        ("hours", hours("When it is open; the team's hours if left out.")),
        (
            "touchpoints",
            free("Touchpoints it serves.", &word_of("The main way, or one of the ways.", &PARTS)),
        ),
        ("for", list("Segments it is meant for; all if empty or left out.", reference("A segment."))),
        ("promise", promise()),
        ("cost", cost()),
        (
            "volume",
            object(
                "Contacts where no log covers the channel.",
                vec![("per_year", amount_interval("Contacts a year."))],
                &["per_year"],
            ),
        ),
        ("handle", duration("Handling time where no log tells.")),
        ("practices", practices()),
        ("links", list("Where it passes customers on to.", link())),
        ("identity", word_of("The identity it offers as set up here.", &IDENTITIES)),
        ("lawful", lawful()),
        ("protected", protected()),
        ("contributes", free("Contribution to objectives, from 0 to 1.", &share("Contribution."))),
        (
            "second_choice",
            free("Where its customers would go: shares by channel.", &share("Share of its customers.")),
        ),
        ("value_per_resolution", amount("Value of a resolved contact.")),
        ("concurrency", concurrency()),
        ("human_exit", human_exit()),
        ("accessible", flag("Usable by people with impairments.")),
    ];
    keys.extend(plan());
    object("A channel.", keys, &["id", "kind", "status"])
}

fn promise() -> Value {
    object(
        "A service target.",
        vec![
            (
                "share",
                json!({ "description": "Share of contacts.", "type": "number", "exclusiveMinimum": 0, "maximum": 1 }),
            ),
            ("within", duration("Answered within.")),
            ("clock", one_of("Whether only open hours count.", ["open", "always"])),
        ],
        &["share", "within"],
    )
}

fn cost() -> Value {
    object(
        "What it costs.",
        vec![
            ("per_year", amount("Each year.")),
            ("per_contact", amount("Each contact.")),
            ("one_off", amount("Once.")),
        ],
        &[],
    )
}

fn practices() -> Value {
    object(
        "Working practices.",
        vec![
            ("knowledge_base", flag("Agents have a knowledge base.")),
            ("training", flag("Agents are trained for this channel.")),
            ("quality_checks", flag("Answers are sampled and checked.")),
            ("back_up", flag("Somebody steps in.")),
            ("workflow", flag("Deferred kinds: a workflow acknowledges, answers and closes.")),
        ],
        &[],
    )
}

fn link() -> Value {
    object(
        "A way on to another channel.",
        vec![
            ("to", reference("To which channel.")),
            ("context", word_of("How much of the story travels.", &CONTEXTS)),
        ],
        &["to", "context"],
    )
}

fn lawful() -> Value {
    json!({ "description": "Review of law and privacy: its date, yes, refused, or open.", "anyOf": [
        date("Date of the review."), { "enum": [true, "yes", "refused", "open"] },
    ] })
}

fn protected() -> Value {
    let duty = object(
        "A legal duty.",
        vec![("by", text("The act.")), ("minimum", text("The least that honours it."))],
        &["by"],
    );
    json!({ "description": "Why it may not be closed; `no` if somebody looked and it may.", "anyOf": [
        duty, { "enum": ["sole-access", "no", false] },
    ] })
}

fn concurrency() -> Value {
    object(
        "Chats that one agent holds at once.",
        vec![
            ("max", whole("At most so many.", 1)),
            (
                "speed",
                json!({ "description": "Speed with 1, 2, … chats relative to one; the first is 1.", "type": "array", "minItems": 1, "items": { "type": "number", "minimum": 1 } }),
            ),
        ],
        &[],
    )
}

fn human_exit() -> Value {
    let to = object("A channel where people answer.", vec![("to", reference("The channel."))], &["to"]);
    json!({ "description": "Automated kinds: the way to a person.", "anyOf": [to, flag("Whether there is one.")] })
}

/// The keys of a channel that is not open yet.
fn plan() -> Vec<(&'static str, Value)> {
    let changes: Vec<(&str, Value)> =
        CHANGES.iter().map(|change| (*change, flag_or("Whether it is done.", &["briefed"]))).collect();
    let mut changes = object("What else changes with a new channel.", changes, &[]);
    if let Value::Object(map) = &mut changes {
        map.insert("additionalProperties".to_owned(), flag_or("Whether it is done.", &["briefed"]));
    }
    vec![
        (
            "need",
            object(
                "Candidates: what for.",
                vec![
                    ("why", text("Why.")),
                    ("evidence", word_of("Needed for a task, wanted, or none.", &EVIDENCE)),
                    ("source", text("Where that is known from.")),
                ],
                &["why", "evidence"],
            ),
        ),
        ("replaces", texts("Candidates: the channel or channels it takes the place of.")),
        (
            "forecast",
            object(
                "Candidates: what to expect.",
                vec![
                    ("contacts_per_year", amount_interval("Contacts a year.")),
                    (
                        "from",
                        free(
                            "Where they come from: shares of the forecast by channel; the rest is new demand.",
                            &share("Share of the forecast."),
                        ),
                    ),
                    ("handle", duration("Handling time.")),
                    ("resolution", share_interval("Share of contacts that end well.")),
                ],
                &[],
            ),
        ),
        ("new_demand_budget", amount("Candidates: accepted new demand, contacts a year.")),
        ("redirect", free("Where contacts of a replaced channel go, if not here.", &reference("A channel."))),
        ("budget_signed_by", text("Who signs for the money.")),
        (
            "trial",
            object(
                "A proposed trial.",
                vec![
                    ("touchpoint", reference("At which touchpoint.")),
                    ("weeks", whole("For how many weeks.", 1)),
                    ("metric", reference("Measured by which indicator.")),
                    ("goal", amount("Good enough from here.")),
                    ("stop", amount("Stop from here.")),
                ],
                &[],
            ),
        ),
        ("changes", changes),
    ]
}

fn judgement() -> Value {
    object(
        "A person's rating.",
        vec![
            ("channel", reference("Of which channel.")),
            ("indicator", reference("On which indicator.")),
            ("points", interval("From 0 to 100.", &between("Points.", 0.0, 100.0))),
            ("by", text("By whom and when.")),
            ("because", text("Why.")),
        ],
        &["channel", "indicator", "points"],
    )
}

fn usage_entry() -> Value {
    let column = json!({ "description": "A column, several joined by a space, or { column, yes, no }.", "oneOf": [
        texts("A column, or several joined by a space."),
        object("A column and what its values mean.", vec![
            ("column", texts("The column.")),
            ("yes", texts("Values that mean yes.")),
            ("no", texts("Values that mean no.")),
        ], &["column"]),
    ] });
    let columns = ROLES.iter().map(|(role, _)| (*role, column.clone())).collect();
    let fixed = ROLES.iter().map(|(role, _)| (*role, text("The value of every row."))).collect();
    object(
        "One or more logs of the same form.",
        vec![
            ("path", text("A file, folder or glob, relative to this file.")),
            ("columns", object("Columns by role; the others are recognised by name.", columns, &[])),
            ("fixed", object("Values for the whole file, by role.", fixed, &[])),
            (
                "time_format",
                json!({ "description": "Form of times, such as \"%d/%m/%Y %H:%M\"; recognised if left out.", "type": "string" }),
            ),
            ("unknown", free("Values that mean \"not recorded\", by column.", &texts("The values."))),
            ("touchpoint_values", free("Touchpoint by value of the log.", &reference("A touchpoint."))),
            ("reason_values", free("Reason by value of the log.", &text("A reason."))),
            (
                "ignore",
                free("Rows that are no customer's contact, by column: counted apart.", &texts("The values.")),
            ),
            (
                "one_row_is",
                one_of("What a row stands for; a step needs the column of its case.", ["contact", "step"]),
            ),
            (
                "satisfaction_scale",
                json!({ "description": "Lowest and highest value, such as 1..5.", "type": "string", "pattern": "^ *-?[0-9.]+ *\\.\\. *-?[0-9.]+ *$" }),
            ),
        ],
        &["path"],
    )
}

fn policy() -> Value {
    let severity = word_of("How grave; `off`: not asked.", &REQUIRED);
    object(
        "What a check fails on.",
        vec![
            ("fail_on", word_of("The least severity that fails.", &Severity::WORDS)),
            ("require", free("Severity by finding.", &severity)),
            ("allow", list("Findings that are let pass.", reference("A finding."))),
        ],
        &[],
    )
}

fn waiver() -> Value {
    object(
        "An accepted exception.",
        vec![
            ("code", reference("The finding.")),
            ("channel", reference("The channel; any if left out.")),
            ("subject", text("What the finding is about (a label, a touchpoint, …); anything if left out.")),
            ("reason", text("Why.")),
            ("until", date("The last day on which it holds.")),
        ],
        &["code", "reason"],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::source::Source;
    use crate::text::tree::{Diagnostics, Node, NodeKind, parse};

    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/inventory.schema.json");

    const VALID: [(&str, &str); 4] = [
        ("design", include_str!("../../tests/fixtures/design.yaml")),
        ("small", include_str!("../../examples/small/inventory.yaml")),
        ("healthy", include_str!("../../examples/healthy/inventory.yaml")),
        ("lumen", include_str!("../../examples/lumen/inventory.yaml")),
    ];

    fn built() -> Value {
        schema(&crate::criteria::load::embedded().expect("the built-in criteria are right").kinds)
    }

    /// As an editor reads YAML; `old` editors take `yes` and `no` for true and false.
    fn value(node: &Node, old: bool) -> Value {
        match &node.kind {
            NodeKind::Null => Value::Null,
            NodeKind::Scalar { text, quoted: true } => json!(text),
            NodeKind::Scalar { text, .. } => match text.as_str() {
                "true" => json!(true),
                "false" => json!(false),
                "yes" if old => json!(true),
                "no" if old => json!(false),
                _ => text
                    .parse::<i64>()
                    .map(|n| json!(n))
                    .or_else(|_| text.parse::<f64>().map(|n| json!(n)))
                    .unwrap_or_else(|_| json!(text)),
            },
            NodeKind::List(items) => items.iter().map(|item| value(item, old)).collect(),
            NodeKind::Map(entries) => {
                Value::Object(entries.iter().map(|e| (e.key.clone(), value(&e.value, old))).collect())
            }
        }
    }

    fn read(text: &str, old: bool) -> Value {
        value(&parse(&Source::new("t.yaml", text), &Diagnostics::default()).expect("valid YAML"), old)
    }

    fn faults(validator: &jsonschema::Validator, instance: &Value) -> Vec<String> {
        validator.iter_errors(instance).map(|e| format!("{}: {e}", e.instance_path())).collect()
    }

    #[test]
    fn the_committed_schema_is_the_built_one() {
        let text = serde_json::to_string_pretty(&built()).unwrap() + "\n";
        if std::env::var_os("CHANFOLIO_WRITE_SCHEMA").is_some() {
            std::fs::write(FILE, &text).unwrap();
        }
        let committed = std::fs::read_to_string(FILE).unwrap_or_default();
        assert!(
            committed == text,
            "write it anew: CHANFOLIO_WRITE_SCHEMA=1 cargo test --lib inventory::schema"
        );
    }

    #[test]
    fn every_valid_inventory_validates() {
        let schema = built();
        assert!(jsonschema::meta::is_valid(&schema));
        let validator = jsonschema::validator_for(&schema).unwrap();
        for (name, text) in VALID {
            for old in [false, true] {
                let faults = faults(&validator, &read(text, old));
                assert!(faults.is_empty(), "{name} (old: {old}):\n{}", faults.join("\n"));
            }
        }
    }

    #[test]
    fn mistakes_do_not_validate() {
        let validator = jsonschema::validator_for(&built()).unwrap();
        let head = "schema: 1\norganisation: { name: A, timezone: UTC }\n";
        let channel = "channels: [{ id: phone, kind: phone, status: active";
        let good = format!("{head}{channel} }}]\n");
        assert!(validator.is_valid(&read(&good, false)));
        for tail in [
            "chanels: []",
            "teams: [{ id: care, peple: 3 }]",
            "touchpoints: [{ id: a, needs: [dialog] }]",
            "segments: [{ id: a, share: 40 }]",
            "segments: [{ id: a, uses: { fone: 1 } }]",
            "episodes: { window: 7 }",
            "usage: [{ path: a.csv, columns: { tiem: a } }]",
            "absent: [chat]",
        ] {
            assert!(!validator.is_valid(&read(&format!("{good}{tail}\n"), false)), "{tail}");
        }
        for key in
            ["handle: 240", "monitored: maybe", "lawful: never", "promise: { share: 0.8 }", "statuss: x"]
        {
            assert!(!validator.is_valid(&read(&format!("{head}{channel}, {key} }}]\n"), false)), "{key}");
        }
        assert!(!validator.is_valid(&read(&format!("{head}channels: []\n"), false)));
        assert!(!validator.is_valid(&read("schema: 2\n", false)));
    }

    /// Every key that the lowering reads stands in the schema, and no other.
    #[test]
    fn keys_are_those_that_are_read() {
        let schema = built();
        let keys = |value: &Value| -> Vec<String> {
            let mut keys: Vec<String> = value["properties"].as_object().unwrap().keys().cloned().collect();
            keys.sort();
            keys
        };
        let sorted = |words: &[&str]| -> Vec<String> {
            let mut words: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
            words.sort();
            words
        };
        assert_eq!(keys(&schema), sorted(&super::super::lower::KEYS));
        let channel = &schema["properties"]["channels"]["items"];
        assert_eq!(keys(channel), sorted(&super::super::lower::channel::KEYS));
        let entry = &schema["properties"]["usage"]["items"];
        assert_eq!(keys(entry), sorted(&super::super::lower::usage::KEYS));
    }
}
