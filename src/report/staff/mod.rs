//! Answers of the staffing calculator as bytes: a screen, JSON for programs, CSV for spreadsheets.
//! Numbers in JSON and CSV are written in full; the screen rounds.

mod screen;
mod v1;

use crate::capability::Refusal;
use crate::hands::on_all_cores;
use crate::interrupt::{self, Interrupted};
use crate::report::{Format, Look};
use crate::staff::intervals::Line;
use crate::staff::{Answer, Question, Staffed};

pub use v1::json_schema;

/// One question with its answer.
#[derive(Debug)]
pub struct Answered<'a> {
    /// The question.
    pub question: &'a Question,
    /// The answer.
    pub answer: Answer,
    /// What fewer and more people give; empty where nobody asked.
    pub curve: Vec<Staffed>,
    /// People required if one holds 1, 2, … talks; empty for other models, and in a file of questions.
    pub by_talks: Vec<(u32, Result<u32, Refusal>)>,
}

impl<'a> Answered<'a> {
    /// Answers a question that stands alone.
    #[must_use]
    pub fn alone(question: &'a Question, with_curve: bool) -> Self {
        Self { by_talks: question.by_talks(), ..Self::one_of_many(question, with_curve) }
    }

    /// Answers a question of a file.
    fn one_of_many(question: &'a Question, with_curve: bool) -> Self {
        let answer = question.answer();
        let curve = if with_curve { question.curve(&answer) } else { Vec::new() };
        Self { question, answer, curve, by_talks: Vec::new() }
    }
}

/// Answers a file of questions on all cores, in their order.
///
/// # Errors
/// Somebody asked to stop.
pub fn answer_all(lines: &[Line], with_curve: bool) -> Result<Vec<Answered<'_>>, Interrupted> {
    let answer = |line| answer_one(line, with_curve);
    on_all_cores(lines, answer).into_iter().collect()
}

fn answer_one(line: &Line, with_curve: bool) -> Result<Answered<'_>, Interrupted> {
    interrupt::check()?;
    Ok(Answered::one_of_many(&line.question, with_curve))
}

/// One answer.
///
/// # Errors
/// It cannot be serialised.
pub fn one(answered: &Answered<'_>, format: Format, look: Look) -> anyhow::Result<String> {
    match format {
        Format::Json => v1::json_one(answered),
        Format::Csv => v1::csv(&[(None, answered)]),
        Format::Table | Format::Markdown => Ok(look.signs(screen::one(answered, look))),
    }
}

/// A file of answers.
///
/// # Errors
/// They cannot be serialised.
pub fn many(lines: &[Line], answered: &[Answered<'_>], format: Format, look: Look) -> anyhow::Result<String> {
    match format {
        Format::Json => v1::json_many(lines, answered),
        Format::Csv => v1::csv(&lines.iter().map(|line| Some(line.line)).zip(answered).collect::<Vec<_>>()),
        Format::Table | Format::Markdown => Ok(look.signs(screen::many(lines, answered, look))),
    }
}
