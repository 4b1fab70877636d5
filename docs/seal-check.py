#!/usr/bin/env python3
"""Checks the seals of a xiaobao ledger from outside; the format is told in seals.md.

    seal-check.py FILE [--print DAY=HEX …] [--against EARLIER_FILE …]
"""

import argparse
import hashlib
import json
import sys


def digest(suite, data):
    return hashlib.new(suite, data).digest()


def leaf(suite, entry):
    return digest(suite, b"\0" + bytes.fromhex(entry))


def node(suite, left, right):
    return digest(suite, b"\1" + left + right)


def root(suite, leaves):
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return node(suite, root(suite, leaves[:half]), root(suite, leaves[half:]))


def climb(suite, here, index, count, path):
    """The root that a leaf leads to beside these hashes; nothing when they end before the top."""
    last = count - 1
    for beside in map(bytes.fromhex, path):
        while index % 2 == 0 and index == last:
            index, last = index // 2, last // 2
        here = node(suite, here, beside) if index % 2 == 0 else node(suite, beside, here)
        index, last = index // 2, last // 2
    return here if last == 0 else None


def print_of(seal):
    text = "xiaobao-seal-1\nday {day}\nsuite {suite}\nentries {first} {last}\nroot {root}\nprevious {previous}\n"
    return digest(seal["suite"], text.format(**seal).encode()).hex()


def faults(told, published):
    """Everything that does not fit, a sentence each."""
    seals = {seal["day"]: seal for seal in told["seals"]}
    previous, after = "", 1
    for day, seal in sorted(seals.items()):
        if print_of(seal) != seal["print"]:
            yield f"{day}: the print is not that of the seal"
        if (seal["previous"], seal["first"]) != (previous, after):
            yield f"{day}: does not follow the seal before"
        previous, after = seal["print"], seal["last"] + 1
    for day, entries in told.get("entries", {}).items():
        seal = seals.get(day)
        whole = seal and len(entries) == seal["last"] - seal["first"] + 1
        if not whole or root(seal["suite"], [leaf(seal["suite"], it) for it in entries]).hex() != seal["root"]:
            yield f"{day}: the entries are not those that were sealed"
    for proof in told.get("proofs", []):
        seal = seals.get(proof["day"])
        index = proof["entry"] - seal["first"] if seal else -1
        count = seal["last"] - seal["first"] + 1 if seal else 0
        found = 0 <= index < count and climb(
            seal["suite"], leaf(seal["suite"], proof["hash"]), index, count, proof["path"]
        )
        if not found or found.hex() != seal["root"]:
            yield f"{proof['day']}: entry {proof['entry']} does not lie under the seal"
    for day, expected in published:
        if day not in seals or seals[day]["print"] != expected.lower():
            yield f"{day}: not the seal that was published"


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("file")
    asked.add_argument("--print", action="append", default=[], metavar="DAY=HEX", help="a print that was published")
    asked.add_argument("--against", action="append", default=[], metavar="FILE", help="an earlier export")
    asked = asked.parse_args()
    with open(asked.file, encoding="utf-8") as file:
        told = json.load(file)
    published = [tuple(given.split("=", 1)) for given in asked.print]
    for earlier in asked.against:
        with open(earlier, encoding="utf-8") as file:
            published += [(seal["day"], seal["print"]) for seal in json.load(file)["seals"]]
    wrong = list(faults(told, published))
    print("\n".join(wrong) or f"{len(told['seals'])} seals fit")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
