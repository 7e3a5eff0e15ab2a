#!/usr/bin/env python3
"""Runs `chanfolio census --sql` on real engines and compares the answer with the built-in census, cell by cell.

    tests/engines/run.py [--engines duckdb] [--rows 1000000] [--cases lumen,...]

Installs what it needs by itself: Python packages into target/engines, PostgreSQL and Java from Debian's
packages where they are missing. A census read back from the engine's CSV must also give the same
assessment. Exit code 0: all equal.
"""
import argparse
import csv
import difflib
import glob
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import corners  # noqa: E402

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
HERE = os.path.join(ROOT, "tests", "engines")
VENV = os.path.join(ROOT, "target", "engines")
PACKAGES = {"duckdb": "duckdb", "clickhouse": "chdb", "spark": "pyspark"}
AT = "2026-11-23"


def run(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


# ---- installing ---------------------------------------------------------------------------------

def debian(packages):
    root = [] if os.geteuid() == 0 else ["sudo"]
    run([*root, "apt-get", "update", "-q"])
    run([*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-q",
         "--no-install-recommends", *packages])


def postgres_bin():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(p.split("/")[-2]))
    return found[-1] if found else None


def prepare(engines):
    """Installs what is missing and goes on in the virtual environment."""
    if "postgres" in engines and not postgres_bin():
        debian(["postgresql"])
    if "spark" in engines and not shutil.which("java"):
        debian(["default-jre-headless"])
    python = os.path.join(VENV, "bin", "python")
    if os.path.realpath(sys.prefix) == os.path.realpath(VENV):
        return
    if not os.path.exists(os.path.join(VENV, "bin", "pip")):
        made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
        if made.returncode != 0:
            shutil.rmtree(VENV, ignore_errors=True)
            debian(["python3-venv"])
            run([sys.executable, "-m", "venv", VENV])
    wanted = [PACKAGES[e] for e in engines if e in PACKAGES]
    if wanted:
        run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted])
    os.execv(python, [python, os.path.abspath(__file__), *sys.argv[1:]])


# ---- engines: each loads CSV files as tables of text, runs a query, and gives rows of text ------

def header_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        line = file.readline().rstrip("\r\n")
    delimiter = ";" if line.count(";") > line.count(",") else ","
    return delimiter, next(csv.reader([line], delimiter=delimiter))


class DuckDb:
    dialect = "duckdb"

    def __init__(self, folder):
        import duckdb
        self.db = duckdb.connect()

    def load(self, table, files):
        delimiter, _ = header_of(files[0])
        names = ", ".join("'" + f.replace("'", "''") + "'" for f in files)
        self.db.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM read_csv([{names}], all_varchar = true, "
                        f"header = true, delim = '{delimiter}', nullstr = '', strict_mode = true)")

    def query(self, sql):
        cursor = self.db.execute(sql)
        return [d[0] for d in cursor.description], cursor.fetchall()

    def close(self):
        self.db.close()


class ClickHouse:
    dialect = "clickhouse"

    def __init__(self, folder):
        from chdb import session
        self.folder = os.path.join(folder, "chdb")
        self.session = session.Session(self.folder)

    def load(self, table, files):
        delimiter, names = header_of(files[0])
        columns = ", ".join(f"`{n}` String" for n in names)
        self.session.query(f"CREATE OR REPLACE TABLE default.{table} ({columns}) ENGINE = MergeTree ORDER BY tuple()")
        for file in files:
            self.session.query(f"INSERT INTO default.{table} SELECT * FROM file('{file}', 'CSVWithNames', '{columns}') "
                               f"SETTINGS format_csv_delimiter = '{delimiter}'")

    def query(self, sql):
        self.session.query("USE default")
        text = self.session.query(sql, "CSVWithNames").bytes().decode()
        rows = list(csv.reader(io.StringIO(text)))
        return rows[0], rows[1:]

    def close(self):
        self.session.close()


class Spark:
    dialect = "spark"

    def __init__(self, folder):
        from pyspark.sql import SparkSession
        self.folder = folder
        self.spark = (SparkSession.builder.master("local[2]").appName("census")
                      .config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
                      .config("spark.sql.shuffle.partitions", "4")
                      .config("spark.driver.memory", "3g").config("spark.local.dir", folder)
                      .config("spark.sql.warehouse.dir", os.path.join(folder, "warehouse")).getOrCreate())
        self.spark.sparkContext.setLogLevel("ERROR")

    def load(self, table, files):
        delimiter, _ = header_of(files[0])
        self.spark.read.csv(files, header=True, sep=delimiter, escape='"').createOrReplaceTempView(table)

    def query(self, sql):
        """Types the lines that the head of the query tells a user of Spark to type."""
        lines = sql.splitlines()
        told = lines[lines.index("-- Run and save:") + 1:]
        told = told[:next(i for i, line in enumerate(told) if "chanfolio assess" in line)]
        before = os.getcwd()
        os.chdir(self.folder)
        try:
            with open("census.sql", "w", encoding="utf-8") as file:
                file.write(sql)
            exec("\n".join(line.removeprefix("--     ") for line in told), {"spark": self.spark})
            with open("census.csv", encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file))
        finally:
            os.chdir(before)
        return rows[0], rows[1:]

    def close(self):
        self.spark.stop()


class Postgres:
    dialect = "postgres"

    def __init__(self, folder):
        self.bin = postgres_bin()
        self.data = os.path.join(folder, "postgres")
        # The server does not run as root.
        self.user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        os.makedirs(self.data)
        os.chmod(folder, 0o755)
        if self.user:
            shutil.chown(self.data, "postgres", "postgres")
        self.server(["initdb", "-D", self.data, "-A", "trust", "-U", "postgres", "--locale=C.UTF-8", "-E", "UTF8"])
        self.server(["pg_ctl", "-D", self.data, "-w", "-l", os.path.join(self.data, "log"), "-o",
                     f"-k {self.data} -c listen_addresses='' -c fsync=off -c work_mem=256MB -c jit=off -c max_wal_size=4GB", "start"])

    def server(self, command):
        subprocess.run([*self.user, os.path.join(self.bin, command[0]), *command[1:]], check=True,
                       stdout=subprocess.DEVNULL, cwd="/")

    def psql(self, text, *more):
        return run([os.path.join(self.bin, "psql"), "-h", self.data, "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-q",
                    *more], input=text)

    def load(self, table, files):
        delimiter, names = header_of(files[0])
        columns = ", ".join(f'"{n}" text' for n in names)
        self.psql(f"DROP TABLE IF EXISTS {table}; CREATE TABLE {table} ({columns});")
        for file in files:
            self.psql(f"\\copy {table} FROM '{file}' WITH (FORMAT csv, HEADER true, DELIMITER '{delimiter}', NULL '')\n"
                      f"ANALYZE {table};")

    def query(self, sql):
        rows = list(csv.reader(io.StringIO(self.psql(sql, "--csv"))))
        return rows[0], rows[1:]

    def close(self):
        self.server(["pg_ctl", "-D", self.data, "-m", "immediate", "stop"])


ENGINES = {"duckdb": DuckDb, "postgres": Postgres, "clickhouse": ClickHouse, "spark": Spark}


# ---- cases: an inventory, and the files of each of its tables -----------------------------------

def cases(wanted, rows, folder, binary):
    lumen = os.path.join(ROOT, "examples", "lumen")
    logs = lambda pattern: sorted(glob.glob(os.path.join(lumen, "logs", pattern)))
    tables = [("contacts", logs("contacts-*.csv")), ("bot_sessions", logs("bot-sessions.csv")), ("digital", logs("digital.csv"))]
    if "lumen" in wanted:
        yield "lumen", os.path.join(lumen, "inventory.yaml"), tables, []
    if "period" in wanted:
        yield "lumen from 2026-01-05 to 2026-06-30", os.path.join(lumen, "inventory.yaml"), tables, \
            ["--from", "2026-01-05", "--to", "2026-06-30"]
    for name in corners.CASES:
        if name in wanted or "corners" in wanted:
            case = os.path.join(folder, name)
            stems = corners.write(name, case)
            yield name, os.path.join(case, "inventory.yaml"), \
                [(f"log_{stem}", [os.path.join(case, f"{stem}.csv")]) for stem in stems], []
    if "generated" in wanted and rows:
        case = os.path.join(folder, "generated")
        os.makedirs(case)
        log = os.path.join(case, "log.csv")
        with open(log, "wb") as out:
            subprocess.run(["cargo", "run", "--release", "--locked", "-q", "--example", "generate_log", "--", "--rows", str(rows)],
                           cwd=ROOT, stdout=out, check=True)
        inventory = os.path.join(case, "inventory.yaml")
        shutil.copy(os.path.join(HERE, "generated.yaml"), inventory)
        yield f"{rows} generated rows", inventory, [("log", [log])], []


def comparable(columns, rows):
    return [columns] + [["" if v is None else str(v) for v in row] for row in rows]


def compare(name, expected, found):
    if expected == found:
        return True
    keys = lambda table: {tuple(r[:6]): r for r in table}
    one, two = keys(expected), keys(found)
    missing, extra = [k for k in one if k not in two], [k for k in two if k not in one]
    other = [(one[k], two[k]) for k in one if k in two and one[k] != two[k]]
    print(f"  {name}: {len(missing)} rows missing, {len(extra)} too many, {len(other)} differ"
          f"{'' if missing or extra or other else '; the same rows in another order'}")
    for k in missing[:6]:
        print("    missing", one[k])
    for k in extra[:6]:
        print("    extra  ", two[k])
    for a, b in other[:8]:
        head = expected[0]
        print("    differs", a[:6], [(head[i], x, y) for i, (x, y) in enumerate(zip(a, b)) if x != y])
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engines", default="duckdb")
    parser.add_argument("--cases", default="lumen,generated")
    parser.add_argument("--rows", type=int, default=1_000_000)
    args = parser.parse_args()
    engines = args.engines.split(",")
    prepare(engines)
    run(["cargo", "build", "--release", "--locked", "-q"], cwd=ROOT)
    target = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
    binary = os.path.join(target, "release", "chanfolio")
    failed = []
    with tempfile.TemporaryDirectory(prefix="engines") as folder:
        os.chmod(folder, 0o755)
        todo = []
        for name, inventory, tables, more in cases(args.cases.split(","), args.rows, folder, binary):
            start = time.time()
            builtin = os.path.join(folder, "builtin.csv")
            run([binary, "census", inventory, "-o", builtin, "-q", "--max-rejects", "1", *more])
            took = time.time() - start
            with open(builtin, encoding="utf-8", newline="") as file:
                expected = list(csv.reader(file))
            assessment = run([binary, "assess", inventory, "--census", builtin, "--at", AT, "--format", "json", "-q"])
            print(f"{name}: {len(expected) - 1} rows of the census, built-in {took:.1f} s", flush=True)
            todo.append((name, inventory, tables, more, expected, assessment))
        for engine in engines:
            place = os.path.join(folder, engine)
            os.makedirs(place)
            database = ENGINES[engine](place)
            try:
                for name, inventory, tables, more, expected, assessment in todo:
                    for table, files in tables:
                        database.load(table, files)
                    names = [table for table, _ in tables]
                    sql = run([binary, "census", inventory, "--sql", database.dialect, "--table", *names, "-q", *more])
                    start = time.time()
                    columns, rows = database.query(sql)
                    took = time.time() - start
                    found = comparable(list(columns), rows)
                    equal = compare(f"{engine}, {name}", expected, found)
                    saved = os.path.join(place, "census.csv")
                    with open(saved, "w", encoding="utf-8", newline="") as file:
                        csv.writer(file, lineterminator="\n").writerows(found)
                    if equal:
                        again = run([binary, "assess", inventory, "--census", saved, "--at", AT, "--format", "json", "-q"])
                        if again != assessment:
                            equal = False
                            print("".join(list(difflib.unified_diff(assessment.splitlines(True), again.splitlines(True)))[:20]))
                    print(f"  {engine}, {name}: {'equal' if equal else 'DIFFERS'}, {took:.1f} s", flush=True)
                    if not equal:
                        failed.append(f"{engine}, {name}")
            finally:
                database.close()
    if failed:
        sys.exit("not equal: " + "; ".join(failed))


if __name__ == "__main__":
    main()
