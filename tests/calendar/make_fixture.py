#!/usr/bin/env python3
"""Writes, or checks, the working days that an independent library knows.

    python3 -m venv VENV && VENV/bin/pip install chinesecalendar==1.11.0
    VENV/bin/python tests/calendar/make_fixture.py            # writes the fixture
    VENV/bin/python tests/calendar/make_fixture.py --check    # fails when it differs

One line a year, 2019-2026: the year, a space, and for each day of the year 1 (working day) or 0.
The fixture is what `crates/domain/tests/it/calendar.rs` compares the program's own calendar with.
"""

import datetime
import pathlib
import sys

import chinese_calendar

FIXTURE = (
    pathlib.Path(__file__).resolve().parents[2]
    / "crates/domain/tests/fixtures/chinesecalendar-1.11.0.txt"
)


def year_line(year: int) -> str:
    day = datetime.date(year, 1, 1)
    marks = []
    while day.year == year:
        marks.append("1" if chinese_calendar.is_workday(day) else "0")
        day += datetime.timedelta(days=1)
    return f"{year} {''.join(marks)}\n"


def main() -> int:
    text = "".join(year_line(year) for year in range(2019, 2027))
    if "--check" not in sys.argv:
        FIXTURE.write_text(text)
        return 0
    if FIXTURE.read_text() == text:
        print("the fixture agrees with the library")
        return 0
    print(f"{FIXTURE} differs from the library", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
