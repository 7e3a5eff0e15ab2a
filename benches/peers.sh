#!/usr/bin/env bash
# The census beside other engines on one machine, in alternation, two threads each: the whole table in DuckDB
# (by the query that `census --sql duckdb` prints), and one small facet in Polars. Results are compared before
# any time is printed.
#
#   benches/peers.sh [ROWS] [RUNS]        10,000,000 rows and 3 runs where nothing is said
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${1:-10000000} runs=${2:-3}
folder=target/peers
mkdir -p "$folder"
cargo build --release --locked --bin chanfolio --example generate_log
if [ ! -f "$folder/log-$rows.csv" ]; then
    target/release/examples/generate_log --rows "$rows" > "$folder/log-$rows.csv.part"
    mv "$folder/log-$rows.csv.part" "$folder/log-$rows.csv"
fi
ln -sf "log-$rows.csv" "$folder/log.csv"
cp benches/peers/inventory.yaml "$folder/inventory.yaml"
[ -x "$folder/venv/bin/python" ] || python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet duckdb polars
exec "$folder/venv/bin/python" benches/peers/run.py target/release/chanfolio "$folder" "$runs"
