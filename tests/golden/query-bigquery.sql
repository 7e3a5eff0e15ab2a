-- The census of Two channels for BigQuery (untested against the service: look at its answer before you trust it).
--
-- Reads the tables below, one for each usage entry: every column as text, named as in the CSV header.
--     log    log.csv
-- Run and save:
--     bq query --use_legacy_sql=false --format=csv --max_rows=1000000 < census.sql > census.csv
--     chanfolio assess INVENTORY --census census.csv
-- Clock changes and opening hours are written down from 2026-01-01 to 2026-06-30; rows beyond are rejected as `beyond-clock-table`.
-- Times without a `time_format` are read as ISO 8601; others are rejected as `bad-time`.
WITH
-- The channels in the order of their ids, with their promise; '' stands for unlisted labels.
-- hours: the opening hours that its promise counts, 0 where it counts every hour.
channels AS (
    SELECT 'phone' AS id, 1 AS n, 'waits' AS timing, 'live' AS answering,
        CAST(20000 AS INT64) AS within_ms, 0 AS hours, 1 AS is_contact, 0 AS talks, 0 AS automated
    UNION ALL
    SELECT 'whatsapp' AS id, 2 AS n, 'waits' AS timing, 'later' AS answering,
        CAST(900000 AS INT64) AS within_ms, 1 AS hours, 1 AS is_contact, 1 AS talks, 0 AS automated
    UNION ALL
    SELECT '', 9999, 'other', 'none', CAST(NULL AS INT64), 0, 0, 0, 0
),
-- Every day that a promise may count.
days AS (
    SELECT n FROM UNNEST(GENERATE_ARRAY(0, 582)) AS n
),
-- The usual week, Monday is 0; milliseconds since midnight.
-- 1: Mo-Fr 08:00-18:00
open_week AS (
    SELECT 1 AS hours, 0 AS weekday, 28800000 AS opens_1, 36000000 AS length_1
    UNION ALL SELECT 1, 1, 28800000, 36000000
    UNION ALL SELECT 1, 2, 28800000, 36000000
    UNION ALL SELECT 1, 3, 28800000, 36000000
    UNION ALL SELECT 1, 4, 28800000, 36000000
    UNION ALL SELECT 1, 5, 0, 0
    UNION ALL SELECT 1, 6, 0, 0
),
-- The hours of each day; days since 1970. Closed days (public holidays) are listed.
open_days AS (
    SELECT
        w.hours AS hours,
        d.n + 20454 AS day,
        0 AS is_closed,
        w.opens_1 AS opens_1,
        w.length_1 AS length_1
    FROM days AS d
    JOIN open_week AS w ON w.weekday = MOD(d.n + 20457, 7)
),
-- Open time passed before each day, milliseconds: open time between two moments is a difference.
open_time AS (
    SELECT
        o.hours AS open_hours,
        o.day AS open_day,
        o.opens_1 AS opens_1,
        CASE WHEN o.is_closed = 1 THEN 0 ELSE o.length_1 END AS length_1,
        CAST(SUM(CASE WHEN o.is_closed = 1 THEN 0 ELSE o.length_1 END) OVER (PARTITION BY o.hours ORDER BY o.day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS INT64) - (CASE WHEN o.is_closed = 1 THEN 0 ELSE o.length_1 END) AS open_before
    FROM open_days AS o
),
-- Entry 1 (log.csv): trimmed texts, '' where nothing was recorded.
text_1 AS (
    SELECT
        '' AS ignored_column,
        '' AS ignored_value,
        CASE WHEN LOWER(TRIM(COALESCE(`at`, ''), ' \t\r\n')) IN ('', 'n/a', 'null', 'nan', '#n/a', '\\n') THEN '' ELSE TRIM(COALESCE(`at`, ''), ' \t\r\n') END AS time_parts,
        CASE WHEN LOWER(TRIM(COALESCE(`at`, ''), ' \t\r\n')) IN ('', 'n/a', 'null', 'nan', '#n/a', '\\n') THEN '' ELSE TRIM(COALESCE(`at`, ''), ' \t\r\n') END AS time_text,
        CASE WHEN LOWER(TRIM(COALESCE(`replied`, ''), ' \t\r\n')) IN ('', 'n/a', 'null', 'nan', '#n/a', '\\n') THEN '' ELSE TRIM(COALESCE(`replied`, ''), ' \t\r\n') END AS replied_parts,
        CASE WHEN LOWER(TRIM(COALESCE(`channel`, ''), ' \t\r\n')) IN ('', 'n/a', 'null', 'nan', '#n/a', '\\n') THEN '' ELSE TRIM(COALESCE(`channel`, ''), ' \t\r\n') END AS channel,
        CASE WHEN LOWER(TRIM(COALESCE(`customer`, ''), ' \t\r\n')) IN ('', 'n/a', 'null', 'nan', '#n/a', '\\n', 'it\'s nobody') THEN '' ELSE TRIM(COALESCE(`customer`, ''), ' \t\r\n') END AS customer,
        CASE WHEN LOWER(TRIM(COALESCE(`reason`, ''), ' \t\r\n')) IN ('', 'n/a', 'null', 'nan', '#n/a', '\\n') THEN '' ELSE TRIM(COALESCE(`reason`, ''), ' \t\r\n') END AS reason,
        CASE WHEN LOWER(TRIM(COALESCE(`touch point`, ''), ' \t\r\n')) IN ('', 'n/a', 'null', 'nan', '#n/a', '\\n') THEN '' ELSE TRIM(COALESCE(`touch point`, ''), ' \t\r\n') END AS touchpoint,
        CASE WHEN LOWER(TRIM(COALESCE(`thread`, ''), ' \t\r\n')) IN ('', 'n/a', 'null', 'nan', '#n/a', '\\n') THEN '' ELSE TRIM(COALESCE(`thread`, ''), ' \t\r\n') END AS conversation,
        CASE WHEN LOWER(TRIM(COALESCE(`answered`, ''), ' \t\r\n')) IN ('', 'n/a', 'null', 'nan', '#n/a', '\\n') THEN '' ELSE TRIM(COALESCE(`answered`, ''), ' \t\r\n') END AS answered_text,
        CASE WHEN LOWER(TRIM(COALESCE(`resolved`, ''), ' \t\r\n')) IN ('', 'n/a', 'null', 'nan', '#n/a', '\\n') THEN '' ELSE TRIM(COALESCE(`resolved`, ''), ' \t\r\n') END AS resolved_text,
        CASE WHEN LOWER(TRIM(COALESCE(`wait`, ''), ' \t\r\n')) IN ('', 'n/a', 'null', 'nan', '#n/a', '\\n') THEN '' ELSE TRIM(COALESCE(`wait`, ''), ' \t\r\n') END AS wait_ms_text,
        CASE WHEN LOWER(TRIM(COALESCE(`cost`, ''), ' \t\r\n')) IN ('', 'n/a', 'null', 'nan', '#n/a', '\\n') THEN '' ELSE TRIM(COALESCE(`cost`, ''), ' \t\r\n') END AS cost_minor_text
    FROM log
),
-- The parts of its times.
numbers_1 AS (
    SELECT
        t.*,
        SAFE_CAST(REGEXP_EXTRACT(t.time_parts, '^([0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$') AS INT64) AS time_year,
        SAFE_CAST(REGEXP_EXTRACT(t.time_parts, '^(?:[0-9]{4})[-/. ,]{1,2}([0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$') AS INT64) AS time_month,
        SAFE_CAST(REGEXP_EXTRACT(t.time_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}([0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$') AS INT64) AS time_day,
        SAFE_CAST(REGEXP_EXTRACT(t.time_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+([0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$') AS INT64) AS time_hour,
        SAFE_CAST(REGEXP_EXTRACT(t.time_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.]([0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$') AS INT64) AS time_minute,
        SAFE_CAST(SUBSTR(REGEXP_EXTRACT(t.time_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})([:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$'), 2, 2) AS INT64) AS time_second,
        SAFE_CAST(SUBSTR(SUBSTR(REGEXP_EXTRACT(t.time_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}([.,][0-9]+)?)?[ ]*(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$'), 2) || '000', 1, 3) AS INT64) AS time_fraction,
        REGEXP_EXTRACT(t.time_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$') AS time_zone,
        SAFE_CAST(SUBSTR(REGEXP_EXTRACT(t.time_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$'), 2, 2) AS INT64) AS time_zone_hour,
        CASE WHEN LENGTH(REGEXP_EXTRACT(t.time_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$')) >= 5 THEN SAFE_CAST(SUBSTR(REGEXP_EXTRACT(t.time_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$'), LENGTH(REGEXP_EXTRACT(t.time_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$')) - 1, 2) AS INT64) END AS time_zone_minute,
        SAFE_CAST(REGEXP_EXTRACT(t.replied_parts, '^([0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$') AS INT64) AS replied_year,
        SAFE_CAST(REGEXP_EXTRACT(t.replied_parts, '^(?:[0-9]{4})[-/. ,]{1,2}([0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$') AS INT64) AS replied_month,
        SAFE_CAST(REGEXP_EXTRACT(t.replied_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}([0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$') AS INT64) AS replied_day,
        SAFE_CAST(REGEXP_EXTRACT(t.replied_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+([0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$') AS INT64) AS replied_hour,
        SAFE_CAST(REGEXP_EXTRACT(t.replied_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.]([0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$') AS INT64) AS replied_minute,
        SAFE_CAST(SUBSTR(REGEXP_EXTRACT(t.replied_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})([:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$'), 2, 2) AS INT64) AS replied_second,
        SAFE_CAST(SUBSTR(SUBSTR(REGEXP_EXTRACT(t.replied_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}([.,][0-9]+)?)?[ ]*(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$'), 2) || '000', 1, 3) AS INT64) AS replied_fraction,
        REGEXP_EXTRACT(t.replied_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$') AS replied_zone,
        SAFE_CAST(SUBSTR(REGEXP_EXTRACT(t.replied_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$'), 2, 2) AS INT64) AS replied_zone_hour,
        CASE WHEN LENGTH(REGEXP_EXTRACT(t.replied_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$')) >= 5 THEN SAFE_CAST(SUBSTR(REGEXP_EXTRACT(t.replied_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$'), LENGTH(REGEXP_EXTRACT(t.replied_parts, '^(?:[0-9]{4})[-/. ,]{1,2}(?:[0-9]{1,2})[-/. ,]{1,2}(?:[0-9]{1,2})(?:[Tt ,]+(?:[0-9]{1,2})[:.](?:[0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?[ ]*([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$')) - 1, 2) AS INT64) END AS replied_zone_minute
    FROM text_1 AS t
),
-- Its typed values.
entry_1 AS (
    SELECT
        0 AS entry,
        n.ignored_column AS ignored_column,
        n.ignored_value AS ignored_value,
        n.time_text AS time_text,
        CASE WHEN n.time_year BETWEEN 1971 AND 2200 AND n.time_month BETWEEN 1 AND 12
                AND n.time_day BETWEEN 1 AND CASE WHEN n.time_month IN (4, 6, 9, 11) THEN 30 WHEN n.time_month <> 2 THEN 31
                    WHEN MOD(n.time_year, 4) = 0 AND (MOD(n.time_year, 100) <> 0 OR MOD(n.time_year, 400) = 0) THEN 29 ELSE 28 END
                AND COALESCE(n.time_hour, 0) <= 23 AND COALESCE(n.time_minute, 0) <= 59 AND COALESCE(n.time_second, 0) <= 60
                AND COALESCE(n.time_zone_hour, 0) <= 18 AND COALESCE(n.time_zone_minute, 0) <= 59
            THEN CAST((365 * (n.time_year - CASE WHEN n.time_month <= 2 THEN 1 ELSE 0 END) + DIV((n.time_year - CASE WHEN n.time_month <= 2 THEN 1 ELSE 0 END), 4) - DIV((n.time_year - CASE WHEN n.time_month <= 2 THEN 1 ELSE 0 END), 100) + DIV((n.time_year - CASE WHEN n.time_month <= 2 THEN 1 ELSE 0 END), 400)
                + DIV(153 * MOD(n.time_month + 9, 12) + 2, 5) + n.time_day - 719469) AS INT64) * 86400000
                + ((COALESCE(n.time_hour, 0) * 60 + COALESCE(n.time_minute, 0)) * 60 + CASE WHEN COALESCE(n.time_second, 0) = 60 THEN 59 ELSE COALESCE(n.time_second, 0) END) * 1000 + COALESCE(n.time_fraction, 0) END AS time_local,
        CAST(CASE WHEN n.time_hour IS NULL THEN 0 ELSE 1 END AS INT64) AS time_timed,
        CAST(CASE WHEN n.time_zone IN ('Z', 'z') THEN 0 WHEN n.time_zone_hour IS NOT NULL AND n.time_zone <> ''
                THEN CASE WHEN SUBSTR(n.time_zone, 1, 1) = '-' THEN -60000 ELSE 60000 END * (n.time_zone_hour * 60 + COALESCE(n.time_zone_minute, 0)) END AS INT64) AS time_offset,
        CASE WHEN n.replied_year BETWEEN 1971 AND 2200 AND n.replied_month BETWEEN 1 AND 12
                AND n.replied_day BETWEEN 1 AND CASE WHEN n.replied_month IN (4, 6, 9, 11) THEN 30 WHEN n.replied_month <> 2 THEN 31
                    WHEN MOD(n.replied_year, 4) = 0 AND (MOD(n.replied_year, 100) <> 0 OR MOD(n.replied_year, 400) = 0) THEN 29 ELSE 28 END
                AND COALESCE(n.replied_hour, 0) <= 23 AND COALESCE(n.replied_minute, 0) <= 59 AND COALESCE(n.replied_second, 0) <= 60
                AND COALESCE(n.replied_zone_hour, 0) <= 18 AND COALESCE(n.replied_zone_minute, 0) <= 59
            THEN CAST((365 * (n.replied_year - CASE WHEN n.replied_month <= 2 THEN 1 ELSE 0 END) + DIV((n.replied_year - CASE WHEN n.replied_month <= 2 THEN 1 ELSE 0 END), 4) - DIV((n.replied_year - CASE WHEN n.replied_month <= 2 THEN 1 ELSE 0 END), 100) + DIV((n.replied_year - CASE WHEN n.replied_month <= 2 THEN 1 ELSE 0 END), 400)
                + DIV(153 * MOD(n.replied_month + 9, 12) + 2, 5) + n.replied_day - 719469) AS INT64) * 86400000
                + ((COALESCE(n.replied_hour, 0) * 60 + COALESCE(n.replied_minute, 0)) * 60 + CASE WHEN COALESCE(n.replied_second, 0) = 60 THEN 59 ELSE COALESCE(n.replied_second, 0) END) * 1000 + COALESCE(n.replied_fraction, 0) END AS replied_local,
        CAST(CASE WHEN n.replied_hour IS NULL THEN 0 ELSE 1 END AS INT64) AS replied_timed,
        CAST(CASE WHEN n.replied_zone IN ('Z', 'z') THEN 0 WHEN n.replied_zone_hour IS NOT NULL AND n.replied_zone <> ''
                THEN CASE WHEN SUBSTR(n.replied_zone, 1, 1) = '-' THEN -60000 ELSE 60000 END * (n.replied_zone_hour * 60 + COALESCE(n.replied_zone_minute, 0)) END AS INT64) AS replied_offset,
        n.channel AS channel,
        n.customer AS customer,
        n.reason AS reason,
        CASE LOWER(n.touchpoint) WHEN 'billing' THEN 'billing' WHEN 'new-contract' THEN 'new-contract' ELSE n.touchpoint END AS touchpoint,
        n.conversation AS conversation,
        CAST(CASE WHEN LOWER(n.answered_text) IN ('yes', 'y', 'true', 't', '1', '1.0', 'x', 'sì', 'si', 's', 'vero', 'v', 'ok', 'answered', 'handled', 'connected', 'completed', 'resolved', 'solved', 'closed', 'done', 'fixed', 'risposta', 'risposto', 'gestita', 'gestito', 'risolto', 'risolta', 'chiuso', 'chiusa', 'on time', 'ontime', 'met', 'within sla', 'in tempo', 'nei tempi') THEN 1
                WHEN LOWER(n.answered_text) IN ('no', 'n', 'false', 'f', '0', '0.0', 'falso', 'unanswered', 'not answered', 'no answer', 'missed', 'abandoned', 'unresolved', 'not resolved', 'unsolved', 'open', 'pending', 'new', 'reopened', 'persa', 'perso', 'abbandonata', 'abbandonato', 'non risposta', 'non risposto', 'non risolto', 'non risolta', 'aperto', 'aperta', 'in corso', 'overdue', 'late', 'breached', 'missed sla', 'in ritardo', 'scaduto') THEN 0 END AS INT64) AS answered,
        CAST(CASE WHEN LOWER(n.resolved_text) IN ('yes', 'y', 'true', 't', '1', '1.0', 'x', 'sì', 'si', 's', 'vero', 'v', 'ok', 'answered', 'handled', 'connected', 'completed', 'resolved', 'solved', 'closed', 'done', 'fixed', 'risposta', 'risposto', 'gestita', 'gestito', 'risolto', 'risolta', 'chiuso', 'chiusa', 'on time', 'ontime', 'met', 'within sla', 'in tempo', 'nei tempi') THEN 1
                WHEN LOWER(n.resolved_text) IN ('no', 'n', 'false', 'f', '0', '0.0', 'falso', 'unanswered', 'not answered', 'no answer', 'missed', 'abandoned', 'unresolved', 'not resolved', 'unsolved', 'open', 'pending', 'new', 'reopened', 'persa', 'perso', 'abbandonata', 'abbandonato', 'non risposta', 'non risposto', 'non risolto', 'non risolta', 'aperto', 'aperta', 'in corso', 'overdue', 'late', 'breached', 'missed sla', 'in ritardo', 'scaduto') THEN 0 END AS INT64) AS resolved,
        CASE WHEN n.wait_ms_text = '' THEN NULL
                WHEN REGEXP_CONTAINS(n.wait_ms_text, '^[0-9]{1,12}$') THEN SAFE_CAST(n.wait_ms_text AS INT64) * 1000
                WHEN REGEXP_CONTAINS(n.wait_ms_text, '^([0-9]{1,9})[.]([0-9]{1,6})$') THEN SAFE_CAST(REGEXP_EXTRACT(n.wait_ms_text, '^([0-9]{1,9})[.](?:[0-9]{1,6})$') AS INT64) * 1000 + DIV(SAFE_CAST(SUBSTR(REGEXP_EXTRACT(n.wait_ms_text, '^(?:[0-9]{1,9})[.]([0-9]{1,6})$') || '000000', 1, 6) AS INT64) * 1000 + 500000, 1000000)
                WHEN REGEXP_CONTAINS(n.wait_ms_text, '^(([0-9]{1,7}):)?([0-9]{1,7}):([0-5]?[0-9])([.,]([0-9]{1,7}))?$') AND (REGEXP_CONTAINS(n.wait_ms_text, '^[0-9]+:[0-9]+([.,][0-9]+)?$') OR SAFE_CAST(REGEXP_EXTRACT(n.wait_ms_text, '^(?:(?:[0-9]{1,7}):)?([0-9]{1,7}):(?:[0-5]?[0-9])(?:[.,](?:[0-9]{1,7}))?$') AS INT64) <= 59)
                THEN ((COALESCE(SAFE_CAST(REGEXP_EXTRACT(n.wait_ms_text, '^(?:([0-9]{1,7}):)?(?:[0-9]{1,7}):(?:[0-5]?[0-9])(?:[.,](?:[0-9]{1,7}))?$') AS INT64), 0) * 60 + SAFE_CAST(REGEXP_EXTRACT(n.wait_ms_text, '^(?:(?:[0-9]{1,7}):)?([0-9]{1,7}):(?:[0-5]?[0-9])(?:[.,](?:[0-9]{1,7}))?$') AS INT64)) * 60 + SAFE_CAST(REGEXP_EXTRACT(n.wait_ms_text, '^(?:(?:[0-9]{1,7}):)?(?:[0-9]{1,7}):([0-5]?[0-9])(?:[.,](?:[0-9]{1,7}))?$') AS INT64)) * 1000 + SAFE_CAST(SUBSTR(COALESCE(REGEXP_EXTRACT(n.wait_ms_text, '^(?:(?:[0-9]{1,7}):)?(?:[0-9]{1,7}):(?:[0-5]?[0-9])(?:[.,]([0-9]{1,7}))?$'), '') || '000', 1, 3) AS INT64)
                WHEN REGEXP_CONTAINS(LOWER(n.wait_ms_text), '^(([0-9]{1,6}) ?h)? ?(([0-9]{1,6}) ?m(in)?)? ?(([0-9]{1,9}) ?s(ec)?)?$') THEN ((COALESCE(SAFE_CAST(REGEXP_EXTRACT(LOWER(n.wait_ms_text), '^(?:([0-9]{1,6}) ?h)? ?(?:(?:[0-9]{1,6}) ?m(?:in)?)? ?(?:(?:[0-9]{1,9}) ?s(?:ec)?)?$') AS INT64), 0) * 60 + COALESCE(SAFE_CAST(REGEXP_EXTRACT(LOWER(n.wait_ms_text), '^(?:(?:[0-9]{1,6}) ?h)? ?(?:([0-9]{1,6}) ?m(?:in)?)? ?(?:(?:[0-9]{1,9}) ?s(?:ec)?)?$') AS INT64), 0)) * 60 + COALESCE(SAFE_CAST(REGEXP_EXTRACT(LOWER(n.wait_ms_text), '^(?:(?:[0-9]{1,6}) ?h)? ?(?:(?:[0-9]{1,6}) ?m(?:in)?)? ?(?:([0-9]{1,9}) ?s(?:ec)?)?$') AS INT64), 0)) * 1000 END AS wait_ms,
        CASE WHEN REGEXP_CONTAINS(n.cost_minor_text, '^[A-Za-z€$£¥ ]*()[€$£¥ ]*([0-9]{1,12})([.,]([0-9]{1,2}))?[A-Za-z€$£¥ ]*$')
                THEN (SAFE_CAST(REGEXP_EXTRACT(n.cost_minor_text, '^[A-Za-z€$£¥ ]*(?:)[€$£¥ ]*([0-9]{1,12})(?:[.,](?:[0-9]{1,2}))?[A-Za-z€$£¥ ]*$') AS INT64) * 100 + SAFE_CAST(SUBSTR(COALESCE(REGEXP_EXTRACT(n.cost_minor_text, '^[A-Za-z€$£¥ ]*(?:)[€$£¥ ]*(?:[0-9]{1,12})(?:[.,]([0-9]{1,2}))?[A-Za-z€$£¥ ]*$'), '') || '00', 1, 2) AS INT64)) END AS cost_minor
    FROM numbers_1 AS n
),
-- All entries.
entries AS (
    SELECT * FROM entry_1
),
-- Milliseconds since 1970 in UTC. The clock of Europe/Rome stands here as literals, because engines
-- disagree about local times when clocks change: in a gap forward, in a fold the earlier.
instants AS (
    SELECT
        e.*,
        CASE LOWER(e.channel)
            WHEN 'phone' THEN 'phone'
            WHEN 'whatsapp' THEN 'whatsapp' ELSE '' END AS channel_id,
        e.time_local - COALESCE(e.time_offset, CASE
            WHEN e.time_local < 1743303600000 THEN 3600000 WHEN e.time_local < 1761447600000 THEN 7200000 WHEN e.time_local < 1774753200000 THEN 3600000
            WHEN e.time_local < 1792897200000 THEN 7200000 WHEN e.time_local < 1806202800000 THEN 3600000
            ELSE 7200000 END) AS time_ms,
        e.replied_local - COALESCE(e.replied_offset, CASE
            WHEN e.replied_local < 1743303600000 THEN 3600000 WHEN e.replied_local < 1761447600000 THEN 7200000 WHEN e.replied_local < 1774753200000 THEN 3600000
            WHEN e.replied_local < 1792897200000 THEN 7200000 WHEN e.replied_local < 1806202800000 THEN 3600000
            ELSE 7200000 END) AS replied_ms
    FROM entries AS e
),
-- Local times again, now without gaps.
placed AS (
    SELECT
        i.*,
        CASE WHEN i.time_timed = 1 THEN i.time_ms + CASE
            WHEN i.time_ms < 1743296400000 THEN 3600000 WHEN i.time_ms < 1761440400000 THEN 7200000 WHEN i.time_ms < 1774746000000 THEN 3600000
            WHEN i.time_ms < 1792890000000 THEN 7200000 WHEN i.time_ms < 1806195600000 THEN 3600000
            ELSE 7200000 END ELSE i.time_local END AS at_local,
        CASE WHEN i.replied_timed = 1 THEN i.replied_ms + CASE
            WHEN i.replied_ms < 1743296400000 THEN 3600000 WHEN i.replied_ms < 1761440400000 THEN 7200000 WHEN i.replied_ms < 1774746000000 THEN 3600000
            WHEN i.replied_ms < 1792890000000 THEN 7200000 WHEN i.replied_ms < 1806195600000 THEN 3600000
            ELSE 7200000 END ELSE i.replied_local END AS replied_at,
        CASE WHEN i.time_timed = 1 AND i.time_offset IS NULL AND ((i.time_local >= 1743300000000 AND i.time_local < 1743303600000)
                OR (i.time_local >= 1774749600000 AND i.time_local < 1774753200000)
                OR (i.time_local >= 1806199200000 AND i.time_local < 1806202800000)) THEN 1 ELSE 0 END AS clock_gap,
        CASE WHEN i.time_timed = 1 AND i.time_offset IS NULL AND ((i.time_local >= 1761444000000 AND i.time_local < 1761447600000)
                OR (i.time_local >= 1792893600000 AND i.time_local < 1792897200000)) THEN 1 ELSE 0 END AS clock_fold
    FROM instants AS i
),
-- Rows that cannot be read, and rows outside the period.
judged AS (
    SELECT
        p.*,
        CASE WHEN p.ignored_column <> '' THEN ''
            WHEN p.time_text = '' THEN 'no-time'
            WHEN p.time_ms IS NULL THEN 'bad-time'
            WHEN p.channel = '' THEN 'no-channel'
            WHEN p.at_local < 1767225600000 OR p.at_local >= 1782864000000 THEN ''
            WHEN p.at_local < 1767225600000 OR p.at_local >= 1782864000000 THEN 'beyond-clock-table'
            ELSE '' END AS cause,
        CASE WHEN p.at_local < 1767225600000 OR p.at_local >= 1782864000000 THEN 1 ELSE 0 END AS is_outside
    FROM placed AS p
),
-- Every row with its kind, and what its channel makes of waits and answers.
log_rows AS (
    SELECT
        j.entry AS entry,
        CASE WHEN j.cause <> '' THEN 'rejected' WHEN j.is_outside = 1 THEN 'outside'
            WHEN j.ignored_column <> '' THEN 'ignored' ELSE 'contact' END AS kind,
        j.cause AS cause,
        j.ignored_column AS ignored_column,
        j.ignored_value AS ignored_value,
        j.clock_gap AS clock_gap,
        j.clock_fold AS clock_fold,
        CAST(j.time_ms AS INT64) AS at_ms,
        CAST(j.at_local AS INT64) AS at_local,
        DIV(j.at_local, 86400000) AS at_day,
        j.time_timed AS timed,
        CASE WHEN j.cause = '' AND j.is_outside = 0 AND j.ignored_column = '' THEN j.channel_id ELSE '' END AS channel,
        CASE WHEN j.cause = '' AND j.is_outside = 0 AND j.ignored_column = '' AND j.channel_id = '' THEN j.channel ELSE '' END AS label,
        c.n AS channel_n,
        c.talks AS talks,
        j.customer AS customer,
        j.reason AS reason,
        j.touchpoint AS touchpoint,
        '' AS segment,
        j.conversation AS conversation,
        '' AS contact_id,
        '' AS case_id,
        '' AS transferred_to,
        0 AS direction,
        CAST(CASE WHEN 1 = 0 THEN NULL WHEN j.answered IS NOT NULL THEN j.answered WHEN CAST(NULL AS INT64) = 1 THEN 0
            WHEN c.timing = 'deferred' AND (j.replied_ms IS NOT NULL) THEN 1 WHEN c.timing = 'deferred' AND j.entry IN (0) THEN 0 END AS INT64) AS answered,
        CAST(CASE WHEN 1 = 0 THEN NULL WHEN j.entry IN (0) AND c.timing = 'waits' AND NOT (1 = 0) THEN 1 - j.answered ELSE CAST(NULL AS INT64) END AS INT64) AS abandoned,
        CAST(CASE WHEN c.timing = 'deferred' AND NOT (1 = 0)
            THEN COALESCE(CASE WHEN j.replied_timed = j.time_timed AND j.replied_ms >= j.time_ms THEN j.replied_ms - j.time_ms END,
                j.wait_ms) ELSE j.wait_ms END AS INT64) AS wait_ms,
        j.resolved AS resolved,
        CAST(NULL AS INT64) AS on_time,
        CAST(NULL AS INT64) AS repeated,
        CAST(NULL AS INT64) AS opened,
        CAST(NULL AS INT64) AS opted_out,
        CAST(NULL AS INT64) AS handle_ms,
        CAST(NULL AS INT64) AS satisfied,
        CAST(NULL AS INT64) AS nps,
        j.cost_minor AS cost_minor,
        CAST(NULL AS INT64) AS revenue_minor,
        CAST(j.replied_ms AS INT64) AS replied_ms,
        CAST(j.replied_at AS INT64) AS replied_at,
        CAST(j.replied_timed AS INT64) AS replied_timed,
        CAST(NULL AS INT64) AS closed_ms,
        CAST(NULL AS INT64) AS closed_at,
        CAST(NULL AS INT64) AS closed_timed,
        CAST(NULL AS INT64) AS due_ms,
        CAST(NULL AS INT64) AS due_at,
        CAST(NULL AS INT64) AS due_timed
    FROM judged AS j
    JOIN channels AS c ON c.id = j.channel_id
),
-- The latest instant of any row that counts.
latest AS (
    SELECT
        MAX(CASE WHEN r.kind IN ('contact', 'aggregate', 'ignored') AND r.at_ms IS NOT NULL THEN r.at_ms * 2 + r.timed END) AS end_key,
        MAX(CASE WHEN r.kind IN ('contact', 'aggregate', 'ignored') AND r.at_ms IS NOT NULL THEN r.at_local END) AS end_local
    FROM log_rows AS r
),
-- The same, as instant and local time.
log_end AS (
    SELECT
        DIV(l.end_key, 2) AS end_ms,
        MOD(l.end_key, 2) AS end_timed,
        CASE WHEN MOD(l.end_key, 2) = 1 THEN DIV(l.end_key, 2) + CASE
            WHEN DIV(l.end_key, 2) < 1743296400000 THEN 3600000 WHEN DIV(l.end_key, 2) < 1761440400000 THEN 7200000 WHEN DIV(l.end_key, 2) < 1774746000000 THEN 3600000
            WHEN DIV(l.end_key, 2) < 1792890000000 THEN 7200000 WHEN DIV(l.end_key, 2) < 1806195600000 THEN 3600000
            ELSE 7200000 END ELSE l.end_local END AS end_at
    FROM latest AS l
),
-- The order of rows after the instant: channel, touchpoint, reason, resolved, answered, handling, wait, the rest.
-- yardstick: by what a log measures whether a channel kept its word (0 promise, 1 due date, 2 flag).
ordered AS (
    SELECT
        r.*,
        CAST(r.timed AS STRING) || CHR(1) ||
            LPAD(CAST(r.channel_n AS STRING), 4, '0') || CHR(1) ||
            r.touchpoint || CHR(1) ||
            r.reason || CHR(1) ||
            CAST(COALESCE(r.resolved * 2, 1) AS STRING) || CHR(1) ||
            CAST(COALESCE(r.answered * 2, 1) AS STRING) || CHR(1) ||
            COALESCE(LPAD(CAST(r.wait_ms AS STRING), 15, '0'), '') || CHR(1) ||
            r.label || CHR(1) ||
            LPAD(CAST(r.entry AS STRING), 4, '0') || CHR(1) ||
            r.customer || CHR(1) ||
            r.conversation || CHR(1) ||
            COALESCE(LPAD(CAST(r.replied_ms AS STRING), 15, '0') || CAST(r.replied_timed AS STRING), '') || CHR(1) ||
            COALESCE(LPAD(CAST(r.cost_minor AS STRING), 15, '0'), '') AS row_tie,
        0 AS yardstick
    FROM log_rows AS r
),
-- What makes rows one contact: a case, a conversation, or text talk of one customer in one channel.
joined AS (
    SELECT
        o.*,
        CASE WHEN o.kind <> 'contact' THEN 'row'
            WHEN o.conversation <> '' THEN 'conversation'
            WHEN o.customer <> '' AND o.channel <> '' AND o.talks = 1 THEN 'talk' ELSE 'row' END AS joined_by
    FROM ordered AS o
),
-- Rows that may be one contact.
threads AS (
    SELECT
        j.*,
        CASE j.joined_by WHEN 'case' THEN CAST(j.entry AS STRING) || ' ' || j.case_id
            WHEN 'conversation' THEN CAST(j.entry AS STRING) || ' ' || j.conversation
            WHEN 'talk' THEN j.channel || ' ' || j.customer
            ELSE j.channel || ' ' || CAST(COALESCE(j.at_ms, 0) AS STRING) END AS thread
    FROM joined AS j
),
-- Their order.
places AS (
    SELECT
        t.*,
        ROW_NUMBER() OVER (PARTITION BY t.joined_by, t.thread ORDER BY t.at_ms, t.row_tie) AS place,
        LAG(t.at_ms) OVER (PARTITION BY t.joined_by, t.thread ORDER BY t.at_ms, t.row_tie) AS ms_before,
        LAG(t.at_day) OVER (PARTITION BY t.joined_by, t.thread ORDER BY t.at_ms, t.row_tie) AS day_before,
        LAG(t.timed) OVER (PARTITION BY t.joined_by, t.thread ORDER BY t.at_ms, t.row_tie) AS timed_before
    FROM threads AS t
),
-- Where a contact begins; talk begins anew after 24 hours.
beginnings AS (
    SELECT
        s.*,
        CASE WHEN s.place = 1 OR s.joined_by = 'row' THEN 1
            WHEN s.joined_by = 'talk' AND CASE WHEN s.timed_before = 1 AND s.timed = 1 THEN s.at_ms - s.ms_before ELSE (s.at_day - s.day_before) * 86400000 END > 86400000 THEN 1 ELSE 0 END AS begins
    FROM places AS s
),
-- The number of the contact in its thread.
numbered AS (
    SELECT
        b.*,
        SUM(b.begins) OVER (PARTITION BY b.joined_by, b.thread ORDER BY b.place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS contact_n
    FROM beginnings AS b
),
-- One row is one contact: the earliest row gives time and labels, handling sums, the last known answer stands.
contacts AS (
    SELECT
        MAX(CASE WHEN n.begins = 1 THEN n.entry END) AS entry,
        MAX(CASE WHEN n.begins = 1 THEN n.kind END) AS kind,
        MAX(CASE WHEN n.begins = 1 THEN n.cause END) AS cause,
        MAX(CASE WHEN n.begins = 1 THEN n.ignored_column END) AS ignored_column,
        MAX(CASE WHEN n.begins = 1 THEN n.ignored_value END) AS ignored_value,
        MAX(CASE WHEN n.begins = 1 THEN n.at_ms END) AS at_ms,
        MAX(CASE WHEN n.begins = 1 THEN n.at_local END) AS at_local,
        MAX(CASE WHEN n.begins = 1 THEN n.at_day END) AS at_day,
        MAX(CASE WHEN n.begins = 1 THEN n.timed END) AS timed,
        MAX(CASE WHEN n.begins = 1 THEN n.channel END) AS channel,
        MAX(CASE WHEN n.begins = 1 THEN n.label END) AS label,
        MAX(CASE WHEN n.begins = 1 THEN n.channel_n END) AS channel_n,
        MAX(CASE WHEN n.begins = 1 THEN n.customer END) AS customer,
        MAX(CASE WHEN n.begins = 1 THEN n.reason END) AS reason,
        MAX(CASE WHEN n.begins = 1 THEN n.touchpoint END) AS touchpoint,
        MAX(CASE WHEN n.begins = 1 THEN n.segment END) AS segment,
        MAX(CASE WHEN n.begins = 1 THEN n.conversation END) AS conversation,
        MAX(CASE WHEN n.begins = 1 THEN n.direction END) AS direction,
        MAX(CASE WHEN n.begins = 1 THEN n.wait_ms END) AS wait_ms,
        MAX(CASE WHEN n.begins = 1 THEN n.yardstick END) AS yardstick,
        MAX(CASE WHEN n.begins = 1 THEN n.contact_id END) AS contact_id,
        MAX(CASE WHEN n.begins = 1 THEN n.case_id END) AS case_id,
        CAST(SUM(n.clock_gap) AS INT64) AS clock_gap,
        CAST(SUM(n.clock_fold) AS INT64) AS clock_fold,
        CAST(SUM(n.handle_ms) AS INT64) AS handle_ms,
        CAST(SUM(n.cost_minor) AS INT64) AS cost_minor,
        CAST(SUM(n.revenue_minor) AS INT64) AS revenue_minor,
        MAX(n.answered) AS answered,
        MAX(n.repeated) AS repeated,
        MAX(n.opened) AS opened,
        MAX(n.opted_out) AS opted_out,
        CASE WHEN COUNT(*) > 1 AND MAX(n.answered) = 1 AND MAX(n.abandoned) = 1 THEN 0 ELSE MAX(n.abandoned) END AS abandoned,
        MOD(MAX(CASE WHEN n.resolved IS NOT NULL THEN n.place * 100 + n.resolved END), 100) AS resolved,
        MOD(MAX(CASE WHEN n.on_time IS NOT NULL THEN n.place * 100 + n.on_time END), 100) AS on_time,
        MOD(MAX(CASE WHEN n.satisfied IS NOT NULL THEN n.place * 100 + n.satisfied END), 100) AS satisfied,
        MOD(MAX(CASE WHEN n.nps IS NOT NULL THEN n.place * 100 + n.nps END), 100) AS nps,
        '' AS transferred_to,
        SAFE_CAST(SUBSTR(MIN(CASE WHEN n.replied_ms IS NOT NULL THEN LPAD(CAST(n.replied_ms AS STRING), 15, '0') || CAST(n.replied_timed AS STRING) || CAST(n.replied_at AS STRING) END), 1, 15) AS INT64) AS replied_ms,
        SAFE_CAST(SUBSTR(MIN(CASE WHEN n.replied_ms IS NOT NULL THEN LPAD(CAST(n.replied_ms AS STRING), 15, '0') || CAST(n.replied_timed AS STRING) || CAST(n.replied_at AS STRING) END), 16, 1) AS INT64) AS replied_timed,
        SAFE_CAST(SUBSTR(MIN(CASE WHEN n.replied_ms IS NOT NULL THEN LPAD(CAST(n.replied_ms AS STRING), 15, '0') || CAST(n.replied_timed AS STRING) || CAST(n.replied_at AS STRING) END), 17) AS INT64) AS replied_at,
        CAST(NULL AS INT64) AS closed_ms,
        CAST(NULL AS INT64) AS closed_timed,
        CAST(NULL AS INT64) AS closed_at,
        CAST(NULL AS INT64) AS due_ms,
        CAST(NULL AS INT64) AS due_timed,
        CAST(NULL AS INT64) AS due_at,
        CASE WHEN COUNT(*) > 1 THEN 1 ELSE 0 END AS several,
        COUNT(*) - 1 AS merged,
        MAX(n.joined_by) AS joined_by,
        0 AS duplicate
    FROM numbered AS n
    GROUP BY n.joined_by, n.thread, n.contact_n
),
-- Contacts beside the promise of their channel. done: the reply, else (kinds that answer later) the close.
asked AS (
    SELECT
        k.*,
        CAST(k.timed AS STRING) || CHR(1) ||
            LPAD(CAST(k.channel_n AS STRING), 4, '0') || CHR(1) ||
            k.touchpoint || CHR(1) ||
            k.reason || CHR(1) ||
            CAST(COALESCE(k.resolved * 2, 1) AS STRING) || CHR(1) ||
            CAST(COALESCE(k.answered * 2, 1) AS STRING) || CHR(1) ||
            COALESCE(LPAD(CAST(k.wait_ms AS STRING), 15, '0'), '') || CHR(1) ||
            k.label || CHR(1) ||
            LPAD(CAST(k.entry AS STRING), 4, '0') || CHR(1) ||
            k.customer || CHR(1) ||
            k.conversation || CHR(1) ||
            COALESCE(LPAD(CAST(k.replied_ms AS STRING), 15, '0') || CAST(k.replied_timed AS STRING), '') || CHR(1) ||
            COALESCE(LPAD(CAST(k.cost_minor AS STRING), 15, '0'), '') AS tie,
        c.answering AS answering,
        c.within_ms AS within_ms,
        c.hours AS hours,
        c.is_contact AS is_contact,
        c.automated AS automated,
        e.end_ms AS end_ms,
        e.end_timed AS end_timed,
        e.end_at AS end_at,
        CASE WHEN k.replied_ms IS NOT NULL THEN k.replied_ms WHEN c.answering = 'later' THEN k.closed_ms END AS done_ms,
        CASE WHEN k.replied_ms IS NOT NULL THEN k.replied_at WHEN c.answering = 'later' THEN k.closed_at END AS done_at,
        CASE WHEN k.replied_ms IS NOT NULL THEN k.replied_timed WHEN c.answering = 'later' THEN k.closed_timed END AS done_timed
    FROM contacts AS k
    JOIN channels AS c ON c.id = k.channel
    CROSS JOIN log_end AS e
),
-- From arrival to done.
spent AS (
    SELECT
        a.*,
        CASE WHEN CASE WHEN a.timed = 1 AND a.done_timed = 1 THEN a.done_ms - a.at_ms
                ELSE (DIV(a.done_at, 86400000) - DIV(a.at_local, 86400000)) * 86400000 END >= 0 THEN CASE WHEN a.timed = 1 AND a.done_timed = 1 THEN a.done_ms - a.at_ms
                ELSE (DIV(a.done_at, 86400000) - DIV(a.at_local, 86400000)) * 86400000 END END AS spent_ms
    FROM asked AS a
),
-- How long the customer waited.
waits AS (
    SELECT
        s.*,
        CASE WHEN s.answering IN ('live', 'later') AND s.spent_ms IS NOT NULL AND (s.wait_ms IS NULL OR (s.answering = 'later' AND s.several = 1))
            THEN s.spent_ms ELSE s.wait_ms END AS waited_ms
    FROM spent AS s
),
-- Until when: done, else arrival plus wait; in local time.
untils AS (
    SELECT
        w.*,
        CASE WHEN w.answering = 'later' AND w.done_ms IS NOT NULL THEN w.done_at
            WHEN w.timed = 1 THEN w.at_ms + w.waited_ms + CASE
            WHEN (w.at_ms + w.waited_ms) < 1743296400000 THEN 3600000 WHEN (w.at_ms + w.waited_ms) < 1761440400000 THEN 7200000 WHEN (w.at_ms + w.waited_ms) < 1774746000000 THEN 3600000
            WHEN (w.at_ms + w.waited_ms) < 1792890000000 THEN 7200000 WHEN (w.at_ms + w.waited_ms) < 1806195600000 THEN 3600000
            ELSE 7200000 END END AS until_at,
        CASE WHEN w.answering = 'later' AND w.done_ms IS NOT NULL THEN w.done_timed ELSE 1 END AS until_timed
    FROM waits AS w
),
-- Days to look up; a promise in open hours is followed for 400 days.
looked_up AS (
    SELECT
        u.*,
        DIV(u.at_local, 86400000) AS from_day,
        CASE WHEN DIV(u.until_at, 86400000) - DIV(u.at_local, 86400000) > 400 THEN DIV(u.at_local, 86400000) + 400 ELSE DIV(u.until_at, 86400000) END AS until_day,
        CASE WHEN DIV(u.end_at, 86400000) - DIV(u.at_local, 86400000) > 400 THEN DIV(u.at_local, 86400000) + 400 ELSE DIV(u.end_at, 86400000) END AS end_day,
        CASE WHEN u.hours > 0 AND DIV(u.until_at, 86400000) - DIV(u.at_local, 86400000) > 400 THEN 1 ELSE 0 END AS until_far,
        CASE WHEN u.hours > 0 AND DIV(u.end_at, 86400000) - DIV(u.at_local, 86400000) > 400 THEN 1 ELSE 0 END AS end_far
    FROM untils AS u
),
-- Where arrival, done and the end of the log stand on the clock of the promise, in milliseconds.
-- A date without a time of day stands somewhere from low to high.
clocked AS (
    SELECT
        u.*,
        0 AS from_far,
        CASE WHEN u.hours = 0 THEN u.at_local
            ELSE o_from.open_before
                + CASE WHEN CASE WHEN u.timed = 1 THEN MOD(u.at_local, 86400000) ELSE 0 END <= o_from.opens_1 THEN 0 WHEN CASE WHEN u.timed = 1 THEN MOD(u.at_local, 86400000) ELSE 0 END - o_from.opens_1 >= o_from.length_1 THEN o_from.length_1 ELSE CASE WHEN u.timed = 1 THEN MOD(u.at_local, 86400000) ELSE 0 END - o_from.opens_1 END END AS from_low,
        CASE WHEN u.hours = 0 THEN u.at_local + CASE WHEN u.timed = 1 THEN 0 ELSE 86400000 END
            ELSE o_from.open_before
                + CASE WHEN CASE WHEN u.timed = 1 THEN MOD(u.at_local, 86400000) ELSE 86400000 END <= o_from.opens_1 THEN 0 WHEN CASE WHEN u.timed = 1 THEN MOD(u.at_local, 86400000) ELSE 86400000 END - o_from.opens_1 >= o_from.length_1 THEN o_from.length_1 ELSE CASE WHEN u.timed = 1 THEN MOD(u.at_local, 86400000) ELSE 86400000 END - o_from.opens_1 END END AS from_high,
        CASE WHEN u.hours = 0 THEN u.until_at
            ELSE o_until.open_before
                + CASE WHEN CASE WHEN u.until_far = 1 THEN 86400000 WHEN u.until_timed = 1 THEN MOD(u.until_at, 86400000) ELSE 0 END <= o_until.opens_1 THEN 0 WHEN CASE WHEN u.until_far = 1 THEN 86400000 WHEN u.until_timed = 1 THEN MOD(u.until_at, 86400000) ELSE 0 END - o_until.opens_1 >= o_until.length_1 THEN o_until.length_1 ELSE CASE WHEN u.until_far = 1 THEN 86400000 WHEN u.until_timed = 1 THEN MOD(u.until_at, 86400000) ELSE 0 END - o_until.opens_1 END END AS until_low,
        CASE WHEN u.hours = 0 THEN u.until_at + CASE WHEN u.until_timed = 1 THEN 0 ELSE 86400000 END
            ELSE o_until.open_before
                + CASE WHEN CASE WHEN u.until_far = 1 THEN 86400000 WHEN u.until_timed = 1 THEN MOD(u.until_at, 86400000) ELSE 86400000 END <= o_until.opens_1 THEN 0 WHEN CASE WHEN u.until_far = 1 THEN 86400000 WHEN u.until_timed = 1 THEN MOD(u.until_at, 86400000) ELSE 86400000 END - o_until.opens_1 >= o_until.length_1 THEN o_until.length_1 ELSE CASE WHEN u.until_far = 1 THEN 86400000 WHEN u.until_timed = 1 THEN MOD(u.until_at, 86400000) ELSE 86400000 END - o_until.opens_1 END END AS until_high,
        CASE WHEN u.hours = 0 THEN u.end_at
            ELSE o_end.open_before
                + CASE WHEN CASE WHEN u.end_far = 1 THEN 86400000 WHEN u.end_timed = 1 THEN MOD(u.end_at, 86400000) ELSE 0 END <= o_end.opens_1 THEN 0 WHEN CASE WHEN u.end_far = 1 THEN 86400000 WHEN u.end_timed = 1 THEN MOD(u.end_at, 86400000) ELSE 0 END - o_end.opens_1 >= o_end.length_1 THEN o_end.length_1 ELSE CASE WHEN u.end_far = 1 THEN 86400000 WHEN u.end_timed = 1 THEN MOD(u.end_at, 86400000) ELSE 0 END - o_end.opens_1 END END AS end_low,
        CASE WHEN u.hours = 0 THEN u.end_at + CASE WHEN u.end_timed = 1 THEN 0 ELSE 86400000 END
            ELSE o_end.open_before
                + CASE WHEN CASE WHEN u.end_far = 1 THEN 86400000 WHEN u.end_timed = 1 THEN MOD(u.end_at, 86400000) ELSE 86400000 END <= o_end.opens_1 THEN 0 WHEN CASE WHEN u.end_far = 1 THEN 86400000 WHEN u.end_timed = 1 THEN MOD(u.end_at, 86400000) ELSE 86400000 END - o_end.opens_1 >= o_end.length_1 THEN o_end.length_1 ELSE CASE WHEN u.end_far = 1 THEN 86400000 WHEN u.end_timed = 1 THEN MOD(u.end_at, 86400000) ELSE 86400000 END - o_end.opens_1 END END AS end_high
    FROM looked_up AS u
    LEFT JOIN open_time AS o_from ON o_from.open_hours = u.hours AND o_from.open_day = u.from_day
    LEFT JOIN open_time AS o_until ON o_until.open_hours = u.hours AND o_until.open_day = u.until_day
    LEFT JOIN open_time AS o_end ON o_end.open_hours = u.hours AND o_end.open_day = u.end_day
),
-- In time? 1 yes, 0 no, NULL not known. done_in_time: of a moment; wait_in_time: of a wait;
-- end_in_time: at the end of the log the promised time has not run out.
decided AS (
    SELECT
        d.*,
        CASE WHEN d.done_ms IS NOT NULL AND d.answering = 'later' THEN CASE WHEN d.within_ms IS NULL OR DIV(d.done_at, 86400000) - DIV(d.at_local, 86400000) < 0 OR (d.timed = 1 AND d.done_timed = 1 AND d.done_ms < d.at_ms) THEN NULL
            WHEN d.hours = 0 AND d.timed = 1 AND d.done_timed = 1 THEN CASE WHEN d.done_ms - d.at_ms <= d.within_ms THEN 1 ELSE 0 END
            WHEN d.hours = 0 AND d.within_ms >= 86400000 THEN CASE WHEN (DIV(d.done_at, 86400000) - DIV(d.at_local, 86400000)) * 86400000 <= d.within_ms THEN 1 ELSE 0 END
            WHEN d.until_high - d.from_low <= d.within_ms THEN CASE WHEN d.until_far = 1 THEN NULL ELSE 1 END
            WHEN d.timed = 1 AND d.done_timed = 1 AND d.until_high - d.from_low > d.within_ms THEN 0
            WHEN d.until_low - d.from_high > d.within_ms THEN 0 END END AS done_in_time,
        CASE WHEN d.within_ms IS NULL OR DIV(d.end_at, 86400000) - DIV(d.at_local, 86400000) < 0 OR (d.timed = 1 AND d.end_timed = 1 AND d.end_ms < d.at_ms) THEN NULL
            WHEN d.hours = 0 AND d.timed = 1 AND d.end_timed = 1 THEN CASE WHEN d.end_ms - d.at_ms <= d.within_ms THEN 1 ELSE 0 END
            WHEN d.hours = 0 AND d.within_ms >= 86400000 THEN CASE WHEN (DIV(d.end_at, 86400000) - DIV(d.at_local, 86400000)) * 86400000 <= d.within_ms THEN 1 ELSE 0 END
            WHEN d.end_high - d.from_low <= d.within_ms THEN CASE WHEN d.end_far = 1 THEN NULL ELSE 1 END
            WHEN d.timed = 1 AND d.end_timed = 1 AND d.end_high - d.from_low > d.within_ms THEN 0
            WHEN d.end_low - d.from_high > d.within_ms THEN 0 END AS end_in_time,
        CASE WHEN d.within_ms IS NULL OR d.waited_ms IS NULL THEN NULL
            WHEN d.hours = 0 OR d.timed = 0 THEN CASE WHEN d.waited_ms <= d.within_ms THEN 1 ELSE 0 END
            WHEN d.until_high - d.from_low > d.within_ms THEN 0
            WHEN d.until_high - d.from_low <= d.within_ms AND d.until_far = 0 THEN 1 END AS wait_in_time
    FROM clocked AS d
),
-- Answered: as logged; live kinds: the opposite of given up; later kinds: done, or overdue at the end of the log.
answers AS (
    SELECT
        d.*,
        CASE WHEN d.answered IS NOT NULL THEN d.answered
            WHEN d.answering = 'live' THEN CASE WHEN d.replied_ms IS NOT NULL THEN 1 ELSE 1 - d.abandoned END
            WHEN d.answering = 'later' THEN CASE WHEN d.done_ms IS NOT NULL OR d.waited_ms IS NOT NULL THEN 1
                WHEN d.abandoned = 1 THEN 0
                WHEN d.entry IN (0) AND CASE WHEN d.due_ms IS NOT NULL THEN CASE WHEN CASE WHEN d.due_timed = 1 AND d.end_timed = 1 THEN d.end_ms - d.due_ms
                ELSE (DIV(d.end_at, 86400000) - DIV(d.due_at, 86400000)) * 86400000 END > 0 THEN 1 ELSE 0 END
                WHEN d.within_ms IS NOT NULL THEN CASE WHEN d.end_in_time = 0 THEN 1 ELSE 0 END
                WHEN CASE WHEN d.timed = 1 AND d.end_timed = 1 THEN d.end_ms - d.at_ms
                ELSE (DIV(d.end_at, 86400000) - DIV(d.at_local, 86400000)) * 86400000 END > 604800000 THEN 1 ELSE 0 END = 1 THEN 0 END END AS got_answer
    FROM decided AS d
),
-- What became of each contact.
fates AS (
    SELECT
        a.*,
        CASE WHEN a.answering = 'live' AND a.abandoned IS NULL THEN 1 - a.got_answer ELSE a.abandoned END AS gave_up,
        CASE WHEN a.answering = 'unattended' THEN a.on_time
            WHEN a.answering = 'live' THEN CASE WHEN a.yardstick = 2 AND (COALESCE(a.got_answer, 1) = 0 OR COALESCE(CASE WHEN a.answering = 'live' AND a.abandoned IS NULL THEN 1 - a.got_answer ELSE a.abandoned END, 0) = 1) THEN 0 WHEN a.yardstick = 2 THEN a.on_time
                WHEN a.wait_in_time IS NULL THEN NULL WHEN (COALESCE(a.got_answer, 1) = 0 OR COALESCE(CASE WHEN a.answering = 'live' AND a.abandoned IS NULL THEN 1 - a.got_answer ELSE a.abandoned END, 0) = 1) THEN 0 WHEN a.got_answer = 1 THEN a.wait_in_time END
            WHEN a.answering = 'later' THEN CASE WHEN a.yardstick = 2 THEN a.on_time
                WHEN a.yardstick = 1 THEN CASE WHEN a.due_ms IS NULL THEN NULL
                    WHEN a.closed_ms IS NOT NULL THEN CASE WHEN CASE WHEN a.due_timed = 1 AND a.closed_timed = 1 THEN a.closed_ms - a.due_ms
                ELSE (DIV(a.closed_at, 86400000) - DIV(a.due_at, 86400000)) * 86400000 END <= 0 THEN 1 ELSE 0 END
                    WHEN a.done_ms IS NOT NULL THEN CASE WHEN CASE WHEN a.due_timed = 1 AND a.done_timed = 1 THEN a.done_ms - a.due_ms
                ELSE (DIV(a.done_at, 86400000) - DIV(a.due_at, 86400000)) * 86400000 END <= 0 THEN 1 ELSE 0 END
                    WHEN a.got_answer = 1 OR CASE WHEN a.due_timed = 1 AND a.end_timed = 1 THEN a.end_ms - a.due_ms
                ELSE (DIV(a.end_at, 86400000) - DIV(a.due_at, 86400000)) * 86400000 END <= 0 THEN NULL
                    WHEN a.entry IN (0) OR a.got_answer = 0 THEN 0 END
                WHEN a.within_ms IS NULL THEN NULL
                WHEN a.done_ms IS NOT NULL THEN a.done_in_time
                WHEN COALESCE(a.got_answer, 1) = 1 AND a.waited_ms IS NOT NULL THEN a.wait_in_time
                WHEN a.got_answer = 1 THEN NULL
                WHEN ((a.got_answer = 0 AND a.entry IN (0)) OR a.entry IN (0)) AND a.end_in_time = 0 THEN 0 END END AS kept,
        CASE WHEN a.answering = 'live' AND CASE WHEN a.answering = 'live' AND a.abandoned IS NULL THEN 1 - a.got_answer ELSE a.abandoned END = 1 AND a.wait_in_time = 1 THEN 1 ELSE 0 END AS gave_up_in_promise,
        CASE WHEN a.answering = 'live' AND CASE WHEN a.answering = 'live' AND a.abandoned IS NULL THEN 1 - a.got_answer ELSE a.abandoned END = 1 AND a.waited_ms <= 5000 THEN 1 ELSE 0 END AS gave_up_soon,
        CASE WHEN COALESCE(CASE WHEN a.answering = 'live' AND a.abandoned IS NULL THEN 1 - a.got_answer ELSE a.abandoned END, 0) = 0 THEN a.handle_ms END AS handled_ms
    FROM answers AS a
),
-- Who stands in episodes: identified contacts begun by the customer. apart: spreads the others over
-- many partitions. counts: answered, or not known to be unanswered. seen_n: the log goes on for n days.
persons AS (
    SELECT
        f.*,
        CASE WHEN f.kind = 'contact' AND f.duplicate = 0 AND f.channel <> '' AND f.direction <> 2 THEN f.customer ELSE '' END AS person,
        CASE WHEN f.kind = 'contact' AND f.duplicate = 0 AND f.channel <> '' AND f.direction <> 2 AND f.customer <> '' THEN -1 ELSE COALESCE(f.at_ms, 0) END AS apart,
        f.reason AS topic,
        CASE WHEN f.kind = 'contact' AND f.duplicate = 0 AND f.channel <> '' AND f.direction <> 2 AND (f.got_answer = 1 OR (f.got_answer IS NULL AND COALESCE(f.gave_up, 0) = 0)) THEN 1 ELSE 0 END AS counts,
        CASE WHEN COALESCE(f.resolved, 1) = 0 OR COALESCE(f.gave_up, 0) = 1 OR COALESCE(f.got_answer, 1) = 0 THEN 0 ELSE 1 END AS ends_resolved,
        CASE WHEN f.timed = 1 AND f.end_timed = 1 THEN CASE WHEN f.at_ms + 604800000 <= f.end_ms THEN 1 ELSE 0 END
            WHEN DIV(f.end_at, 86400000) - f.at_day >= 7 THEN 1 ELSE 0 END AS seen_7,
        CASE WHEN f.timed = 1 AND f.end_timed = 1 THEN CASE WHEN f.at_ms + 86400000 <= f.end_ms THEN 1 ELSE 0 END
            WHEN DIV(f.end_at, 86400000) - f.at_day >= 1 THEN 1 ELSE 0 END AS seen_1,
        CASE WHEN f.timed = 1 AND f.end_timed = 1 THEN CASE WHEN f.at_ms + 2592000000 <= f.end_ms THEN 1 ELSE 0 END
            WHEN DIV(f.end_at, 86400000) - f.at_day >= 30 THEN 1 ELSE 0 END AS seen_30
    FROM fates AS f
),
-- The order of one customer's contacts, and the one 10 contacts later.
visits AS (
    SELECT
        p.*,
        ROW_NUMBER() OVER (PARTITION BY p.person, p.apart ORDER BY p.at_ms, p.tie) AS person_place,
        ROW_NUMBER() OVER (PARTITION BY p.person, p.apart, p.channel ORDER BY p.at_ms, p.tie) AS channel_place,
        LEAD(p.at_ms, 10) OVER (PARTITION BY p.person, p.apart, p.is_contact ORDER BY p.at_ms, p.tie) AS later_ms,
        LEAD(p.at_day, 10) OVER (PARTITION BY p.person, p.apart, p.is_contact ORDER BY p.at_ms, p.tie) AS later_day,
        LEAD(p.timed, 10) OVER (PARTITION BY p.person, p.apart, p.is_contact ORDER BY p.at_ms, p.tie) AS later_timed
    FROM persons AS p
),
-- Customers: their segment (the first known), how many contacts, through one channel alone or several;
-- heavy: more contacts in the window than one person has.
people AS (
    SELECT
        v.*,
        COALESCE(SUBSTR(MIN(CASE WHEN v.segment <> '' THEN LPAD(CAST(v.person_place AS STRING), 9, '0') || v.segment END) OVER (PARTITION BY v.person, v.apart), 10), '') AS person_segment,
        SUM(v.is_contact) OVER (PARTITION BY v.person, v.apart) AS talked,
        CASE WHEN MIN(CASE WHEN v.is_contact = 1 THEN v.channel END) OVER (PARTITION BY v.person, v.apart)
            = MAX(CASE WHEN v.is_contact = 1 THEN v.channel END) OVER (PARTITION BY v.person, v.apart) THEN 1 ELSE 0 END AS one_channel,
        MAX(CASE WHEN v.person = '' OR v.is_contact = 0 OR v.later_ms IS NULL THEN 0
            WHEN v.timed = 1 AND v.later_timed = 1 THEN CASE WHEN v.later_ms - v.at_ms <= 604800000 THEN 1 ELSE 0 END
            WHEN (v.later_day - v.at_day) * 86400000 <= 604800000 THEN 1 ELSE 0 END) OVER (PARTITION BY v.person, v.apart) AS is_heavy
    FROM visits AS v
),
-- The contact before and the one after, of one customer (and reason).
neighbours AS (
    SELECT
        p.*,
        LAG(p.at_ms) OVER (PARTITION BY p.person, p.apart, p.topic ORDER BY p.person_place) AS before_ms,
        LAG(p.at_day) OVER (PARTITION BY p.person, p.apart, p.topic ORDER BY p.person_place) AS before_day,
        LAG(p.timed) OVER (PARTITION BY p.person, p.apart, p.topic ORDER BY p.person_place) AS before_timed,
        LEAD(p.channel) OVER (PARTITION BY p.person, p.apart, p.topic ORDER BY p.person_place) AS next_channel
    FROM people AS p
),
-- Milliseconds since the contact before.
gaps AS (
    SELECT
        n.*,
        CASE WHEN n.before_timed = 1 AND n.timed = 1 THEN n.at_ms - n.before_ms ELSE (n.at_day - n.before_day) * 86400000 END AS gap_before
    FROM neighbours AS n
),
-- A contact that follows the one before within the window is of the same episode.
episodes AS (
    SELECT
        g.*,
        LEAD(g.gap_before) OVER (PARTITION BY g.person, g.apart, g.topic ORDER BY g.person_place) AS gap_after,
        SUM(CASE WHEN g.gap_before <= 604800000 THEN 0 ELSE 1 END)
            OVER (PARTITION BY g.person, g.apart, g.topic ORDER BY g.person_place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS episode_7,
        SUM(CASE WHEN g.gap_before <= 86400000 THEN 0 ELSE 1 END)
            OVER (PARTITION BY g.person, g.apart, g.topic ORDER BY g.person_place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS episode_1,
        SUM(CASE WHEN g.gap_before <= 2592000000 THEN 0 ELSE 1 END)
            OVER (PARTITION BY g.person, g.apart, g.topic ORDER BY g.person_place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS episode_30
    FROM gaps AS g
),
-- Episodes that have ended: the log goes on long enough after their last contact.
endings AS (
    SELECT
        e.*,
        MAX(CASE WHEN e.person = '' OR e.is_heavy = 1 OR e.gap_after <= 604800000 THEN 0 ELSE e.seen_7 END) OVER (PARTITION BY e.person, e.apart, e.topic, e.episode_7) AS ended_7,
        ROW_NUMBER() OVER (PARTITION BY e.person, e.apart, e.topic, e.episode_7, e.touchpoint ORDER BY e.person_place) AS planned_7,
        MAX(CASE WHEN e.person = '' OR e.is_heavy = 1 OR e.gap_after <= 86400000 THEN 0 ELSE e.seen_1 END) OVER (PARTITION BY e.person, e.apart, e.topic, e.episode_1) AS ended_1,
        ROW_NUMBER() OVER (PARTITION BY e.person, e.apart, e.topic, e.episode_1, e.touchpoint ORDER BY e.person_place) AS planned_1,
        MAX(CASE WHEN e.person = '' OR e.is_heavy = 1 OR e.gap_after <= 2592000000 THEN 0 ELSE e.seen_30 END) OVER (PARTITION BY e.person, e.apart, e.topic, e.episode_30) AS ended_30,
        ROW_NUMBER() OVER (PARTITION BY e.person, e.apart, e.topic, e.episode_30, e.touchpoint ORDER BY e.person_place) AS planned_30,
        MAX(CASE WHEN e.gap_before <= 604800000 THEN NULL ELSE e.channel END) OVER (PARTITION BY e.person, e.apart, e.topic, e.episode_7) AS first_channel,
        MAX(CASE WHEN e.gap_before <= 604800000 THEN NULL ELSE e.touchpoint END) OVER (PARTITION BY e.person, e.apart, e.topic, e.episode_7) AS first_touchpoint,
        MAX(CASE WHEN e.gap_after <= 604800000 THEN NULL ELSE e.ends_resolved END) OVER (PARTITION BY e.person, e.apart, e.topic, e.episode_7) AS episode_resolved,
        MAX(e.person_place) OVER (PARTITION BY e.person, e.apart, e.topic, e.episode_7) AS episode_end,
        ROW_NUMBER() OVER (PARTITION BY e.person, e.apart, e.topic, e.episode_7, e.channel ORDER BY e.person_place) AS channel_in_episode
    FROM episodes AS e
),
-- What follows in the episode: place, timed, day, instant and channel of the next contact as one text.
nexts AS (
    SELECT
        g.*,
        MIN(CASE WHEN NOT ((g.touchpoint = 'new-contract' AND g.planned_7 BETWEEN 2 AND 3)) THEN LPAD(CAST(g.person_place AS STRING), 9, '0') || CAST(g.timed AS STRING) || LPAD(CAST(g.at_day AS STRING), 7, '0') || LPAD(CAST(g.at_ms AS STRING), 15, '0') || g.channel END) OVER (PARTITION BY g.person, g.apart, g.topic, g.episode_7 ORDER BY g.person_place
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS unplanned_7,
        MIN(CASE WHEN NOT ((g.touchpoint = 'new-contract' AND g.planned_1 BETWEEN 2 AND 3)) THEN LPAD(CAST(g.person_place AS STRING), 9, '0') || CAST(g.timed AS STRING) || LPAD(CAST(g.at_day AS STRING), 7, '0') || LPAD(CAST(g.at_ms AS STRING), 15, '0') || g.channel END) OVER (PARTITION BY g.person, g.apart, g.topic, g.episode_1 ORDER BY g.person_place
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS unplanned_1,
        MIN(CASE WHEN NOT ((g.touchpoint = 'new-contract' AND g.planned_30 BETWEEN 2 AND 3)) THEN LPAD(CAST(g.person_place AS STRING), 9, '0') || CAST(g.timed AS STRING) || LPAD(CAST(g.at_day AS STRING), 7, '0') || LPAD(CAST(g.at_ms AS STRING), 15, '0') || g.channel END) OVER (PARTITION BY g.person, g.apart, g.topic, g.episode_30 ORDER BY g.person_place
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS unplanned_30
    FROM endings AS g
),
-- Ended episodes of each customer, the latest first: in each channel that they touch, and in all.
returns AS (
    SELECT
        x.*,
        CASE WHEN x.ended_7 = 1 AND x.channel_in_episode = 1 THEN 1 ELSE 0 END AS touches,
        CASE WHEN x.ended_7 = 1 AND NOT (x.gap_before <= 604800000 AND x.gap_before IS NOT NULL) THEN 1 ELSE 0 END AS begins_episode,
        ROW_NUMBER() OVER (PARTITION BY x.person, x.apart, x.channel, CASE WHEN x.ended_7 = 1 AND x.channel_in_episode = 1 THEN 1 ELSE 0 END ORDER BY x.episode_end DESC, x.person_place) AS channel_return,
        LAG(x.episode_resolved) OVER (PARTITION BY x.person, x.apart, x.channel, CASE WHEN x.ended_7 = 1 AND x.channel_in_episode = 1 THEN 1 ELSE 0 END ORDER BY x.episode_end DESC, x.person_place) AS channel_later_resolved,
        ROW_NUMBER() OVER (PARTITION BY x.person, x.apart, CASE WHEN x.ended_7 = 1 AND NOT (x.gap_before <= 604800000 AND x.gap_before IS NOT NULL) THEN 1 ELSE 0 END ORDER BY x.episode_end DESC, x.person_place) AS person_return,
        LAG(x.episode_resolved) OVER (PARTITION BY x.person, x.apart, CASE WHEN x.ended_7 = 1 AND NOT (x.gap_before <= 604800000 AND x.gap_before IS NOT NULL) THEN 1 ELSE 0 END ORDER BY x.episode_end DESC, x.person_place) AS person_later_resolved
    FROM nexts AS x
),
-- Every contact with the keys under which it is counted, NULL where it is not.
marked AS (
    SELECT
        r.channel AS channel,
        r.touchpoint AS touchpoint,
        r.reason AS reason,
        r.segment AS segment,
        r.person_segment AS person_segment,
        r.ignored_value AS ignored_value,
        CASE WHEN r.kind IN ('contact', 'aggregate') AND r.duplicate = 0 AND r.channel <> '' THEN r.at_day END AS day,
        CASE WHEN r.timed = 1 THEN DIV(MOD(r.at_local, 86400000), 3600000) ELSE -1 END AS hour,
        CASE WHEN r.kind IN ('contact', 'aggregate') AND r.duplicate = 0 AND r.channel <> '' THEN CASE r.direction WHEN 1 THEN 'from-customer' WHEN 2 THEN 'from-organisation' ELSE '' END END AS direction_word,
        CASE WHEN r.gave_up = 1 THEN 'abandoned' WHEN r.got_answer = 1 THEN 'answered' ELSE '' END AS ending,
        CASE WHEN r.kind = 'contact' AND r.duplicate = 0 AND r.channel <> '' THEN CASE WHEN r.waited_ms IS NULL THEN NULL WHEN r.waited_ms < 16000 THEN DIV(r.waited_ms, 1000)
             WHEN r.waited_ms < 32000 THEN 8 + DIV(r.waited_ms, 2000) WHEN r.waited_ms < 64000 THEN 16 + DIV(r.waited_ms, 4000)
             WHEN r.waited_ms < 128000 THEN 24 + DIV(r.waited_ms, 8000) WHEN r.waited_ms < 256000 THEN 32 + DIV(r.waited_ms, 16000)
             WHEN r.waited_ms < 512000 THEN 40 + DIV(r.waited_ms, 32000) WHEN r.waited_ms < 1024000 THEN 48 + DIV(r.waited_ms, 64000)
             WHEN r.waited_ms < 2048000 THEN 56 + DIV(r.waited_ms, 128000) WHEN r.waited_ms < 4096000 THEN 64 + DIV(r.waited_ms, 256000)
             WHEN r.waited_ms < 8192000 THEN 72 + DIV(r.waited_ms, 512000) WHEN r.waited_ms < 16384000 THEN 80 + DIV(r.waited_ms, 1024000)
             WHEN r.waited_ms < 32768000 THEN 88 + DIV(r.waited_ms, 2048000) WHEN r.waited_ms < 65536000 THEN 96 + DIV(r.waited_ms, 4096000)
             WHEN r.waited_ms < 131072000 THEN 104 + DIV(r.waited_ms, 8192000) WHEN r.waited_ms < 262144000 THEN 112 + DIV(r.waited_ms, 16384000)
             WHEN r.waited_ms < 524288000 THEN 120 + DIV(r.waited_ms, 32768000) WHEN r.waited_ms < 1048576000 THEN 128 + DIV(r.waited_ms, 65536000)
             WHEN r.waited_ms < 2097152000 THEN 136 + DIV(r.waited_ms, 131072000) WHEN r.waited_ms < 4194304000 THEN 144 + DIV(r.waited_ms, 262144000)
             WHEN r.waited_ms < 8388608000 THEN 152 + DIV(r.waited_ms, 524288000) WHEN r.waited_ms < 16777216000 THEN 160 + DIV(r.waited_ms, 1048576000)
             WHEN r.waited_ms < 33554432000 THEN 168 + DIV(r.waited_ms, 2097152000) WHEN r.waited_ms < 67108864000 THEN 176 + DIV(r.waited_ms, 4194304000)
             WHEN r.waited_ms < 134217728000 THEN 184 + DIV(r.waited_ms, 8388608000) WHEN r.waited_ms < 268435456000 THEN 192 + DIV(r.waited_ms, 16777216000)
             WHEN r.waited_ms < 536870912000 THEN 200 + DIV(r.waited_ms, 33554432000) WHEN r.waited_ms < 1073741824000 THEN 208 + DIV(r.waited_ms, 67108864000)
             WHEN r.waited_ms < 2147483648000 THEN 216 + DIV(r.waited_ms, 134217728000) WHEN r.waited_ms < 4294967296000 THEN 224 + DIV(r.waited_ms, 268435456000)
             WHEN r.waited_ms < 8589934592000 THEN 232 + DIV(r.waited_ms, 536870912000) WHEN r.waited_ms < 17179869184000 THEN 240 + DIV(r.waited_ms, 1073741824000)
             WHEN r.waited_ms < 34359738368000 THEN 248 + DIV(r.waited_ms, 2147483648000) WHEN r.waited_ms < 68719476736000 THEN 256 + DIV(r.waited_ms, 4294967296000)
             WHEN r.waited_ms < 137438953472000 THEN 264 + DIV(r.waited_ms, 8589934592000) WHEN r.waited_ms < 274877906944000 THEN 272 + DIV(r.waited_ms, 17179869184000)
             WHEN r.waited_ms < 549755813888000 THEN 280 + DIV(r.waited_ms, 34359738368000) WHEN r.waited_ms < 1099511627776000 THEN 288 + DIV(r.waited_ms, 68719476736000) ELSE 304 END END AS wait_bucket,
        CASE WHEN r.kind = 'contact' AND r.duplicate = 0 AND r.channel <> '' THEN CASE WHEN r.handled_ms IS NULL THEN NULL WHEN r.handled_ms < 16000 THEN DIV(r.handled_ms, 1000)
             WHEN r.handled_ms < 32000 THEN 8 + DIV(r.handled_ms, 2000) WHEN r.handled_ms < 64000 THEN 16 + DIV(r.handled_ms, 4000)
             WHEN r.handled_ms < 128000 THEN 24 + DIV(r.handled_ms, 8000) WHEN r.handled_ms < 256000 THEN 32 + DIV(r.handled_ms, 16000)
             WHEN r.handled_ms < 512000 THEN 40 + DIV(r.handled_ms, 32000) WHEN r.handled_ms < 1024000 THEN 48 + DIV(r.handled_ms, 64000)
             WHEN r.handled_ms < 2048000 THEN 56 + DIV(r.handled_ms, 128000) WHEN r.handled_ms < 4096000 THEN 64 + DIV(r.handled_ms, 256000)
             WHEN r.handled_ms < 8192000 THEN 72 + DIV(r.handled_ms, 512000) WHEN r.handled_ms < 16384000 THEN 80 + DIV(r.handled_ms, 1024000)
             WHEN r.handled_ms < 32768000 THEN 88 + DIV(r.handled_ms, 2048000) WHEN r.handled_ms < 65536000 THEN 96 + DIV(r.handled_ms, 4096000)
             WHEN r.handled_ms < 131072000 THEN 104 + DIV(r.handled_ms, 8192000) WHEN r.handled_ms < 262144000 THEN 112 + DIV(r.handled_ms, 16384000)
             WHEN r.handled_ms < 524288000 THEN 120 + DIV(r.handled_ms, 32768000) WHEN r.handled_ms < 1048576000 THEN 128 + DIV(r.handled_ms, 65536000)
             WHEN r.handled_ms < 2097152000 THEN 136 + DIV(r.handled_ms, 131072000) WHEN r.handled_ms < 4194304000 THEN 144 + DIV(r.handled_ms, 262144000)
             WHEN r.handled_ms < 8388608000 THEN 152 + DIV(r.handled_ms, 524288000) WHEN r.handled_ms < 16777216000 THEN 160 + DIV(r.handled_ms, 1048576000)
             WHEN r.handled_ms < 33554432000 THEN 168 + DIV(r.handled_ms, 2097152000) WHEN r.handled_ms < 67108864000 THEN 176 + DIV(r.handled_ms, 4194304000)
             WHEN r.handled_ms < 134217728000 THEN 184 + DIV(r.handled_ms, 8388608000) WHEN r.handled_ms < 268435456000 THEN 192 + DIV(r.handled_ms, 16777216000)
             WHEN r.handled_ms < 536870912000 THEN 200 + DIV(r.handled_ms, 33554432000) WHEN r.handled_ms < 1073741824000 THEN 208 + DIV(r.handled_ms, 67108864000)
             WHEN r.handled_ms < 2147483648000 THEN 216 + DIV(r.handled_ms, 134217728000) WHEN r.handled_ms < 4294967296000 THEN 224 + DIV(r.handled_ms, 268435456000)
             WHEN r.handled_ms < 8589934592000 THEN 232 + DIV(r.handled_ms, 536870912000) WHEN r.handled_ms < 17179869184000 THEN 240 + DIV(r.handled_ms, 1073741824000)
             WHEN r.handled_ms < 34359738368000 THEN 248 + DIV(r.handled_ms, 2147483648000) WHEN r.handled_ms < 68719476736000 THEN 256 + DIV(r.handled_ms, 4294967296000)
             WHEN r.handled_ms < 137438953472000 THEN 264 + DIV(r.handled_ms, 8589934592000) WHEN r.handled_ms < 274877906944000 THEN 272 + DIV(r.handled_ms, 17179869184000)
             WHEN r.handled_ms < 549755813888000 THEN 280 + DIV(r.handled_ms, 34359738368000) WHEN r.handled_ms < 1099511627776000 THEN 288 + DIV(r.handled_ms, 68719476736000) ELSE 304 END END AS handle_bucket,
        CASE WHEN r.counts = 0 THEN NULL WHEN r.person = '' THEN 'anonymous' WHEN r.is_heavy = 1 THEN 'heavy'
            WHEN r.seen_7 = 0 THEN 'censored'
            WHEN (CASE WHEN r.unplanned_7 IS NULL THEN 0
                WHEN r.timed = 1 AND SUBSTR(r.unplanned_7, 10, 1) = '1' THEN CASE WHEN SAFE_CAST(SUBSTR(r.unplanned_7, 18, 15) AS INT64) - r.at_ms <= 604800000 THEN 1 ELSE 0 END
                WHEN SAFE_CAST(SUBSTR(r.unplanned_7, 11, 7) AS INT64) - r.at_day <= 7 THEN 1 ELSE 0 END = 1) THEN CASE WHEN SUBSTR(r.unplanned_7, 33) = r.channel THEN 'same' ELSE 'other' END
            WHEN r.resolved = 0 THEN 'unresolved' WHEN r.transferred_to <> '' THEN 'handed-over' ELSE 'clear' END AS class_7,
        CASE WHEN r.ended_7 = 0 THEN NULL WHEN r.gap_after <= 604800000 THEN r.next_channel
            WHEN r.ends_resolved = 1 THEN 'RESOLVED' ELSE 'UNRESOLVED' END AS step_7,
        CASE WHEN r.ended_7 = 0 OR r.gap_before <= 604800000 THEN NULL ELSE r.channel END AS start_7,
        CASE WHEN r.counts = 0 THEN NULL WHEN r.person = '' THEN 'anonymous' WHEN r.is_heavy = 1 THEN 'heavy'
            WHEN r.seen_1 = 0 THEN 'censored'
            WHEN (CASE WHEN r.unplanned_1 IS NULL THEN 0
                WHEN r.timed = 1 AND SUBSTR(r.unplanned_1, 10, 1) = '1' THEN CASE WHEN SAFE_CAST(SUBSTR(r.unplanned_1, 18, 15) AS INT64) - r.at_ms <= 86400000 THEN 1 ELSE 0 END
                WHEN SAFE_CAST(SUBSTR(r.unplanned_1, 11, 7) AS INT64) - r.at_day <= 1 THEN 1 ELSE 0 END = 1) THEN CASE WHEN SUBSTR(r.unplanned_1, 33) = r.channel THEN 'same' ELSE 'other' END
            WHEN r.resolved = 0 THEN 'unresolved' WHEN r.transferred_to <> '' THEN 'handed-over' ELSE 'clear' END AS class_1,
        CASE WHEN r.ended_1 = 0 THEN NULL WHEN r.gap_after <= 86400000 THEN r.next_channel
            WHEN r.ends_resolved = 1 THEN 'RESOLVED' ELSE 'UNRESOLVED' END AS step_1,
        CASE WHEN r.ended_1 = 0 OR r.gap_before <= 86400000 THEN NULL ELSE r.channel END AS start_1,
        CASE WHEN r.counts = 0 THEN NULL WHEN r.person = '' THEN 'anonymous' WHEN r.is_heavy = 1 THEN 'heavy'
            WHEN r.seen_30 = 0 THEN 'censored'
            WHEN (CASE WHEN r.unplanned_30 IS NULL THEN 0
                WHEN r.timed = 1 AND SUBSTR(r.unplanned_30, 10, 1) = '1' THEN CASE WHEN SAFE_CAST(SUBSTR(r.unplanned_30, 18, 15) AS INT64) - r.at_ms <= 2592000000 THEN 1 ELSE 0 END
                WHEN SAFE_CAST(SUBSTR(r.unplanned_30, 11, 7) AS INT64) - r.at_day <= 30 THEN 1 ELSE 0 END = 1) THEN CASE WHEN SUBSTR(r.unplanned_30, 33) = r.channel THEN 'same' ELSE 'other' END
            WHEN r.resolved = 0 THEN 'unresolved' WHEN r.transferred_to <> '' THEN 'handed-over' ELSE 'clear' END AS class_30,
        CASE WHEN r.ended_30 = 0 THEN NULL WHEN r.gap_after <= 2592000000 THEN r.next_channel
            WHEN r.ends_resolved = 1 THEN 'RESOLVED' ELSE 'UNRESOLVED' END AS step_30,
        CASE WHEN r.ended_30 = 0 OR r.gap_before <= 2592000000 THEN NULL ELSE r.channel END AS start_30,
        CASE WHEN r.ended_7 = 1 THEN r.first_channel END AS entry_channel,
        CASE WHEN r.ended_7 = 1 THEN r.first_touchpoint END AS entry_touchpoint,
        CASE WHEN r.ended_7 = 0 OR r.gap_before <= 604800000 THEN NULL ELSE r.channel END AS entered,
        CASE WHEN r.touches = 1 THEN r.channel END AS reach_channel,
        CASE WHEN r.begins_episode = 1 THEN 1 END AS reach_all,
        CASE WHEN r.person <> '' AND r.channel_place = 1 THEN r.channel END AS customers_of,
        CASE WHEN r.person <> '' AND r.person_place = 1 THEN 1 END AS customers_all,
        CASE WHEN r.touches = 1 AND r.channel_return = 2 THEN r.channel END AS returning_to,
        CASE WHEN r.begins_episode = 1 AND r.person_return = 2 THEN 1 END AS returning_all,
        CASE WHEN r.kind = 'contact' AND r.duplicate = 0 AND r.channel <> '' AND r.transferred_to <> '' THEN r.transferred_to END AS handed_to,
        CASE WHEN r.kind = 'rejected' THEN r.cause END AS rejected_for,
        CASE WHEN r.kind IN ('contact', 'aggregate') AND r.duplicate = 0 AND r.channel = '' THEN r.label END AS unlisted,
        CASE WHEN r.kind = 'ignored' THEN r.ignored_column END AS ignored_key,
        CASE WHEN r.duplicate = 1 THEN r.label END AS duplicate_label,
        CASE WHEN r.kind = 'contact' AND r.duplicate = 0 AND r.channel <> '' AND r.customer = '' AND r.conversation <> '' THEN r.channel END AS conversation_only,
        CAST(1 AS INT64) AS contacts,
        CAST(CASE WHEN r.customer <> '' THEN 1 ELSE 0 END AS INT64) AS identified,
        CAST(CASE WHEN r.got_answer = 1 THEN 1 ELSE 0 END AS INT64) AS answered,
        CAST(CASE WHEN r.got_answer IS NOT NULL THEN 1 ELSE 0 END AS INT64) AS answered_known,
        CAST(CASE WHEN r.gave_up = 1 THEN 1 ELSE 0 END AS INT64) AS abandoned,
        CAST(r.gave_up_in_promise AS INT64) AS abandoned_in_promise,
        CAST(r.gave_up_soon AS INT64) AS abandoned_short,
        CAST(COALESCE(r.waited_ms, 0) AS INT64) AS wait_ms,
        CAST(CASE WHEN r.waited_ms IS NOT NULL THEN 1 ELSE 0 END AS INT64) AS wait_known,
        CAST(CASE WHEN r.got_answer = 1 THEN COALESCE(r.waited_ms, 0) ELSE 0 END AS INT64) AS wait_answered_ms,
        CAST(CASE WHEN r.got_answer = 1 AND r.waited_ms IS NOT NULL THEN 1 ELSE 0 END AS INT64) AS wait_answered_known,
        CAST(CASE WHEN r.resolved = 1 THEN 1 ELSE 0 END AS INT64) AS resolved,
        CAST(CASE WHEN r.resolved IS NOT NULL THEN 1 ELSE 0 END AS INT64) AS resolved_known,
        CAST(CASE WHEN r.kept = 1 THEN 1 ELSE 0 END AS INT64) AS promise_kept,
        CAST(CASE WHEN r.kept IS NOT NULL THEN 1 ELSE 0 END AS INT64) AS promise_known,
        CAST(COALESCE(r.cost_minor, 0) AS INT64) AS cost_minor,
        CAST(CASE WHEN r.cost_minor IS NOT NULL THEN 1 ELSE 0 END AS INT64) AS cost_known,
        CASE WHEN r.talked >= 3 THEN 1 ELSE 0 END AS often,
        r.is_contact AS is_contact,
        CASE WHEN r.talked >= 3 AND r.one_channel = 1 THEN 1 ELSE 0 END AS sole,
        CASE WHEN r.episode_resolved = 0 AND r.channel_later_resolved = 0 THEN 1 ELSE 0 END AS failed_twice,
        CASE WHEN r.episode_resolved = 0 AND r.person_later_resolved = 0 THEN 1 ELSE 0 END AS failed_twice_all,
        r.episode_resolved AS episode_resolved,
        CASE WHEN r.kind = 'outside' THEN 0 ELSE (1 + r.merged) END AS rows_read,
        CASE WHEN r.kind = 'outside' THEN (1 + r.merged) ELSE 0 END AS rows_outside,
        r.clock_gap AS clock_gaps,
        r.clock_fold AS clock_folds,
        CASE WHEN r.joined_by = 'conversation' THEN r.merged ELSE 0 END AS merged_conversation,
        CASE WHEN r.joined_by = 'talk' THEN r.merged ELSE 0 END AS merged_talk,
        CASE WHEN r.kind IN ('contact', 'aggregate', 'ignored') THEN r.at_day END AS period_day,
        CASE WHEN r.person <> '' THEN 1 ELSE 0 END AS with_person,
        CASE WHEN r.person <> '' AND r.reason = '' THEN 1 ELSE 0 END AS without_reason,
        CASE WHEN r.person <> '' AND r.person_place = 1 AND r.is_heavy = 1 THEN 1 ELSE 0 END AS heavy_ids
    FROM returns AS r
),
-- One aggregation for all facets; each set has a key that no other set has.
cells AS (
    SELECT
        CASE
            WHEN GROUPING(m.day) = 0 THEN CASE WHEN m.day IS NOT NULL THEN 'slot' END
            WHEN GROUPING(m.direction_word) = 0 THEN CASE WHEN m.direction_word IS NOT NULL THEN 'use' END
            WHEN GROUPING(m.wait_bucket) = 0 THEN CASE WHEN m.wait_bucket IS NOT NULL THEN 'wait' END
            WHEN GROUPING(m.class_7) = 0 THEN CASE WHEN m.class_7 IS NOT NULL THEN 'followup' END
            WHEN GROUPING(m.step_7) = 0 THEN CASE WHEN m.step_7 IS NOT NULL THEN 'step' END
            WHEN GROUPING(m.start_7) = 0 THEN CASE WHEN m.start_7 IS NOT NULL THEN 'start' END
            WHEN GROUPING(m.class_1) = 0 THEN CASE WHEN m.class_1 IS NOT NULL THEN 'followup' END
            WHEN GROUPING(m.step_1) = 0 THEN CASE WHEN m.step_1 IS NOT NULL THEN 'step' END
            WHEN GROUPING(m.start_1) = 0 THEN CASE WHEN m.start_1 IS NOT NULL THEN 'start' END
            WHEN GROUPING(m.class_30) = 0 THEN CASE WHEN m.class_30 IS NOT NULL THEN 'followup' END
            WHEN GROUPING(m.step_30) = 0 THEN CASE WHEN m.step_30 IS NOT NULL THEN 'step' END
            WHEN GROUPING(m.start_30) = 0 THEN CASE WHEN m.start_30 IS NOT NULL THEN 'start' END
            WHEN GROUPING(m.entry_channel) = 0 THEN CASE WHEN m.entry_channel IS NOT NULL THEN 'entry' END
            WHEN GROUPING(m.entered) = 0 THEN CASE WHEN m.entered IS NOT NULL THEN 'entered' END
            WHEN GROUPING(m.reach_channel) = 0 THEN CASE WHEN m.reach_channel IS NOT NULL THEN 'reach' END
            WHEN GROUPING(m.customers_of) = 0 THEN CASE WHEN m.customers_of IS NOT NULL THEN 'customers' END
            WHEN GROUPING(m.returning_to) = 0 THEN CASE WHEN m.returning_to IS NOT NULL THEN 'returning' END
            WHEN GROUPING(m.reach_all) = 0 THEN CASE WHEN m.reach_all IS NOT NULL THEN 'reach_all' END
            WHEN GROUPING(m.customers_all) = 0 THEN CASE WHEN m.customers_all IS NOT NULL THEN 'customers_all' END
            WHEN GROUPING(m.returning_all) = 0 THEN CASE WHEN m.returning_all IS NOT NULL THEN 'returning_all' END
            WHEN GROUPING(m.rejected_for) = 0 THEN CASE WHEN m.rejected_for IS NOT NULL THEN 'rejected' END
            WHEN GROUPING(m.unlisted) = 0 THEN CASE WHEN m.unlisted IS NOT NULL THEN 'unlisted' END
            WHEN GROUPING(m.conversation_only) = 0 THEN CASE WHEN m.conversation_only IS NOT NULL THEN 'conversation_only' END
            ELSE 'total' END AS label,
        m.channel AS channel,
        m.hour AS hour,
        m.day AS day,
        m.touchpoint AS touchpoint,
        m.reason AS reason,
        m.segment AS segment,
        m.direction_word AS direction_word,
        m.ending AS ending,
        m.wait_bucket AS wait_bucket,
        m.class_7 AS class_7,
        m.step_7 AS step_7,
        m.start_7 AS start_7,
        m.class_1 AS class_1,
        m.step_1 AS step_1,
        m.start_1 AS start_1,
        m.class_30 AS class_30,
        m.step_30 AS step_30,
        m.start_30 AS start_30,
        m.entry_touchpoint AS entry_touchpoint,
        m.entry_channel AS entry_channel,
        m.entered AS entered,
        m.person_segment AS person_segment,
        m.reach_channel AS reach_channel,
        m.customers_of AS customers_of,
        m.returning_to AS returning_to,
        m.reach_all AS reach_all,
        m.customers_all AS customers_all,
        m.returning_all AS returning_all,
        m.rejected_for AS rejected_for,
        m.unlisted AS unlisted,
        m.conversation_only AS conversation_only,
        COALESCE(SUM(m.contacts), 0) AS contacts,
        COALESCE(SUM(m.identified), 0) AS identified,
        COALESCE(SUM(m.answered), 0) AS answered,
        COALESCE(SUM(m.answered_known), 0) AS answered_known,
        COALESCE(SUM(m.abandoned), 0) AS abandoned,
        COALESCE(SUM(m.abandoned_in_promise), 0) AS abandoned_in_promise,
        COALESCE(SUM(m.abandoned_short), 0) AS abandoned_short,
        COALESCE(SUM(m.wait_ms), 0) AS wait_ms,
        COALESCE(SUM(m.wait_known), 0) AS wait_known,
        COALESCE(SUM(m.wait_answered_ms), 0) AS wait_answered_ms,
        COALESCE(SUM(m.wait_answered_known), 0) AS wait_answered_known,
        COALESCE(SUM(m.resolved), 0) AS resolved,
        COALESCE(SUM(m.resolved_known), 0) AS resolved_known,
        COALESCE(SUM(m.promise_kept), 0) AS promise_kept,
        COALESCE(SUM(m.promise_known), 0) AS promise_known,
        COALESCE(SUM(m.cost_minor), 0) AS cost_minor,
        COALESCE(SUM(m.cost_known), 0) AS cost_known,
        COALESCE(SUM(m.often), 0) AS often,
        COALESCE(SUM(m.often * m.is_contact), 0) AS often_here,
        COALESCE(SUM(m.sole), 0) AS sole,
        COALESCE(SUM(m.sole * m.is_contact), 0) AS sole_here,
        COALESCE(SUM(m.failed_twice), 0) AS failed_twice,
        COALESCE(SUM(m.failed_twice_all), 0) AS failed_twice_all,
        COALESCE(SUM(m.episode_resolved), 0) AS episodes_resolved,
        COALESCE(SUM(m.rows_read), 0) AS rows_read,
        COALESCE(SUM(m.rows_outside), 0) AS rows_outside,
        COALESCE(SUM(m.clock_gaps), 0) AS clock_gaps,
        COALESCE(SUM(m.clock_folds), 0) AS clock_folds,
        COALESCE(SUM(m.with_person), 0) AS with_person,
        COALESCE(SUM(m.without_reason), 0) AS without_reason,
        COALESCE(SUM(m.heavy_ids), 0) AS heavy_ids,
        COALESCE(SUM(m.merged_conversation), 0) AS merged_conversation,
        COALESCE(SUM(m.merged_talk), 0) AS merged_talk,
        MIN(m.period_day) AS first_day,
        MAX(m.period_day) AS last_day
    FROM marked AS m
    GROUP BY GROUPING SETS (
        (m.channel, m.hour, m.day),
        (m.channel, m.touchpoint, m.reason, m.segment, m.direction_word),
        (m.channel, m.ending, m.touchpoint, m.wait_bucket),
        (m.channel, m.touchpoint, m.reason, m.class_7),
        (m.channel, m.reason, m.step_7),
        (m.reason, m.start_7),
        (m.channel, m.touchpoint, m.class_1),
        (m.channel, m.step_1),
        (m.start_1),
        (m.channel, m.touchpoint, m.class_30),
        (m.channel, m.step_30),
        (m.start_30),
        (m.channel, m.entry_touchpoint, m.entry_channel),
        (m.touchpoint, m.entered),
        (m.person_segment, m.reach_channel),
        (m.person_segment, m.customers_of),
        (m.person_segment, m.returning_to),
        (m.person_segment, m.reach_all),
        (m.person_segment, m.customers_all),
        (m.person_segment, m.returning_all),
        (m.rejected_for),
        (m.unlisted),
        (m.conversation_only),
        ()
    )
),
-- A cell is unfolded into one row or several.
pieces AS (
    SELECT 1 AS n, '' AS other
    UNION ALL SELECT 2, ''
    UNION ALL SELECT 3, ''
    UNION ALL SELECT 4, ''
    UNION ALL SELECT 5, ''
    UNION ALL SELECT 6, ''
    UNION ALL SELECT 7, ''
    UNION ALL SELECT 8, ''
    UNION ALL SELECT 9, ''
    UNION ALL SELECT 10, ''
    UNION ALL SELECT 11, ''
    UNION ALL SELECT 12, ''
    UNION ALL SELECT 13, ''
    UNION ALL SELECT 14, ''
    UNION ALL SELECT 15, ''
    UNION ALL SELECT 16, ''
    UNION ALL SELECT 17, ''
    UNION ALL SELECT 101, 'phone'
    UNION ALL SELECT 102, 'whatsapp'
),
-- The words of the table. Pairs of channels that share few reasons are found on the way.
unfolded AS (
    SELECT
        CASE
            WHEN c.label = 'slot' AND p.n = 1 THEN 'slot'
            WHEN c.label = 'use' AND p.n = 1 THEN 'use'
            WHEN c.label = 'wait' AND p.n = 1 THEN 'wait'
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_7 IS NOT NULL THEN 'followup'
            WHEN c.label = 'step' AND p.n = 1 AND c.step_7 IS NOT NULL THEN 'step'
            WHEN c.label = 'start' AND p.n = 1 AND c.start_7 IS NOT NULL THEN 'step'
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_1 IS NOT NULL THEN 'followup'
            WHEN c.label = 'step' AND p.n = 1 AND c.step_1 IS NOT NULL THEN 'step'
            WHEN c.label = 'start' AND p.n = 1 AND c.start_1 IS NOT NULL THEN 'step'
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_30 IS NOT NULL THEN 'followup'
            WHEN c.label = 'step' AND p.n = 1 AND c.step_30 IS NOT NULL THEN 'step'
            WHEN c.label = 'start' AND p.n = 1 AND c.start_30 IS NOT NULL THEN 'step'
            WHEN c.label = 'entry' AND p.n = 1 THEN 'entry'
            WHEN c.label = 'entered' AND p.n = 1 THEN 'entry'
            WHEN c.label = 'reach' AND p.n = 1 THEN 'reach'
            WHEN c.label = 'reach_all' AND p.n = 1 THEN 'reach'
            WHEN c.label = 'customers' AND p.n = 1 AND c.contacts > 0 THEN 'customers'
            WHEN c.label = 'customers_all' AND p.n = 1 AND c.contacts > 0 THEN 'customers'
            WHEN c.label = 'customers' AND p.n = 2 AND c.often_here > 0 THEN 'customers'
            WHEN c.label = 'customers_all' AND p.n = 2 AND c.often > 0 THEN 'customers'
            WHEN c.label = 'customers' AND p.n = 3 AND c.sole_here > 0 THEN 'customers'
            WHEN c.label = 'customers_all' AND p.n = 3 AND c.sole > 0 THEN 'customers'
            WHEN c.label = 'returning' AND p.n = 1 THEN 'customers'
            WHEN c.label = 'returning' AND p.n = 2 AND c.failed_twice > 0 THEN 'customers'
            WHEN c.label = 'returning_all' AND p.n = 1 THEN 'customers'
            WHEN c.label = 'returning_all' AND p.n = 2 AND c.failed_twice_all > 0 THEN 'customers'
            WHEN c.label = 'rejected' AND p.n = 1 THEN 'rejected'
            WHEN c.label = 'unlisted' AND p.n = 1 THEN 'unlisted'
            WHEN c.label = 'conversation_only' AND p.n = 1 THEN 'meta'
            WHEN c.label = 'total' AND p.n = 1 AND c.first_day IS NOT NULL THEN 'meta'
            WHEN c.label = 'total' AND p.n = 2 THEN 'meta'
            WHEN c.label = 'total' AND p.n = 3 THEN 'meta'
            WHEN c.label = 'total' AND p.n = 4 THEN 'meta'
            WHEN c.label = 'total' AND p.n = 5 THEN 'meta'
            WHEN c.label = 'total' AND p.n = 6 THEN 'meta'
            WHEN c.label = 'total' AND p.n = 7 AND c.merged_conversation > 0 THEN 'meta'
            WHEN c.label = 'total' AND p.n = 8 AND c.merged_talk > 0 THEN 'meta'
            WHEN c.label = 'total' AND p.n = 9 THEN 'meta'
            WHEN c.label = 'total' AND p.n = 10 THEN 'meta'
            WHEN c.label = 'use' AND p.other <> '' AND p.other <> c.channel AND c.identified > 0
                AND c.direction_word <> 'from-organisation' AND c.reason <> '' THEN 'meta'
            ELSE NULL END AS facet,
        CASE
            WHEN c.label = 'slot' AND p.n = 1 THEN c.channel
            WHEN c.label = 'use' AND p.n = 1 THEN c.channel
            WHEN c.label = 'wait' AND p.n = 1 THEN c.channel
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_7 IS NOT NULL THEN c.channel
            WHEN c.label = 'step' AND p.n = 1 AND c.step_7 IS NOT NULL THEN c.channel
            WHEN c.label = 'start' AND p.n = 1 AND c.start_7 IS NOT NULL THEN 'START'
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_1 IS NOT NULL THEN c.channel
            WHEN c.label = 'step' AND p.n = 1 AND c.step_1 IS NOT NULL THEN c.channel
            WHEN c.label = 'start' AND p.n = 1 AND c.start_1 IS NOT NULL THEN 'START'
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_30 IS NOT NULL THEN c.channel
            WHEN c.label = 'step' AND p.n = 1 AND c.step_30 IS NOT NULL THEN c.channel
            WHEN c.label = 'start' AND p.n = 1 AND c.start_30 IS NOT NULL THEN 'START'
            WHEN c.label = 'entry' AND p.n = 1 THEN c.entry_channel
            WHEN c.label = 'entered' AND p.n = 1 THEN c.entered
            WHEN c.label = 'reach' AND p.n = 1 THEN c.reach_channel
            WHEN c.label = 'customers' AND p.n = 1 AND c.contacts > 0 THEN c.customers_of
            WHEN c.label = 'customers' AND p.n = 2 AND c.often_here > 0 THEN c.customers_of
            WHEN c.label = 'customers' AND p.n = 3 AND c.sole_here > 0 THEN c.customers_of
            WHEN c.label = 'returning' AND p.n = 1 THEN c.returning_to
            WHEN c.label = 'returning' AND p.n = 2 AND c.failed_twice > 0 THEN c.returning_to
            ELSE '' END AS channel,
        CASE
            WHEN c.label = 'slot' AND p.n = 1 THEN CAST(DATE_FROM_UNIX_DATE(c.day) AS STRING)
            WHEN c.label = 'use' AND p.n = 1 THEN c.touchpoint
            WHEN c.label = 'wait' AND p.n = 1 THEN CAST(c.wait_bucket AS STRING)
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_7 IS NOT NULL THEN '7'
            WHEN c.label = 'step' AND p.n = 1 AND c.step_7 IS NOT NULL THEN c.step_7
            WHEN c.label = 'start' AND p.n = 1 AND c.start_7 IS NOT NULL THEN c.start_7
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_1 IS NOT NULL THEN '1'
            WHEN c.label = 'step' AND p.n = 1 AND c.step_1 IS NOT NULL THEN c.step_1
            WHEN c.label = 'start' AND p.n = 1 AND c.start_1 IS NOT NULL THEN c.start_1
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_30 IS NOT NULL THEN '30'
            WHEN c.label = 'step' AND p.n = 1 AND c.step_30 IS NOT NULL THEN c.step_30
            WHEN c.label = 'start' AND p.n = 1 AND c.start_30 IS NOT NULL THEN c.start_30
            WHEN c.label = 'entry' AND p.n = 1 THEN c.channel
            WHEN c.label = 'reach' AND p.n = 1 THEN c.person_segment
            WHEN c.label = 'reach_all' AND p.n = 1 THEN c.person_segment
            WHEN c.label = 'customers' AND p.n = 1 AND c.contacts > 0 THEN c.person_segment
            WHEN c.label = 'customers_all' AND p.n = 1 AND c.contacts > 0 THEN c.person_segment
            WHEN c.label = 'customers' AND p.n = 2 AND c.often_here > 0 THEN c.person_segment
            WHEN c.label = 'customers_all' AND p.n = 2 AND c.often > 0 THEN c.person_segment
            WHEN c.label = 'customers' AND p.n = 3 AND c.sole_here > 0 THEN c.person_segment
            WHEN c.label = 'customers_all' AND p.n = 3 AND c.sole > 0 THEN c.person_segment
            WHEN c.label = 'returning' AND p.n = 1 THEN c.person_segment
            WHEN c.label = 'returning' AND p.n = 2 AND c.failed_twice > 0 THEN c.person_segment
            WHEN c.label = 'returning_all' AND p.n = 1 THEN c.person_segment
            WHEN c.label = 'returning_all' AND p.n = 2 AND c.failed_twice_all > 0 THEN c.person_segment
            WHEN c.label = 'rejected' AND p.n = 1 THEN c.rejected_for
            WHEN c.label = 'unlisted' AND p.n = 1 THEN c.unlisted
            WHEN c.label = 'conversation_only' AND p.n = 1 THEN 'conversation-only'
            WHEN c.label = 'total' AND p.n = 1 AND c.first_day IS NOT NULL THEN 'period'
            WHEN c.label = 'total' AND p.n = 2 THEN 'rows-read'
            WHEN c.label = 'total' AND p.n = 3 THEN 'rows-outside'
            WHEN c.label = 'total' AND p.n = 4 THEN 'clock-gaps'
            WHEN c.label = 'total' AND p.n = 5 THEN 'clock-folds'
            WHEN c.label = 'total' AND p.n = 6 THEN 'heavy-ids'
            WHEN c.label = 'total' AND p.n = 7 AND c.merged_conversation > 0 THEN 'merged-rows'
            WHEN c.label = 'total' AND p.n = 8 AND c.merged_talk > 0 THEN 'merged-rows'
            WHEN c.label = 'total' AND p.n = 9 THEN 'episode-key'
            WHEN c.label = 'total' AND p.n = 10 THEN 'reason-blank'
            WHEN c.label = 'use' AND p.other <> '' AND p.other <> c.channel AND c.identified > 0
                AND c.direction_word <> 'from-organisation' AND c.reason <> '' THEN 'reasons-shared'
            ELSE '' END AS key1,
        CASE
            WHEN c.label = 'slot' AND p.n = 1 THEN CASE WHEN c.hour < 0 THEN '' ELSE CAST(c.hour AS STRING) END
            WHEN c.label = 'use' AND p.n = 1 THEN c.reason
            WHEN c.label = 'wait' AND p.n = 1 THEN c.ending
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_7 IS NOT NULL THEN c.touchpoint
            WHEN c.label = 'step' AND p.n = 1 AND c.step_7 IS NOT NULL THEN '7'
            WHEN c.label = 'start' AND p.n = 1 AND c.start_7 IS NOT NULL THEN '7'
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_1 IS NOT NULL THEN c.touchpoint
            WHEN c.label = 'step' AND p.n = 1 AND c.step_1 IS NOT NULL THEN '1'
            WHEN c.label = 'start' AND p.n = 1 AND c.start_1 IS NOT NULL THEN '1'
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_30 IS NOT NULL THEN c.touchpoint
            WHEN c.label = 'step' AND p.n = 1 AND c.step_30 IS NOT NULL THEN '30'
            WHEN c.label = 'start' AND p.n = 1 AND c.start_30 IS NOT NULL THEN '30'
            WHEN c.label = 'entry' AND p.n = 1 THEN c.entry_touchpoint
            WHEN c.label = 'entered' AND p.n = 1 THEN c.touchpoint
            WHEN c.label = 'customers' AND p.n = 1 AND c.contacts > 0 THEN 'all'
            WHEN c.label = 'customers_all' AND p.n = 1 AND c.contacts > 0 THEN 'all'
            WHEN c.label = 'customers' AND p.n = 2 AND c.often_here > 0 THEN 'three-or-more'
            WHEN c.label = 'customers_all' AND p.n = 2 AND c.often > 0 THEN 'three-or-more'
            WHEN c.label = 'customers' AND p.n = 3 AND c.sole_here > 0 THEN 'sole'
            WHEN c.label = 'customers_all' AND p.n = 3 AND c.sole > 0 THEN 'sole'
            WHEN c.label = 'returning' AND p.n = 1 THEN 'two-or-more'
            WHEN c.label = 'returning' AND p.n = 2 AND c.failed_twice > 0 THEN 'failed-twice'
            WHEN c.label = 'returning_all' AND p.n = 1 THEN 'two-or-more'
            WHEN c.label = 'returning_all' AND p.n = 2 AND c.failed_twice_all > 0 THEN 'failed-twice'
            WHEN c.label = 'conversation_only' AND p.n = 1 THEN c.conversation_only
            WHEN c.label = 'total' AND p.n = 1 AND c.first_day IS NOT NULL THEN CAST(DATE_FROM_UNIX_DATE(c.first_day) AS STRING)
            WHEN c.label = 'total' AND p.n = 2 THEN CAST(c.rows_read AS STRING)
            WHEN c.label = 'total' AND p.n = 7 AND c.merged_conversation > 0 THEN 'conversation'
            WHEN c.label = 'total' AND p.n = 8 AND c.merged_talk > 0 THEN 'talk'
            WHEN c.label = 'total' AND p.n = 9 THEN CASE WHEN c.with_person > 0 THEN 'customer-and-reason' ELSE 'customer' END
            WHEN c.label = 'use' AND p.other <> '' AND p.other <> c.channel AND c.identified > 0
                AND c.direction_word <> 'from-organisation' AND c.reason <> '' THEN CASE WHEN c.channel < p.other THEN c.channel ELSE p.other END
            ELSE '' END AS key2,
        CASE
            WHEN c.label = 'use' AND p.n = 1 THEN c.segment
            WHEN c.label = 'wait' AND p.n = 1 THEN c.touchpoint
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_7 IS NOT NULL THEN c.reason
            WHEN c.label = 'step' AND p.n = 1 AND c.step_7 IS NOT NULL THEN c.reason
            WHEN c.label = 'start' AND p.n = 1 AND c.start_7 IS NOT NULL THEN c.reason
            WHEN c.label = 'total' AND p.n = 1 AND c.first_day IS NOT NULL THEN CAST(DATE_FROM_UNIX_DATE(c.last_day) AS STRING)
            WHEN c.label = 'total' AND p.n = 9 THEN 'default'
            WHEN c.label = 'use' AND p.other <> '' AND p.other <> c.channel AND c.identified > 0
                AND c.direction_word <> 'from-organisation' AND c.reason <> '' THEN CASE WHEN c.channel < p.other THEN p.other ELSE c.channel END
            ELSE '' END AS key3,
        CASE
            WHEN c.label = 'use' AND p.n = 1 THEN c.direction_word
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_7 IS NOT NULL THEN c.class_7
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_1 IS NOT NULL THEN c.class_1
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_30 IS NOT NULL THEN c.class_30
            ELSE '' END AS key4,
        CASE WHEN c.label = 'use' AND p.other <> '' THEN c.reason ELSE '' END AS shared_reason,
        CASE WHEN c.label = 'use' AND p.other <> '' AND c.channel < p.other THEN 1 ELSE 0 END AS in_first,
        CASE WHEN c.label = 'use' AND p.other <> '' AND c.channel > p.other THEN 1 ELSE 0 END AS in_second,
        CASE
            WHEN c.label = 'slot' AND p.n = 1 THEN c.contacts
            WHEN c.label = 'use' AND p.n = 1 THEN c.contacts
            WHEN c.label = 'wait' AND p.n = 1 THEN c.contacts
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_7 IS NOT NULL THEN c.contacts
            WHEN c.label = 'step' AND p.n = 1 AND c.step_7 IS NOT NULL THEN c.contacts
            WHEN c.label = 'start' AND p.n = 1 AND c.start_7 IS NOT NULL THEN c.contacts
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_1 IS NOT NULL THEN c.contacts
            WHEN c.label = 'step' AND p.n = 1 AND c.step_1 IS NOT NULL THEN c.contacts
            WHEN c.label = 'start' AND p.n = 1 AND c.start_1 IS NOT NULL THEN c.contacts
            WHEN c.label = 'followup' AND p.n = 1 AND c.class_30 IS NOT NULL THEN c.contacts
            WHEN c.label = 'step' AND p.n = 1 AND c.step_30 IS NOT NULL THEN c.contacts
            WHEN c.label = 'start' AND p.n = 1 AND c.start_30 IS NOT NULL THEN c.contacts
            WHEN c.label = 'entry' AND p.n = 1 THEN c.contacts
            WHEN c.label = 'entered' AND p.n = 1 THEN c.contacts
            WHEN c.label = 'reach' AND p.n = 1 THEN c.contacts
            WHEN c.label = 'reach_all' AND p.n = 1 THEN c.contacts
            WHEN c.label = 'customers' AND p.n = 1 AND c.contacts > 0 THEN c.contacts
            WHEN c.label = 'customers_all' AND p.n = 1 AND c.contacts > 0 THEN c.contacts
            WHEN c.label = 'customers' AND p.n = 2 AND c.often_here > 0 THEN c.often_here
            WHEN c.label = 'customers_all' AND p.n = 2 AND c.often > 0 THEN c.often
            WHEN c.label = 'customers' AND p.n = 3 AND c.sole_here > 0 THEN c.sole_here
            WHEN c.label = 'customers_all' AND p.n = 3 AND c.sole > 0 THEN c.sole
            WHEN c.label = 'returning' AND p.n = 1 THEN c.contacts
            WHEN c.label = 'returning' AND p.n = 2 AND c.failed_twice > 0 THEN c.failed_twice
            WHEN c.label = 'returning_all' AND p.n = 1 THEN c.contacts
            WHEN c.label = 'returning_all' AND p.n = 2 AND c.failed_twice_all > 0 THEN c.failed_twice_all
            WHEN c.label = 'rejected' AND p.n = 1 THEN c.contacts
            WHEN c.label = 'unlisted' AND p.n = 1 THEN c.contacts
            WHEN c.label = 'conversation_only' AND p.n = 1 THEN c.contacts
            WHEN c.label = 'total' AND p.n = 2 THEN c.rows_read
            WHEN c.label = 'total' AND p.n = 3 THEN c.rows_outside
            WHEN c.label = 'total' AND p.n = 4 THEN c.clock_gaps
            WHEN c.label = 'total' AND p.n = 5 THEN c.clock_folds
            WHEN c.label = 'total' AND p.n = 6 THEN c.heavy_ids
            WHEN c.label = 'total' AND p.n = 7 AND c.merged_conversation > 0 THEN c.merged_conversation
            WHEN c.label = 'total' AND p.n = 8 AND c.merged_talk > 0 THEN c.merged_talk
            WHEN c.label = 'total' AND p.n = 10 THEN c.without_reason
            ELSE 0 END AS contacts,
        CASE
            WHEN c.label = 'slot' AND p.n = 1 THEN c.identified
            WHEN c.label = 'use' AND p.n = 1 THEN c.identified
            WHEN c.label = 'entry' AND p.n = 1 THEN c.identified
            WHEN c.label = 'total' AND p.n = 10 THEN c.with_person
            ELSE 0 END AS identified,
        CASE WHEN c.label IN ('slot', 'use', 'entry') AND p.n = 1 THEN c.answered ELSE 0 END AS answered,
        CASE WHEN c.label IN ('slot', 'use', 'entry') AND p.n = 1 THEN c.answered_known ELSE 0 END AS answered_known,
        CASE WHEN c.label IN ('slot', 'use', 'entry') AND p.n = 1 THEN c.abandoned ELSE 0 END AS abandoned,
        CASE WHEN c.label IN ('slot', 'use', 'entry') AND p.n = 1 THEN c.abandoned_in_promise ELSE 0 END AS abandoned_in_promise,
        CASE WHEN c.label IN ('slot', 'use', 'entry') AND p.n = 1 THEN c.abandoned_short ELSE 0 END AS abandoned_short,
        CASE WHEN c.label IN ('slot', 'use', 'entry') AND p.n = 1 THEN c.wait_ms ELSE 0 END AS wait_ms,
        CASE WHEN c.label IN ('slot', 'use', 'entry') AND p.n = 1 THEN c.wait_known ELSE 0 END AS wait_known,
        CASE WHEN c.label IN ('slot', 'use', 'entry') AND p.n = 1 THEN c.wait_answered_ms ELSE 0 END AS wait_answered_ms,
        CASE WHEN c.label IN ('slot', 'use', 'entry') AND p.n = 1 THEN c.wait_answered_known ELSE 0 END AS wait_answered_known,
        CASE
            WHEN c.label = 'slot' AND p.n = 1 THEN c.resolved
            WHEN c.label = 'use' AND p.n = 1 THEN c.resolved
            WHEN c.label = 'entry' AND p.n = 1 THEN c.resolved
            WHEN c.label = 'entered' AND p.n = 1 THEN c.episodes_resolved
            ELSE 0 END AS resolved,
        CASE
            WHEN c.label = 'slot' AND p.n = 1 THEN c.resolved_known
            WHEN c.label = 'use' AND p.n = 1 THEN c.resolved_known
            WHEN c.label = 'entry' AND p.n = 1 THEN c.resolved_known
            WHEN c.label = 'entered' AND p.n = 1 THEN c.contacts
            ELSE 0 END AS resolved_known,
        CASE WHEN c.label IN ('slot', 'use', 'entry') AND p.n = 1 THEN c.promise_kept ELSE 0 END AS promise_kept,
        CASE WHEN c.label IN ('slot', 'use', 'entry') AND p.n = 1 THEN c.promise_known ELSE 0 END AS promise_known,
        CASE WHEN c.label IN ('slot', 'use', 'entry') AND p.n = 1 THEN c.cost_minor ELSE 0 END AS cost_minor,
        CASE WHEN c.label IN ('slot', 'use', 'entry') AND p.n = 1 THEN c.cost_known ELSE 0 END AS cost_known
    FROM cells AS c
    CROSS JOIN pieces AS p
    WHERE c.label IS NOT NULL AND (p.n = 1 OR c.label IN ('customers', 'customers_all', 'returning', 'returning_all', 'total')
        OR (c.label = 'use' AND p.other <> ''))
),
-- Which of two channels has a reason.
by_shared_reason AS (
    SELECT
        u.facet AS facet,
        u.channel AS channel,
        u.key1 AS key1,
        u.key2 AS key2,
        u.key3 AS key3,
        u.key4 AS key4,
        u.shared_reason AS shared_reason,
        MAX(u.in_first) AS in_first,
        MAX(u.in_second) AS in_second,
        COALESCE(SUM(u.contacts), 0) AS contacts,
        COALESCE(SUM(u.identified), 0) AS identified,
        COALESCE(SUM(u.answered), 0) AS answered,
        COALESCE(SUM(u.answered_known), 0) AS answered_known,
        COALESCE(SUM(u.abandoned), 0) AS abandoned,
        COALESCE(SUM(u.abandoned_in_promise), 0) AS abandoned_in_promise,
        COALESCE(SUM(u.abandoned_short), 0) AS abandoned_short,
        COALESCE(SUM(u.wait_ms), 0) AS wait_ms,
        COALESCE(SUM(u.wait_known), 0) AS wait_known,
        COALESCE(SUM(u.wait_answered_ms), 0) AS wait_answered_ms,
        COALESCE(SUM(u.wait_answered_known), 0) AS wait_answered_known,
        COALESCE(SUM(u.resolved), 0) AS resolved,
        COALESCE(SUM(u.resolved_known), 0) AS resolved_known,
        COALESCE(SUM(u.promise_kept), 0) AS promise_kept,
        COALESCE(SUM(u.promise_known), 0) AS promise_known,
        COALESCE(SUM(u.cost_minor), 0) AS cost_minor,
        COALESCE(SUM(u.cost_known), 0) AS cost_known
    FROM unfolded AS u
    WHERE u.facet IS NOT NULL
    GROUP BY u.facet, u.channel, u.key1, u.key2, u.key3, u.key4, u.shared_reason
),
-- How many they share.
summed AS (
    SELECT
        b.facet AS facet,
        b.channel AS channel,
        b.key1 AS key1,
        b.key2 AS key2,
        b.key3 AS key3,
        b.key4 AS key4,
        COALESCE(SUM(b.in_first * b.in_second), 0) AS shared,
        COALESCE(SUM(b.in_first), 0) AS of_first,
        COALESCE(SUM(b.in_second), 0) AS of_second,
        COALESCE(SUM(b.contacts), 0) AS contacts,
        COALESCE(SUM(b.identified), 0) AS identified,
        COALESCE(SUM(b.answered), 0) AS answered,
        COALESCE(SUM(b.answered_known), 0) AS answered_known,
        COALESCE(SUM(b.abandoned), 0) AS abandoned,
        COALESCE(SUM(b.abandoned_in_promise), 0) AS abandoned_in_promise,
        COALESCE(SUM(b.abandoned_short), 0) AS abandoned_short,
        COALESCE(SUM(b.wait_ms), 0) AS wait_ms,
        COALESCE(SUM(b.wait_known), 0) AS wait_known,
        COALESCE(SUM(b.wait_answered_ms), 0) AS wait_answered_ms,
        COALESCE(SUM(b.wait_answered_known), 0) AS wait_answered_known,
        COALESCE(SUM(b.resolved), 0) AS resolved,
        COALESCE(SUM(b.resolved_known), 0) AS resolved_known,
        COALESCE(SUM(b.promise_kept), 0) AS promise_kept,
        COALESCE(SUM(b.promise_known), 0) AS promise_known,
        COALESCE(SUM(b.cost_minor), 0) AS cost_minor,
        COALESCE(SUM(b.cost_known), 0) AS cost_known
    FROM by_shared_reason AS b
    GROUP BY b.facet, b.channel, b.key1, b.key2, b.key3, b.key4
),
-- What the inventory decides: a census made for another inventory is refused.
settled AS (
    SELECT 'version' AS key1, '1' AS key2, '' AS key3, '' AS key4
    UNION ALL SELECT 'zone', 'Europe/Rome', '', ''
    UNION ALL SELECT 'window', '7', '', ''
    UNION ALL SELECT 'sensitivity', '1', '', ''
    UNION ALL SELECT 'sensitivity', '30', '', ''
    UNION ALL SELECT 'promise', 'phone', '0.8 within 20000 ms always', 'declared'
    UNION ALL SELECT 'promise', 'whatsapp', '0.9 within 900000 ms open', 'declared'
    UNION ALL SELECT 'usage-digest', '5c1f9a10e36809b7', '', ''
    UNION ALL SELECT 'orphan-continuations', '', '', ''
),
-- The table.
census AS (
    SELECT
        s.facet AS facet,
        s.channel AS channel,
        s.key1 AS key1,
        s.key2 AS key2,
        s.key3 AS key3,
        CASE WHEN s.key1 = 'reasons-shared' AND s.facet = 'meta'
            THEN CAST(CASE WHEN s.of_first < s.of_second THEN s.of_first ELSE s.of_second END AS STRING) ELSE s.key4 END AS key4,
        s.contacts + s.shared AS contacts,
        s.identified AS identified,
        s.answered AS answered,
        s.answered_known AS answered_known,
        s.abandoned AS abandoned,
        s.abandoned_in_promise AS abandoned_in_promise,
        s.abandoned_short AS abandoned_short,
        s.wait_ms AS wait_ms,
        s.wait_known AS wait_known,
        s.wait_answered_ms AS wait_answered_ms,
        s.wait_answered_known AS wait_answered_known,
        0 AS handle_ms,
        0 AS handle_known,
        s.resolved AS resolved,
        s.resolved_known AS resolved_known,
        0 AS satisfied,
        0 AS satisfaction_known,
        0 AS promoters,
        0 AS detractors,
        0 AS nps_known,
        s.promise_kept AS promise_kept,
        s.promise_known AS promise_known,
        0 AS transferred,
        0 AS opened,
        0 AS opened_known,
        0 AS opted_out,
        0 AS repeated,
        0 AS repeated_known,
        s.cost_minor AS cost_minor,
        s.cost_known AS cost_known,
        0 AS revenue_minor,
        0 AS revenue_known
    FROM summed AS s
    WHERE NOT (s.facet = 'meta' AND s.key1 = 'reasons-shared') OR (s.of_first > 0 AND s.of_second > 0
        AND s.shared < 0.5 * CASE WHEN s.of_first < s.of_second THEN s.of_first ELSE s.of_second END)
    UNION ALL
    SELECT 'meta', '', f.key1, f.key2, f.key3, f.key4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    FROM settled AS f
)
SELECT
    facet, channel, key1, key2, key3, key4,
    contacts, identified, answered, answered_known, abandoned, abandoned_in_promise,
    abandoned_short, wait_ms, wait_known, wait_answered_ms, wait_answered_known, handle_ms,
    handle_known, resolved, resolved_known, satisfied, satisfaction_known, promoters,
    detractors, nps_known, promise_kept, promise_known, transferred, opened,
    opened_known, opted_out, repeated, repeated_known, cost_minor, cost_known,
    revenue_minor, revenue_known
FROM census
ORDER BY
    CASE facet WHEN 'meta' THEN 0 WHEN 'slot' THEN 1 WHEN 'use' THEN 2 WHEN 'wait' THEN 3 WHEN 'handle' THEN 4 WHEN 'followup' THEN 5 WHEN 'step' THEN 6 WHEN 'entry' THEN 7 WHEN 'reach' THEN 8 WHEN 'customers' THEN 9 WHEN 'transfer' THEN 10 WHEN 'path' THEN 11 WHEN 'rejected' THEN 12 WHEN 'unlisted' THEN 13 WHEN 'ignored' THEN 14 WHEN 'duplicate' THEN 15 END,
    channel, key1, key2, key3, key4
