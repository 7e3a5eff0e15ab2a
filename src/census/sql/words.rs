//! The common words for yes and no, who began a contact, and nothing, as the reader of logs knows them:
//! a test reads each of them through it.

/// Yes, whatever is asked.
pub(super) const YES: &[&str] = &[
    "yes",
    "y",
    "true",
    "t",
    "1",
    "1.0",
    "x",
    "sì",
    "si",
    "s",
    "vero",
    "v",
    "ok",
    "answered",
    "handled",
    "connected",
    "completed",
    "resolved",
    "solved",
    "closed",
    "done",
    "fixed",
    "risposta",
    "risposto",
    "gestita",
    "gestito",
    "risolto",
    "risolta",
    "chiuso",
    "chiusa",
    "on time",
    "ontime",
    "met",
    "within sla",
    "in tempo",
    "nei tempi",
];
/// No, whatever is asked.
pub(super) const NO: &[&str] = &[
    "no",
    "n",
    "false",
    "f",
    "0",
    "0.0",
    "falso",
    "unanswered",
    "not answered",
    "no answer",
    "missed",
    "abandoned",
    "unresolved",
    "not resolved",
    "unsolved",
    "open",
    "pending",
    "new",
    "reopened",
    "persa",
    "perso",
    "abbandonata",
    "abbandonato",
    "non risposta",
    "non risposto",
    "non risolto",
    "non risolta",
    "aperto",
    "aperta",
    "in corso",
    "overdue",
    "late",
    "breached",
    "missed sla",
    "in ritardo",
    "scaduto",
];
/// Yes to "did the customer give up?".
pub(super) const GAVE_UP: &[&str] =
    &["abandoned", "abbandonata", "abbandonato", "missed", "persa", "perso", "lost"];
/// No to "did the customer give up?".
pub(super) const STAYED: &[&str] =
    &["answered", "handled", "connected", "completed", "risposta", "risposto", "gestita", "gestito"];
/// Nobody, where a column names somebody.
pub(super) const NOTHING: &[&str] =
    &["-", "none", "no", "false", "0", "n/a", "null", "nessuno", "nessuna", "nan"];
/// Begun by the customer.
pub(super) const IN: &[&str] = &[
    "in",
    "inbound",
    "incoming",
    "from customer",
    "from-customer",
    "customer",
    "received",
    "entrata",
    "in entrata",
    "entrante",
    "ingresso",
    "ricevuta",
    "ricevuto",
    "cliente",
    "i",
];
/// Begun by the organisation.
pub(super) const OUT: &[&str] = &[
    "out",
    "outbound",
    "outgoing",
    "from organisation",
    "from-organisation",
    "from organization",
    "outbound-api",
    "outbound-dial",
    "sent",
    "uscita",
    "in uscita",
    "uscente",
    "inviata",
    "inviato",
    "azienda",
    "agent",
    "o",
];
/// Good, where satisfaction is a word.
pub(super) const GOOD: &[&str] = &["good", "satisfied", "positive", "buono", "soddisfatto", "positivo"];
/// Bad, where satisfaction is a word.
pub(super) const BAD: &[&str] =
    &["bad", "dissatisfied", "unsatisfied", "negative", "cattivo", "insoddisfatto", "negativo"];
/// Nothing, in any column.
pub(super) const BLANK: &[&str] = &["", "n/a", "null", "nan", "#n/a", "\\n"];

/// Milliseconds of the unit at the end of a column's name (`wait_min`); seconds where there is none.
pub(super) fn unit_ms(column: &str) -> i64 {
    let words: Vec<&str> = column.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let [_, .., last] = words.as_slice() else { return 1000 };
    match last.to_ascii_lowercase().as_str() {
        "ms" | "msec" | "msecs" | "millis" | "milliseconds" | "millisecondi" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" | "minuti" | "minuto" => 60_000,
        "h" | "hr" | "hrs" | "hour" | "hours" | "ore" | "ora" => 3_600_000,
        "d" | "day" | "days" | "giorni" | "giorno" | "g" => 86_400_000,
        _ => 1000,
    }
}
