//! From a record to a typed row: channels, touchpoints and reasons found, times placed, values read.
//! Pure but for its counters, so that blocks can be read on many cores. What a row means for the census
//! is not decided here.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use memchr::memchr;

use super::block::Block;
use super::layout::{Layout, Plan, is_blank};
use super::record::{Record, Records};
use super::synonyms::{SYNONYMS, word};
use super::time::Clock;
use super::value;
use super::{Counts, Direction, Moment, Outcome, Rejected, Row};
use crate::criteria::kind::Timing;
use crate::inventory::{Inventory, Role, RowIs, UsageEntry};

/// How much of a rejected record is kept.
const SHOWN: usize = 300;

/// Reads the records of one log.
pub(super) struct Reader<'i> {
    inventory: &'i Inventory,
    entry: Option<&'i UsageEntry>,
    entry_index: usize,
    name: String,
    pub(super) layout: Layout,
    channels: HashMap<String, usize>,
    touchpoints: HashMap<String, String>,
    reasons: HashMap<String, String>,
    unreadable: Vec<AtomicU64>,
    gaps: AtomicU64,
    folds: AtomicU64,
}

/// What one worker keeps in mind between the blocks of a log: it makes reading faster and changes no
/// outcome.
pub struct Memory {
    clock: Clock,
}

/// A record under the eyes of the reader.
struct Line<'a, 't> {
    layout: &'t Layout,
    records: &'a Records<'t>,
}

impl<'t> Line<'_, 't> {
    fn value(&self, role: Role) -> Option<Cow<'t, str>> {
        let plan = self.layout.plan(role)?;
        if let Some(fixed) = &plan.fixed {
            return Some(fixed.trim()).filter(|v| !v.is_empty()).map(Cow::Borrowed);
        }
        match plan.columns.as_slice() {
            [column] => self.column(*column),
            columns => {
                let parts: Vec<Cow<'t, str>> = columns.iter().filter_map(|c| self.column(*c)).collect();
                (!parts.is_empty()).then(|| Cow::Owned(parts.join(" ")))
            }
        }
    }

    fn column(&self, column: usize) -> Option<Cow<'t, str>> {
        let value = self.records.value(column);
        let unknown = self.layout.unknown.get(column).is_some_and(|list| value::among(&value, list));
        (!is_blank(&value) && !unknown).then_some(value)
    }
}

impl<'i> Reader<'i> {
    /// A reader for a log of this layout.
    pub(super) fn new(inventory: &'i Inventory, entry: Option<usize>, name: &str, layout: Layout) -> Self {
        let mut channels = HashMap::new();
        for (index, channel) in inventory.channels.iter().enumerate() {
            channels.insert(key(&channel.id), index);
        }
        for (index, channel) in inventory.channels.iter().enumerate() {
            for alias in &channel.aliases {
                channels.entry(key(alias)).or_insert(index);
            }
        }
        let mut touchpoints: HashMap<String, String> =
            inventory.touchpoints.iter().map(|t| (key(&t.id), t.id.clone())).collect();
        let mut reasons = HashMap::new();
        let usage = entry.and_then(|e| inventory.usage.get(e));
        if let Some(usage) = usage {
            for (value, ix) in &usage.touchpoint_values {
                if let Some(touchpoint) = inventory.touchpoints.get(ix.0) {
                    touchpoints.insert(key(value), touchpoint.id.clone());
                }
            }
            reasons.extend(usage.reason_values.iter().map(|(value, reason)| (key(value), reason.clone())));
        }
        Self {
            inventory,
            entry: usage,
            entry_index: entry.unwrap_or(inventory.usage.len()),
            name: name.to_owned(),
            layout,
            channels,
            touchpoints,
            reasons,
            unreadable: SYNONYMS.iter().map(|_| AtomicU64::new(0)).collect(),
            gaps: AtomicU64::new(0),
            folds: AtomicU64::new(0),
        }
    }

    /// A memory of nothing yet.
    pub(super) fn memory(&self) -> Memory {
        Memory { clock: Clock::new(self.inventory.organisation.timezone.clone()) }
    }

    /// Local times in a clock gap and in a fold so far.
    pub(super) fn clock_changes(&self) -> (u64, u64) {
        (self.gaps.load(Ordering::Relaxed), self.folds.load(Ordering::Relaxed))
    }

    /// Values that could not be read so far, in words.
    pub(super) fn unreadable(&self) -> Vec<String> {
        SYNONYMS
            .iter()
            .filter_map(|(role, ..)| {
                let count = self.unreadable.get(*role as usize)?.load(Ordering::Relaxed);
                (count > 0).then(|| {
                    let hint = match role {
                        Role::Satisfaction => " (is `satisfaction_scale` right?)",
                        Role::Wait | Role::Handle => " (negative, or no duration)",
                        Role::Answered | Role::Abandoned | Role::OnTime | Role::Resolved => {
                            " (name them with `{ column, yes: […], no: […] }`)"
                        }
                        _ => "",
                    };
                    let noun = if count == 1 { "value" } else { "values" };
                    format!("{count} {noun} of {} could not be read and count as unknown{hint}", word(*role))
                })
            })
            .collect()
    }

    /// Every record of a block.
    pub(super) fn read<'t>(
        &'t self,
        block: &'t Block,
        memory: &mut Memory,
        sink: &mut dyn FnMut(Outcome<'t>),
    ) {
        if block.too_long {
            sink(self.rejected("line-too-long", block.line, &block.text));
            return;
        }
        let clock = &mut memory.clock;
        let holds_nul = memchr(0, block.text.as_bytes()).is_some();
        let mut records = Records::new(&block.text, self.layout.delimiter, block.line);
        while let Some(record) = records.next() {
            let text = block.text.get(record.start..record.end).unwrap_or("");
            let outcome = match self.fault(&records, record, text, holds_nul) {
                Some(cause) => Err(cause),
                None => self.outcome(&Line { layout: &self.layout, records: &records }, clock),
            };
            sink(outcome.unwrap_or_else(|cause| self.rejected(cause, record.line, text)));
        }
        self.gaps.fetch_add(std::mem::take(&mut clock.gaps), Ordering::Relaxed);
        self.folds.fetch_add(std::mem::take(&mut clock.folds), Ordering::Relaxed);
    }

    fn fault(&self, records: &Records<'_>, record: Record, text: &str, nul: bool) -> Option<&'static str> {
        if record.fault.is_some() {
            return record.fault;
        }
        if nul && text.contains('\0') {
            return Some("nul-byte");
        }
        let extra = self.layout.header.len()..records.fields.len();
        extra.into_iter().any(|at| !records.value(at).is_empty()).then_some("too-many-fields")
    }

    fn rejected<'t>(&self, cause: &'static str, line: u64, text: &str) -> Outcome<'t> {
        Outcome::Rejected(Rejected {
            cause,
            file: self.name.clone(),
            line,
            text: text.chars().take(SHOWN).collect(),
        })
    }

    fn outcome<'t>(&'t self, line: &Line<'_, 't>, clock: &mut Clock) -> Result<Outcome<'t>, &'static str> {
        if let Some((column, value)) = self.ignored(line) {
            let at = self.time(line, clock).ok();
            return Ok(Outcome::Ignored { column, value, at });
        }
        self.row(line, clock).map(Outcome::Row)
    }

    fn ignored<'t>(&'t self, line: &Line<'_, 't>) -> Option<(&'t str, &'t str)> {
        self.layout.ignore.iter().find_map(|(at, column, values)| {
            let value = line.records.value(*at);
            values.iter().find(|v| value::same(&value, v.trim())).map(|v| (column.as_str(), v.as_str()))
        })
    }

    fn time(&self, line: &Line<'_, '_>, clock: &mut Clock) -> Result<Moment, &'static str> {
        let text = line.value(Role::Time).ok_or("no-time")?;
        let plan = self.layout.plan(Role::Time).ok_or("no-time")?;
        place(plan, &text, clock).ok_or("bad-time")
    }

    /// A time beside the main one; clock changes are counted for the main one alone.
    fn other_time(&self, role: Role, line: &Line<'_, '_>, clock: &mut Clock) -> Option<Moment> {
        let text = line.value(role)?;
        let before = (clock.gaps, clock.folds);
        let moment = self.layout.plan(role).and_then(|plan| place(plan, &text, clock));
        (clock.gaps, clock.folds) = before;
        self.known(role, moment)
    }

    /// Counts a value that is there but cannot be read.
    fn known<T>(&self, role: Role, value: Option<T>) -> Option<T> {
        if value.is_none()
            && let Some(counter) = self.unreadable.get(role as usize)
        {
            counter.fetch_add(1, Ordering::Relaxed);
        }
        value
    }

    fn row<'t>(&'t self, line: &Line<'_, 't>, clock: &mut Clock) -> Result<Row<'t>, &'static str> {
        let at = self.time(line, clock)?;
        let label = line.value(Role::Channel).ok_or("no-channel")?;
        let channel = self.channel(&label).ok_or(label);
        let timing =
            channel.as_ref().ok().and_then(|ix| self.inventory.channels.get(*ix)).map(|c| c.kind.timing);
        let direction =
            line.value(Role::Direction).and_then(|text| self.known(Role::Direction, value::direction(&text)));
        let counts = self.counts(line)?;
        let replied = self.other_time(Role::Replied, line, clock);
        let closed = self.other_time(Role::Closed, line, clock);
        let (answered, abandoned) = match counts {
            Some(_) => (None, None),
            None => self.answered(line, timing, direction, replied.or(closed).is_some()),
        };
        let written_wait = self.duration(Role::Wait, line);
        Ok(Row {
            entry: self.entry_index,
            at,
            channel,
            customer: line.value(Role::Customer),
            reason: line.value(Role::Reason).map(|text| renamed(&self.reasons, text)),
            touchpoint: line.value(Role::Touchpoint).map(|text| renamed(&self.touchpoints, text)),
            segment: line.value(Role::Segment).map(|text| self.segment(text)),
            direction,
            conversation: line.value(Role::Conversation),
            continues: line.value(Role::Continues),
            contact_id: line.value(Role::ContactId),
            case: line.value(Role::Case),
            wait_ms: if timing == Some(Timing::Deferred) && counts.is_none() {
                self.elapsed(at, replied)
                    .or(written_wait)
                    .or_else(|| if replied.is_some() { None } else { self.elapsed(at, closed) })
            } else {
                written_wait
            },
            handle_ms: self.duration(Role::Handle, line),
            answered,
            abandoned,
            replied,
            closed,
            due: self.other_time(Role::Due, line, clock),
            on_time: self.flag(Role::OnTime, line),
            resolved: if counts.is_some() { None } else { self.flag(Role::Resolved, line) },
            transferred_to: line.value(Role::TransferredTo).filter(|t| !value::is_nothing(t)).map(|text| {
                let known = self.channel(&text).and_then(|ix| self.inventory.channels.get(ix));
                known.map_or(text, |c| Cow::Borrowed(c.id.as_str()))
            }),
            repeated: self.flag(Role::Repeated, line),
            opened: self.flag(Role::Opened, line),
            opted_out: self.flag(Role::OptedOut, line),
            satisfied: self.satisfied(line),
            nps: self.nps(line),
            cost_minor: self
                .amount(Role::Cost, line)
                .and_then(|n| self.known(Role::Cost, Some(n).filter(|n| *n >= 0))),
            revenue_minor: self.amount(Role::Revenue, line),
            counts,
        })
    }

    fn channel(&self, label: &str) -> Option<usize> {
        self.channels.get(label).or_else(|| self.channels.get(key(label).as_str())).copied()
    }

    fn segment<'t>(&'t self, text: Cow<'t, str>) -> Cow<'t, str> {
        let known = self.inventory.segments.iter().find(|s| value::same(&s.id, &text));
        known.map_or(text, |s| Cow::Borrowed(s.id.as_str()))
    }

    fn counts(&self, line: &Line<'_, '_>) -> Result<Option<Counts>, &'static str> {
        if self.layout.plan(Role::Count).is_none() {
            return Ok(None);
        }
        let text = line.value(Role::Count).ok_or("bad-number")?;
        let contacts = value::count(&text).ok_or("bad-number")?;
        let part = |role: Role| {
            // More answered than there were contacts is no count of them.
            line.value(role).and_then(|text| self.known(role, value::count(&text).filter(|n| *n <= contacts)))
        };
        Ok(Some(Counts {
            contacts,
            answered: part(Role::Answered),
            abandoned: part(Role::Abandoned),
            resolved: part(Role::Resolved),
        }))
    }

    /// Whether it was answered and whether the customer gave up.
    ///
    /// Where customers wait, a contact of theirs that was not answered was given up, unless the log has
    /// a word of its own on that. Deferred kinds are answered by a reply or by being closed.
    fn answered(
        &self,
        line: &Line<'_, '_>,
        timing: Option<Timing>,
        direction: Option<Direction>,
        dealt_with: bool,
    ) -> (Option<bool>, Option<bool>) {
        let mut answered = self.flag(Role::Answered, line);
        let mut abandoned = self.flag(Role::Abandoned, line);
        let waits = matches!(timing, Some(Timing::Live | Timing::NearLive));
        if self.layout.plan(Role::Abandoned).is_none()
            && waits
            && direction != Some(Direction::FromOrganisation)
        {
            abandoned = answered.map(|a| !a);
        }
        if answered.is_none() && abandoned == Some(true) {
            answered = Some(false);
        }
        if answered.is_none() && timing == Some(Timing::Deferred) {
            let told = [Role::Replied, Role::Closed].iter().any(|r| self.layout.plan(*r).is_some());
            // A step of a case that is not yet dealt with says nothing about the whole case.
            let is_step = self.entry.is_some_and(|e| e.row_is == RowIs::Step);
            answered = (dealt_with || (told && !is_step)).then_some(dealt_with);
        }
        (answered, abandoned)
    }

    fn flag(&self, role: Role, line: &Line<'_, '_>) -> Option<bool> {
        let plan = self.layout.plan(role)?;
        let text = line.value(role)?;
        if plan.yes.is_empty() && plan.no.is_empty() {
            return self.known(role, value::yes_or_no(&text, role == Role::Abandoned));
        }
        if value::among(&text, &plan.yes) {
            return Some(true);
        }
        self.known(role, value::among(&text, &plan.no).then_some(false))
    }

    fn duration(&self, role: Role, line: &Line<'_, '_>) -> Option<i64> {
        let plan = self.layout.plan(role)?;
        let text = line.value(role)?;
        self.known(role, value::duration(&text, plan.unit_ms.max(1), plan.decimal).filter(|ms| *ms >= 0))
    }

    /// Time from the arrival to a later moment. Between a time of day and a bare date nothing is known.
    fn elapsed(&self, from: Moment, to: Option<Moment>) -> Option<i64> {
        let to = to?;
        let comparable = from.hour.is_some() == to.hour.is_some();
        let ms = to.unix_ms.checked_sub(from.unix_ms).filter(|ms| comparable && *ms >= 0);
        self.known(Role::Wait, ms)
    }

    fn satisfied(&self, line: &Line<'_, '_>) -> Option<bool> {
        let plan = self.layout.plan(Role::Satisfaction)?;
        let text = line.value(Role::Satisfaction)?;
        let scale = self.entry.and_then(|e| e.satisfaction_scale);
        if !plan.yes.is_empty() || !plan.no.is_empty() {
            return self.flag(Role::Satisfaction, line);
        }
        if scale.is_none() {
            let word = |words: &[&str]| words.iter().any(|w| value::same(&text, w));
            if word(&["good", "satisfied", "positive", "buono", "soddisfatto", "positivo"]) {
                return Some(true);
            }
            if word(&[
                "bad",
                "dissatisfied",
                "unsatisfied",
                "negative",
                "cattivo",
                "insoddisfatto",
                "negativo",
            ]) {
                return Some(false);
            }
        }
        self.known(Role::Satisfaction, top_two(&text, plan, scale.unwrap_or((1.0, 5.0))))
    }

    fn nps(&self, line: &Line<'_, '_>) -> Option<u8> {
        self.layout.plan(Role::Nps)?;
        let text = line.value(Role::Nps)?;
        let score = value::count(&text).and_then(|n| u8::try_from(n).ok()).filter(|n| *n <= 10);
        self.known(Role::Nps, score)
    }

    fn amount(&self, role: Role, line: &Line<'_, '_>) -> Option<i64> {
        let plan = self.layout.plan(role)?;
        let text = line.value(role)?;
        self.known(role, value::minor(&text, plan.decimal))
    }
}

/// Whether a value is among the two highest points of its scale (a scale of two points: the highest;
/// a fine one, as 0 to 100: the highest quarter, where the two highest of five points begin).
fn top_two(text: &str, plan: &Plan, (low, high): (f64, f64)) -> Option<bool> {
    #[allow(clippy::cast_precision_loss, reason = "scales are small numbers")]
    let value = value::millionths(text, plan.decimal, value::Grouped::PointIsDecimal)? as f64 / 1e6;
    if !(low..=high).contains(&value) {
        return None;
    }
    let span = high - low;
    let from = if span < 2.0 {
        high
    } else if span <= 10.0 {
        high - 1.0
    } else {
        low + 0.75 * span
    };
    Some(value >= from)
}

fn place(plan: &Plan, text: &str, clock: &mut Clock) -> Option<Moment> {
    let written = plan.forms.iter().find_map(|form| form.read(text))?;
    let written = if plan.midnight_is_date && written.is_midnight() { written.date_only() } else { written };
    clock.place(written)
}

/// A value under the name the inventory gives it, else as written. Written as in the inventory it is
/// found without a copy.
fn renamed<'t>(names: &'t HashMap<String, String>, text: Cow<'t, str>) -> Cow<'t, str> {
    if names.is_empty() {
        return text;
    }
    let found = names.get(text.as_ref()).or_else(|| names.get(key(&text).as_str()));
    found.map_or(text, |name| Cow::Borrowed(name.as_str()))
}

/// A label as it is looked up: trimmed, without regard to case.
fn key(text: &str) -> String {
    text.trim().to_lowercase()
}
