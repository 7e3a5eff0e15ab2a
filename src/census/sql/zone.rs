//! The clock of the organisation's zone as literals: engines disagree about local times when clocks change.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A change of the clock.
struct Change {
    unix_ms: i64,
    before_ms: i64,
    after_ms: i64,
}

/// Offsets between two days.
pub(super) struct Zone {
    first_ms: i64,
    changes: Vec<Change>,
}

impl Zone {
    /// The offsets of a zone from a day to another.
    pub(super) fn new(zone: &TimeZone, from: Date, to: Date) -> Self {
        let start = |day: Date| zone.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::UNIX_EPOCH);
        let (from, to) = (start(from), start(to));
        let offset = |at: Timestamp| i64::from(zone.to_offset(at).seconds()) * 1000;
        let first_ms = offset(from);
        let mut before_ms = first_ms;
        let mut changes = Vec::new();
        for change in zone.following(from).take_while(|change| change.timestamp() < to) {
            let after_ms = i64::from(change.offset().seconds()) * 1000;
            if after_ms != before_ms {
                changes.push(Change { unix_ms: change.timestamp().as_millisecond(), before_ms, after_ms });
            }
            before_ms = after_ms;
        }
        Self { first_ms, changes }
    }

    /// The offset at a local time: in a gap the one before it (which shifts forward), in a fold the one
    /// before it too (the earlier of the two instants).
    pub(super) fn of_local(&self, local: &str) -> String {
        self.steps(local, |c| c.unix_ms + c.before_ms.max(c.after_ms))
    }

    /// The offset at an instant.
    pub(super) fn of_instant(&self, instant: &str) -> String {
        self.steps(instant, |c| c.unix_ms)
    }

    fn steps(&self, of: &str, bound: impl Fn(&Change) -> i64) -> String {
        if self.changes.is_empty() {
            return self.first_ms.to_string();
        }
        let mut out = "CASE".to_owned();
        let mut offset = self.first_ms;
        for (i, change) in self.changes.iter().enumerate() {
            if i % 3 == 0 {
                out.push_str("\n       ");
            }
            out.push_str(&format!(" WHEN {of} < {} THEN {offset}", bound(change)));
            offset = change.after_ms;
        }
        out.push_str(&format!("\n        ELSE {offset} END"));
        out
    }

    /// A condition: a local time lies in a gap (`true`) or in a fold.
    pub(super) fn changes(&self, local: &str, gaps: bool) -> String {
        let spans: Vec<String> = self
            .changes
            .iter()
            .filter(|c| (c.after_ms > c.before_ms) == gaps)
            .map(|c| {
                let (a, b) = (c.unix_ms + c.before_ms, c.unix_ms + c.after_ms);
                format!("({local} >= {} AND {local} < {})", a.min(b), a.max(b))
            })
            .collect();
        if spans.is_empty() { "1 = 0".to_owned() } else { spans.join("\n            OR ") }
    }
}
