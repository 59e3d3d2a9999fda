#!/usr/bin/env python3
"""Writes Sources/Dictionaries/PinyinTable.swift from Unihan's readings (Debian's package unicode-data).

    make-pinyin.py /usr/share/unicode/Unihan_Readings.txt.bz2 > Sources/Dictionaries/PinyinTable.swift
"""
import bz2
import collections
import sys
import unicodedata

syllables = collections.defaultdict(list)
for line in bz2.open(sys.argv[1], "rt", encoding="utf-8"):
    if line.startswith("#") or "\tkMandarin\t" not in line:
        continue
    place, _, reading = line.rstrip("\n").split("\t")
    code = int(place[2:], 16)
    # The block of common characters; all of GB 2312 and GBK lie in it.
    if not 0x4E00 <= code <= 0x9FFF:
        continue
    # The first reading is the one of the mainland; tones do not matter for likeness.
    plain = unicodedata.normalize("NFD", reading.split()[0])
    plain = "".join(c for c in plain if not unicodedata.combining(c) or c == "\u0308")
    plain = unicodedata.normalize("NFC", plain).replace("ü", "v")
    syllables[plain].append(chr(code))

print("// Written by Tests/DictionariesTests/Gold/make-pinyin.py from Unihan's kMandarin (Unicode 15.0).")
print()
print("/// How Chinese characters are read, without tones: a syllable a line, then its characters.")
print("enum PinyinTable {")
print('    static let text = """')
for syllable in sorted(syllables):
    print(f"        {syllable} {''.join(syllables[syllable])}")
print('        """')
print("}")
