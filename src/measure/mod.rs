//! Facts: what is known about each channel at each touchpoint, as readings.
//!
//! One file per criterion. A reading has a value, a unit, an interval, a number of cases and a
//! grade, or a reason why it is unknown or not applicable. Nothing here knows a threshold, a knot
//! or a weight.

pub mod counted;
pub mod journey;
pub mod overlap;

use serde::Serialize;

/// How a reading is known, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// From logs.
    Measured,
    /// From a survey or test contacts.
    Sampled,
    /// A fact in the inventory.
    Declared,
    /// A judgement or a forecast.
    Estimated,
    /// A dated benchmark; never decides a closing.
    Assumed,
}

/// A reading of one measure.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// It is known.
    Known(Known),
    /// Nobody knows, and why.
    Unknown {
        /// Why.
        because: String,
    },
    /// The question does not arise, and why.
    NotApplicable {
        /// Why.
        because: String,
    },
}

/// A known reading.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// The value, in the measure's unit.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How it is known.
    pub grade: Grade,
    /// Cases it rests on, where it rests on cases.
    pub n: Option<u64>,
    /// Where from: `inventory.yaml:24`, `logs`, `survey inventory.yaml:31`.
    pub from: String,
    /// Whether `low..high` was given or follows from cases. If not, and the grade is
    /// [`Grade::Estimated`], judgement widens it by the span between the outermost knots.
    pub has_interval: bool,
}

impl Reading {
    /// Unknown, because.
    #[must_use]
    pub fn unknown(because: impl Into<String>) -> Self {
        Self::Unknown { because: because.into() }
    }

    /// Not applicable, because.
    #[must_use]
    pub fn not_applicable(because: impl Into<String>) -> Self {
        Self::NotApplicable { because: because.into() }
    }

    /// A fact without an interval of its own.
    #[must_use]
    pub fn point(value: f64, grade: Grade, from: impl Into<String>) -> Self {
        Self::Known(Known {
            value,
            low: value,
            high: value,
            grade,
            n: None,
            from: from.into(),
            has_interval: false,
        })
    }

    /// The known reading, if it is one.
    #[must_use]
    pub fn known(&self) -> Option<&Known> {
        match self {
            Self::Known(known) => Some(known),
            _ => None,
        }
    }
}

use crate::inventory::{ChannelIx, TouchpointIx};

/// What a measure is read of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject {
    /// The channel.
    pub channel: ChannelIx,
    /// The touchpoint, for measures read there.
    pub touchpoint: Option<TouchpointIx>,
}

/// One coded measure. A new indicator on a known measure is YAML only; a new measure is one
/// function here with its unit, range and source, and a test.
pub struct Measure {
    /// Its id, as indicators name it.
    pub id: &'static str,
    /// Unit of its readings: `share`, `ratio`, `points`, `count`, `scale`.
    pub unit: &'static str,
    /// Least and greatest possible value.
    pub range: (f64, f64),
    /// Where its definition comes from.
    pub source: &'static str,
    /// Reads it. Pure; never judges.
    pub read: fn(&Facts<'_>, Subject) -> Reading,
}

/// Everything that measures may read, gathered once.
pub struct Facts<'a> {
    /// What the organisation says.
    pub inventory: &'a crate::inventory::Inventory,
    /// The method's defaults.
    pub defaults: &'a crate::criteria::Defaults,
}
