//! The census as a query: what is printed without any engine at hand. `tests/engines/run.py` runs it on one.

use crate::run::{chanfolio, repository};

#[test]
fn the_query_is_readable_and_the_same_every_time() {
    let lumen = repository("examples/lumen/inventory.yaml");
    let tables = "--table contacts sessions digital";
    let query = |dialect: &str| chanfolio("census --sql").arg(dialect).arg(&lumen).args(tables).done().stdout;
    let sql = query("duckdb");
    assert_eq!(sql, query("duckdb"));
    assert!(sql.starts_with("-- The census of Lumen Energia for DuckDB.\n"), "{}", &sql[..200]);
    for table in ["contacts", "sessions", "digital"] {
        assert!(sql.contains(table), "{table}");
    }
    // No zone function of an engine: they disagree where clocks change.
    assert!(!sql.to_uppercase().contains("TIME ZONE"), "the zone's changes are written down");
}

#[test]
fn an_engine_that_is_not_known_is_refused_by_name() {
    let lumen = repository("examples/lumen/inventory.yaml");
    let answer = chanfolio("census --sql oracle").arg(&lumen).refused();
    assert!(answer.stderr.contains("duckdb"), "{}", answer.stderr);
}
