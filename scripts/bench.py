"""The measuring half of scripts/bench: pairs of runs, medians of their ratios, memory, stages."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.path.join(ROOT, ".build-release", "release")
VEDETTE = os.path.join(BIN, "vedette")
BENCH = os.path.join(BIN, "vedette-bench")


def option(name, standard):
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else standard


ROWS, RUNS = option("--rows", 500_000), option("--runs", 5)
AS_JSON = "--json" in sys.argv
results = []


def note(name, value, unit, reference=None, ratio=None, limit=None):
    results.append({"name": name, "value": value, "unit": unit, "reference": reference, "ratio": ratio, "limit": limit})
    if not AS_JSON:
        beside = f"   {ratio:.2f} x {reference}" if ratio is not None else ""
        within = f"   (limit {limit})" if limit is not None else ""
        print(f"{name:<52} {value:>10.3f} {unit}{beside}{within}", flush=True)


def timed(command, output=os.devnull):
    """Wall seconds and peak megabytes of a command."""
    with open(output, "wb") as out:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        return time.perf_counter() - start, usage.ru_maxrss / 1024


def pair(a, b, runs=RUNS):
    """Median seconds of both and the median of the ratios a / b, run in turn."""
    a(), b()
    times = [(a(), b()) for _ in range(runs)]
    return (statistics.median(x for x, _ in times), statistics.median(y for _, y in times),
            statistics.median(x / y for x, y in times))


def check(*paths, threads=1, output=os.devnull, json_lines=False):
    form = ["--format", "json"] if json_lines else []
    return lambda: timed([VEDETTE, "check", *form, "--threads", str(threads), *paths], output)[0]


def stolen():
    """Seconds that other guests of the host have had of this machine's processors."""
    try:
        with open("/proc/stat") as counters:
            return int(counters.readline().split()[8]) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError):
        return 0.0


def main():
    folder = tempfile.mkdtemp(prefix="vedette-bench-")
    before = stolen()
    try:
        measure(folder)
        note("taken by other guests of the host meanwhile", stolen() - before, "s")
    finally:
        subprocess.run(["rm", "-rf", folder])
    if AS_JSON:
        print(json.dumps({"rows": ROWS, "runs": RUNS, "cores": os.cpu_count(), "figures": results}, indent=1))


def measure(folder):
    def table(name, kind="flu", rows=ROWS, faults="none"):
        path = os.path.join(folder, name)
        subprocess.run([BENCH, "generate", kind, path, "--rows", str(rows), "--faults", faults], check=True, cwd=ROOT)
        return path

    flu = table("flu_1.csv")
    megabytes = os.path.getsize(flu) / 1e6
    lines = lambda: timed(["wc", "-l", flu])[0]
    # First of all: a process that has grown would lend its own peak to those it starts.
    small = table("flu_5000.csv", rows=5_000)
    idle = timed([VEDETTE, "program", "list"])[1]
    for name, path in (("5,000 rows", small), (f"{ROWS:,} rows", flu)):
        note(f"peak memory above idle, {name}", timed([VEDETTE, "check", "--threads", "1", path])[1] - idle, "MB", limit=64)
    every = table("flu_every.csv", faults="every")
    note("peak memory above idle, every cell wrong", timed([VEDETTE, "check", "--format", "json", "--threads", "1", every])[1] - idle, "MB")

    seconds, wc, ratio = pair(check(flu), lines)
    note("vedette check, flu", ROWS / seconds / 1000, "thousand rows/s")
    note("  the same", megabytes / seconds, "MB/s", f"the time of wc -l ({megabytes / wc:.0f} MB/s)", ratio)

    try:
        import duckdb

        def duck():
            start = time.perf_counter()
            connection = duckdb.connect()
            connection.execute("SET threads = 1")
            # Every column is asked for, or DuckDB would skip what nobody reads.
            connection.execute(f"SELECT count(COLUMNS(*)) FROM read_csv('{flu}', all_varchar = true, header = true)").fetchall()
            return time.perf_counter() - start

        seconds, other, ratio = pair(check(flu), duck)
        note("vedette check, flu, one core", seconds, "s", f"DuckDB reading it untyped ({other:.3f} s)", ratio, 1.0)
    except ImportError:
        print("DuckDB is not here: its comparison is left out", file=sys.stderr)

    zipped = os.path.join(folder, "flu.zip")
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(flu, "flu_1.csv")
    seconds, _, ratio = pair(check(zipped), check(flu))
    note("out of its zip", seconds, "s", "unzipped", ratio, 1.3)

    faulty = table("flu_row.csv", faults="row")
    found = os.path.join(folder, "findings.json")
    seconds, _, ratio = pair(check(faulty, output=found, json_lines=True), check(flu, json_lines=True))
    note("one wrong cell in every row, findings to a file", seconds, "s", "clean", ratio, 1.5)

    chinese = os.path.join(folder, "flu_gb18030.csv")
    with open(flu, encoding="utf-8", newline="") as source, open(chinese, "w", encoding="gb18030", newline="") as target:
        while text := source.read(1 << 22):
            target.write(text)
    seconds, _, ratio = pair(check(chinese), check(flu))
    note("GB18030", seconds, "s", "UTF-8", ratio, 1.6)

    one, two, ratio = pair(check(flu), check(flu, threads=2))
    note("two cores, within one file", two, "s")
    note("  one core takes", one, "s", "two cores (at least 1.7)", ratio)

    # About as many bytes as the flu file has, so that the start weighs alike in both.
    front = table("hqms_1.csv", "hqms", rows=max(1000, ROWS * 3 // 10))
    size = os.path.getsize(front) / 1e6
    seconds, _, ratio = pair(check(front), check(flu))
    note("hqms, 346 columns", size / seconds, "MB/s", "flu's MB/s (at least 0.70)", size / megabytes / ratio)

    frictionless(folder, table)
    stage_names = {"unpack": "inflate and checksum", "decode": "decode", "split": "split", "check": "check", "whole": "all of it"}
    stages = subprocess.run([BENCH, "stages", zipped, chinese, flu], capture_output=True, text=True, cwd=ROOT).stdout
    for line in stages.splitlines():
        stage = json.loads(line)
        for name, value in stage["megabytesPerSecond"].items():
            note(f"{stage['file']}, {stage_names.get(name, name)}", float(value), "MB/s")


def frictionless(folder, table):
    try:
        from frictionless import Resource, Schema, system
    except ImportError:
        print("frictionless is not here: its comparison is left out", file=sys.stderr)
        return
    path = table("flu_20000.csv", rows=20_000)
    schema = Schema.from_descriptor(os.path.join(ROOT, "Surveillance", "Influenza", "files", "flu.json"))

    def other():
        start = time.perf_counter()
        with system.use_context(trusted=True):
            Resource(path=path, schema=schema).validate()
        return time.perf_counter() - start

    seconds = statistics.median(check(path)() for _ in range(3))
    slow = other()
    note("vedette check, 20,000 rows", seconds, "s", f"frictionless-py ({slow:.1f} s)", seconds / slow)


main()
