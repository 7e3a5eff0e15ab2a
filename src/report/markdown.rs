//! Markdown: the report for people who were not there, with the five-line slide for each candidate.
//! Text from files is escaped; a hostile name stays a name.

use super::figures::{list, percent, percent_down, range};
use super::phrase::{
    self, axis, call_sentence, call_short, completeness, first_step, in_one_sentence, moment_word, redirect,
    sentence, title, title_of, unlisted, volume,
};
use super::{Document, firm, handovers, plan, v1};
use crate::assess::{Call, ChannelAssessment};
use crate::measure::{Grade, Reading};

/// The report.
pub(super) fn render(document: &Document<'_>) -> String {
    let mut out = format!("# {}\n\n", escape(&title(document)));
    let mut known: Vec<String> = vec![format!("{}.", phrase::upper_first(&phrase::as_of(document)))];
    known.extend(completeness(document));
    known.extend(unlisted(document));
    out.push_str(&format!("{}\n\n", escape(&known.join(" "))));
    out.push_str(&format!("**In one sentence:** {}\n\n", escape(&in_one_sentence(document))));
    out.push_str(&portfolio(document));
    slides(document, &mut out);
    reasons(document, &mut out);
    moments(document, &mut out);
    passed_on(document, &mut out);
    roadmap(document, &mut out);
    findings(document, &mut out);
    knowledge(document, &mut out);
    yardstick(document, &mut out);
    out
}

/// Text that Markdown would take for markup, made plain; control characters were made visible before.
fn escape(text: &str) -> String {
    let text = sentence(text);
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

fn table(out: &mut String, header: &[String], rows: &[Vec<String>]) {
    let line = |cells: &[String]| {
        format!("| {} |\n", cells.iter().map(|c| escape(c)).collect::<Vec<_>>().join(" | "))
    };
    out.push_str(&line(header));
    out.push_str(&format!("|{}\n", "---|".repeat(header.len())));
    for row in rows {
        out.push_str(&line(row));
    }
    out.push('\n');
}

fn portfolio(document: &Document<'_>) -> String {
    let word = |id| document.criteria().verdicts.word(id, document.language).to_owned();
    let mut header =
        vec!["Channel".to_owned(), "Contacts".to_owned(), word("axis-worth"), word("axis-delivery")];
    header.extend(document.criteria().criteria.iter().map(|c| c.title.get(document.language).to_owned()));
    header.extend(["Do".to_owned(), "Because".to_owned()]);
    let order = phrase::order(document);
    let all: Vec<&ChannelAssessment> =
        order.contacts.into_iter().chain(order.apart).chain(order.proposed).collect();
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|c| {
            let share = phrase::counted(document, c.channel).and_then(|n| n.share);
            let share = share.map_or_else(String::new, |s| format!(" ({})", percent(s)));
            let mut row = vec![
                phrase::name(document, c.channel),
                format!("{}{share}", volume(document, c.channel)),
                axis(c.worth),
                axis(c.delivery),
            ];
            let weakest = v1::weakest(c).map(|s| s.id.as_str());
            row.extend(document.criteria().criteria.iter().map(|criterion| {
                let score = c.criteria.iter().find(|s| s.id == criterion.id).and_then(|s| s.score);
                let mark = if weakest == Some(criterion.id.as_str()) { " (weakest)" } else { "" };
                format!("{}{mark}", axis(score))
            }));
            row.extend([call_short(document, &c.verdict), phrase::because(document, &c.verdict)]);
            row
        })
        .collect();
    let mut out = String::from("## The channels\n\n");
    table(&mut out, &header, &rows);
    out.push_str("Sessions, views and messages are counted apart and never added to contacts.\n\n");
    out
}

/// The five lines for the slide of each candidate or trial.
fn slides(document: &Document<'_>, out: &mut String) {
    let proposed = phrase::order(document).proposed;
    if proposed.is_empty() {
        return;
    }
    out.push_str("## On the slide\n\n");
    for c in proposed {
        out.push_str(&slide(document, c));
        out.push('\n');
    }
}

fn slide(document: &Document<'_>, c: &ChannelAssessment) -> String {
    let mut lines = vec![format!(
        "**{}: {}.** {}",
        escape(&phrase::upper_first(&phrase::name(document, c.channel))),
        escape(&call_short(document, &c.verdict).to_lowercase()),
        escape(&slide_reasons(c))
    )];
    lines.push(if c.verdict.first.is_empty() {
        escape(&call_sentence(document, &c.verdict))
    } else {
        escape(&slide_conditions(c))
    });
    lines.push(escape(&money(document, c)));
    let unknown = unknown_titles(document, c);
    lines.push(escape(&if unknown.is_empty() {
        "What we do not know: nothing that counts.".to_owned()
    } else {
        format!("What we do not know: {}.", unknown.join(", "))
    }));
    lines.push(format!("*Based on {}.*", escape(&based_on(document, c))));
    lines.iter().map(|line| format!("> {line}\n")).collect::<Vec<_>>().join(">\n")
}

/// The reasons on a slide: what speaks for a candidate that must wait, then why, strongest first.
fn slide_reasons(c: &ChannelAssessment) -> String {
    const REASONS: usize = 2;
    let mut text = String::new();
    if c.verdict.call == Call::Defer
        && let Some(argument) = c.speaks_for.first()
    {
        text = format!("For it: {}. Against: ", sentence(&argument.text));
    }
    let reasons: Vec<String> = c.verdict.because.iter().take(REASONS).map(|b| sentence(b)).collect();
    text.push_str(&reasons.join("; "));
    if !text.is_empty() && !text.ends_with(['.', '?', '!']) {
        text.push('.');
    }
    phrase::upper_first(&text)
}

/// What must be true first, each in one sentence with its owner; what a trial is, under its own word.
fn slide_conditions(c: &ChannelAssessment) -> String {
    const CONDITIONS: usize = 3;
    let first = &c.verdict.first;
    let mut conditions: Vec<String> = first
        .iter()
        .take(CONDITIONS)
        .map(|f| {
            let what = sentence(&f.what);
            let what = what.split(". ").next().unwrap_or_default().trim_end_matches('.');
            let who = if f.who.is_empty() { String::new() } else { format!(" ({})", sentence(&f.who)) };
            format!("{}{who}", phrase::lower_first(what))
        })
        .collect();
    if first.len() > CONDITIONS {
        conditions.push(format!("and {} more", first.len() - CONDITIONS));
    }
    let lead = if c.verdict.call == Call::Pilot { "The trial" } else { "First" };
    format!("{lead}: {}.", conditions.join("; "))
}

fn money(document: &Document<'_>, c: &ChannelAssessment) -> String {
    let currency = document.inventory().organisation.currency.as_deref().unwrap_or("");
    let Some(effect) = &c.candidate else { return "What it takes is not known.".to_owned() };
    let mut parts = Vec::new();
    let moved = effect.moved.iter().map(|(_, n)| *n).reduce(|a, b| a + b);
    match (moved, effect.new) {
        (Some(moved), Some(new)) if new.high < 0.5 => {
            parts.push(format!("It moves {} contacts a year and creates no new ones", range(moved)));
        }
        (Some(moved), Some(new)) => {
            parts.push(format!("It moves {} contacts a year and creates {}", range(moved), range(new)));
        }
        (Some(moved), None) => parts.push(format!("It moves {} contacts a year", range(moved))),
        (None, Some(new)) => parts.push(format!("It creates {} contacts a year", range(new))),
        (None, None) => {}
    }
    parts.push(match effect.cost_per_year {
        Some(cost) => format!(
            "Cost: {} {currency} a year{}",
            range(cost),
            effect.net_value.map_or_else(String::new, |v| {
                format!("; with what it saves elsewhere: {}", super::card::saved_or_cost(v))
            })
        ),
        None => "Cost: not known".to_owned(),
    });
    let trial = document.inventory().channel(c.channel).trial.as_ref();
    if let Some(weeks) = trial.and_then(|t| t.weeks) {
        parts.push(format!("Next decision: after a trial of {weeks} weeks"));
    }
    format!("{}.", parts.join(". "))
}

fn unknown_titles(document: &Document<'_>, c: &ChannelAssessment) -> Vec<String> {
    c.criteria
        .iter()
        .flat_map(|s| &s.indicators)
        .filter(|i| matches!(i.reading, Reading::Unknown { .. }))
        .map(|i| title_of(document, &i.id).to_lowercase())
        .collect()
}

/// Which grades of evidence a verdict rests on, and how many readings of each.
fn based_on(document: &Document<'_>, c: &ChannelAssessment) -> String {
    let grades = [Grade::Measured, Grade::Sampled, Grade::Declared, Grade::Estimated, Grade::Assumed];
    let parts: Vec<String> = grades
        .into_iter()
        .filter_map(|grade| {
            let n = c
                .criteria
                .iter()
                .flat_map(|s| &s.indicators)
                .filter(|i| i.reading.known().is_some_and(|k| k.grade == grade))
                .count();
            (n > 0).then(|| format!("{n} {}", phrase::grade(document, grade)))
        })
        .collect();
    if parts.is_empty() { "no reading yet".to_owned() } else { format!("{} readings", list(&parts)) }
}

fn reasons(document: &Document<'_>, out: &mut String) {
    out.push_str("## Channel by channel\n\n");
    let order = phrase::order(document);
    for c in order.contacts.into_iter().chain(order.apart).chain(order.proposed) {
        let channel = document.inventory().channel(c.channel);
        out.push_str(&format!(
            "### {}: {}\n\n{}\n\n",
            escape(&channel.id),
            escape(&call_short(document, &c.verdict)),
            escape(&call_sentence(document, &c.verdict))
        ));
        for reason in &c.verdict.because {
            out.push_str(&format!("- {}\n", escape(&phrase::reason(reason))));
        }
        if let Some(to) = redirect(document, &c.verdict) {
            out.push_str(&format!("- its contacts go to: {}\n", escape(&to)));
        }
        for first in &c.verdict.first {
            let who = if first.who.is_empty() { String::new() } else { format!(" ({})", first.who) };
            out.push_str(&format!("- first: {}\n", escape(&format!("{}{who}", first.what))));
        }
        if c.verdict.first.is_empty()
            && super::table::needs_work(c)
            && let Some((what, effort)) = first_step(document, c)
        {
            out.push_str(&format!("- then: {}\n", escape(&format!("{what} (effort: {effort})"))));
        }
        if let Some(possible) = phrase::possible(document, &c.verdict) {
            out.push_str(&format!("- with what we know it may be {}\n", escape(&possible)));
        }
        out.push_str(&format!("- how firm: {}\n", escape(&firm::how_firm(document, &c.verdict))));
        for (call, text) in firm::turns(document, c, firm::TURNS) {
            let turn = format!("it turns to {} if {text}", phrase::call_word(document, call));
            out.push_str(&format!("- {}\n", escape(&turn)));
        }
        for window in phrase::windows(document, &c.verdict) {
            out.push_str(&format!("- {}\n", escape(&phrase::lower_first(&window))));
        }
        if let Some(overlap) = phrase::overlap(document, c.channel) {
            out.push_str(&format!("- who else does it: {}\n", escape(&overlap)));
        }
        if c.verdict.provisional {
            out.push_str(&format!(
                "- provisional: {} of what counts is known\n",
                escape(&percent_down(c.known))
            ));
        }
        out.push('\n');
    }
}

fn passed_on(document: &Document<'_>, out: &mut String) {
    let all = document.facts.handovers();
    if all.is_empty() {
        return;
    }
    out.push_str("## The handovers\n\n");
    let header = handovers::titles(document).map(|title| phrase::upper_first(&title));
    let rows: Vec<Vec<String>> = all.iter().map(|it| handovers::row(document, it).to_vec()).collect();
    table(out, &header, &rows);
    out.push_str(&format!("{}\n\n", escape(&phrase::upper_first(handovers::MEANING))));
}

fn roadmap(document: &Document<'_>, out: &mut String) {
    let all = plan::actions(document);
    if all.is_empty() {
        return;
    }
    out.push_str("## The plan\n\n");
    let money = format!("Money a year{}", plan::currency(document));
    let header = ["Wave", "Channel", "What", "Who", "Effort", "Contacts avoided"].map(str::to_owned);
    let header: Vec<String> = header.into_iter().chain([money]).collect();
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|it| {
            let after: Vec<String> = it.after.iter().map(|c| phrase::name(document, *c)).collect();
            let after = if after.is_empty() { String::new() } else { format!(" (after {})", list(&after)) };
            vec![
                it.wave.to_string(),
                phrase::name(document, it.channel),
                format!("{}{after}", it.what),
                it.who.clone(),
                phrase::effort(document, &it.effort),
                plan::avoided(it.avoided),
                plan::money(it.money),
            ]
        })
        .collect();
    table(out, &header, &rows);
    out.push_str(&format!("{}\n\n", escape(&plan::meaning(document))));
}

fn moments(document: &Document<'_>, out: &mut String) {
    if document.assessment.touchpoints.is_empty() {
        return;
    }
    out.push_str("## The moments\n\n");
    let header = ["Moment", "Importance", "Contacts", "End well", "Word", "Because", "What is missing"]
        .map(str::to_owned);
    let everywhere = super::table::missing_everywhere(document);
    let rows: Vec<Vec<String>> = document
        .assessment
        .touchpoints
        .iter()
        .map(|m| {
            let touchpoint = document.inventory().touchpoint(m.touchpoint);
            vec![
                touchpoint.id.clone(),
                touchpoint.importance.map_or_else(|| "not known".to_owned(), super::figures::whole),
                m.contacts.map_or_else(|| "-".to_owned(), super::figures::count),
                phrase::share(&m.ends_well),
                moment_word(document, m.word),
                m.because.clone(),
                m.missing
                    .iter()
                    .map(String::as_str)
                    .filter(|line| !everywhere.contains(line))
                    .collect::<Vec<_>>()
                    .join("; "),
            ]
        })
        .collect();
    table(out, &header, &rows);
    if let Some(crowded) = super::table::crowded_means(document) {
        out.push_str(&format!("{}.\n\n", escape(&phrase::upper_first(&crowded))));
    }
    if !everywhere.is_empty() {
        out.push_str(&format!("At every moment: {}.\n\n", escape(&everywhere.join("; "))));
    }
}

fn findings(document: &Document<'_>, out: &mut String) {
    let findings = phrase::findings(document);
    if findings.is_empty() {
        return;
    }
    out.push_str("## Findings\n\n");
    for f in findings {
        let at = format!(" ({})", f.at);
        out.push_str(&format!("- {}: {}\n", f.severity.word(), escape(&format!("{}{at}", f.message))));
    }
    out.push('\n');
}

fn knowledge(document: &Document<'_>, out: &mut String) {
    out.push_str("## What we know and what we do not\n\n");
    for c in document.assessment.channels.iter().filter(|c| document.shows(c.channel)) {
        let unknown = unknown_titles(document, c);
        let not = if unknown.is_empty() { "nothing".to_owned() } else { unknown.join(", ") };
        out.push_str(&format!(
            "- {}: {}; unknown: {}\n",
            escape(&phrase::name(document, c.channel)),
            escape(&based_on(document, c)),
            escape(&not)
        ));
    }
    let asks = phrase::asks(document, super::table::ASKED);
    if !asks.is_empty() {
        out.push_str("\nWhat to ask next, what settles most first:\n\n");
        for (i, ask) in asks.iter().enumerate() {
            let effort = phrase::effort(document, &ask.0.effort);
            let effort = if effort.is_empty() { effort } else { format!(" ({effort})") };
            let text = format!("{} {}{effort}", phrase::question(document, ask), sentence(&ask.0.find_out));
            out.push_str(&format!("{}. {}\n", i + 1, escape(&text)));
        }
    }
    out.push('\n');
}

fn yardstick(document: &Document<'_>, out: &mut String) {
    out.push_str("## The yardstick\n\n");
    let weights: Vec<String> =
        document.assessment.weights.iter().map(|(id, w)| format!("{id} {}", percent(*w))).collect();
    for text in [firm::portfolio(document), firm::stakeholders(document)].into_iter().flatten() {
        out.push_str(&format!("{}\n\n", escape(&text)));
    }
    if let Some(window) = phrase::hang_on_window(document) {
        out.push_str(&format!("{}\n\n", escape(&window.replace(" (see the card)", ""))));
    }
    out.push_str(&escape(&format!(
        "Weights within each question: {}. The line stands at {} of 100. All weights, knots, floors and thresholds \
         are judgement, none is a published standard; chanfolio explain ID says where each comes from, and a folder \
         of criteria can replace them.",
        weights.join(", "),
        super::figures::whole(document.criteria().verdicts.number("threshold")),
    )));
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_names_stays_text() {
        assert_eq!(escape("a|b"), "a\\|b");
        assert_eq!(escape("<script>"), "&lt;script&gt;");
        assert_eq!(escape("*b* _i_ `c`"), "\\*b\\* \\_i\\_ \\`c\\`");
        assert_eq!(escape("one\ntwo"), "one two");
        assert_eq!(escape("\u{1b}[31m"), "\\\\u{1b}\\[31m");
    }
}
