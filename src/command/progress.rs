//! How far a scan of logs has come, on a terminal only: bytes, rows, rows a second, time left. What is shown
//! here is never part of an answer.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{HumanCount, ProgressBar, ProgressStyle};

use crate::census::scan::Watch;

/// A line on standard error that is drawn over and over.
pub(super) struct Bar {
    bar: ProgressBar,
    rows: AtomicU64,
}

impl Bar {
    /// A bar on a terminal; none elsewhere.
    pub(super) fn on(terminal: bool) -> Option<Self> {
        if !terminal {
            return None;
        }
        let bar = ProgressBar::no_length();
        bar.enable_steady_tick(Duration::from_millis(200));
        Some(Self { bar, rows: AtomicU64::new(0) })
    }
}

impl Watch for Bar {
    fn begins(&self, bytes: Option<u64>) {
        // The template is our own; should it ever be wrong, the plain bar shows.
        let template = match bytes {
            Some(bytes) => {
                self.bar.set_length(bytes);
                "{bar:24} {bytes} of {total_bytes}, {msg}, {eta} left"
            }
            None => "{spinner} {bytes}, {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
    }

    fn reads(&self, bytes: u64, rows: u64) {
        self.bar.inc(bytes);
        let rows = self.rows.fetch_add(rows, Ordering::Relaxed) + rows;
        let seconds = self.bar.elapsed().as_secs_f64().max(0.001);
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a figure for the eye"
        )]
        let rate = (rows as f64 / seconds) as u64;
        self.bar.set_message(format!("{} rows, {} a second", HumanCount(rows), HumanCount(rate)));
    }

    fn counts(&self) {
        self.bar.set_message("counting");
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
