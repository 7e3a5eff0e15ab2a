#!/usr/bin/env python3
"""Holds chanfolio's removal effects against the package ChannelAttribution, on a real log of paths.

    CHANFOLIO_REAL_DATA=FOLDER tests/engines/roles.py

Turns the paths in FOLDER/paths into a contact log, one customer for each path that somebody took and one call
for each stop, lets chanfolio count it, and compares what would be lost without each channel:
with the same chain written down and solved here (to the digits that chanfolio prints), and with the package,
which simulates it (within half a point). Installs the package into target/roles. Exit code 0: all agree.
"""
import csv
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
VENV = os.path.join(ROOT, "target", "roles")
PACKAGES = ["ChannelAttribution==2.2.5", "pandas", "numpy", "matplotlib", "scikit-learn"]
# Points of a share by which a simulation of three million paths may be off. Its steps are ours in every pair; its
# noise is up to 0.13 points for one seed, so the seed is fixed.
POINTS = 0.5
# chanfolio prints six significant digits.
DIGITS = 2e-6
START, RESOLVED, UNRESOLVED = "START", "RESOLVED", "UNRESOLVED"


def run(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


def prepare():
    """Installs the package and goes on in the virtual environment."""
    if os.path.realpath(sys.prefix) == os.path.realpath(VENV):
        return
    python = os.path.join(VENV, "bin", "python")
    if not os.path.exists(os.path.join(VENV, "bin", "pip")):
        made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
        if made.returncode != 0:
            shutil.rmtree(VENV, ignore_errors=True)
            root = [] if os.geteuid() == 0 else ["sudo"]
            run([*root, "apt-get", "update", "-q"])
            run([*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-q", "python3-venv"])
            run([sys.executable, "-m", "venv", VENV])
    run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *PACKAGES])
    os.execv(python, [python, os.path.abspath(__file__), *sys.argv[1:]])


def read(folder):
    """Paths as they stand, with how often they ended well and not."""
    with open(os.path.join(folder, "paths", "PathData.converted.csv"), encoding="utf-8", newline="") as file:
        return [
            (row["path"].split(" > "), whole(row["total_conversions"]), whole(row["total_null"]))
            for row in csv.DictReader(file)
        ]


def whole(text):
    number = float(text)
    if number != int(number) or number < 0:
        sys.exit(f"{text} is no number of paths")
    return int(number)


def stops(path):
    """Contacts that follow one another in a channel are one stop."""
    return [name for i, name in enumerate(path) if i == 0 or path[i - 1] != name]


# ---- chanfolio ----------------------------------------------------------------------------------

def counted(paths, binary, folder):
    """The roles that chanfolio finds in a log of these paths."""
    names = sorted({name for path, *_ in paths for name in path})
    inventory = ["schema: 1", "organisation: { name: Paths, country: IT, timezone: UTC, currency: EUR }", "channels:"]
    inventory += [f"  - {{ id: {json.dumps(name)}, kind: phone, status: active }}" for name in names]
    inventory += ["usage:", "  - path: log.csv"]
    with open(os.path.join(folder, "inventory.yaml"), "w", encoding="utf-8") as file:
        file.write("\n".join(inventory) + "\n")
    first = datetime.datetime(2026, 1, 1, 10)
    day = datetime.timedelta(days=1)
    customer = 0
    with open(os.path.join(folder, "log.csv"), "w", encoding="utf-8", newline="") as file:
        log = csv.writer(file)
        log.writerow(["time", "channel", "customer", "resolved"])
        for path, resolved, unresolved in paths:
            path = stops(path)
            for ended in [True] * resolved + [False] * unresolved:
                customer += 1
                # A call a day: nobody calls so often that the id is taken for a company's.
                for i, name in enumerate(path):
                    flag = "" if i + 1 < len(path) else "yes" if ended else "no"
                    log.writerow([(first + i * day).isoformat(), name, f"c{customer}", flag])
        # Without a customer: the log goes on, so that every end is seen.
        log.writerow([(first + 200 * day).isoformat(), names[0], "", ""])
    answer = run([binary, "census", os.path.join(folder, "inventory.yaml"), "--format", "json", "-q"])
    return {channel["id"]: channel["role"] for channel in json.loads(answer)["channels"]}


# ---- the chain once more ------------------------------------------------------------------------

def steps_of(paths):
    steps = {}
    for path, resolved, unresolved in paths:
        path = [START, *stops(path)]
        for pair in zip(path, path[1:]):
            steps[pair] = steps.get(pair, 0) + resolved + unresolved
        for end, n in [(RESOLVED, resolved), (UNRESOLVED, unresolved)]:
            steps[path[-1], end] = steps.get((path[-1], end), 0) + n
    return steps


def resolved_share(steps, without=None):
    """Probability of ending resolved; whoever would go to `without` does not."""
    import numpy
    names = sorted({name for pair in steps for name in pair} - {START, RESOLVED, UNRESOLVED})
    place = {name: i for i, name in enumerate(names)}
    leave = {}
    for (a, _), n in steps.items():
        leave[a] = leave.get(a, 0) + n
    go, end, begin = numpy.zeros((len(names),) * 2), numpy.zeros(len(names)), numpy.zeros(len(names))
    for (a, b), n in steps.items():
        share = n / leave[a]
        if b == RESOLVED:
            end[place[a]] = share
        elif b in place and b != without:
            if a == START:
                begin[place[b]] = share
            else:
                go[place[a], place[b]] = share
    return float(begin @ numpy.linalg.solve(numpy.eye(len(names)) - go, end))


# ---- the package --------------------------------------------------------------------------------

def simulated(paths):
    import ChannelAttribution
    import pandas
    table = pandas.DataFrame(
        [(" > ".join(path), resolved, unresolved) for path, resolved, unresolved in paths],
        columns=["path", "resolved", "unresolved"],
    )
    found = ChannelAttribution.markov_model(
        table, "path", "resolved", var_null="unresolved", order=1, nsim_start=3000000, conv_par=0.01, out_more=True,
        sep=">", seed=1, verbose=False, flg_pro=False,
    )["removal_effects"]
    return {name.strip(): float(effect) for name, effect in zip(found.iloc[:, 0], found.iloc[:, 1])}


def main():
    folder = os.environ.get("CHANFOLIO_REAL_DATA")
    if not folder:
        sys.exit("CHANFOLIO_REAL_DATA names no folder with real logs")
    prepare()
    run(["cargo", "build", "--release", "--locked", "-q"], cwd=ROOT)
    binary = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")), "release", "chanfolio")
    paths = read(folder)
    with tempfile.TemporaryDirectory() as work:
        ours = counted(paths, binary, work)
    steps = steps_of(paths)
    whole = resolved_share(steps)
    peer = simulated(paths)
    wrong = [f"{name}: chanfolio does not know it" for name in {n for path, *_ in paths for n in path} - set(ours)]
    journeys, resolved = sum(a + b for _, a, b in paths), sum(a for _, a, _ in paths)
    print(f"{'without':12} {'chanfolio':>10} {'95%':>19} {'solved':>10} {'package':>10} {'points':>7}")
    for name in sorted(ours):
        removal = ours[name].get("removal")
        if removal is None:
            touched = sum(a + b for path, a, b in paths if name in path)
            print(f"{name:12} {ours[name]['because']} ({touched})")
            if touched >= 30:
                wrong.append(f"{name}: {touched} journeys touch it, yet it has no role")
            continue
        null, ends = removal["null"], removal["null_range"]
        exact = 1 - resolved_share(steps, name) / whole
        points = (peer[name] - null) * 100
        print(f"{name:12} {null:10.6f} {ends['low']:9.6f}-{ends['high']:.6f} {exact:10.6f} {peer[name]:10.6f} {points:+7.3f}")
        if abs(null - exact) > DIGITS:
            wrong.append(f"{name}: {null} is not {exact}")
        if abs(points) > POINTS:
            wrong.append(f"{name}: the package says {peer[name]}, {points:+.3f} points off")
        first = sum(a + b for path, a, b in paths if path[0] == name) / journeys
        last = sum(a for path, a, _ in paths if path[-1] == name) / resolved
        for share, counted_here in [("entry_share", first), ("last_share", last)]:
            if abs(ours[name][share] - counted_here) > DIGITS:
                wrong.append(f"{name}: {share} {ours[name][share]} is not {counted_here}")
    if wrong:
        sys.exit("\n".join(sorted(wrong)))
    print(f"{len(ours)} channels, {journeys} journeys: all agree")


if __name__ == "__main__":
    main()
