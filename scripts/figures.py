"""The figures of made-up records worked out once more, by SQL in DuckDB over the same records, and how long that takes.

  figures.py FOLDER ANSWERS   FOLDER holds the records.sqlite of `vedette-bench figures --data FOLDER --write ANSWERS`

Every number is compared to the last digit. The SQL knows nothing of how figures are kept: conditions are written for the made-up
values, places are taken from the register.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from decimal import Decimal

import duckdb

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LEVELS = ["", "三级", "二级", "一级", "未定级"]
PATHOGENS = "('甲型流感病毒抗原', '乙型流感病毒抗原', '新型冠状病毒核酸')"


def age_groups():
    with open(os.path.join(ROOT, "Surveillance/FeverClinic/program.json"), encoding="utf-8") as file:
        program = json.loads("\n".join(line for line in file if not line.lstrip().startswith("//")))
    groups = next(d for d in program["dimensions"] if d["id"] == "age-group")["groups"]
    cases = " ".join(
        f"WHEN P7 >= {group.get('from', -1)} AND P7 <= {group.get('through', 999)} THEN '{group['id']}'" for group in groups)
    return f"CASE {cases} ELSE 'unknown' END"


def load(folder):
    """The records as DuckDB's own table: one row a visit, with whether a test for influenza A was valid, and positive."""
    base = duckdb.connect()
    with tempfile.TemporaryDirectory() as scratch:
        def export(name, select):
            path = os.path.join(scratch, name + ".csv")
            with open(path, "wb") as out:
                subprocess.run(["sqlite3", "-readonly", "-csv", "-header", os.path.join(folder, "records.sqlite"), select],
                               stdout=out, check=True)
            base.execute(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{path}', header = true, all_varchar = true)")
        export("place", "SELECT i.institution, r.code, i.region, i.level FROM indicator_institution AS i "
                        "JOIN record_institution AS r ON r.number = i.institution WHERE i.program = 'fever-clinic'")
        export("fever", "SELECT _institution AS institution, _since AS since, P7502, P7506, P7000, P5, P7, P7508 FROM fever_clinic_fever")
        export("lab", "SELECT _institution AS institution, P7502, P7506, P7000, P7613, P7621, P7624, P7625 FROM fever_clinic_lab")
    named = f"(P7624 = '甲型流感病毒抗原' OR P7624 NOT IN {PATHOGENS} AND P7613 = '甲型流感病毒抗原')"
    base.execute(f"""
        CREATE TABLE tested AS SELECT institution, P7502, P7506, P7000,
            count(*) FILTER ({named} AND (P7621 IN ('阳性', '阴性') OR P7625 IN ('1', '2'))) AS valid,
            count(*) FILTER ({named} AND (P7621 = '阳性' OR P7625 = '2' AND P7621 <> '阴性')) AS positive
        FROM lab GROUP BY ALL""")
    base.execute(f"""
        CREATE TABLE visit AS SELECT p.code, p.region, p.level::INT AS level, f.since::BIGINT AS since, f.P7506[:10]::DATE AS day,
            {age_groups().replace('P7 ', 'f.P7::INT ')} AS age,
            CASE f.P5 WHEN '1' THEN 'male' WHEN '2' THEN 'female' ELSE 'unknown' END AS sex,
            round(f.P7508::DOUBLE * 100)::BIGINT AS cost, coalesce(t.valid, 0) > 0 AS valid,
            coalesce(t.valid, 0) > 0 AND coalesce(t.positive, 0) > 0 AS positive
        FROM fever AS f JOIN place AS p USING (institution) LEFT JOIN tested AS t USING (institution, P7502, P7506, P7000)""")
    for table in ("fever", "lab", "tested"):
        base.execute(f"DROP TABLE {table}")
    return base


def sql(question, as_of):
    """The SELECT for a question as `vedette-bench figures` names it."""
    indicator, asked = question.split(": ", 1)
    day = "day" if "by day" in asked else "date_trunc('month', day)" if "month" in asked or "prefectures" in asked \
        else "date_trunc('week', day)" if "by week" in asked else "(SELECT min(day) FROM visit)"
    groups = [column for column, words in [("age", "age"), ("sex", "sex"), ("level", "level")] if words in asked.replace("average", "")]
    place = "''"
    for words, expression in [("week and region", "region[:2]"), ("prefectures", "region[:4]"), ("counties", "region[:6]"),
                              ("institutions", "code")]:
        if words in asked:
            place = expression
    where = ["true"]
    if asked.startswith("a province"):
        where.append("region[:2] = '43'")
    if asked.startswith("an institution"):
        where.append("code = '910000010'")
    if as_of:
        where.append(f"since <= {as_of}")
    numbers = {
        "visits": "count(*), 0, 0, 0",
        "positivity-flu-a": "count(*) FILTER (positive), count(*) FILTER (valid), 0, 0",
        "cost-median": "0, 0, count(cost), CASE WHEN count(cost) >= 20 THEN quantile_cont(cost, 0.5) ELSE 0 END",
    }[indicator]
    names = ", ".join(f"{group} AS {group}_" for group in groups) or "'' AS none_"
    return f"SELECT ({day})::DATE, {names}, {place} AS place_, {numbers} FROM visit WHERE {' AND '.join(where)} GROUP BY ALL"


def rows(found, groups):
    answers = {}
    for row in found:
        names = [LEVELS[name] if isinstance(name, int) else name for name in row[1:1 + groups]]
        *whole, median = row[2 + groups:]
        # Costs are in hundredths; a median may lie halfway between two.
        numbers = (*(int(number) for number in whole), Decimal(str(median or 0)) / 100)
        if any(numbers):
            answers[(str(row[0]), ",".join(names), row[1 + groups])] = numbers
    return answers


def main():
    folder, path = sys.argv[1:3]
    questions, current = [], None
    with open(path, encoding="utf-8") as file:
        for line in file:
            cells = line.rstrip("\n").split("\t")
            if cells[0] == "#":
                current = {"name": cells[1], "ms": float(cells[2]), "asOf": int(cells[3]), "rows": {}}
                questions.append(current)
            else:
                current["rows"][tuple(cells[:3])] = (*(int(number) for number in cells[3:6]), Decimal(cells[6]))
    start = time.perf_counter()
    base = load(folder)
    print(f"exported and read by DuckDB {duckdb.__version__} in {time.perf_counter() - start:.0f} s: "
          f"{base.execute('SELECT count(*) FROM visit').fetchone()[0]} visits")
    different = 0
    for question in questions:
        statement = sql(question["name"], question["asOf"])
        times = []
        for _ in range(5):
            start = time.perf_counter()
            found = base.execute(statement).fetchall()
            times.append((time.perf_counter() - start) * 1000)
        groups = len(found[0]) - 6
        same = rows(found, groups) == question["rows"]
        different += not same
        ms = statistics.median(times)
        print(f"{question['name']:<60} {question['ms']:>9.2f} ms   DuckDB {ms:>9.2f} ms   {question['ms'] / ms:>6.2f}   "
              f"{len(found):>7} cells {'the same' if same else 'DIFFERENT'}")
    if different:
        sys.exit(f"{different} questions are answered differently")


main()
