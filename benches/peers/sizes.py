"""Runs the census of logs of several sizes in turn, each in a process of its own with two threads.

Prints medians and peak memory, after shuffled rows were found to give the same bytes. Called by benches/sizes.sh.
"""

import os
import statistics
import sys

from run import run

LOGS = {"1 million": "1000000", "10 million": "10000000", "10 million, shuffled": "shuffled", "100 million": "100000000"}


def main():
    chanfolio, folder, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
    at = lambda name: os.path.join(folder, name)
    told = {name: [] for name in LOGS}
    for _ in range(runs):
        for name, log in LOGS.items():
            if os.path.lexists(at("log.csv")):
                os.remove(at("log.csv"))
            os.symlink(f"log-{log}.csv", at("log.csv"))
            census = [chanfolio, "census", at("inventory.yaml"), "-q", "--threads", "2"]
            told[name].append(run([*census, "-o", at(f"census-{log}.csv")]))
    both = [open(at(f"census-{log}.csv"), "rb").read() for log in ("10000000", "shuffled")]
    if both[0] != both[1]:
        sys.exit("shuffled rows give another census")
    print(f"{'rows':22} {'median s':>9} {'peak MB':>8}")
    for name, runs in told.items():
        seconds, memory = statistics.median(s for s, _ in runs), max(mb for _, mb in runs)
        print(f"{name:22} {seconds:9.2f} {memory:8.0f}")


if __name__ == "__main__":
    main()
