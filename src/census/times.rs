//! One channel over time: sums by day and by hour of the week, from one look at its rows. Rows whose day
//! cannot be read count in the total alone, rows without an hour in their day.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::table::{Column, Key, Sums};

/// Weeks whose hours are told one by one.
const MOST_WEEKS: usize = 5_200;

/// One channel over time.
#[derive(Debug, Clone)]
pub struct Times {
    total: Sums,
    days: BTreeMap<Date, Sums>,
    week: Option<Vec<Sums>>,
    /// Day, hour of the day, contacts.
    hours: Vec<(Date, usize, i64)>,
}

impl Times {
    /// Of the rows of a channel; `None` if there is none.
    pub(super) fn of<'c>(rows: impl Iterator<Item = (&'c Key, &'c Sums)>) -> Option<Self> {
        let mut rows = rows.peekable();
        rows.peek()?;
        let mut times = Self { total: Sums::default(), days: BTreeMap::new(), week: None, hours: Vec::new() };
        // The rows of a day stand together.
        let mut day: (&str, Option<Date>, Sums) = ("", None, Sums::default());
        for (key, sums) in rows {
            if key.keys[0] != day.0 {
                times.close(day.1, &day.2);
                day = (&key.keys[0], key.keys[0].parse().ok(), Sums::default());
            }
            day.2.add(sums);
            if let (Some(date), Ok(hour)) = (day.1, key.keys[1].parse::<usize>()) {
                times.at(date, hour, sums);
            }
        }
        times.close(day.1, &day.2);
        Some(times)
    }

    fn close(&mut self, date: Option<Date>, sums: &Sums) {
        self.total.add(sums);
        if let Some(date) = date {
            self.days.entry(date).or_default().add(sums);
        }
    }

    fn at(&mut self, date: Date, hour: usize, sums: &Sums) {
        let day = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        // An hour beyond the day can only come from a foreign file; it belongs to no slot.
        if hour < 24 {
            let week = self.week.get_or_insert_with(|| vec![Sums::default(); 168]);
            if let Some(slot) = week.get_mut(day * 24 + hour) {
                slot.add(sums);
            }
            self.hours.push((date, hour, sums[Column::Contacts]));
        }
    }

    /// All sums.
    #[must_use]
    pub fn total(&self) -> &Sums {
        &self.total
    }

    /// Sums by month (the first day of each).
    #[must_use]
    pub fn months(&self) -> BTreeMap<Date, Sums> {
        let mut months: BTreeMap<Date, Sums> = BTreeMap::new();
        for (date, sums) in &self.days {
            months.entry(date.first_of_month()).or_default().add(sums);
        }
        months
    }

    /// Sums by hour of the week, Monday 0:00 first; `None` if no row has a time of day.
    #[must_use]
    pub fn week(&self) -> Option<&[Sums]> {
        self.week.as_deref()
    }

    /// Contacts by hour of the week in each whole week (Monday first) of a period, oldest first; none of a period
    /// of more than a hundred years, which only a foreign file can claim.
    #[must_use]
    pub fn weeks(&self, period: (Date, Date)) -> Vec<[i64; 168]> {
        let whole = Some(whole_weeks(period)).filter(|weeks| *weeks <= MOST_WEEKS);
        let mut weeks = vec![[0_i64; 168]; whole.unwrap_or(0)];
        for (date, hour, contacts) in &self.hours {
            if let Some((week, day)) = week_of(period, *date)
                && let Some(week) = weeks.get_mut(week)
            {
                let slot = &mut week[day * 24 + hour];
                *slot = slot.saturating_add(*contacts);
            }
        }
        weeks
    }

    /// Contacts of each whole week (Monday first) of a period, oldest first.
    #[must_use]
    pub fn weekly_contacts(&self, period: (Date, Date)) -> Vec<i64> {
        let mut weeks = vec![0_i64; whole_weeks(period)];
        for (date, sums) in &self.days {
            if let Some((week, _)) = week_of(period, *date)
                && let Some(week) = weeks.get_mut(week)
            {
                *week = week.saturating_add(sums[Column::Contacts]);
            }
        }
        weeks
    }

    /// Weeks between the first and the last day on which a column was counted.
    #[must_use]
    pub fn weeks_with(&self, column: Column) -> f64 {
        let mut days = self.days.iter().filter(|(_, sums)| sums[column] > 0).map(|(day, _)| *day);
        let Some(first) = days.next() else { return 0.0 };
        let last = days.next_back().unwrap_or(first);
        f64::from((last - first).get_days() + 1) / 7.0
    }
}

/// Days from the first of a period to its first Monday.
fn lead(from: Date) -> i64 {
    (7 - i64::from(from.weekday().to_monday_zero_offset())) % 7
}

fn whole_weeks((from, to): (Date, Date)) -> usize {
    let days = i64::from((to - from).get_days()) + 1;
    usize::try_from(((days - lead(from)) / 7).max(0)).unwrap_or(0)
}

/// Which whole week of a period a date lies in, and which day of it; `None` before the first.
fn week_of((from, _): (Date, Date), date: Date) -> Option<(usize, usize)> {
    let since = usize::try_from(i64::from((date - from).get_days()) - lead(from)).ok()?;
    Some((since / 7, since % 7))
}
