#!/usr/bin/env python3
"""Makes local codes of which the national one is known, from the public code lists in Surveillance/*/codelists.

    make-gold.py /usr/share/unicode/Unihan_Readings.txt.bz2 > Tests/DictionariesTests/Gold/gold.csv

Two local codes an entry, as hospitals have them: codes of their own numbering, with dots dropped, suffixes, in lower case or full width; names
with additions, missing, swapped or misheard characters, abbreviations, other words for the same. The random numbers are always the same.
"""
import bz2
import collections
import csv
import pathlib
import random
import sys
import unicodedata

root = pathlib.Path(__file__).resolve().parents[3]
random.seed(17)

# Characters that are read alike, among those of GB 2312's first level (common ones).
sounds, reading = collections.defaultdict(list), {}
for line in bz2.open(sys.argv[1], "rt", encoding="utf-8"):
    if line.startswith("#") or "\tkMandarin\t" not in line:
        continue
    place, _, text = line.rstrip("\n").split("\t")
    character = chr(int(place[2:], 16))
    try:
        encoded = character.encode("gb2312")
    except UnicodeEncodeError:
        continue
    plain = "".join(c for c in unicodedata.normalize("NFD", text.split()[0]) if not unicodedata.combining(c))
    reading[character] = plain
    if encoded[0] <= 0xD7:
        sounds[plain].append(character)

entries = {}
for path in sorted(root.glob("Surveillance/*/codelists/*.csv")):
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig")))
    if len(rows) < 9:
        continue
    for row in rows:
        entries[f"{path.stem}.{row['code']}"] = row["zh"]
names = collections.Counter(entries.values())
# An entry that shares its name with another cannot be told from it.
chosen = {code: name for code, name in entries.items() if names[name] == 1 and len(name) > 1}

SYNONYMS = [
    ("专业", "门诊"), ("专业", ""), ("小儿", "儿童"), ("妇女", "女性"), ("抗生素", "抗菌素"), ("药物", "药"), ("片剂", "片"), ("注射剂", "针剂"),
    ("胶囊剂", "胶囊"), ("检验", "化验"), ("职业病", "职业性疾病"), ("肿瘤", "癌"), ("心脏", "心"), ("传染病", "感染病"), ("其他", "其它"), ("类", ""),
    ("科", "科室"), ("制剂", ""), ("族", ""), ("型", "样"), ("溶液", "液"), ("软膏", "膏"), ("消化", "胃肠"),
]


def suffix(name):
    return name + random.choice(["（本院）", "[门诊]", "-住院", "(新)", "（自费）", "1"])


def missing(name):
    at = random.randrange(len(name))
    return name[:at] + name[at + 1:] if len(name) >= 4 else suffix(name)


def swapped(name):
    at = random.randrange(len(name) - 1)
    return name[:at] + name[at + 1] + name[at] + name[at + 2:] if len(name) >= 4 else suffix(name)


def misheard(name):
    places = [at for at, c in enumerate(name) if len(sounds.get(reading.get(c, ""), [])) > 1]
    if not places:
        return suffix(name)
    at = random.choice(places)
    other = random.choice([c for c in sounds[reading[name[at]]] if c != name[at]])
    return name[:at] + other + name[at + 1:]


def synonym(name):
    fitting = [(a, b) for a, b in SYNONYMS if a in name and len(name.replace(a, b)) > 1]
    return name.replace(*random.choice(fitting)) if fitting else misheard(name)


def wide(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def own(number):
    return random.choice(["YS", "BY", "K", ""]) + f"{number:05d}"


writer = csv.writer(sys.stdout, lineterminator="\n")
writer.writerow(["national_code", "national_name", "code", "name", "change"])
number = 0
for code, name in chosen.items():
    for change in random.sample([suffix, missing, swapped, misheard, synonym], 2):
        number += 1
        kind = random.choices(["own", "dropped", "extended", "wide", "same"], [60, 10, 10, 10, 10])[0]
        local = {
            "own": own(number), "dropped": code.replace(".", ""), "extended": f"{code}x{number % 1000:03d}",
            "wide": wide(code.lower()), "same": code,
        }[kind]
        changed, told = change(name), change.__name__
        if number % 2:
            # Half of them are changed twice, as real ones are.
            again = random.choice([missing, swapped, misheard, synonym])
            changed, told = again(changed), f"{told} and {again.__name__}"
        writer.writerow([code, name, local, changed, f"{kind} code, {told} name"])
