#!/usr/bin/env bash
# The census of 1, 10 and 100 million rows in turn, and of shuffled rows, on two threads: how time and memory grow.
# The logs take 8 GB on disk and stay in target/peers.
#
#   benches/sizes.sh [RUNS]               3 runs where nothing is said
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-3} folder=target/peers
mkdir -p "$folder"
cargo build --release --locked --bin chanfolio --example generate_log
for rows in 1000000 10000000 100000000; do
    if [ ! -f "$folder/log-$rows.csv" ]; then
        target/release/examples/generate_log --rows "$rows" > "$folder/log-$rows.csv.part"
        mv "$folder/log-$rows.csv.part" "$folder/log-$rows.csv"
    fi
done
# The same rows in another order, the same every time.
shuffled="$folder/log-shuffled.csv"
if [ ! -f "$shuffled" ]; then
    head -n 1 "$folder/log-10000000.csv" > "$shuffled.part"
    tail -n +2 "$folder/log-10000000.csv" | shuf --random-source=<(yes) >> "$shuffled.part"
    mv "$shuffled.part" "$shuffled"
fi
cp benches/peers/inventory.yaml "$folder/inventory.yaml"
sync
exec python3 benches/peers/sizes.py target/release/chanfolio "$folder" "$runs"
