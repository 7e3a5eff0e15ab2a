//! Facts held against numbers computed by hand.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::*;
use crate::census::{Column, Facet, Key};
use crate::criteria::MEASURES;
use crate::inventory::{
    Context, Cost, Episodes, Evidence, Forecast, Identity, Link, Mystery, Need, NeedStatement, Organisation,
    Owner, Part, Policy, Practices, Rivals, Segment, Survey, SurveyTarget, System, SystemIx, Team, TeamIx,
    UseOf,
};
use crate::text::source::{Located, Place, Source};

fn criteria() -> &'static Criteria {
    static CRITERIA: OnceLock<Criteria> = OnceLock::new();
    CRITERIA.get_or_init(|| crate::criteria::load::embedded().expect("the built-in criteria are valid"))
}

fn place() -> Place {
    Place { source: Source::new("test.yaml", ""), range: 0..0 }
}

fn located<T>(value: T) -> Located<T> {
    Located { value, at: place() }
}

const DAY: Date = date(2026, 6, 1);

fn inventory(channels: &[(&str, &str)]) -> Inventory {
    Inventory {
        source: Source::new("test.yaml", ""),
        directory: PathBuf::from("."),
        organisation: Organisation {
            name: "Test".into(),
            country: None,
            region: None,
            timezone: TimeZone::UTC,
            timezone_name: "UTC".into(),
            currency: None,
            languages: vec!["it".into()],
            as_of: None,
            budget_per_year: None,
            improvement_capacity: None,
            sells: None,
        },
        objectives: vec![],
        weights: None,
        stakeholders: vec![],
        segments: vec![],
        touchpoints: vec![touchpoint("billing"), touchpoint("outage")],
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
        usage: vec![],
        policy: Policy::default(),
        waivers: vec![],
        sections: vec![],
    }
}

fn touchpoint(id: &str) -> Touchpoint {
    Touchpoint {
        id: id.into(),
        stage: None,
        importance: None,
        needs: None,
        identity: None,
        bursts: false,
        expected_contacts: 1,
        at: place(),
    }
}

fn channel(id: &str, kind: &str) -> Channel {
    Channel {
        id: id.into(),
        kind: Arc::clone(criteria().kind(kind).expect("a kind")),
        status: Status::Active,
        aliases: vec![],
        owner: None,
        monitored: None,
        personal: None,
        team: None,
        system: None,
        hours: None,
        touchpoints: vec![(TouchpointIx(0), located(Part::Primary))],
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

fn segment(id: &str, share: f64, uses: &[(UseOf, f64)]) -> Segment {
    Segment {
        id: id.into(),
        share: Some(share),
        uses: uses.iter().map(|(u, v)| (u.clone(), located(Interval::point(*v)))).collect(),
        languages: vec![],
        at: place(),
    }
}

fn forecast(contacts: Interval, from: &[(usize, f64)]) -> Forecast {
    Forecast {
        contacts_per_year: Some(located(contacts)),
        contacts_given_as_interval: true,
        from: from.iter().map(|(c, s)| (ChannelIx(*c), located(*s))).collect(),
        handle_s: None,
        resolution: None,
        at: place(),
    }
}

/// A census of one year, 2025-06-01 to 2026-05-31, window 7 days.
#[derive(Default)]
struct Table(Census);

impl Table {
    fn new() -> Self {
        let mut table = Self::default();
        table.row(Facet::Meta, "", &["period", "2025-06-01", "2026-05-31"], &[]);
        table.row(Facet::Meta, "", &["window", "7"], &[]);
        table
    }

    fn row(&mut self, facet: Facet, channel: &str, keys: &[&str], sums: &[(Column, i64)]) -> &mut Self {
        let mut all: [String; 4] = Default::default();
        keys.iter().zip(all.iter_mut()).for_each(|(k, slot)| (*k).clone_into(slot));
        let entry = self.0.rows.entry(Key { facet, channel: channel.into(), keys: all }).or_default();
        sums.iter().for_each(|(c, n)| entry[*c] += n);
        self
    }

    /// Contacts on a day at noon, with an id each, at a touchpoint about a reason.
    fn contacts(&mut self, channel: &str, touchpoint: &str, reason: &str, n: i64) -> &mut Self {
        let sums = [(Column::Contacts, n), (Column::Identified, n)];
        self.row(Facet::Slot, channel, &["2025-06-02", "12"], &sums);
        self.row(Facet::Use, channel, &[touchpoint, reason, "", "from-customer"], &sums)
    }

    fn classes(&mut self, channel: &str, touchpoint: &str, classes: &[(&str, i64)]) -> &mut Self {
        for (class, n) in classes {
            self.row(Facet::Followup, channel, &["7", touchpoint, "", class], &[(Column::Contacts, *n)]);
        }
        self
    }

    fn step(&mut self, from: &str, to: &str, n: i64) -> &mut Self {
        self.row(Facet::Step, from, &[to, "7", ""], &[(Column::Contacts, n)])
    }
}

fn facts<'a>(inventory: &'a Inventory, census: Option<&'a Table>) -> Facts<'a> {
    Facts::gather(inventory, criteria(), census.map(|t| &t.0), DAY)
}

fn at(channel: usize, touchpoint: usize) -> Subject {
    Subject { channel: ChannelIx(channel), touchpoint: Some(TouchpointIx(touchpoint)) }
}

#[track_caller]
fn close(reading: &Reading, value: f64, low: f64, high: f64) -> Known {
    let known = reading.known().unwrap_or_else(|| panic!("{reading:?}")).clone();
    for (is, should) in [(known.value, value), (known.low, low), (known.high, high)] {
        assert!((is - should).abs() < 5e-5, "{known:?} is not {value} ({low} to {high})");
    }
    known
}

#[test]
fn readers_are_the_measures_in_their_order() {
    let readers: Vec<&str> = READERS.iter().map(|(id, _)| *id).collect();
    let measures: Vec<&str> = MEASURES.iter().map(|m| m.id).collect();
    assert_eq!(readers, measures);
}

#[test]
fn without_anything_every_measure_has_a_reason_and_none_a_value() {
    let inventory = inventory(&[("phone", "phone"), ("bot", "chatbot"), ("news", "newsletter_push")]);
    let facts = facts(&inventory, None);
    for (ix, _) in inventory.channels() {
        for measure in MEASURES {
            let reading = facts.read(measure.id, Subject { channel: ix, touchpoint: Some(TouchpointIx(0)) });
            match reading {
                Reading::Unknown { because } | Reading::NotApplicable { because } => {
                    assert!(!because.is_empty())
                }
                Reading::Known(known) => panic!("{}: {known:?}", measure.id),
            }
        }
    }
    assert!(facts.counted().is_none() && facts.completeness().is_empty());
}

#[test]
fn audience_weighs_segments_and_a_kind_outranks_its_group() {
    let group = || UseOf::Group("messaging".into());
    let mut inventory = inventory(&[("whatsapp", "whatsapp")]);
    inventory.segments = vec![
        segment("over-65", 0.27, &[(group(), 0.45)]),
        segment("families", 0.51, &[(group(), 0.92)]),
        segment("firms", 0.22, &[(group(), 0.70)]),
    ];
    // .27 x .45 + .51 x .92 + .22 x .70
    close(&facts(&inventory, None).read("audience", at(0, 0)), 0.7447, 0.7447, 0.7447);
    inventory.segments[2] = segment("firms", 0.22, &[(group(), 0.70), (UseOf::Kind("whatsapp".into()), 0.5)]);
    close(&facts(&inventory, None).read("audience", at(0, 0)), 0.7007, 0.7007, 0.7007);
    inventory.segments[2] = segment("firms", 0.22, &[]);
    close(&facts(&inventory, None).read("audience", at(0, 0)), 0.7007, 0.5907, 0.8107);
}

#[test]
fn a_survey_of_812_gives_17_percent_from_15_to_20() {
    let mut inventory = inventory(&[("whatsapp", "whatsapp")]);
    inventory.surveys = vec![Survey {
        touchpoint: Some(TouchpointIx(0)),
        sample: 812,
        date: None,
        multiple_answers: false,
        ease: vec![(SurveyTarget::Use(UseOf::Kind("whatsapp".into())), 0.7)],
        choose: vec![(SurveyTarget::Use(UseOf::Group("messaging".into())), 0.17)],
        at: place(),
    }];
    let known = close(&facts(&inventory, None).read("asked-for", at(0, 0)), 0.17, 0.145_71, 0.197_38);
    assert_eq!((known.grade, known.n), (Grade::Sampled, Some(812)));
    assert!(facts(&inventory, None).read("asked-for", at(0, 1)).known().is_none());
    let ease = facts(&inventory, None).read("ease", at(0, 0));
    assert!((ease.known().unwrap().value - 70.0).abs() < 1e-9);
    // Two channels of the group: the choice is an upper end for each.
    inventory.channels.push(channel("telegram", "telegram"));
    close(&facts(&inventory, None).read("asked-for", at(0, 0)), 0.085, 0.0, 0.197_38);
}

#[test]
fn functions_hold_identity_against_the_level_needed() {
    let mut inventory = inventory(&[("email", "email")]);
    inventory.touchpoints[0].needs = Some(vec![Need::Identity, Need::Documents, Need::Dialogue]);
    inventory.touchpoints[0].identity = Some(Identity::Medium);
    // E-mail is usually weak: partly; documents yes; dialogue partly: (.5 + 1 + .5) / 3.
    close(&facts(&inventory, None).read("functions", at(0, 0)), 2.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0);
    inventory.channels[0].identity = Some(located(Identity::Medium));
    close(&facts(&inventory, None).read("functions", at(0, 0)), 2.5 / 3.0, 2.5 / 3.0, 2.5 / 3.0);
    let context = facts(&inventory, None).read("context", at(0, 0));
    assert!(matches!(context, Reading::NotApplicable { .. }), "{context:?}");
    inventory.touchpoints[0].needs = Some(vec![Need::Urgency, Need::PrivatePlace]);
    close(&facts(&inventory, None).read("context", at(0, 0)), 0.5, 0.5, 0.5);
}

#[test]
fn practices_count_what_nobody_answered_both_ways() {
    let mut inventory = inventory(&[("phone", "phone")]);
    let c = &mut inventory.channels[0];
    c.owner = Some(located(Owner::Named("care".into())));
    c.practices.knowledge_base = Some(located(true));
    c.practices.training = Some(located(true));
    c.practices.quality_checks = Some(located(false));
    close(&facts(&inventory, None).read("practices", at(0, 0)), 0.7, 0.6, 0.8);
}

#[test]
fn need_reads_the_scale_of_the_defaults() {
    let mut inventory = inventory(&[("whatsapp", "whatsapp")]);
    inventory.channels[0].status = Status::Candidate;
    inventory.channels[0].need =
        Some(located(NeedStatement { why: "x".into(), evidence: Evidence::Wanted, source: None }));
    close(&facts(&inventory, None).read("need", at(0, 0)), 1.0, 1.0, 1.0);
}

#[test]
fn carries_is_a_share_of_contacts_and_never_of_sessions() {
    let inventory = inventory(&[("phone", "phone"), ("email", "email"), ("bot", "chatbot")]);
    let mut table = Table::new();
    table.contacts("phone", "billing", "", 300).contacts("email", "billing", "", 100);
    table.contacts("email", "outage", "", 60).contacts("bot", "billing", "", 5000);
    let facts = facts(&inventory, Some(&table));
    close(&facts.read("carries", at(0, 0)), 0.75, 0.75, 0.75);
    close(&facts.read("carries", at(1, 0)), 0.25, 0.25, 0.25);
    assert!(matches!(facts.read("carries", at(2, 0)), Reading::NotApplicable { .. }));
    assert_eq!(facts.volume(ChannelIx(0)), Some(Interval::point(300.0)));
    let counted = facts.counted().unwrap();
    assert_eq!((counted.contacts, counted.days), (460, 365));
    assert_eq!(counted.channels[2].share, None);
    // 52 whole weeks, contacts in one of them: a trend there is, and it falls.
    assert!(counted.channels[0].trend.as_ref().is_ok_and(|t| *t < 0.0));
    assert!(counted.channels[0].role.is_none(), "no episodes, no role");
}

#[test]
fn a_candidate_carries_its_forecast_of_todays_and_new_demand() {
    let mut inventory = inventory(&[("phone", "phone"), ("whatsapp", "whatsapp")]);
    inventory.channels[1].status = Status::Candidate;
    inventory.channels[1].forecast = Some(forecast(Interval::new(500.0, 1500.0), &[(0, 0.4)]));
    let mut table = Table::new();
    table.contacts("phone", "billing", "", 3000);
    let facts = facts(&inventory, Some(&table));
    // F / (D + .6 F) with F = 1000, 500, 1500 and D = 3000.
    close(&facts.read("carries", at(1, 0)), 1000.0 / 3600.0, 500.0 / 3300.0, 1500.0 / 3900.0);
    let effect = facts.effect(ChannelIx(1)).unwrap();
    assert_eq!(effect.moved, vec![(ChannelIx(0), Interval::new(200.0, 600.0))]);
    assert_eq!(effect.new, Some(Interval::new(300.0, 900.0)));
    assert!(effect.cost_per_year.is_none() && !effect.unknown.is_empty());
    assert!(matches!(facts.read("ends-well", at(1, 0)), Reading::NotApplicable { .. }));
}

fn linked() -> Inventory {
    let mut inventory = inventory(&[("chat", "web_chat"), ("phone", "phone"), ("email", "email")]);
    inventory.systems = [("a", true), ("b", false)]
        .map(|(id, shares)| System {
            id: id.into(),
            shares_history: Some(shares),
            cost_per_year: None,
            at: place(),
        })
        .into();
    inventory.channels.iter_mut().for_each(|c| c.system = Some(SystemIx(0)));
    inventory.channels[0].links = Some(vec![Link { to: ChannelIx(1), context: located(Context::Full) }]);
    inventory
}

#[test]
fn context_weighs_switches_and_is_lowered_between_systems_that_do_not_share() {
    let mut inventory = linked();
    let mut table = Table::new();
    table.contacts("chat", "billing", "", 100);
    table.classes("chat", "billing", &[("clear", 60), ("other", 20), ("same", 10), ("unresolved", 10)]);
    table.step("chat", "phone", 30).step("chat", "email", 10).step("chat", "RESOLVED", 60);
    {
        let facts = facts(&inventory, Some(&table));
        close(&facts.read("context-carried", at(0, 0)), 0.75, 0.75, 0.75);
        close(&facts.read("shared-history", at(0, 0)), 1.0, 1.0, 1.0);
        // (60 + .75 x 20) / 100 with the Wilson interval of 75 in 100.
        let known = close(&facts.read("ends-well", at(0, 0)), 0.75, 0.656_96, 0.824_54);
        assert_eq!((known.grade, known.n), (Grade::Estimated, Some(100)));
        assert!(matches!(facts.read("context-carried", at(1, 0)), Reading::Unknown { .. }));
    }
    inventory.channels[1].system = Some(SystemIx(1));
    close(&facts(&inventory, Some(&table)).read("context-carried", at(0, 0)), 0.375, 0.375, 0.375);
    inventory.mystery = vec![Mystery {
        channel: ChannelIx(0),
        touchpoint: None,
        date: None,
        contacts: 40,
        right: Some(36),
        same_tone: Some(38),
        switched: Some(10),
        repeated: Some(3),
        at: place(),
    }];
    let facts = facts(&inventory, Some(&table));
    let tested = close(&facts.read("context-carried", at(0, 0)), 0.7, 0.396_77, 0.892_21);
    assert_eq!(tested.grade, Grade::Sampled);
    close(&facts.read("same-answers", at(0, 0)), 0.9, 0.769_46, 0.960_43);
}

#[test]
fn small_cells_take_the_channels_reading_widened_and_small_channels_none() {
    let inventory = linked();
    let mut table = Table::new();
    table.contacts("phone", "billing", "", 110).contacts("email", "billing", "", 12);
    table.classes("phone", "billing", &[("clear", 90), ("same", 10)]);
    table.classes("phone", "outage", &[("clear", 0), ("same", 10)]);
    table.classes("email", "billing", &[("clear", 12)]);
    let facts = facts(&inventory, Some(&table));
    close(&facts.read("ends-well", at(1, 0)), 0.9, 0.825_63, 0.944_77);
    let widened = facts.read("ends-well", at(1, 1)).known().unwrap().clone();
    assert_eq!(widened.low, 0.0, "none of ten ended well there");
    assert!((widened.value - 90.0 / 110.0).abs() < 1e-9 && widened.high > 0.87);
    match facts.read("ends-well", at(2, 0)) {
        Reading::Unknown { because } => assert_eq!(because, "only 12 contacts could be followed"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn false_containment_is_followed_over_contained() {
    let inventory = inventory(&[("bot", "chatbot")]);
    let mut table = Table::new();
    table.contacts("bot", "billing", "", 150);
    table.classes(
        "bot",
        "billing",
        &[("contained-clear", 70), ("contained-followed", 30), ("not-contained", 50)],
    );
    let facts = facts(&inventory, Some(&table));
    close(&facts.read("false-containment", at(0, 0)), 0.3, 0.218_92, 0.395_85);
    assert_eq!(facts.containment_by_reason(ChannelIx(0)), vec![(String::new(), 100, 30)]);
}

#[test]
fn a_role_is_told_reason_by_reason() {
    let inventory = inventory(&[("phone", "phone"), ("email", "email"), ("fax", "fax")]);
    let mut table = Table::new();
    table.contacts("phone", "", "", 165).contacts("email", "", "", 90).contacts("fax", "", "", 3);
    table.row(Facet::Meta, "", &["episode-key", "customer-and-reason"], &[]);
    for (reason, from, to, n) in [
        ("bill", "START", "phone", 100),
        ("bill", "phone", "RESOLVED", 90),
        ("bill", "phone", "UNRESOLVED", 10),
        ("bill", "START", "email", 50),
        ("bill", "email", "RESOLVED", 20),
        ("bill", "email", "UNRESOLVED", 30),
        ("move", "START", "phone", 60),
        ("move", "phone", "RESOLVED", 30),
        ("move", "phone", "UNRESOLVED", 30),
        ("move", "START", "email", 40),
        ("move", "email", "RESOLVED", 30),
        ("move", "email", "UNRESOLVED", 10),
        // Fewer than thirty journeys: like no other reason.
        ("rare", "START", "phone", 5),
        ("rare", "phone", "RESOLVED", 5),
        ("odd", "START", "fax", 3),
        ("odd", "fax", "RESOLVED", 3),
    ] {
        table.row(Facet::Step, from, &[to, "7", reason], &[(Column::Contacts, n)]);
    }
    let facts = facts(&inventory, Some(&table));
    let counted = facts.counted().unwrap();
    let phone = counted.channels[0].role.as_ref().unwrap();
    let shares = phone.shares.as_ref().unwrap();
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} is not {b}");
    // Nobody passes on: 125 of 178 resolved journeys end on the phone, and its credit is those.
    near(shares.ends.as_ref().unwrap().lost.value, 125.0 / 178.0);
    near(shares.credit.unwrap(), 125.0);
    let by = shares.by_reason.as_ref().unwrap();
    let visits: Vec<_> = by.reasons.iter().map(|(reason, counts)| (reason.as_str(), counts.visits)).collect();
    assert_eq!(visits, [("bill", 100), ("move", 60), ("", 5)]);
    // Of 178 that are resolved, lost: 20 + 30 + 3 stay. Rerouted to email, 0.4 of 150 and 0.75 of 100; of the
    // odd and rare ones to fax, all 8.
    let (rerouted, lost) = by.ends.unwrap();
    near(lost, 1.0 - 53.0 / 178.0);
    near(rerouted, 1.0 - (60.0 + 75.0 + 8.0) / 178.0);
    // Own: 90 + 30 of 160. Email with as many bills and moves: (100 x 0.4 + 60 x 0.75) / 160, with the error
    // 1.96 x sqrt(100^2 x 0.4 x 0.6 / 50 + 60^2 x 0.75 x 0.25 / 40) / 160 = 0.098666.
    let alike = by.alike.as_ref().unwrap();
    near(alike.own.known().unwrap().value, 0.75);
    close(&alike.others, 0.53125, 0.53125 - 0.098_666, 0.53125 + 0.098_666);
    near(alike.covered, 160.0 / 165.0);
    assert!(
        phone.sentence.ends_with("of the same reasons it ends 75% of visits resolved, other channels 53%")
    );
    // Three journeys are counted, and no share is told of them.
    let fax = counted.channels[2].role.as_ref().unwrap();
    assert_eq!((fax.counts.episodes, fax.counts.resolved), (3, 3));
    assert!(fax.shares.as_ref().unwrap_err().contains("fewer than 30"));
    assert!(fax.sentence.contains("3 touch it") && !fax.sentence.contains('%'), "{}", fax.sentence);
}

#[test]
fn a_path_costs_what_its_answered_contacts_cost() {
    let inventory = inventory(&[("phone", "phone"), ("email", "email"), ("fax", "fax")]);
    let mut table = Table::new();
    // A logged call costs 5.00, a mail 3.00; what a fax costs is not known.
    for (channel, minor) in [("phone", 50_000), ("email", 30_000), ("fax", 0)] {
        table.contacts(channel, "", "", 100);
        let known = if minor > 0 { 100 } else { 0 };
        let cost = [(Column::CostMinor, minor), (Column::CostKnown, known)];
        table.row(Facet::Slot, channel, &["2025-06-02", "12"], &cost);
    }
    table.row(Facet::Meta, "", &["journeys"], &[]);
    let mut path = |text: &str, own: &str, sums: &[i64; 4]| {
        let columns = [Column::Contacts, Column::Resolved, Column::Answered, Column::AnsweredKnown];
        let sums: Vec<_> = columns.into_iter().zip(*sums).collect();
        table.row(Facet::Path, text, &[own], &sums);
    };
    path("phone > email", "", &[10, 8, 0, 0]);
    path("phone > email", "phone", &[12, 0, 10, 12]);
    path("phone > email", "email", &[10, 0, 0, 0]);
    path("fax > phone", "", &[30, 30, 0, 0]);
    path("fax > phone", "fax", &[30, 0, 0, 30]);
    path("fax > phone", "phone", &[30, 0, 30, 30]);
    path("fax", "", &[5, 5, 0, 0]);
    path("fax", "fax", &[5, 0, 5, 5]);
    let facts = facts(&inventory, Some(&table));
    let paths = facts.counted().unwrap().paths.unwrap();
    let told: Vec<_> = paths.iter().map(|p| (p.text.as_str(), p.episodes, p.resolved)).collect();
    assert_eq!(told, [("fax > phone", 30, 30), ("phone > email", 10, 8), ("fax", 5, 5)]);
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} is not {b}");
    near(paths[1].share, 10.0 / 45.0);
    near(paths[1].contacts_each, 2.2);
    // Ten calls that were answered and ten mails: 80 over ten journeys.
    near(paths[1].cost_each.unwrap().middle(), 8.0);
    // No fax was answered, so none cost anything; where one was, nobody knows what.
    near(paths[0].cost_each.unwrap().middle(), 5.0);
    assert_eq!(paths[2].cost_each, None);
}

#[test]
fn what_a_machine_keeps_and_who_comes_back() {
    let inventory = inventory(&[("bot", "chatbot"), ("phone", "phone"), ("ivr", "ivr")]);
    let mut table = Table::new();
    table.contacts("bot", "billing", "", 150).contacts("phone", "billing", "", 100);
    table.row(Facet::Slot, "ivr", &["2025-06-02", "12"], &[(Column::Contacts, 40)]);
    table.classes(
        "bot",
        "billing",
        &[("contained-clear", 70), ("contained-followed", 30), ("not-contained", 50)],
    );
    table.classes("phone", "billing", &[("clear", 60), ("same", 15), ("other", 20), ("unresolved", 5)]);
    // A wider window: ten of the sixty came back after all.
    table.row(Facet::Meta, "", &["sensitivity", "30"], &[]);
    for (class, n) in [("clear", 50), ("same", 20), ("other", 25), ("unresolved", 5)] {
        table.row(Facet::Followup, "phone", &["30", "billing", "", class], &[(Column::Contacts, n)]);
    }
    let handed = [(Column::Answered, 80), (Column::AnsweredKnown, 100), (Column::Transferred, 20)];
    table.row(Facet::Slot, "phone", &["2025-06-02", "12"], &handed);
    for (who, n) in [("all", 70), ("two-or-more", 30), ("failed-twice", 6)] {
        table.row(Facet::Customers, "phone", &["", who], &[(Column::Contacts, n)]);
    }
    let facts = facts(&inventory, Some(&table));
    let counted = facts.counted().unwrap();
    let value = |reading: &Reading| reading.known().map(|known| known.value);
    let bot = counted.channels[0].containment.as_ref().unwrap();
    assert_eq!((bot.talks, &bot.needed), (150, &Vec::new()));
    // 100 of 150 stay in it; after 30 of those the customer comes to people: 70 of 150 are resolved.
    assert_eq!(value(&bot.kept), Some(100.0 / 150.0));
    assert_eq!(value(&bot.resolved), Some(70.0 / 150.0));
    assert_eq!(value(&bot.in_vain), Some(0.3));
    // Nobody is known and nobody is said to be handed on: both would be needed.
    let ivr = counted.channels[2].containment.as_ref().unwrap();
    assert_eq!((ivr.talks, ivr.needed.len()), (0, 2));
    assert!(counted.channels[1].containment.is_none());
    let phone = counted.channels[1].returns.as_ref().unwrap();
    assert_eq!(value(&phone.in_place), Some(0.15));
    assert_eq!(value(&phone.handed_around), Some(20.0 / 80.0));
    assert_eq!(value(&phone.failed_twice), Some(6.0 / 30.0));
    let windows: Vec<_> =
        phone.windows.iter().map(|(days, one, first)| (*days, value(one), value(first))).collect();
    assert_eq!(windows, [(7, Some(0.6), Some(0.8)), (30, Some(0.5), Some(0.75))]);
}

#[test]
fn five_service_levels_of_the_worked_example() {
    let mut inventory = inventory(&[("phone", "phone")]);
    inventory.channels[0].promise =
        Some(located(crate::inventory::Promise { share: 0.8, within_s: 20.0, open_clock: false }));
    let mut table = Table::new();
    let sums = [
        (Column::Contacts, 1060),
        (Column::Answered, 1000),
        (Column::AnsweredKnown, 1060),
        (Column::Abandoned, 60),
        (Column::AbandonedInPromise, 20),
        (Column::AbandonedShort, 10),
        (Column::PromiseKept, 860),
        (Column::PromiseKnown, 1060),
    ];
    table.row(Facet::Slot, "phone", &["2025-06-02", "12"], &sums);
    let facts = facts(&inventory, Some(&table));
    let counted = facts.counted().unwrap();
    let expected = [
        ("strict", 81.13),
        ("plus", 83.02),
        ("answered-only", 86.00),
        ("excluding-short", 82.69),
        ("short-as-served", 82.08),
    ];
    for ((name, value), (want, percent)) in counted.channels[0].service_levels.iter().zip(expected) {
        assert_eq!(*name, want);
        assert!((value * 100.0 - percent).abs() < 0.005, "{name} {value}");
    }
    // 50 of 1060 lost, the ten short hang-ups excepted.
    assert!((counted.channels[0].lost.unwrap() - 50.0 / 1060.0).abs() < 1e-12);
    let service = facts.service(ChannelIx(0)).unwrap();
    assert_eq!(service.windows.len(), 2, "the two runs of two hours that hold Monday noon");
    assert_eq!(service.overall.offered, 1060);
    let kept = facts.read("promise-kept", at(0, 0)).known().unwrap().clone();
    assert!((kept.value - 860.0 / 1060.0 / 0.8).abs() < 1e-12);
    close(&facts.read("answered", at(0, 0)), 0.9434, 0.9278, 0.9558);
}

#[test]
fn the_worst_month_is_read_and_the_mean_named() {
    let mut inventory = inventory(&[("phone", "phone")]);
    inventory.channels[0].promise =
        Some(located(crate::inventory::Promise { share: 0.8, within_s: 20.0, open_clock: false }));
    let mut table = Table::new();
    for (day, n, kept) in
        [("2025-07-01", 600, 540), ("2025-08-05", 100, 40), ("2025-09-01", 300, 270), ("2025-10-01", 20, 0)]
    {
        let sums = [(Column::Contacts, n), (Column::PromiseKnown, n), (Column::PromiseKept, kept)];
        table.row(Facet::Slot, "phone", &[day, "10"], &sums);
    }
    let known = facts(&inventory, Some(&table)).read("promise-kept", at(0, 0)).known().unwrap().clone();
    // October holds under 5% of the contacts; August 40 of 100 over .8; mean 850 of 1020 over .8.
    assert!((known.value - 0.5).abs() < 1e-12, "{known:?}");
    assert_eq!(known.from, "logs, worst month 2025-08 (mean 1.04 of target)");
    assert_eq!(known.n, Some(100));
}

#[test]
fn overlap_counts_cells_where_the_other_takes_a_tenth() {
    let inventory = inventory(&[("fax", "fax"), ("email", "email"), ("pec", "pec"), ("bot", "chatbot")]);
    let mut table = Table::new();
    table.contacts("fax", "billing", "invoice", 60).contacts("fax", "billing", "move", 30);
    table.contacts("fax", "outage", "claim", 10);
    table.contacts("email", "billing", "invoice", 500).contacts("pec", "billing", "move", 100);
    table.contacts("email", "billing", "move", 5).contacts("bot", "outage", "claim", 900);
    let facts = facts(&inventory, Some(&table));
    let overlap = facts.overlap(ChannelIx(0), &[true; 4]);
    assert_eq!(overlap.by, vec![(ChannelIx(1), 0.6), (ChannelIx(2), 0.3)]);
    assert_eq!(overlap.unique, Some(0.1));
    assert_eq!(overlap.unique_words.as_deref(), Some("claim, outage (10 contacts)"));
    let alone = facts.overlap(ChannelIx(0), &[true, false, false, true]);
    assert_eq!(alone.unique, Some(1.0));
    // Nobody knows whether e-mail and PEC have the people: not a yes.
    let absorption = facts.absorb(ChannelIx(0), &[true; 4]);
    assert_eq!(absorption.holds, None, "{absorption:?}");
    assert_eq!(absorption.moved, Some(Interval::new(95.0, 99.0)));
    assert!(absorption.redirect.iter().all(|(d, _)| *d == ChannelIx(1) || *d == ChannelIx(2)));
}

/// A team at 24.50 an hour with a shrinkage of 30%.
fn care() -> Team {
    Team {
        id: "care".into(),
        partner: false,
        people: None,
        contract_hours: None,
        hours: None,
        roster: vec![],
        shrinkage: Some(0.30),
        languages: Some(located(vec!["it".into()])),
        cost_per_hour: Some(located(24.50)),
        capacity_per_hour: None,
        price_per_contact: None,
        until: None,
        at: place(),
    }
}

#[test]
fn people_under_contract_are_those_of_the_team_and_not_of_the_defaults() {
    let inventory = inventory(&[("counter", "counter")]);
    let facts = facts(&inventory, None);
    let team = Team { contract_hours: Some(36.0), shrinkage: Some(0.25), ..care() };
    let limits = staffing::limits(&facts, &team);
    // One person for 49 open hours: 49 / (36 x .75).
    let fte = crate::capability::roster::rostered_fte(1.0, 49.0, limits.contract_hours, limits.shrinkage);
    assert!((fte - 1.814_815).abs() < 1e-6, "{fte}");
}

#[test]
fn a_system_is_paid_by_handling_time_and_never_by_views() {
    let mut inventory = inventory(&[("phone", "phone"), ("email", "email"), ("app", "mobile_app")]);
    inventory.teams = vec![care()];
    inventory.systems =
        vec![System { id: "crm".into(), shares_history: None, cost_per_year: Some(30_000.0), at: place() }];
    for (c, volume, handle_s) in [(0, 1000.0, 300.0), (1, 1000.0, 600.0), (2, 100_000.0, 0.0)] {
        let c = &mut inventory.channels[c];
        c.system = Some(SystemIx(0));
        c.team = (handle_s > 0.0).then_some(TeamIx(0));
        c.handle_s = (handle_s > 0.0).then(|| located(handle_s));
        c.volume_per_year = Some(located(Interval::new(volume * 0.999, volume * 1.001)));
    }
    inventory.channels[2].cost.per_year = Some(located(22_000.0));
    let facts = facts(&inventory, None);
    // A third and two thirds of 30,000; 300 s and 600 s of 24.50 an hour over .7 x .85, a thousand times.
    let cost = |c| facts.cost_per_year(ChannelIx(c)).unwrap().middle();
    assert!((cost(0) - (10_000.0 + 3431.373)).abs() < 0.01, "{}", cost(0));
    assert!((cost(1) - (20_000.0 + 6862.745)).abs() < 0.01, "{}", cost(1));
    assert_eq!(cost(2), 22_000.0);
}

#[test]
fn net_value_never_mixes_the_two_ends_of_one_volume() {
    let mut inventory = inventory(&[("phone", "phone"), ("call-back", "callback")]);
    inventory.teams = vec![care()];
    for c in &mut inventory.channels {
        c.team = Some(TeamIx(0));
        c.handle_s = Some(located(360.0));
    }
    inventory.channels[0].volume_per_year = Some(located(Interval::new(19_999.0, 20_001.0)));
    inventory.channels[0].cost.per_contact = Some(located(0.12));
    let c = &mut inventory.channels[1];
    c.status = Status::Candidate;
    c.cost.per_year = Some(located(3000.0));
    c.cost.one_off = Some(located(2000.0));
    c.forecast = Some(forecast(Interval::new(2000.0, 2600.0), &[(0, 1.0)]));
    let facts = facts(&inventory, None);
    // Handling costs the same on both sides; .12 a contact is saved: 240 and 312 of 3,666.67.
    let net = facts.effect(ChannelIx(1)).unwrap().net_value.unwrap();
    assert!((net.low + 3426.667).abs() < 0.01 && (net.high + 3354.667).abs() < 0.01, "{net:?}");
}

#[test]
fn cost_per_contact_adds_desk_time_and_what_each_contact_costs() {
    let mut inventory = inventory(&[("phone", "phone")]);
    inventory.teams = vec![care()];
    let c = &mut inventory.channels[0];
    c.team = Some(TeamIx(0));
    c.cost.per_year = Some(located(6000.0));
    c.cost.per_contact = Some(located(0.12));
    c.handle_s = Some(located(240.0));
    c.volume_per_year = Some(located(Interval::new(9_999.0, 10_001.0)));
    let facts = facts(&inventory, None);
    // 240 s of 24.50 an hour over .7 x .85 is 2.745098; with .12 a contact and 6,000 a year.
    let cost = facts.cost_per_year(ChannelIx(0)).unwrap();
    assert!((cost.middle() - (6000.0 + 10_000.0 * 2.865_098)).abs() < 0.1, "{cost:?}");
    close(&facts.read("languages", at(0, 0)), 1.0, 1.0, 1.0);
    assert_eq!(facts.staffing(ChannelIx(0)), Err("nobody said when it is open"));
}

#[test]
fn roles_and_completeness_of_the_worked_journeys() {
    let inventory =
        inventory(&[("faq", "faq_kb"), ("chat", "web_chat"), ("phone", "phone"), ("email", "email")]);
    let mut table = Table::new();
    for (channel, n) in [("faq", 90), ("chat", 50), ("phone", 120), ("email", 30)] {
        table.contacts(channel, "billing", "", n);
    }
    table.row(Facet::Unlisted, "", &["Walk In"], &[(Column::Contacts, 10)]);
    table.classes("phone", "billing", &[("clear", 110), ("same", 10)]);
    // Ten times the twenty episodes of tests/reference/journeys.md.
    for (from, to, n) in [
        ("START", "faq", 80),
        ("START", "chat", 40),
        ("START", "phone", 50),
        ("START", "email", 30),
        ("faq", "RESOLVED", 30),
        ("faq", "UNRESOLVED", 30),
        ("faq", "phone", 20),
        ("faq", "chat", 10),
        ("chat", "RESOLVED", 20),
        ("chat", "phone", 20),
        ("chat", "faq", 10),
        ("phone", "RESOLVED", 110),
        ("email", "phone", 20),
        ("email", "UNRESOLVED", 10),
    ] {
        table.step(from, to, n);
    }
    let facts = facts(&inventory, Some(&table));
    let counted = facts.counted().unwrap();
    assert_eq!(counted.episodes, (200, 160));
    let phone = counted.channels[2].role.as_ref().unwrap();
    assert_eq!(phone.shares.as_ref().unwrap().words, ["resolver", "self-contained"]);
    assert_eq!(
        phone.sentence,
        "110 of 160 resolved journeys end on phone; if it vanished, between 31% and 69% of resolutions would be at risk"
    );
    let faq = counted.channels[0].role.as_ref().unwrap();
    assert_eq!(faq.shares.as_ref().unwrap().words, ["door", "leak"]);
    assert_eq!(counted.unlisted, [("Walk In".to_owned(), 10)]);
    let names: Vec<&str> = facts.completeness().iter().map(|(id, _)| *id).collect();
    let wanted: Vec<&str> = crate::criteria::CENSUS_MEASURES.iter().map(|(id, _)| *id).collect();
    assert_eq!(names, wanted);
    let moment = facts.moment(TouchpointIx(0));
    assert_eq!(moment.channels.len(), 4);
}
