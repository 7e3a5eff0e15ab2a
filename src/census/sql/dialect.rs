//! How each engine spells what engines spell differently. Knows SQL, and nothing of contacts.
//!
//! The query is written once, in plain SQL with calls such as `@div(a, b)`; [`Dialect::spell`] turns calls,
//! text literals and quoted names into the words of one engine.

use clap::ValueEnum;

/// An engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Dialect {
    /// DuckDB.
    Duckdb,
    /// ClickHouse, chdb.
    Clickhouse,
    /// Apache Spark SQL, Databricks.
    Spark,
    /// PostgreSQL.
    Postgres,
    /// Google BigQuery.
    Bigquery,
    /// Snowflake.
    Snowflake,
}

impl Dialect {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Duckdb => "DuckDB",
            Self::Clickhouse => "ClickHouse",
            Self::Spark => "Spark",
            Self::Postgres => "PostgreSQL",
            Self::Bigquery => "BigQuery",
            Self::Snowflake => "Snowflake",
        }
    }

    /// Whether the query was run on the engine itself, not only written for it.
    pub(super) fn is_tested(self) -> bool {
        !matches!(self, Self::Bigquery | Self::Snowflake)
    }

    /// What stands after the query.
    pub(super) fn tail(self) -> &'static str {
        match self {
            // Without these a missing row of a join or a rolled-up key is '' or 0 instead of NULL, and a new
            // column hides the old one of the same name.
            Self::Clickhouse => {
                "\nSETTINGS group_by_use_nulls = 1, join_use_nulls = 1, prefer_column_name_to_alias = 1"
            }
            _ => "",
        }
    }

    /// What stands after a table expression so that the planner does not merge it into the next one: each
    /// value would be worked out again at every place where the following ones name it.
    pub(super) fn fence(self) -> &'static str {
        match self {
            Self::Postgres => "\nOFFSET 0",
            _ => "",
        }
    }

    /// A column of the answer under its name in lower case, which not every engine keeps as it is written.
    pub(super) fn output(self, column: &str) -> String {
        match self {
            Self::Snowflake => format!("{column} AS \"{column}\""),
            _ => column.to_owned(),
        }
    }

    /// A list of the whole numbers 0 to `last` as a table with a column `n`.
    pub(super) fn numbers(self, last: i64) -> String {
        let count = last + 1;
        match self {
            Self::Duckdb => format!("SELECT range AS n FROM range({count})"),
            Self::Clickhouse => format!("SELECT toInt64(number) AS n FROM numbers({count})"),
            Self::Spark => format!("SELECT id AS n FROM range({count})"),
            Self::Postgres => {
                format!("SELECT CAST(n AS BIGINT) AS n FROM generate_series(0, {last}) AS s (n)")
            }
            Self::Bigquery => format!("SELECT n FROM UNNEST(GENERATE_ARRAY(0, {last})) AS n"),
            Self::Snowflake => format!(
                "SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) - 1 AS n FROM TABLE(GENERATOR(ROWCOUNT => {count}))"
            ),
        }
    }

    /// The words of this engine for a query with `@` calls.
    pub(super) fn spell(self, sql: &str) -> String {
        let mut out = String::with_capacity(sql.len());
        let mut rest = sql;
        while let Some(at) = rest.find(['@', '\'', '"', '-']) {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let used = match rest.as_bytes().first() {
                Some(b'\'') => {
                    let end = quoted_end(rest, '\'');
                    out.push_str(&self.literal(&rest[..end]));
                    end
                }
                Some(b'"') => {
                    let end = quoted_end(rest, '"');
                    out.push_str(&self.identifier(&rest[..end]));
                    end
                }
                Some(b'-') if rest.starts_with("--") => {
                    let end = rest.find('\n').unwrap_or(rest.len());
                    out.push_str(&rest[..end]);
                    end
                }
                Some(b'@') => match call(rest) {
                    Some((name, arguments, end)) => {
                        out.push_str(&self.call(name, &arguments));
                        end
                    }
                    None => {
                        out.push('@');
                        1
                    }
                },
                _ => {
                    out.push('-');
                    1
                }
            };
            rest = &rest[used..];
        }
        out.push_str(rest);
        out
    }

    /// A text literal, quotes included, from its standard form.
    fn literal(self, standard: &str) -> String {
        match self {
            Self::Duckdb | Self::Postgres => standard.to_owned(),
            Self::Clickhouse | Self::Spark | Self::Bigquery | Self::Snowflake => {
                let inner = standard.get(1..standard.len().saturating_sub(1)).unwrap_or("");
                let inner = inner.replace('\\', "\\\\").replace("''", "\\'").replace('\n', "\\n");
                format!("'{inner}'")
            }
        }
    }

    /// A quoted name from its standard form.
    fn identifier(self, standard: &str) -> String {
        match self {
            Self::Duckdb | Self::Postgres | Self::Snowflake => standard.to_owned(),
            Self::Clickhouse | Self::Bigquery => {
                let inner = standard.trim_matches('"').replace("\"\"", "\"");
                format!("`{}`", inner.replace('\\', "\\\\").replace('`', "\\`"))
            }
            Self::Spark => {
                let inner = standard.trim_matches('"').replace("\"\"", "\"");
                format!("`{}`", inner.replace('`', "``"))
            }
        }
    }

    fn call(self, name: &str, raw: &[&str]) -> String {
        let arguments: Vec<String> = raw.iter().map(|a| self.spell(a.trim())).collect();
        let arg = |i: usize| arguments.get(i).map_or("", String::as_str);
        let (a, b, c) = (arg(0), arg(1), arg(2));
        match name {
            "text" => match self {
                Self::Clickhouse => format!("toString({a})"),
                Self::Spark | Self::Bigquery => format!("CAST({a} AS STRING)"),
                _ => format!("CAST({a} AS VARCHAR)"),
            },
            "big" => match self {
                Self::Clickhouse => format!("CAST({a} AS Nullable(Int64))"),
                Self::Bigquery => format!("CAST({a} AS INT64)"),
                _ => format!("CAST({a} AS BIGINT)"),
            },
            "none" => match self {
                Self::Clickhouse => "CAST(NULL AS Nullable(Int64))".to_owned(),
                Self::Bigquery => "CAST(NULL AS INT64)".to_owned(),
                _ => "CAST(NULL AS BIGINT)".to_owned(),
            },
            // Digits as a number, NULL for anything else.
            "int" => match self {
                Self::Clickhouse => format!("toInt64OrNull({a})"),
                Self::Duckdb | Self::Spark => format!("TRY_CAST({a} AS BIGINT)"),
                Self::Postgres => format!("CAST(NULLIF({a}, '') AS BIGINT)"),
                Self::Bigquery => format!("SAFE_CAST({a} AS INT64)"),
                Self::Snowflake => format!("TRY_TO_NUMBER({a})"),
            },
            "sum" => match self {
                Self::Clickhouse => format!("toInt64(COALESCE(SUM({a}), 0))"),
                Self::Bigquery => format!("COALESCE(SUM({a}), 0)"),
                _ => format!("CAST(COALESCE(SUM({a}), 0) AS BIGINT)"),
            },
            "div" => match self {
                Self::Duckdb => format!("({} // {b})", grouped(a)),
                Self::Clickhouse => format!("intDiv({a}, {b})"),
                Self::Spark => format!("({} DIV {b})", grouped(a)),
                Self::Postgres => format!("({} / {b})", grouped(a)),
                Self::Bigquery => format!("DIV({a}, {b})"),
                // The quotient of two whole numbers is rounded to six digits here: it has to come out whole.
                Self::Snowflake => format!("CAST(({} - MOD({a}, {b})) / {b} AS BIGINT)", grouped(a)),
            },
            "lower" => match self {
                Self::Clickhouse => format!("lowerUTF8({a})"),
                _ => format!("LOWER({a})"),
            },
            "trim" => match self {
                Self::Clickhouse => format!("trim(BOTH ' \\t\\r\\n' FROM COALESCE({a}, ''))"),
                Self::Spark => format!("TRIM(BOTH ' \\t\\r\\n' FROM COALESCE({a}, ''))"),
                Self::Bigquery | Self::Snowflake => format!("TRIM(COALESCE({a}, ''), ' \\t\\r\\n')"),
                Self::Duckdb => format!("TRIM(COALESCE({a}, ''), ' ' || chr(9) || chr(13) || chr(10))"),
                Self::Postgres => format!("BTRIM(COALESCE({a}, ''), E' \\t\\r\\n')"),
            },
            "matches" => match self {
                Self::Duckdb => format!("regexp_matches({a}, {b})"),
                Self::Clickhouse => format!("match({a}, {b})"),
                Self::Spark => format!("{a} RLIKE {b}"),
                Self::Postgres => format!("{a} ~ {b}"),
                Self::Bigquery => format!("REGEXP_CONTAINS({a}, {b})"),
                Self::Snowflake => format!("REGEXP_LIKE({a}, {b})"),
            },
            // What `@part` takes its parts from: a list where the engine has one, so that a text is matched once.
            "split" => match self {
                Self::Clickhouse => format!("extractGroups({a}, {b})"),
                Self::Postgres => format!("regexp_match({a}, {b})"),
                _ => a.to_owned(),
            },
            "part" => match self {
                Self::Clickhouse | Self::Postgres => format!("({a})[{c}]"),
                Self::Duckdb | Self::Spark => format!("regexp_extract({a}, {b}, {c})"),
                Self::Bigquery => {
                    format!("REGEXP_EXTRACT({a}, {})", only_group(b, c.parse().unwrap_or(1)))
                }
                Self::Snowflake => format!("REGEXP_SUBSTR({a}, {b}, 1, 1, 'e', {c})"),
            },
            "pad" => match self {
                Self::Clickhouse => format!("leftPad(toString({a}), {b}, '0')"),
                Self::Bigquery | Self::Spark => format!("LPAD(CAST({a} AS STRING), {b}, '0')"),
                _ => format!("LPAD(CAST({a} AS VARCHAR), {b}, '0')"),
            },
            // A day since 1970-01-01 as `2026-11-23`.
            "date" => match self {
                Self::Duckdb => format!("CAST(DATE '1970-01-01' + CAST({a} AS INTEGER) AS VARCHAR)"),
                Self::Postgres => format!("TO_CHAR(DATE '1970-01-01' + CAST({a} AS INTEGER), 'YYYY-MM-DD')"),
                Self::Clickhouse => format!("toString(addDays(toDate32('1970-01-01'), {a}))"),
                Self::Spark => format!("CAST(DATE_ADD(DATE '1970-01-01', CAST({a} AS INT)) AS STRING)"),
                Self::Bigquery => format!("CAST(DATE_FROM_UNIX_DATE({a}) AS STRING)"),
                Self::Snowflake => {
                    format!("TO_CHAR(DATEADD(day, {a}, '1970-01-01'::DATE), 'YYYY-MM-DD')")
                }
            },
            "lead" | "lag" => {
                let word = name.to_uppercase();
                let column = if self == Self::Clickhouse { format!("toNullable({a})") } else { a.to_owned() };
                if b.is_empty() { format!("{word}({column})") } else { format!("{word}({column}, {b})") }
            }
            // The mark between the parts of a key: it sorts before every character that labels hold.
            "mark" => match self {
                Self::Clickhouse => "char(1)".to_owned(),
                _ => "CHR(1)".to_owned(),
            },
            // Texts are ordered by their bytes.
            "bytes" => match self {
                Self::Postgres => format!("({a}) COLLATE \"C\""),
                _ => a.to_owned(),
            },
            _ => format!("@{name}({})", arguments.join(", ")),
        }
    }
}

/// In parentheses, unless it is a single word or number.
fn grouped(value: &str) -> String {
    if value.contains(' ') { format!("({value})") } else { value.to_owned() }
}

/// A regular expression literal in which only one of the groups is still a group.
fn only_group(literal: &str, wanted: usize) -> String {
    let mut group = 0;
    let mut inside_class = false;
    let mut out = String::with_capacity(literal.len() + 8);
    for c in literal.chars() {
        out.push(c);
        match c {
            '[' => inside_class = true,
            ']' => inside_class = false,
            '(' if !inside_class => {
                group += 1;
                if group != wanted {
                    out.push_str("?:");
                }
            }
            _ => {}
        }
    }
    out
}

/// Where a quoted text that begins here ends; a doubled quote is a quote inside.
fn quoted_end(text: &str, quote: char) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            if chars.peek().is_some_and(|(_, next)| *next == quote) {
                chars.next();
            } else {
                return at + 1;
            }
        }
    }
    text.len()
}

/// A call that begins here: its name, its arguments, and where it ends.
fn call(text: &str) -> Option<(&str, Vec<&str>, usize)> {
    let open = text.find('(')?;
    let name = text.get(1..open)?;
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let (mut depth, mut from, mut at) = (0_usize, open + 1, open);
    let mut arguments = Vec::new();
    while let Some(c) = text.get(at..).and_then(|t| t.chars().next()) {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    arguments.push(&text[from..at]);
                    return Some((name, arguments, at + 1));
                }
            }
            ',' if depth == 1 => {
                arguments.push(&text[from..at]);
                from = at + 1;
            }
            '\'' | '"' => {
                at += quoted_end(&text[at..], c);
                continue;
            }
            _ => {}
        }
        at += c.len_utf8();
    }
    None
}

/// A text as a literal of standard SQL.
pub(super) fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// A name as standard SQL quotes it.
pub(super) fn name(value: &str) -> String {
    format!("\"{}\"", value.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_literals_and_names_are_spelled_as_the_engine_wants_them() {
        let sql = "@div(@big(\"a\"\"b\"), 2) || 'it''s, (a) \\' -- it's @div(1, 2)\n- @x";
        assert_eq!(
            Dialect::Postgres.spell(sql),
            "((CAST(\"a\"\"b\" AS BIGINT)) / 2) || 'it''s, (a) \\' -- it's @div(1, 2)\n- @x"
        );
        assert_eq!(
            Dialect::Clickhouse.spell(sql),
            "intDiv(CAST(`a\"b` AS Nullable(Int64)), 2) || 'it\\'s, (a) \\\\' -- it's @div(1, 2)\n- @x"
        );
        assert_eq!(
            Dialect::Bigquery.spell("@part(t, '^([0-9(]+)(:([0-9]+))?$', 3)"),
            "REGEXP_EXTRACT(t, '^(?:[0-9(]+)(?::([0-9]+))?$')"
        );
    }
}
