//! Inventories and rows made by hand, and questions put to a census.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::census::Census;
use crate::census::fold::{Fold, Options};
use crate::census::table::{Column, Facet};
use crate::criteria::Criteria;
use crate::inventory::{
    Channel, ColumnOf, Cost, Episodes, Hours, Inventory, Organisation, Policy, Practices, Promise, Rivals,
    Role, RowIs, Status, Touchpoint, UsageEntry,
};
use crate::text::source::{Located, Place, Source};
use crate::usage::{Moment, Outcome, Row};

/// The built-in criteria.
pub(super) fn criteria() -> &'static Criteria {
    static CRITERIA: OnceLock<Criteria> = OnceLock::new();
    CRITERIA.get_or_init(|| crate::criteria::load::embedded().expect("the built-in criteria are valid"))
}

fn place() -> Place {
    Place { source: Source::new("test.yaml", ""), range: 0..0 }
}

pub(super) fn located<T>(value: T) -> Located<T> {
    Located { value, at: place() }
}

/// An inventory in Rome with channels of these ids and kinds.
pub(super) fn inventory(channels: &[(&str, &str)]) -> Inventory {
    Inventory {
        source: Source::new("test.yaml", ""),
        directory: PathBuf::from("."),
        organisation: Organisation {
            name: "Test".into(),
            country: Some("IT".into()),
            region: None,
            timezone: TimeZone::get("Europe/Rome").expect("a zone"),
            timezone_name: "Europe/Rome".into(),
            currency: None,
            languages: vec![],
            as_of: None,
            budget_per_year: None,
            improvement_capacity: None,
            sells: None,
        },
        objectives: vec![],
        weights: None,
        stakeholders: vec![],
        segments: vec![],
        touchpoints: vec![],
        surveys: vec![],
        mystery: vec![],
        teams: vec![],
        systems: vec![],
        absent: vec![],
        rivals: Rivals::Unknown,
        lost_share: None,
        episodes: Episodes::default(),
        channels: channels.iter().map(|(id, kind)| channel(id, kind)).collect(),
        judgements: vec![],
        usage: vec![entry(&[])],
        policy: Policy::default(),
        waivers: vec![],
        sections: vec![],
    }
}

fn channel(id: &str, kind: &str) -> Channel {
    Channel {
        id: id.into(),
        kind: Arc::clone(criteria().kind(kind).unwrap_or_else(|| panic!("no kind {kind}"))),
        status: Status::Active,
        aliases: vec![],
        owner: None,
        monitored: None,
        personal: None,
        team: None,
        system: None,
        hours: None,
        touchpoints: vec![],
        meant_for: None,
        promise: None,
        cost: Cost::default(),
        volume_per_year: None,
        handle_s: None,
        practices: Practices::default(),
        links: None,
        identity: None,
        lawful: None,
        protected: None,
        contributes: vec![],
        second_choice: None,
        value_per_resolution: None,
        concurrency: None,
        human_exit: None,
        need: None,
        replaces: vec![],
        forecast: None,
        new_demand_budget: None,
        redirect: vec![],
        budget_signed_by: None,
        accessible: None,
        trial: None,
        changes: None,
        at: place(),
    }
}

/// A usage entry that maps these roles.
pub(super) fn entry(roles: &[Role]) -> UsageEntry {
    UsageEntry {
        path: located("log.csv".into()),
        columns: roles
            .iter()
            .map(|role| (*role, ColumnOf { columns: vec![located("x".into())], yes: vec![], no: vec![] }))
            .collect(),
        fixed: vec![],
        time_format: None,
        unknown: vec![],
        touchpoint_values: vec![],
        reason_values: vec![],
        ignore: vec![],
        row_is: RowIs::Contact,
        satisfaction_scale: None,
        at: place(),
    }
}

pub(super) fn touchpoint(id: &str, expected_contacts: u32) -> Touchpoint {
    Touchpoint {
        id: id.into(),
        stage: None,
        importance: None,
        needs: None,
        identity: None,
        bursts: false,
        expected_contacts,
        at: place(),
    }
}

pub(super) fn hours(text: &str) -> Located<Hours> {
    located(Hours::new(text.into(), text.parse().expect("hours")))
}

pub(super) fn promise(share: f64, within_s: f64, open_clock: bool) -> Located<Promise> {
    located(Promise { share, within_s, open_clock })
}

/// A moment in Rome: `2026-03-02T10:00`, or a date alone.
pub(super) fn at(text: &str) -> Moment {
    let zone = TimeZone::get("Europe/Rome").expect("a zone");
    if let Ok(time) = text.parse::<DateTime>()
        && text.contains('T')
    {
        let zoned = time.to_zoned(zone).expect("a time");
        return Moment {
            unix_ms: zoned.timestamp().as_millisecond(),
            date: time.date(),
            hour: u8::try_from(time.hour()).ok(),
        };
    }
    let date: Date = text.parse().expect("a date");
    let midnight = date.to_zoned(zone).expect("a midnight").timestamp().as_millisecond();
    Moment { unix_ms: midnight, date, hour: None }
}

/// A row of a channel (by position) at a time.
pub(super) fn row(channel: usize, time: &str) -> Row<'static> {
    Row {
        entry: 0,
        at: at(time),
        channel: Ok(channel),
        customer: None,
        reason: None,
        touchpoint: None,
        segment: None,
        direction: None,
        conversation: None,
        continues: None,
        contact_id: None,
        case: None,
        counts: None,
        wait_ms: None,
        handle_ms: None,
        answered: None,
        abandoned: None,
        replied: None,
        closed: None,
        due: None,
        on_time: None,
        resolved: None,
        transferred_to: None,
        repeated: None,
        opened: None,
        opted_out: None,
        satisfied: None,
        nps: None,
        cost_minor: None,
        revenue_minor: None,
    }
}

/// The same with a customer.
pub(super) fn of(customer: &str, channel: usize, time: &str) -> Row<'static> {
    Row { customer: Some(customer.to_owned().into()), ..row(channel, time) }
}

/// A row of nobody on a day long after: the log goes on.
pub(super) fn log_goes_on(channel: usize, time: &str) -> Row<'static> {
    Row { answered: Some(false), abandoned: Some(false), ..row(channel, time) }
}

/// The census of these rows.
pub(super) fn census(inventory: &Inventory, rows: Vec<Row<'_>>) -> Census {
    fold(inventory, rows, Options::default()).finish(1).expect("rows")
}

pub(super) fn fold<'i>(inventory: &'i Inventory, rows: Vec<Row<'_>>, options: Options) -> Fold<'i> {
    let mut fold = Fold::new(inventory, criteria(), options);
    rows.into_iter().for_each(|row| fold.take(&Outcome::Row(row)));
    fold
}

/// Sum of a column over a facet, a channel and the keys that are given (`*`: any).
pub(super) fn sum(census: &Census, facet: Facet, channel: &str, keys: &[&str], column: Column) -> i64 {
    census
        .rows
        .iter()
        .filter(|(key, _)| key.facet == facet && (channel == "*" || key.channel == channel))
        .filter(|(key, _)| {
            keys.iter().zip(&key.keys).all(|(wanted, found)| *wanted == "*" || wanted == found)
        })
        .map(|(_, sums)| sums[column])
        .sum()
}

/// Contacts of a facet, a channel and keys.
pub(super) fn count(census: &Census, facet: Facet, channel: &str, keys: &[&str]) -> i64 {
    sum(census, facet, channel, keys, Column::Contacts)
}

/// A column over a channel's use.
pub(super) fn used(census: &Census, channel: &str, column: Column) -> i64 {
    sum(census, Facet::Use, channel, &[], column)
}
