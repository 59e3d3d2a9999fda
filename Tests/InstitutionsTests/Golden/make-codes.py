#!/usr/bin/env python3
"""Writes codes.tsv: institution codes as people type them, and what must be found in each.

It shares nothing with the Swift code: the check characters are worked out here from the text of GB 11714-1997 and
GB 32100-2015. Run it and compare:  python3 make-codes.py > codes.tsv
"""
import random
import unicodedata

random.seed(20261129)
PROVINCES = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 66 71 81 82".split()
CATEGORIES = "A100 A210 A221 A300 A411 A419 A511 A519 A521 A539 A600 A710 B100 B200 C100 C210 C220 D110 D211 D600 E100 G100 H111 J100 P911 Q100".split()
ECONOMIC = "11 12 13 14 15 16 17 19 21 31 33 90".split()
AUTHORITIES = "123456789ANY"
ALPHABET31 = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def gb11714(first):
    total = 0
    for character, weight in zip(first, (3, 7, 9, 10, 5, 8, 4, 2)):
        total += LETTERS.index(character) * weight
    remainder = 11 - total % 11
    return "X" if remainder == 10 else "0" if remainder == 11 else str(remainder)


def gb32100(first):
    total = sum(ALPHABET31.index(c) * pow(3, i, 31) for i, c in enumerate(first))
    return ALPHABET31[(31 - total % 31) % 31]


def organization(letters="0123456789"):
    first = "".join(random.choice(letters) for _ in range(8))
    return first + gb11714(first)


def region():
    return random.choice(PROVINCES) + "%02d%02d" % (random.randint(1, 20), random.randint(1, 30))


def classified():
    return organization(random.choice(("0123456789", LETTERS))) + region() + random.choice(ECONOMIC) + \
        random.choice(CATEGORIES) + random.choice("129")


def credit():
    first = random.choice(AUTHORITIES) + random.choice("1239") + region() + \
        organization(random.choice(("0123456789", ALPHABET31)))
    return first + gb32100(first)


def expectation(typed):
    text = unicodedata.normalize("NFKC", typed).upper()
    hyphens = "-\u2010\u2011\u2012\u2013\u2014\u2212"
    plain = "".join(c for c in text if not c.isspace() and c not in hyphens and c not in "\u200b\ufeff")
    hyphenated = any(c in hyphens and len("".join(x for x in text[:i] if not x.isspace() and x not in hyphens)) == 8
                     for i, c in enumerate(text))
    shape = {22: "ws218", 18: "uscc", 9: "organization"}.get(len(plain), "other")
    errors, warnings = [], []
    own, place, cat, kind = "-", "-", "-", "-"
    if any(not (c.isascii() and c.isalnum()) for c in plain):
        errors = ["%d=?" % (i + 1) for i, c in enumerate(plain) if not (c.isascii() and c.isalnum())]
        return plain, shape, errors, warnings, own, place, cat, kind

    def nine(code, at):
        if code.startswith("PDY") and code[3:8].isdigit() and code[3:8] != "00000":
            warnings.append("private-range")
        want = gb11714(code[:8])
        if code[8] != want:
            if hyphenated and at == 0:
                warnings.append("temporary")
            else:
                errors.append("%d=%s" % (at + 9, want))

    def where(digits):
        if not (digits.isdigit() and digits[:2] in PROVINCES):
            warnings.append("unknown-region")

    if shape == "ws218":
        own, place, cat, kind = plain[:9], plain[9:15], plain[17:21], plain[21]
        nine(own, 0)
        where(place)
        if plain[15:17] not in ECONOMIC:
            warnings.append("unknown-economic-type")
        if cat not in CATEGORIES:
            warnings.append("unknown-category")
            cat = "-"
        if kind not in "129":
            warnings.append("unknown-management-class")
            kind = "-"
    elif shape == "uscc":
        own, place = plain[8:17], plain[2:8]
        meant = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "Y"}
        foreign = [(i, c) for i, c in enumerate(plain) if c not in ALPHABET31]
        errors += ["%d=%s" % (i + 1, meant[c]) for i, c in foreign]
        if plain[0] not in AUTHORITIES:
            warnings.append("unknown-authority")
        where(place)
        nine(own, 8)
        if not any(i < 17 for i, _ in foreign):
            want = gb32100(plain[:17])
            if plain[17] != want and plain[17] in ALPHABET31:
                errors.append("18=" + want)
    elif shape == "organization":
        own = plain
        nine(own, 0)
    else:
        warnings.append("other-shape")
        if len(plain) > 9 and plain[8] == gb11714(plain[:8]):
            own = plain[:9]
    if not place.isdigit():
        place = "-"
    return plain, shape, sorted(errors), sorted(warnings), own, place, cat, kind


rows = []


def add(typed):
    plain, shape, errors, warnings, own, place, cat, kind = expectation(typed)
    rows.append("\t".join((typed, plain, shape, ",".join(errors) or "-", ",".join(warnings) or "-", own, place, cat, kind)))


def changed(code, index, alphabet):
    other = alphabet[(alphabet.index(code[index]) + random.randint(1, len(alphabet) - 1)) % len(alphabet)]
    return code[:index] + other + code[index + 1:]


full = lambda text: "".join(chr(ord(c) + 0xFEE0) for c in text)
add("91350100M000100Y43")  # the worked example of GB 32100
add("D2143569X")  # the worked example of GB 11714
for _ in range(45):
    add(classified())
for _ in range(35):
    add(credit())
for _ in range(20):
    add(organization(random.choice(("0123456789", LETTERS))))
one = "40001019X" + "430102" + "11" + "A100" + "1"
one = one[:8] + gb11714(one[:8]) + one[9:]
for index in range(22):  # every single-character error of one code
    add(changed(one, index, "0123456789" if one[index].isdigit() else LETTERS))
other = credit()
for index in range(18):
    add(changed(other, index, ALPHABET31))
for index in range(9):
    add(changed(one[:9], index, "0123456789"))
for index in range(8):  # adjacent characters exchanged
    add(one[:index] + one[index + 1] + one[index] + one[index + 2:])
for _ in range(8):  # as printed, with the hyphen
    code = classified()
    add(code[:8] + "-" + code[8:])
for _ in range(8):  # temporary: the hyphen, and a character that no rule gives
    code = classified()
    add(code[:8] + "-" + random.choice([c for c in "0123456789X" if c != code[8]]) + code[9:])
for _ in range(6):
    add(full(classified()))
    add(credit().lower())
    code = classified()
    add(" ".join((code[:9], code[9:15], code[15:17], code[17:])))
for dash in "\u2013\u2014\u2212\uff0d\u2010":
    code = organization()
    add(code[:8] + dash + code[8:])
for letter in "IOSVZ":
    code = credit()
    add(code[:10] + letter + code[11:])
add("ws 218\u3000" + one)
add("\u200b" + one + "\ufeff")
for length in (1, 4, 8, 10, 11, 12, 15, 17, 19, 20, 21, 23, 30):  # what hospitals put into P900
    add((organization() + "".join(random.choice("0123456789") for _ in range(30)))[:length])
add("123456780" + "4")
for digits in ("00001", "00000", "99999"):
    add("PDY" + digits + gb11714("PDY" + digits))
add(one[:9] + "990102" + one[15:])
add(one[:15] + "99" + one[17:])
add(one[:17] + "Z999" + one[21:])
add(one[:21] + "3")
add(one[:21] + "8")
add(one[:5] + "号" + one[6:])
add(one[:5] + "_" + one[6:])
print("# typed\tnormalised\tshape\terrors (position=expected)\twarnings\torganisation code\tregion\tcategory\tclass")
print("\n".join(rows))
