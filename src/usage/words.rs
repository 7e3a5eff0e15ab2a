//! The common words of logs for yes and no, who began a contact, good, bad and nothing, English and Italian, in
//! lower case. Words alone: the reader and the query for engines look them up alike.

/// Yes, whatever is asked.
pub(crate) const YES: &[&str] = &[
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
pub(crate) const NO: &[&str] = &[
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
pub(crate) const GAVE_UP: &[&str] =
    &["abandoned", "abbandonata", "abbandonato", "missed", "persa", "perso", "lost"];
/// No to "did the customer give up?".
pub(crate) const STAYED: &[&str] =
    &["answered", "handled", "connected", "completed", "risposta", "risposto", "gestita", "gestito"];
/// Nobody, where a column names somebody.
pub(crate) const NOTHING: &[&str] =
    &["-", "none", "no", "false", "0", "n/a", "null", "nessuno", "nessuna", "nan"];
/// Begun by the customer.
pub(crate) const IN: &[&str] = &[
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
pub(crate) const OUT: &[&str] = &[
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
pub(crate) const GOOD: &[&str] = &["good", "satisfied", "positive", "buono", "soddisfatto", "positivo"];
/// Bad, where satisfaction is a word.
pub(crate) const BAD: &[&str] =
    &["bad", "dissatisfied", "unsatisfied", "negative", "cattivo", "insoddisfatto", "negativo"];
/// Nothing, in any column.
pub(crate) const BLANK: &[&str] = &["", "n/a", "null", "nan", "#n/a", "\\n"];
