#!/usr/bin/env python3
"""Makes divisions.csv.gz from two tables of division codes; see README.md beside it.

    python3 regulations/divisions/make_divisions.py COUNTY_LEVEL.csv TOWNSHIP_LEVEL.csv
"""

import csv
import gzip
import io
import pathlib
import sys

# Rows that only group others in the official tables and are no place with a government of its own.
GROUPS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


def read(path: str) -> list[dict]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> int:
    upper, townships = read(sys.argv[1]), read(sys.argv[2])
    by_code: dict[str, dict] = {}
    for row in upper:
        by_code.setdefault(row["code"], row)  # a city without counties stands twice, first as itself
    # A grouping row goes; so does a county that only repeats its city (嘉峪关市). Their parts go to the row above.
    dropped: dict[str, str] = {}
    for code, row in by_code.items():
        above = by_code.get(row["parent"])
        if code.endswith("00") and row["name"] in GROUPS:
            dropped[code] = row["parent"]
        elif above is not None and not code.endswith("00") and row["name"] == above["name"]:
            dropped[code] = row["parent"]

    def parent_of(row: dict) -> str:
        parent = row["parent"]
        while parent in dropped:
            parent = dropped[parent]
        return parent or "000000"

    rows = [("000000", "全国", "")]
    kept = [row for code, row in by_code.items() if code not in dropped]
    # A row that ends in 000 stands for a county whose townships the table does not list (金门县).
    kept += [row for row in townships if not row["code"].endswith("000")]
    rows += [(row["code"], row["name"], parent_of(row)) for row in kept]
    # Above before below, and each in the order of the codes.
    rows.sort(key=lambda row: (len(row[0]), row[0][4:] != "00" and len(row[0]) == 6, row[0]))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("code", "name", "parent"))
    writer.writerows(rows)
    target = pathlib.Path(__file__).with_name("divisions.csv.gz")
    # No time and no name inside, so that the same tables make the same bytes.
    with open(target, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(text.getvalue().encode("utf-8"))
    print(f"{len(rows)} divisions, {target.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
