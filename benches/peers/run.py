"""Runs the census and its peers in alternation, each in a process of its own with two threads.

Prints medians, ratios and peak memory, after the results were found equal. Called by benches/peers.sh.
"""

import csv
import os
import statistics
import subprocess
import sys
import time

DUCKDB = """
import duckdb, sys
log, query, out = sys.argv[1:]
con = duckdb.connect()
con.execute("SET threads = 2")
con.execute(f"CREATE VIEW log AS SELECT * FROM read_csv('{log}', all_varchar = true, header = true)")
con.execute(f"COPY ({open(query).read().rstrip().rstrip(';')}) TO '{out}' (HEADER, DELIMITER ',')")
"""

POLARS = """
import polars, sys
log, out = sys.argv[1:]
scan = polars.scan_csv(log, infer_schema=False)
facet = scan.group_by("channel", "touchpoint").len().sort("channel", "touchpoint")
facet.collect(engine="streaming").write_csv(out)
"""


def run(command):
    """Seconds and peak megabytes of one process."""
    start = time.perf_counter()
    env = dict(os.environ, POLARS_MAX_THREADS="2")
    process = subprocess.Popen(command, env=env)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} ended with {status}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def table(path):
    with open(path, newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        return header, sorted(rows)


def main():
    chanfolio, folder, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
    at = lambda name: os.path.join(folder, name)
    with open(at("census.sql"), "w") as query:
        subprocess.run(
            [chanfolio, "census", at("inventory.yaml"), "--sql", "duckdb", "--table", "log"],
            stdout=query, check=True,
        )
    commands = {
        "chanfolio, whole census": [
            chanfolio, "census", at("inventory.yaml"), "-q", "--threads", "2", "-o", at("chanfolio.csv"),
        ],
        "DuckDB, whole census": [sys.executable, "-c", DUCKDB, at("log.csv"), at("census.sql"), at("duckdb.csv")],
        "Polars, channel x touchpoint": [sys.executable, "-c", POLARS, at("log.csv"), at("polars.csv")],
    }
    told = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            told[name].append(run(command))
    ours, theirs = table(at("chanfolio.csv")), table(at("duckdb.csv"))
    if ours != theirs:
        sys.exit("the tables differ: no time is worth telling")
    _, facet = table(at("polars.csv"))
    counted = {}
    for row in ours[1]:
        if row[0] == "use":
            # Talk of one customer within a day is one contact in the census, and several rows in the log.
            counted[(row[1], row[2])] = counted.get((row[1], row[2]), 0) + int(row[6])
    for channel, touchpoint, rows in facet:
        if channel not in ("whatsapp", "social") and counted[(channel, touchpoint)] != int(rows):
            sys.exit(f"{channel} at {touchpoint}: {counted[(channel, touchpoint)]} and {rows}")
    base = statistics.median(seconds for seconds, _ in told["chanfolio, whole census"])
    print(f"{'':30} {'median s':>9} {'ratio':>7} {'peak MB':>8}")
    for name, figures in told.items():
        median = statistics.median(seconds for seconds, _ in figures)
        memory = max(memory for _, memory in figures)
        print(f"{name:30} {median:9.2f} {median / base:7.2f} {memory:8.0f}")


main()
