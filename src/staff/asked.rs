//! A staffing question in words: what each word may say, which words go together, and what stands in for
//! those left out. Options of the command line and cells of a file mean the same.

use crate::capability::erlang::Target;
use crate::capability::model::Model;
use crate::criteria::Criteria;
use crate::quantity::{Interval, parse_duration};

use super::Question;

/// Largest number that anything can be.
const MOST: f64 = 1e12;
/// Most talks that one person can hold.
const MOST_TALKS: u32 = 50;

/// A model by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ModelName {
    /// Callers who give up after a while (telephone).
    ErlangA,
    /// Nobody gives up (counter).
    ErlangC,
    /// Several talks at once.
    Chat,
    /// Work that may wait.
    Deadline,
}

impl ModelName {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ErlangA => "erlang-a",
            Self::ErlangC => "erlang-c",
            Self::Chat => "chat",
            Self::Deadline => "deadline",
        }
    }

    /// The name of a model.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        match model {
            Model::ErlangA { .. } => Self::ErlangA,
            Model::ErlangC => Self::ErlangC,
            Model::Concurrent { .. } => Self::Chat,
            Model::Deferred { .. } => Self::Deadline,
        }
    }

    /// The model that a word names.
    ///
    /// # Errors
    /// There is no such model; says which there are.
    pub fn parse(text: &str) -> Result<Self, String> {
        [Self::ErlangA, Self::ErlangC, Self::Chat, Self::Deadline]
            .into_iter()
            .find(|name| text.eq_ignore_ascii_case(name.word()))
            .ok_or_else(|| "the models are erlang-a, erlang-c, chat and deadline".to_owned())
    }
}

/// A promise: a share of the contacts, and the time within which they are served.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Promised {
    /// 0 to 1.
    pub share: f64,
    /// Seconds.
    pub within_s: f64,
}

/// A question in words; what is left out is `None`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    /// Contacts in one period.
    pub contacts: Option<f64>,
    /// The period, seconds.
    pub per_s: Option<f64>,
    /// Handling time, seconds.
    pub handle_s: Option<f64>,
    /// The promise.
    pub promise: Option<Promised>,
    /// Mean patience, seconds.
    pub patience_s: Option<Interval>,
    /// People to look at.
    pub agents: Option<u32>,
    /// Most occupancy.
    pub max_occupancy: Option<f64>,
    /// Most callers lost.
    pub max_lost: Option<f64>,
    /// Shrinkage.
    pub shrinkage: Option<f64>,
    /// Talks at once.
    pub concurrency: Option<u32>,
    /// Speed with 1, 2, … talks.
    pub speed: Option<Vec<f64>>,
    /// Deadline in open seconds.
    pub deadline_s: Option<f64>,
    /// Model.
    pub model: Option<ModelName>,
}

impl Asked {
    /// These words, with those of another for what they leave out. A model that is named or that follows
    /// from the words wins over what goes with another model.
    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        let own = self.says();
        let lends = |model: ModelName| own.is_none_or(|own| own == model);
        // A promise and a deadline say the same time, and a number of talks and their speeds the same number:
        // whoever says one does not want the other's.
        let deadline_s = self
            .deadline_s
            .or(other.deadline_s.filter(|_| lends(ModelName::Deadline) && self.promise.is_none()));
        let promise = self.promise.or(other
            .promise
            .map(|promise| Promised { within_s: self.deadline_s.unwrap_or(promise.within_s), ..promise }));
        let lends_talks = lends(ModelName::Chat) && self.concurrency.is_none() && self.speed.is_none();
        Self {
            contacts: self.contacts.or(other.contacts),
            per_s: self.per_s.or(other.per_s),
            handle_s: self.handle_s.or(other.handle_s),
            promise,
            patience_s: self.patience_s.or(other.patience_s.filter(|_| lends(ModelName::ErlangA))),
            agents: self.agents.or(other.agents),
            max_occupancy: self
                .max_occupancy
                .or(other.max_occupancy.filter(|_| own != Some(ModelName::Deadline))),
            max_lost: self.max_lost.or(other.max_lost),
            shrinkage: self.shrinkage.or(other.shrinkage),
            concurrency: self.concurrency.or(other.concurrency.filter(|_| lends_talks)),
            speed: self.speed.or_else(|| other.speed.clone().filter(|_| lends_talks)),
            deadline_s,
            model: own.or_else(|| other.says()),
        }
    }

    /// The model that is named, or that the words go with.
    fn says(&self) -> Option<ModelName> {
        self.model.or(if self.deadline_s.is_some() {
            Some(ModelName::Deadline)
        } else if self.concurrency.is_some() || self.speed.is_some() {
            Some(ModelName::Chat)
        } else {
            self.patience_s.map(|_| ModelName::ErlangA)
        })
    }

    /// What contradicts itself among these words.
    #[must_use]
    pub fn contradictions(&self) -> Vec<String> {
        let mut found = Vec::new();
        let model = self.says();
        // Nobody is lost where nobody gives up; but people who work off what waits may be busy all the time.
        if self.max_occupancy.is_some() && model == Some(ModelName::Deadline) {
            found.push("the model deadline knows no max-occupancy: leave it out".into());
        }
        let goes_with = [
            (self.patience_s.is_some(), "patience", ModelName::ErlangA),
            (self.concurrency.is_some(), "concurrency", ModelName::Chat),
            (self.speed.is_some(), "speed", ModelName::Chat),
            (self.deadline_s.is_some(), "deadline", ModelName::Deadline),
        ];
        for (given, word, wanted) in goes_with {
            if let Some(model) = model.filter(|model| given && *model != wanted) {
                let (model, wanted) = (model.word(), wanted.word());
                found.push(format!("{word} goes with the model {wanted}, not with {model}: leave one out"));
            }
        }
        if let (Some(promise), Some(deadline_s)) = (self.promise, self.deadline_s)
            && promise.within_s != deadline_s
        {
            found.push(
                "promise and deadline name different times: leave one out, or make them the same".into(),
            );
        }
        if let (Some(speed), Some(talks)) = (&self.speed, self.concurrency)
            && u32::try_from(speed.len()).ok() != Some(talks)
        {
            let n = speed.len();
            found.push(format!(
                "speed has {n} numbers for {talks} talks at once: give one for each number of talks"
            ));
        }
        found
    }

    /// The question, with the defaults of the method for what is left out.
    ///
    /// # Errors
    /// What is missing, all of it.
    pub fn question(&self, criteria: &Criteria) -> Result<Question, Vec<&'static str>> {
        let d = &criteria.defaults;
        let model = self.says().unwrap_or(ModelName::ErlangA);
        // A deadline alone is a promise to all.
        let promise = self.promise.or(self.deadline_s.map(|within_s| Promised { share: 1.0, within_s }));
        let (Some(contacts), Some(per_s), Some(handle_s), Some(promise)) =
            (self.contacts, self.per_s, self.handle_s, promise)
        else {
            let missing = [
                (self.contacts.is_none(), "contacts"),
                (self.per_s.is_none(), "per"),
                (self.handle_s.is_none(), "handle"),
                (promise.is_none(), "promise"),
            ];
            return Err(missing.iter().filter(|(missing, _)| *missing).map(|(_, word)| *word).collect());
        };
        let model = match model {
            ModelName::ErlangA => Model::ErlangA { patience_s: self.patience_s.unwrap_or(d.patience_s) },
            ModelName::ErlangC => Model::ErlangC,
            ModelName::Chat => Model::Concurrent { speed: self.speed(criteria) },
            ModelName::Deadline => {
                Model::Deferred { open_hours: self.deadline_s.unwrap_or(promise.within_s) / 3600.0 }
            }
        };
        Ok(Question {
            contacts,
            per_s,
            handle_s,
            target: Target {
                share: promise.share,
                within_s: promise.within_s,
                max_occupancy: self.max_occupancy.unwrap_or(d.max_occupancy),
                max_lost: self.max_lost.unwrap_or(d.lost_callers),
            },
            model,
            patience_assumed: self.patience_s.is_none(),
            shrinkage: self.shrinkage.unwrap_or(d.shrinkage),
            agents: self.agents,
        })
    }

    /// Speed with 1, 2, … talks, as far as given; beyond the last that is known no talk adds any.
    fn speed(&self, criteria: &Criteria) -> Vec<f64> {
        let d = &criteria.defaults;
        if let Some(speed) = &self.speed {
            return speed.clone();
        }
        let talks = usize::try_from(self.concurrency.unwrap_or(d.chat_concurrency)).unwrap_or(1).max(1);
        let last = d.chat_speed.last().copied().unwrap_or(1.0);
        (0..talks).map(|j| d.chat_speed.get(j).copied().unwrap_or(last)).collect()
    }
}

/// A number of 0 or more.
///
/// # Errors
/// What it should be.
pub fn number(text: &str) -> Result<f64, String> {
    let text = text.trim();
    match text.parse::<f64>() {
        Ok(number) if (0.0..=MOST).contains(&number) && !text.starts_with('-') => Ok(number),
        _ => Err("give a number of 0 or more".into()),
    }
}

/// A duration greater than 0, in seconds.
///
/// # Errors
/// What it should be.
pub fn duration(text: &str) -> Result<f64, String> {
    let text = text.trim();
    parse_duration(text).ok_or_else(|| {
        if text.parse::<f64>().is_ok() {
            format!("say which unit: {text}s, {text}m, {text}h or {text}d")
        } else {
            "give a duration greater than 0 such as 20s, 3m, 8h, 1d or 0:03:00".into()
        }
    })
}

/// A share: `0.85` or `85%`.
///
/// # Errors
/// What it should be.
pub fn share(text: &str) -> Result<f64, String> {
    let text = text.trim();
    let share = match text.strip_suffix('%') {
        Some(percent) => percent.trim_end().parse::<f64>().map(|percent| percent / 100.0),
        None => text.parse::<f64>(),
    };
    match share {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("give a share between 0 and 1, such as 0.85 or 85%".into()),
    }
}

/// A share below 1.
///
/// # Errors
/// What it should be.
pub fn shrinkage(text: &str) -> Result<f64, String> {
    share(text).and_then(|share| {
        if share < 1.0 { Ok(share) } else { Err("somebody must be at the desk: give less than 100%".into()) }
    })
}

/// A promise: `80/20s`, `80%/20s` or `0.8/20s`.
///
/// # Errors
/// What it should be.
pub fn promise(text: &str) -> Result<Promised, String> {
    let wrong = || "give a share and a time, such as 80/20s or 0.9/8h".to_owned();
    let (part, within) = text.split_once('/').ok_or_else(wrong)?;
    let within_s = duration(within)?;
    let part = part.trim();
    // A bare number above 1 is a percentage; nobody promises 1 in 100.
    let share = match part.parse::<f64>() {
        Ok(percent) if percent > 1.0 && percent <= 100.0 => percent / 100.0,
        // All of them, or one in a hundred?
        Ok(1.0) => return Err("write 100/TIME if all is promised".into()),
        _ => share(part).map_err(|_| wrong())?,
    };
    Ok(Promised { share, within_s })
}

/// A patience: `2m`, or a range `60s..180s`.
///
/// # Errors
/// What it should be.
pub fn patience(text: &str) -> Result<Interval, String> {
    match text.split_once("..") {
        Some((low, high)) => Ok(Interval::new(duration(low)?, duration(high)?)),
        None => duration(text).map(Interval::point),
    }
}

/// A number of people.
///
/// # Errors
/// What it should be.
pub fn agents(text: &str) -> Result<u32, String> {
    text.trim().parse().map_err(|_| "give a whole number of people".into())
}

/// A number of talks at once.
///
/// # Errors
/// What it should be.
pub fn talks(text: &str) -> Result<u32, String> {
    match text.trim().parse() {
        Ok(talks) if (1..=MOST_TALKS).contains(&talks) => Ok(talks),
        _ => Err(format!("give a number of talks between 1 and {MOST_TALKS}")),
    }
}

/// Speeds with 1, 2, … talks: `1 1.7 2.5`, parted by white space or commas.
///
/// # Errors
/// What it should be.
pub fn speed(text: &str) -> Result<Vec<f64>, String> {
    let wrong = || "give the speed with 1, 2, … talks, the first of which is 1: 1,1.7,2.5".to_owned();
    let parts = text.split([',', ' ']).map(str::trim).filter(|part| !part.is_empty());
    let speeds: Vec<f64> = parts.map(|part| part.parse().map_err(|_| wrong())).collect::<Result<_, _>>()?;
    let usable = |speed: &f64| speed.is_finite() && *speed > 0.0 && *speed <= MOST;
    let few = u32::try_from(speeds.len()).is_ok_and(|n| (1..=MOST_TALKS).contains(&n));
    if few && speeds[0] == 1.0 && speeds.iter().all(usable) { Ok(speeds) } else { Err(wrong()) }
}
