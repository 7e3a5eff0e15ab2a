//! Where a number, a word or a rule comes from, in words: rendered from the criteria, never written
//! twice.
//!
//! Owns the layout of an explanation and the few words that name its lines. Must never hold a number
//! or a sentence of the method: those are data.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::kind::{AnsweredBy, Kind, Medium, Staffing, Timing, Unit, Visibility};
use super::{
    About, AppliesTo, AxisId, CENSUS_MEASURES, CallWords, CensusIndicator, Criteria, Criterion, Effort,
    FindingKind, Gate, GateGroup, Indicator, Language, MEASURES, MeasureSpec, Needs, Reads, Verdicts,
};
use crate::inventory::{Identity, Need, Promise};
use crate::text::diagnostic::Severity;
use crate::text::{clean, clean_lines};

/// Everything that can be explained: group title and ids.
///
/// An id may stand in two groups (`context` is an indicator and a gate); [`explain`] then tells both.
#[must_use]
pub fn known_ids(criteria: &Criteria) -> Vec<(&'static str, Vec<String>)> {
    let indicators: Vec<String> =
        criteria.criteria.iter().flat_map(|c| &c.indicators).map(|i| i.id.clone()).collect();
    let spare = MEASURES.iter().map(|m| m.id.to_owned()).filter(|id| !indicators.contains(id)).collect();
    let mut groups = vec![
        ("criteria", criteria.criteria.iter().map(|c| c.id.clone()).collect()),
        ("indicators", indicators),
        ("measures that no indicator is named after", spare),
        ("completeness of the census", {
            let indicators = criteria.census.iter().map(|i| i.id.clone());
            std::iter::once(CENSUS.to_owned()).chain(indicators).collect()
        }),
        ("gates", criteria.gates.iter().map(|g| g.id.clone()).collect()),
        ("verdicts", criteria.verdicts.calls.iter().map(|c| c.id.clone()).collect()),
        ("findings", criteria.findings.iter().map(|f| f.code.clone()).collect()),
        ("kinds of channels", criteria.kinds.iter().map(|k| k.id.clone()).collect()),
    ];
    groups.retain(|(_, ids)| !ids.is_empty());
    groups
}

/// The id under which the completeness of the census as a whole is explained.
const CENSUS: &str = "census";

/// The rule of a verdict by the id of its words, with its numbers in their places; `None` where nothing has it.
#[must_use]
pub fn rule(criteria: &Criteria, id: &str, language: Language) -> Option<String> {
    let call = criteria.verdicts.call(id)?;
    Some(clean(&Page::new(criteria, language).fill(call.rule.get(language), &criteria.verdicts)))
}

/// The explanation of one id, in lines of at most 80 columns; everything of that name, one after
/// the other. `None` where nothing has it.
#[must_use]
pub fn explain(criteria: &Criteria, id: &str, language: Language) -> Option<String> {
    let page = || Page::new(criteria, language);
    let mut parts = Vec::new();
    parts.extend(criteria.criterion(id).map(|c| page().criterion(c)));
    parts.extend(criteria.indicator(id).map(|(c, i)| page().indicator(c, i)));
    if parts.is_empty() {
        parts.extend(MEASURES.iter().find(|m| m.id == id).map(|m| page().measure(m)));
    }
    if id == CENSUS {
        parts.push(page().census(&criteria.census_about));
    }
    parts.extend(criteria.census.iter().find(|i| i.id == id).map(|i| page().census_indicator(i)));
    parts.extend(criteria.gate(id).map(|g| page().gate(g)));
    parts.extend(criteria.verdicts.call(id).map(|c| page().call(c)));
    parts.extend(criteria.finding(id).map(|f| page().finding(f)));
    parts.extend(criteria.kind(id).map(|k| page().kind(k)));
    (!parts.is_empty()).then(|| parts.join("\n"))
}

// ---------------------------------------------------------------------------------------------
// Labels

/// A word in English and Italian.
#[derive(Clone, Copy)]
struct Label(&'static str, &'static str);

impl Label {
    fn get(self, language: Language) -> &'static str {
        match language {
            Language::English => self.0,
            Language::Italian => self.1,
        }
    }
}

const A_CRITERION: Label = Label("criterion", "criterio");
const AN_INDICATOR: Label = Label("indicator of", "indicatore di");
const A_MEASURE: Label = Label("measure", "misura");
const THE_CENSUS: Label = Label("completeness of the census", "completezza del censimento");
const A_GATE: Label = Label("gate", "verifica");
const A_VERDICT: Label = Label("verdict", "verdetto");
const A_FINDING: Label = Label("finding", "rilievo");
const A_KIND: Label = Label("kind of channel", "tipo di canale");
const WHY: Label = Label("why", "perché");
const READS: Label = Label("reads", "legge");
const FROM: Label = Label("from", "da");
const TO: Label = Label("to", "a");
const AND_UP: Label = Label("and up", "in su");
const READING: Label = Label("reading", "lettura");
const POINTS: Label = Label("points", "punti");
const BETWEEN: Label = Label("straight lines between, level outside", "linee rette in mezzo, costante fuori");
const WEIGHT: Label = Label("weight", "peso");
const OF: Label = Label("of", "su");
const AT_MOST: Label = Label("at most", "al massimo");
const OF_CRITERION: Label = Label("of its criterion", "del suo criterio");
const FLOOR: Label = Label("floor", "minimo");
const UNMEASURED: Label = Label(
    "only for candidates and channels without measured results",
    "solo per candidati e canali non misurati",
);
const APPLIES: Label = Label("applies to", "vale per");
const BEFORE: Label = Label("before opening", "prima di aprire");
const MUST_KNOW: Label = Label(
    "among the facts to know before a channel opens",
    "tra i fatti da sapere prima di aprire un canale",
);
const NOT_BEFORE: Label =
    Label("not asked before a channel opens", "non richiesto prima di aprire un canale");
const JUDGED: Label = Label("told by", "chi lo dice");
const BY_A_PERSON: Label =
    Label("a person's judgement or a survey", "il giudizio di una persona o un sondaggio");
const REMEDY: Label = Label("remedy", "rimedio");
const FIND_OUT: Label = Label("find out", "per saperlo");
const WHO: Label = Label("who", "chi");
const SOURCE: Label = Label("source", "fonte");
const EXAMPLES: Label = Label("examples", "esempi");
const STANDS: Label = Label("stands in", "si trova in");
const INDICATORS: Label = Label("indicators", "indicatori");
const NUMBERS: Label = Label("numbers", "numeri");
const SHOWN_AS: Label = Label("shown as", "mostrato come");
const RULE: Label = Label("given to", "si dà a");
const NEEDS: Label = Label("reads", "legge");
const UNIT: Label = Label("one row is", "una riga è");
const TIMING: Label = Label("answers", "risponde");
const BY: Label = Label("by", "da parte di");
const MEDIUM: Label = Label("medium", "mezzo");
const SEEN_BY: Label = Label("seen by", "visto da");
const OUTBOUND: Label = Label("begun by us only", "iniziato solo da noi");
const IDENTITY: Label = Label("identity", "identità");
const USUALLY: Label = Label("usually", "di solito");
const AT_BEST: Label = Label("at best", "al meglio");
const MEETS: Label = Label("meets", "soddisfa");
const YES: Label = Label("yes", "sì");
const PARTLY: Label = Label("partly", "in parte");
const NO: Label = Label("no", "no");
const STAFFING: Label = Label("people", "persone");
const TALK: Label = Label("one contact", "un contatto");
const ROWS_JOIN: Label = Label(
    "rows of one customer that follow each other within {} hours",
    "le righe di un cliente che si seguono entro {} ore",
);
const PROMISE: Label = Label("usual promise", "promessa usuale");
const IN: Label = Label("in", "entro");
const OPEN_HOURS: Label = Label("open hours", "ore di apertura");
const WORTH: Label = Label("worth", "valore");
const NOT_ASKED: Label = Label(
    "not asked: others own it, one cannot drop being talked about",
    "non si chiede: appartiene ad altri",
);
const DUTY: Label = Label("duty", "obbligo");
const DUTY_IN: Label = Label("a law may require it in", "una legge può imporlo in");
const NOTE: Label = Label("note", "nota");
const BENCHMARKS: Label = Label("benchmarks", "riferimenti");
const DATED: Label = Label(
    "dated figures as published; they never decide a verdict",
    "dati datati come pubblicati; non decidono nessun verdetto",
);
const FACT: Label =
    Label("a fact that the rules of closing read", "un fatto che leggono le regole di chiusura");

fn reads_label(reads: Reads) -> Label {
    match reads {
        Reads::Touchpoint => {
            Label("per touchpoint, then weighted by volume", "per momento, poi pesato per volume")
        }
        Reads::Channel => Label("per channel", "per canale"),
    }
}

fn applies_label(applies: AppliesTo) -> Label {
    match applies {
        AppliesTo::All => Label("all channels", "tutti i canali"),
        AppliesTo::Automated => Label("automated channels", "canali automatici"),
        AppliesTo::Candidates => Label("candidates", "candidati"),
        AppliesTo::Outgoing => Label("messages that we begin", "messaggi che iniziamo noi"),
        AppliesTo::Answered => Label("channels that somebody answers", "canali a cui qualcuno risponde"),
        AppliesTo::Live => {
            Label("live and near-live channels that people answer", "canali dal vivo o quasi, con persone")
        }
        AppliesTo::Contacts => Label("channels whose rows are contacts", "canali le cui righe sono contatti"),
    }
}

fn unit_label(unit: &str) -> Label {
    match unit {
        "share" => Label("share", "quota"),
        "ratio" => Label("ratio", "rapporto"),
        "points" => Label("points", "punti"),
        "count" => Label("count", "numero"),
        _ => Label("scale", "scala"),
    }
}

fn effort_word(effort: Effort) -> &'static str {
    match effort {
        Effort::Small => "effort-small",
        Effort::Medium => "effort-medium",
        Effort::Large => "effort-large",
    }
}

fn axis_word(axis: AxisId) -> &'static str {
    match axis {
        AxisId::Worth => "axis-worth",
        AxisId::Delivery => "axis-delivery",
    }
}

fn severity_label(severity: Severity) -> Label {
    match severity {
        Severity::Error => Label("error", "errore"),
        Severity::Warning => Label("warning", "avviso"),
        Severity::Note => Label("note", "nota"),
    }
}

fn needs_label(needs: Needs) -> Label {
    match needs {
        Needs::Inventory => Label("the inventory alone", "il solo inventario"),
        Needs::Logs => Label("the logs", "i log"),
        Needs::Either => Label(
            "the logs, or the inventory where there are none",
            "i log, o l'inventario dove non ce ne sono",
        ),
        Needs::Baseline => Label("an earlier assessment", "una valutazione precedente"),
    }
}

fn row_label(unit: Unit) -> Label {
    match unit {
        Unit::Contact => Label("a contact", "un contatto"),
        Unit::Session => Label("a session", "una sessione"),
        Unit::View => Label("a page view", "una pagina vista"),
        Unit::Message => Label("a message that we send", "un messaggio che inviamo"),
    }
}

fn timing_label(timing: Timing) -> Label {
    match timing {
        Timing::Live => Label("at once", "subito"),
        Timing::NearLive => Label("in minutes", "in pochi minuti"),
        Timing::Deferred => Label("later", "più tardi"),
        Timing::SelfService => Label("nobody has to answer", "nessuno deve rispondere"),
        Timing::Broadcast => Label("no answer: one to many", "nessuna risposta: uno a molti"),
    }
}

fn answered_by_label(by: AnsweredBy) -> Label {
    match by {
        AnsweredBy::Human => Label("people", "persone"),
        AnsweredBy::Automated => Label("a machine", "una macchina"),
        AnsweredBy::Both => Label("people or a machine", "persone o una macchina"),
        AnsweredBy::Peers => Label("other customers", "altri clienti"),
        AnsweredBy::None => Label("nobody", "nessuno"),
    }
}

fn medium_label(medium: Medium) -> Label {
    match medium {
        Medium::Voice => Label("voice", "voce"),
        Medium::Video => Label("video", "video"),
        Medium::Digital => Label("text or screen", "testo o schermo"),
        Medium::Physical => Label("a place or paper", "un luogo o la carta"),
    }
}

fn visibility_label(visibility: Visibility) -> Label {
    match visibility {
        Visibility::Private => Label("the two sides only", "solo le due parti"),
        Visibility::SemiPublic => Label("bystanders too", "anche chi è vicino"),
        Visibility::Public => Label("anyone", "chiunque"),
    }
}

fn identity_label(identity: Identity) -> Label {
    match identity {
        Identity::None => Label("none", "nessuna"),
        Identity::Weak => Label("weak", "debole"),
        Identity::Medium => Label("medium", "media"),
        Identity::Strong => Label("strong", "forte"),
    }
}

fn need_label(need: Need) -> Label {
    match need {
        Need::Identity => Label("identity", "identità"),
        Need::Documents => Label("documents", "documenti"),
        Need::Dialogue => Label("dialogue", "dialogo"),
        Need::Payment => Label("payment", "pagamento"),
        Need::Urgency => Label("urgency", "urgenza"),
        Need::PrivatePlace => Label("private place", "riservatezza"),
    }
}

fn staffing_label(staffing: Staffing) -> Label {
    match staffing {
        Staffing::ErlangA => Label(
            "Erlang A: customers wait and may give up",
            "Erlang A: i clienti aspettano e possono rinunciare",
        ),
        Staffing::ErlangC => Label("Erlang C: a queue at a counter", "Erlang C: una coda allo sportello"),
        Staffing::Concurrent => Label(
            "several talks at once when open, deferred otherwise",
            "più conversazioni insieme in orario, differito fuori",
        ),
        Staffing::Deferred => Label("work with a deadline", "lavoro con una scadenza"),
        Staffing::None => Label("none computed", "non si calcolano"),
    }
}

// ---------------------------------------------------------------------------------------------
// Layout

/// Columns of a line.
const WIDTH: usize = 80;
/// Columns of the labels at the left.
const MARGIN: usize = 16;

/// One explanation being written.
struct Page<'c> {
    criteria: &'c Criteria,
    language: Language,
    out: String,
}

impl<'c> Page<'c> {
    fn new(criteria: &'c Criteria, language: Language) -> Self {
        Self { criteria, language, out: String::new() }
    }

    fn word(&self, label: Label) -> &'static str {
        label.get(self.language)
    }

    fn verdict_word(&self, id: &'static str) -> &'c str {
        self.criteria.verdicts.word(id, self.language)
    }

    /// Title, what it is, and its question.
    fn head(&mut self, title: &str, id: &str, what: &str, question: &str) {
        self.paragraph(&format!("{title} ({id})"), 0, "");
        self.paragraph(what, 0, "");
        self.out.push('\n');
        if !question.is_empty() {
            self.paragraph(question, 0, "");
            self.out.push('\n');
        }
    }

    /// A labelled text.
    fn line(&mut self, label: Label, text: &str) {
        let label = self.word(label);
        self.paragraph(text, MARGIN, label);
    }

    /// Text wrapped at the width, each line indented, a label before the first.
    fn paragraph(&mut self, text: &str, indent: usize, label: &str) {
        let text = clean_lines(&text.split_whitespace().collect::<Vec<_>>().join(" "));
        for (number, line) in wrap(&text, WIDTH - indent).into_iter().enumerate() {
            let before = if number == 0 { label } else { "" };
            let line = format!("{}{line}", pad(before, indent));
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }

    /// Rows of two columns, right-aligned under their headings.
    fn table(&mut self, heads: [Label; 2], rows: &[(String, String)]) {
        let heads = heads.map(|label| self.word(label));
        let wide =
            |head: &str, cells: &mut dyn Iterator<Item = usize>| cells.max().unwrap_or(0).max(head.width());
        let left = wide(heads[0], &mut rows.iter().map(|(a, _)| a.width()));
        let right = wide(heads[1], &mut rows.iter().map(|(_, b)| b.width()));
        let body = rows.iter().map(|(a, b)| (a.as_str(), b.as_str()));
        for (a, b) in std::iter::once((heads[0], heads[1])).chain(body) {
            let (a, b) = (align(a, left), align(b, right));
            let _ = writeln!(self.out, "{:MARGIN$}{a}   {b}", "");
        }
    }

    fn finish(self) -> String {
        self.out
    }

    /// A number as people write it, at most four decimals.
    fn number(&self, value: f64) -> String {
        let text = format!("{value:.4}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        match self.language {
            Language::English => text.to_owned(),
            Language::Italian => text.replace('.', ","),
        }
    }

    /// A reading in its unit; answers by their words.
    fn reading(&self, value: f64, unit: &str, answers: &[(f64, super::Words)]) -> String {
        if let Some((_, words)) = answers.iter().find(|(reading, _)| *reading == value) {
            return clean_lines(words.get(self.language));
        }
        match unit {
            "share" => format!("{}%", self.number(value * 100.0)),
            _ => self.number(value),
        }
    }

    fn range(&self, (low, high): (f64, f64), unit: &str) -> String {
        let low = self.reading(low, unit, &[]);
        if high.is_finite() {
            format!("{} {low} {} {}", self.word(FROM), self.word(TO), self.reading(high, unit, &[]))
        } else {
            format!("{low} {}", self.word(AND_UP))
        }
    }

    /// The value function as a table, and the examples.
    fn knots(&mut self, knots: &[(f64, f64)], unit: &str, answers: &[(f64, super::Words)]) {
        let rows: Vec<_> =
            knots.iter().map(|(x, y)| (self.reading(*x, unit, answers), self.number(*y))).collect();
        self.table([READING, POINTS], &rows);
        let note = format!("({})", self.word(BETWEEN));
        self.paragraph(&note, MARGIN, "");
    }

    fn examples(&mut self, examples: &[(f64, f64)], unit: &str, answers: &[(f64, super::Words)]) {
        let all: Vec<String> = examples
            .iter()
            .map(|(x, y)| format!("{} → {}", self.reading(*x, unit, answers), self.number(*y)))
            .collect();
        self.line(EXAMPLES, &all.join(" · "));
    }

    fn numbers(&mut self, numbers: &[(String, f64)]) {
        let all: Vec<String> =
            numbers.iter().map(|(name, value)| format!("{name} {}", self.number(*value))).collect();
        if !all.is_empty() {
            self.line(NUMBERS, &all.join(" · "));
        }
    }

    fn remedy(&mut self, effort: Effort, text: &str) {
        self.with_effort(REMEDY, effort, text);
    }

    fn with_effort(&mut self, label: Label, effort: Effort, text: &str) {
        let effort = self.verdict_word(effort_word(effort));
        self.line(label, &format!("({effort}) {text}"));
    }
}

/// Words in lines of at most so many columns; a longer word is cut.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for c in word.chars() {
            if line.width() + unicode_width::UnicodeWidthChar::width(c).unwrap_or(0) > width {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    lines.push(line);
    lines
}

/// Text with blanks after it, up to a width; at least one where there is a width.
fn pad(text: &str, width: usize) -> String {
    let blanks = width.saturating_sub(text.width()).max(usize::from(width > 0));
    format!("{text}{}", " ".repeat(blanks))
}

/// Text with blanks before it.
fn align(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}

// ---------------------------------------------------------------------------------------------
// What is explained

impl Page<'_> {
    fn criterion(mut self, criterion: &Criterion) -> String {
        let language = self.language;
        let what = format!("{} · {}", self.word(A_CRITERION), self.verdict_word(axis_word(criterion.axis)));
        self.head(criterion.title.get(language), &criterion.id, &what, criterion.question.get(language));
        self.line(WHY, criterion.why.get(language));
        self.line(WEIGHT, &self.number(criterion.weight));
        for (number, indicator) in criterion.indicators.iter().enumerate() {
            let text = format!(
                "{} ({}), {} {}",
                indicator.title.get(language),
                indicator.id,
                self.word(WEIGHT),
                self.number(indicator.weight)
            );
            let label = if number == 0 { self.word(INDICATORS) } else { "" };
            self.paragraph(&text, MARGIN, label);
        }
        self.line(STANDS, &criterion.at.to_string());
        self.finish()
    }

    fn indicator(mut self, criterion: &Criterion, indicator: &Indicator) -> String {
        let language = self.language;
        let what = format!(
            "{} {} · {}",
            self.word(AN_INDICATOR),
            criterion.title.get(language),
            self.verdict_word(axis_word(criterion.axis))
        );
        self.head(indicator.title.get(language), &indicator.id, &what, indicator.question.get(language));
        self.line(WHY, criterion.why.get(language));
        let unit = indicator.unit.as_str();
        if let Some(spec) = MEASURES.iter().find(|m| m.id == indicator.measure) {
            let text = self.spec(spec, indicator.reads);
            self.line(READS, &text);
        }
        self.knots(&indicator.knots, unit, &indicator.answers);
        let siblings: f64 = criterion.indicators.iter().map(|i| i.weight).sum();
        let mut weight =
            format!("{} {} {}", self.number(indicator.weight), self.word(OF), self.number(siblings));
        if let Some(cap) = indicator.weight_cap {
            let cap = self.reading(cap, "share", &[]);
            let _ = write!(weight, ", {} {cap} {}", self.word(AT_MOST), self.word(OF_CRITERION));
        }
        self.line(WEIGHT, &weight);
        if let Some(floor) = indicator.floor {
            let mut text = format!("{} {}", self.number(floor.points), self.word(POINTS));
            if floor.unmeasured_only {
                let _ = write!(text, ", {}", self.word(UNMEASURED));
            }
            self.line(FLOOR, &text);
        }
        self.line(APPLIES, self.word(applies_label(indicator.applies_to)));
        self.line(BEFORE, self.word(if indicator.before_opening { MUST_KNOW } else { NOT_BEFORE }));
        if indicator.judged {
            self.line(JUDGED, self.word(BY_A_PERSON));
        }
        self.remedy(indicator.remedy.effort, indicator.remedy.text.get(language));
        if let Some(how) = &indicator.find_out {
            self.with_effort(FIND_OUT, how.effort, how.text.get(language));
        }
        self.line(SOURCE, &indicator.source);
        self.examples(&indicator.examples, unit, &indicator.answers);
        self.line(STANDS, &indicator.at.to_string());
        self.finish()
    }

    fn spec(&self, spec: &MeasureSpec, reads: Reads) -> String {
        format!(
            "{} `{}`: {} {}, {}",
            self.word(A_MEASURE),
            spec.id,
            self.word(unit_label(spec.unit)),
            self.range(spec.range, spec.unit),
            self.word(reads_label(reads))
        )
    }

    /// A measure that gives no indicator its name: what it reads, and which indicators read it.
    fn measure(mut self, spec: &MeasureSpec) -> String {
        let what = self.word(A_MEASURE);
        self.head(spec.id, spec.id, what, "");
        let text = self.spec(spec, spec.reads);
        self.line(READS, &text);
        let readers: Vec<&str> = self
            .criteria
            .criteria
            .iter()
            .flat_map(|c| &c.indicators)
            .filter(|i| i.measure == spec.id)
            .map(|i| i.id.as_str())
            .collect();
        if !readers.is_empty() {
            self.line(INDICATORS, &readers.join(", "));
        }
        self.finish()
    }

    fn census(mut self, about: &About) -> String {
        let language = self.language;
        let what = self.word(THE_CENSUS);
        self.head(about.title.get(language), CENSUS, what, about.question.get(language));
        self.line(WHY, about.why.get(language));
        for (number, indicator) in self.criteria.census.iter().enumerate() {
            let text = format!(
                "{} ({}), {} {}",
                indicator.title.get(language),
                indicator.id,
                self.word(WEIGHT),
                self.number(indicator.weight)
            );
            let label = if number == 0 { self.word(INDICATORS) } else { "" };
            self.paragraph(&text, MARGIN, label);
        }
        self.finish()
    }

    fn census_indicator(mut self, indicator: &CensusIndicator) -> String {
        let language = self.language;
        let what = self.word(THE_CENSUS);
        self.head(indicator.title.get(language), &indicator.id, what, indicator.question.get(language));
        self.line(WHY, self.criteria.census_about.why.get(language));
        if let Some((id, unit)) = CENSUS_MEASURES.iter().find(|(id, _)| *id == indicator.id) {
            let text = format!("{} `{id}`: {}", self.word(A_MEASURE), self.word(unit_label(unit)));
            self.line(READS, &text);
        }
        self.knots(&indicator.knots, &indicator.unit, &[]);
        let siblings: f64 = self.criteria.census.iter().map(|i| i.weight).sum();
        let weight = format!("{} {} {}", self.number(indicator.weight), self.word(OF), self.number(siblings));
        self.line(WEIGHT, &weight);
        self.line(REMEDY, indicator.remedy.get(language));
        self.examples(&indicator.examples, &indicator.unit, &[]);
        self.line(STANDS, &indicator.at.to_string());
        self.finish()
    }

    fn gate(mut self, gate: &Gate) -> String {
        let language = self.language;
        let group = match gate.group {
            GateGroup::Safety => self.verdict_word("group-safety"),
            GateGroup::Readiness => self.verdict_word("group-readiness"),
            GateGroup::Running => self.verdict_word("group-running"),
            GateGroup::Fact => self.word(FACT),
        };
        let what = format!("{} · {group}", self.word(A_GATE));
        self.head(gate.title.get(language), &gate.id, &what, gate.question.get(language));
        self.numbers(&gate.numbers);
        self.remedy(gate.remedy.effort, gate.remedy.text.get(language));
        self.line(WHO, gate.who.get(language));
        self.line(SOURCE, &gate.source);
        self.finish()
    }

    fn call(mut self, call: &CallWords) -> String {
        let language = self.language;
        let what = self.word(A_VERDICT);
        self.head(call.short.get(language), &call.id, what, call.sentence.get(language));
        self.line(SHOWN_AS, call.short.get(language));
        let rule = self.fill(call.rule.get(language), &self.criteria.verdicts);
        self.line(RULE, &rule);
        self.finish()
    }

    /// A rule with the numbers in their places.
    fn fill(&self, rule: &str, verdicts: &Verdicts) -> String {
        let mut parts = rule.split('{');
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let Some((name, rest)) = part.split_once('}') else {
                out.push_str(part);
                continue;
            };
            let (name, unit) = name.strip_suffix('%').map_or((name, ""), |name| (name, "share"));
            out.push_str(&self.reading(verdicts.number(name), unit, &[]));
            out.push_str(rest);
        }
        out
    }

    fn finding(mut self, finding: &FindingKind) -> String {
        let language = self.language;
        let what = format!("{} · {}", self.word(A_FINDING), self.word(severity_label(finding.severity)));
        self.head(finding.question.get(language), &finding.code, &what, "");
        self.line(WHY, finding.why.get(language));
        self.line(NEEDS, self.word(needs_label(finding.needs)));
        self.numbers(&finding.numbers);
        self.line(REMEDY, finding.remedy.get(language));
        self.line(SOURCE, &finding.source);
        self.finish()
    }

    fn kind(mut self, kind: &Kind) -> String {
        let language = self.language;
        let mut what = self.word(A_KIND).to_owned();
        if let Some(group) = &kind.group {
            let _ = write!(what, " · {group}");
        }
        self.head(kind.name.get(language), &kind.id, &what, "");
        self.line(UNIT, self.word(row_label(kind.unit)));
        let mut timing = self.word(timing_label(kind.timing)).to_owned();
        if kind.is_answered() {
            let _ = write!(timing, ", {} {}", self.word(BY), self.word(answered_by_label(kind.answered_by)));
        }
        self.line(TIMING, &timing);
        if kind.outbound_only {
            self.line(OUTBOUND, self.word(YES));
        }
        self.line(MEDIUM, self.word(medium_label(kind.medium)));
        self.line(SEEN_BY, self.word(visibility_label(kind.visibility)));
        let identity = format!(
            "{} {}, {} {}",
            self.word(USUALLY),
            self.word(identity_label(kind.usual_identity)),
            self.word(AT_BEST),
            self.word(identity_label(kind.best_identity))
        );
        self.line(IDENTITY, &identity);
        let meets: Vec<String> = kind
            .meets
            .iter()
            .map(|(need, degree)| {
                let degree = match *degree {
                    d if d >= 1.0 => YES,
                    d if d > 0.0 => PARTLY,
                    _ => NO,
                };
                format!("{} {}", self.word(need_label(*need)), self.word(degree))
            })
            .collect();
        self.line(MEETS, &meets.join(" · "));
        self.line(STAFFING, self.word(staffing_label(kind.staffing)));
        if kind.conversational {
            let hours = self.criteria.defaults.conversation_hours.to_string();
            self.line(TALK, &self.word(ROWS_JOIN).replace("{}", &hours));
        }
        if let Some(promise) = &kind.default_promise {
            let text = self.promise(promise);
            self.line(PROMISE, &text);
        }
        if !kind.worth {
            self.line(WORTH, self.word(NOT_ASKED));
        }
        if !kind.duty.is_empty() {
            self.line(DUTY, &format!("{} {}", self.word(DUTY_IN), kind.duty.join(", ")));
        }
        for note in &kind.notes {
            self.line(NOTE, note.get(language));
        }
        if let Some(benchmarks) = &kind.benchmarks {
            let text = format!("({}) {benchmarks}", self.word(DATED));
            self.line(BENCHMARKS, &text);
        }
        self.finish()
    }

    fn promise(&self, promise: &Promise) -> String {
        let (value, unit) = match promise.within_s {
            s if s < 60.0 || s % 60.0 != 0.0 => (s, "s"),
            s if s < 3600.0 || s % 3600.0 != 0.0 => (s / 60.0, "min"),
            s => (s / 3600.0, "h"),
        };
        let share = self.reading(promise.share, "share", &[]);
        let within = format!("{share} {} {} {unit}", self.word(IN), self.number(value));
        if promise.open_clock { format!("{within} ({})", self.word(OPEN_HOURS)) } else { within }
    }
}

#[cfg(test)]
mod tests;
