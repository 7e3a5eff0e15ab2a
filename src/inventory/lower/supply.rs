//! Who answers and where contacts are recorded: teams with their rosters, and systems.

use super::Lower;
use super::customers::id_place;
use super::values::{amount, at, date, flag, hours, interval, languages};
use crate::inventory::{RosterLine, System, Team};
use crate::quantity::Interval;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::Located;
use crate::text::tree::{Diagnostics, Fields, Node};

/// Most people anywhere.
const MOST_PEOPLE: f64 = 1e6;

impl Lower<'_> {
    pub(super) fn teams(&self, node: &Node) -> Vec<Team> {
        node.items(self.d, "a list of teams").iter().filter_map(|item| self.team_of(item)).collect()
    }

    fn team_of(&self, node: &Node) -> Option<Team> {
        let d = self.d;
        let f = node.fields(
            d,
            "a team",
            &[
                "id",
                "people",
                "contract_hours",
                "hours",
                "roster",
                "shrinkage",
                "languages",
                "cost_per_hour",
                "partner",
                "capacity_per_hour",
                "price_per_contact",
                "until",
            ],
        )?;
        let id = f.require("id").and_then(|n| n.text(d));
        let people = f.with("people", people);
        let contract_hours = f
            .get("contract_hours")
            .and_then(|n| n.number_in(d, 1.0, 80.0, "contract hours a week from 1 to 80"));
        let hours_open = f.get("hours").and_then(|n| hours(n, &self.calendar, d));
        let roster = f
            .get("roster")
            .map(|n| {
                n.items(d, "a list of roster lines").iter().filter_map(|i| self.roster_line(i)).collect()
            })
            .unwrap_or_default();
        let shrinkage = f.with("shrinkage", shrinkage);
        let languages = f.get("languages").map(|n| at(n, languages(n, d)));
        let cost_per_hour = f.with("cost_per_hour", amount);
        let partner = f.get("partner").and_then(|n| n.flag(d)).unwrap_or(false);
        let capacity_per_hour = f.with("capacity_per_hour", amount).map(|v| v.value);
        let price_per_contact = f.with("price_per_contact", amount).map(|v| v.value);
        let until = f.with("until", date);
        if !partner {
            partner_only(&f, d);
        }
        Some(Team {
            id: id?,
            partner,
            people,
            contract_hours,
            hours: hours_open,
            roster,
            shrinkage,
            languages,
            cost_per_hour,
            capacity_per_hour,
            price_per_contact,
            until,
            at: id_place(&f),
        })
    }

    fn roster_line(&self, node: &Node) -> Option<RosterLine> {
        let d = self.d;
        let f = node.fields(d, "a roster line", &["hours", "people"])?;
        let open = f.require("hours").and_then(|n| hours(n, &self.calendar, d));
        let people = f
            .require("people")
            .and_then(|n| n.number_in(d, 0.0, MOST_PEOPLE, "a number of people of 0 or more"));
        Some(RosterLine { hours: open?.value, people: people?, at: f.head() })
    }

    pub(super) fn systems(&self, node: &Node) -> Vec<System> {
        let d = self.d;
        node.items(d, "a list of systems")
            .iter()
            .filter_map(|item| {
                let f = item.fields(d, "a system", &["id", "shares_history", "cost_per_year"])?;
                let id = f.require("id").and_then(|n| n.text(d));
                let shares_history = f.with("shares_history", flag).map(|v| v.value);
                let cost_per_year = f.with("cost_per_year", amount).map(|v| v.value);
                Some(System { id: id?, shares_history, cost_per_year, at: id_place(&f) })
            })
            .collect()
    }
}

fn people(node: &Node, d: &Diagnostics) -> Option<Located<Interval>> {
    let (people, _) = interval(node, d, -MOST_PEOPLE, MOST_PEOPLE, "a number of people")?;
    if people.value.low > 0.0 {
        return Some(people);
    }
    let found = if people.value.low == people.value.high {
        format!("{} people", people.value.low)
    } else {
        format!("{} to {} people", people.value.low, people.value.high)
    };
    d.push(
        Diagnostic::error("no-people", format!("a team with {found} answers nobody"), node.at.clone())
            .label("greater than 0")
            .help("write how many are under contract; leave `people` out if you do not know; delete the team if it is gone"),
    );
    None
}

fn shrinkage(node: &Node, d: &Diagnostics) -> Option<f64> {
    let share = node.share(d)?;
    if share < 1.0 {
        return Some(share);
    }
    d.push(
        Diagnostic::error(
            "out-of-range",
            "with a shrinkage of 1 nobody is ever at the desk",
            node.at.clone(),
        )
        .label("less than 1")
        .help("shrinkage is the share of paid time away from the desk, such as 0.3"),
    );
    None
}

/// Warns of keys that mean something for a partner's team only.
fn partner_only(f: &Fields<'_>, d: &Diagnostics) {
    for key in ["capacity_per_hour", "price_per_contact", "until"] {
        if let Some(entry) = f.entry(key) {
            d.push(
                Diagnostic::warning(
                    "partner-only-key",
                    format!("`{key}` is read for a partner's team only"),
                    entry.key_at.clone(),
                )
                .help("write `partner: yes` if this team is somebody else's"),
            );
        }
    }
}
