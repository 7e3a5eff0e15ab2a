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

# The same facet with what the census says of it: every column is looked at.
POLARS_SUMS = """
import polars as pl, sys
log, out = sys.argv[1:]
known = lambda name: (pl.col(name).is_not_null() & (pl.col(name) != "")).sum().alias(name + "_known")
yes = lambda name: (pl.col(name) == "yes").sum().alias(name)
number = lambda name: pl.col(name).cast(pl.Int64, strict=False).sum()
facet = pl.scan_csv(log, infer_schema=False).group_by("channel", "touchpoint", "reason").agg(
    pl.len(), known("customer"), yes("answered"), known("answered"), yes("resolved"), known("resolved"),
    number("wait"), known("wait"), number("handle"), known("handle"),
    pl.col("satisfaction").is_in(["4", "5"]).sum(), known("satisfaction"),
    pl.col("time").str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False).max(),
).sort("channel", "touchpoint", "reason")
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
    census = [chanfolio, "census", at("inventory.yaml"), "-q", "--threads", "2"]
    python = [sys.executable, "-c"]
    commands = {
        "chanfolio, whole census": [*census, "-o", at("chanfolio.csv")],
        "DuckDB, whole census": [*python, DUCKDB, at("log.csv"), at("census.sql"), at("duckdb.csv")],
        "chanfolio, --facets use": [*census, "--facets", "use", "-o", at("use.csv")],
        "Polars, use with its sums": [*python, POLARS_SUMS, at("log.csv"), at("sums.csv")],
        "Polars, channel x touchpoint": [*python, POLARS, at("log.csv"), at("polars.csv")],
    }
    told = {name: [] for name in commands}
    names = list(commands)
    large, small = names[:2], names[2:]
    for _ in range(runs):
        for name in large:
            told[name].append(run(commands[name]))
        # What takes a second is told apart by which comes after which: each follows each of the others.
        for turn in range(2 * len(small)):
            for name in small[turn % len(small):] + small[: turn % len(small)]:
                told[name].append(run(commands[name]))
    ours, theirs = table(at("chanfolio.csv")), table(at("duckdb.csv"))
    if ours != theirs:
        sys.exit("the tables differ: no time is worth telling")
    used = [row for row in ours[1] if row[0] == "use"]
    if [row for row in table(at("use.csv"))[1] if row[0] == "use"] != used:
        sys.exit("the facet differs from that of the whole census")
    # Talk of one customer within a day is one contact in the census, and several rows in the log.
    talk = ("whatsapp", "social")
    column = {name: place for place, name in enumerate(ours[0])}

    def summed(keys, names, rows):
        sums = {}
        for row in rows:
            if row[1] not in talk:
                own = sums.setdefault(tuple(row[1 : 1 + keys]), [0] * len(names))
                for place, name in enumerate(names):
                    own[place] += int(row[column[name]])
        return sums

    def same(name, keys, ours, theirs):
        theirs = {tuple(row[:keys]): [int(n) for n in row[keys:]] for row in theirs if row[0] not in talk}
        if ours != theirs:
            sys.exit(f"{name} differs: {[(k, ours.get(k), v) for k, v in theirs.items() if ours.get(k) != v][:3]}")

    same("channel x touchpoint", 2, summed(2, ["contacts"], used), table(at("polars.csv"))[1])
    # Waits and answers of kinds that answer later are judged by the census, not taken as they stand.
    names = ["contacts", "identified", "resolved", "resolved_known", "satisfied", "satisfaction_known"]
    header, rows = table(at("sums.csv"))
    wanted = ["len", "customer_known", "resolved", "resolved_known", "satisfaction", "satisfaction_known"]
    picked = [row[:3] + [row[header.index(name)] for name in wanted] for row in rows]
    same("use with its sums", 3, summed(3, names, used), picked)
    print(f"{'':30} {'median s':>9} {'ratio':>7} {'peak MB':>8}")
    base = 0.0
    for name, figures in told.items():
        median = statistics.median(seconds for seconds, _ in figures)
        memory = max(memory for _, memory in figures)
        # Each peer is held against the command of ours before it.
        base = median if name.startswith("chanfolio") else base
        print(f"{name:30} {median:9.2f} {median / base:7.2f} {memory:8.0f}")


if __name__ == "__main__":
    main()
