//! The CSV form, merging, and checks against an inventory.

use super::world::*;
use crate::census::fold::Options;
use crate::census::table::{Census, Column, Facet, Key, Sums};
use crate::census::view::View;
use crate::inventory::{EpisodeKey, Inventory};
use crate::usage::Row;

fn small() -> Inventory {
    inventory(&[("phone", "phone"), ("chat", "web_chat")])
}

fn month(inventory: &Inventory, month: u32) -> Census {
    let rows = (1..=20)
        .map(|day| Row {
            reason: Some("a \"quoted\", \r\n=reason".into()),
            segment: Some("x".into()),
            handle_ms: Some(1000),
            ..of(&format!("c{}", day % 5), (day % 2) as usize, &format!("2026-{month:02}-{day:02}T10:00"))
        })
        .collect();
    census(inventory, rows)
}

fn message<T: std::fmt::Debug>(result: anyhow::Result<T>) -> String {
    format!("{:#}", result.expect_err("an error"))
}

#[test]
fn csv_there_and_back_is_the_same() {
    let inventory = small();
    let census = month(&inventory, 2);
    let bytes = census.to_csv();
    let again = Census::from_csv("census.csv", &bytes).expect("it reads its own files");
    assert_eq!(again, census);
    assert_eq!(again.to_csv(), bytes);
    let head = String::from_utf8_lossy(&bytes).lines().next().map(str::to_owned);
    assert_eq!(
        head.as_deref(),
        Some(
            "facet,channel,key1,key2,key3,key4,contacts,identified,answered,answered_known,abandoned,\
             abandoned_in_promise,abandoned_short,wait_ms,wait_known,wait_answered_ms,wait_answered_known,\
             handle_ms,handle_known,resolved,resolved_known,satisfied,satisfaction_known,promoters,detractors,\
             nps_known,promise_kept,promise_known,transferred,opened,opened_known,opted_out,repeated,\
             repeated_known,cost_minor,cost_known,revenue_minor,revenue_known"
        )
    );
}

#[test]
fn a_file_that_is_no_census_is_refused_with_its_line() {
    let inventory = small();
    let good = String::from_utf8(month(&inventory, 2).to_csv()).expect("UTF-8");
    let read = |text: &str| message(Census::from_csv("c.csv", text.as_bytes()));
    assert!(read("").contains("c.csv is empty"));
    assert!(read("day,source\n1,2\n").contains("its first column is `day`"), "{}", read("day,source\n"));
    assert!(read(&good.replacen(",contacts,", ",count,", 1)).contains("missing: contacts; unknown: count"));
    assert!(read(&good.replacen("meta,,version,1,", "meta,,version,2,", 1)).contains("version 2"));
    let lines: Vec<&str> = good.lines().collect();
    let head = lines[0];
    assert!(read(&format!("{head}\n")).contains("no row `meta,,version`"));
    let zeros = vec!["0"; crate::census::table::COLUMNS].join(",");
    assert_eq!(
        read(&format!("{head}\nmeta,,version,1,,,{zeros}\nnews,,,,,,{zeros}\n")),
        "c.csv:3: there is no facet `news`"
    );
    assert!(
        read(&format!("{head}\nmeta,,version,1,,,0,x\n")).starts_with("c.csv:2: 8 columns instead of 38")
    );
    let big = zeros.replacen('0', "99999999999999999999", 1);
    assert!(read(&format!("{head}\nslot,phone,,,,,{big}\n")).contains("c.csv:2: column contacts"));
    let half = zeros.replacen('0', "1.5", 1);
    assert!(read(&format!("{head}\nslot,phone,,,,,{half}\n")).contains("`1.5` is no whole number"));
    let twice = format!("{head}\nmeta,,version,1,,,{zeros}\nmeta,,version,1,,,{zeros}\n");
    assert!(read(&twice).contains("c.csv:3: this row stands there twice"));
}

#[test]
fn two_months_add_and_customers_become_an_interval() {
    let inventory = small();
    let parts = || vec![("feb.csv".into(), month(&inventory, 2)), ("mar.csv".into(), month(&inventory, 3))];
    let merged = Census::merge(parts()).expect("they merge");
    assert_eq!(used(&merged, "phone", Column::Contacts), 20);
    assert_eq!(count(&merged, Facet::Handle, "phone", &[]), 20);
    let view = View::new(&merged);
    // Five customers in each month: the same five, or ten.
    let customers = view.customers("", "all").expect("customers");
    assert_eq!((customers.low, customers.high), (5.0, 10.0));
    assert_eq!(view.meta_text("rows-read"), Some("40"));
    assert_eq!(view.meta_count("rows-read"), 40);
    assert_eq!(view.days(), 40);
    let period = view.period().expect("a period");
    assert_eq!((period.0.to_string(), period.1.to_string()), ("2026-02-01".into(), "2026-03-20".into()));
    // The order of the files does not matter; merged files merge again.
    let mut other = parts();
    other.reverse();
    assert_eq!(Census::merge(other).expect("they merge"), merged);
    let april = || ("apr.csv".to_owned(), month(&inventory, 4));
    let twice = Census::merge(vec![april(), ("both.csv".into(), merged)]).expect("they merge");
    let mut all = parts();
    all.push(april());
    assert_eq!(Census::merge(all).expect("they merge"), twice);
    assert_eq!(View::new(&twice).customers("", "all").expect("customers").high, 15.0);
    // One file alone is itself.
    let one = month(&inventory, 2);
    assert_eq!(Census::merge(vec![("feb.csv".into(), one.clone())]).expect("one"), one);
}

#[test]
fn who_comes_only_here_is_less_certain_after_a_merge() {
    let inventory = inventory(&[("phone", "phone"), ("chat", "web_chat")]);
    let february = [("a", 0), ("a", 0), ("a", 0), ("b", 0), ("b", 1), ("b", 0), ("c", 0)];
    let march = [("a", 1), ("a", 0), ("a", 0), ("c", 0), ("c", 0)];
    let part = |month: u32, contacts: &[(&str, usize)]| {
        let rows = (1..).zip(contacts);
        census(
            &inventory,
            rows.map(|(day, (who, channel))| of(who, *channel, &format!("2026-{month:02}-{day:02}T10:00")))
                .collect(),
        )
    };
    let merged = Census::merge(vec![("feb".into(), part(2, &february)), ("mar".into(), part(3, &march))]);
    let merged = merged.expect("they merge");
    let view = View::new(&merged);
    let bounds = |channel, who| view.customers(channel, who).map(|i| (i.low, i.high));
    // Three people, seen three and two at a time.
    assert_eq!(bounds("phone", "all"), Some((3.0, 5.0)));
    // In truth c alone comes only by phone: a did so in February, and then came by chat.
    assert_eq!(bounds("phone", "sole"), Some((0.0, 1.0 + (5.0 - 1.0) / 2.0)));
    // In truth all three; a and b in February, a again in March.
    assert_eq!(bounds("", "three-or-more"), Some((2.0, 3.0 + (5.0_f64 - 3.0) / 2.0)));
    assert_eq!(view.parts(), 2);
    let by_part: Vec<(&str, i64)> = view.customers_by_part("phone", "sole").into_iter().collect();
    assert_eq!(by_part, [("2026-02-01", 1)]);
}

#[test]
fn censuses_that_do_not_fit_are_refused() {
    let inventory = small();
    let february = || ("feb.csv".to_owned(), month(&inventory, 2));
    let overlap = message(Census::merge(vec![february(), february()]));
    assert!(overlap.contains("feb.csv (2026-02-01 to 2026-02-20) and feb.csv"), "{overlap}");
    let mut other = small();
    other.episodes.window_days = Some(14);
    let window = message(Census::merge(vec![february(), ("m.csv".into(), month(&other, 3))]));
    assert_eq!(window, "feb.csv and m.csv cannot be merged: episode window (days) `7` and `14`");
    let mut other = small();
    other.channels[0].promise = Some(promise(0.9, 30.0, false));
    let promise = message(Census::merge(vec![february(), ("m.csv".into(), month(&other, 3))]));
    assert!(
        promise.contains("promise of phone `0.8 within 20000 ms always` and `0.9 within 30000 ms always`"),
        "{promise}"
    );
    assert!(message(Census::merge(vec![])).contains("no census"));
}

#[test]
fn a_census_is_held_against_its_inventory() {
    let inventory = small();
    let census = month(&inventory, 2);
    census.check_against("c.csv", &inventory, criteria()).expect("its own inventory");
    assert!(census.same_usage(&inventory));
    let refused = |change: &dyn Fn(&mut Inventory)| {
        let mut other = small();
        change(&mut other);
        message(census.check_against("c.csv", &other, criteria()))
    };
    assert!(
        refused(&|i| i.organisation.timezone_name = "UTC".into())
            .contains("time zone: the census has `Europe/Rome`, the inventory `UTC`")
    );
    assert!(
        refused(&|i| i.episodes.window_days = Some(3))
            .contains("episode window (days): the census has `7`, the inventory `3`")
    );
    assert!(refused(&|i| i.episodes.key = Some(EpisodeKey::Customer)).contains("episode key"));
    assert!(
        refused(&|i| i.channels[0].promise = Some(promise(0.8, 60.0, false))).contains("promise of phone")
    );
    assert!(
        refused(&|i| i.channels[1].id = "talk".into())
            .contains("channels that the inventory does not have: chat")
    );
    // Another usage part is no error.
    let mut other = small();
    other.usage[0].ignore.push(("source".into(), vec!["System".into()]));
    census.check_against("c.csv", &other, criteria()).expect("still usable");
    assert!(!census.same_usage(&other));
}

#[test]
fn a_hostile_census_breaks_no_question() {
    let inventory = small();
    let text = String::from_utf8(month(&inventory, 2).to_csv()).expect("UTF-8");
    let head = text.lines().next().expect("a header");
    let huge = vec!["9007199254740992"; crate::census::table::COLUMNS].join(",");
    let text = format!(
        "{head}\nmeta,,version,1,,,{huge}\nmeta,,period,0001-01-01,9999-12-31,,{huge}\nmeta,,window,7,,,{huge}\n\
         wait,phone,4294967295,,,,{huge}\nfollowup,phone,7,,,same,{huge}\nfollowup,phone,7,,,clear,{huge}\n"
    );
    let mut census = Census::from_csv("c.csv", text.as_bytes()).expect("well formed");
    // A file with such slots is refused; no question may rest on that.
    let sums = Sums([1 << 53; crate::census::table::COLUMNS]);
    for slot in [["2026-02-01", "18446744073709551615"], ["never", "3"]] {
        census.add(Key::new(Facet::Slot, "phone", &slot), &sums);
    }
    let view = View::new(&census);
    let phone = view.times("phone").expect("rows");
    assert!(phone.week().is_none());
    assert!(view.quantile(Facet::Wait, "phone", 0.5).expect("a number").is_finite());
    assert!(view.classes("phone", None, None).base() > 0);
    assert!(view.days() > 3_000_000);
    assert!(phone.weeks(view.period().expect("a period")).is_empty());
    assert!(!phone.weekly_contacts(view.period().expect("a period")).is_empty());
}

#[test]
fn an_empty_fold_gives_a_table_without_period() {
    let inventory = small();
    let census = fold(&inventory, vec![], Options::default()).finish(1).expect("rows");
    assert!(View::new(&census).period().is_none());
    assert!(Census::from_csv("c.csv", &census.to_csv()).is_ok());
}
