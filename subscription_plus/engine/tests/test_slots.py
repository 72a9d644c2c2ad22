"""Opening hours, free slots, the house's rules, and days on which the clock changes."""

from __future__ import annotations

import datetime as dt
import unittest
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from subscription_plus.engine.slots import (
    CLOCK_CHANGES,
    CLOSED,
    ENDS_BEFORE_IT_BEGINS,
    FULL,
    TOO_FAR,
    TOO_SOON,
    Calendar,
    Exceptional,
    Hours,
    House,
    Span,
    Usage,
    end_of,
    free_slots,
    is_exact,
    minutes_between,
    refusal,
    series,
)

from .builders import day, examples

PARIS = ZoneInfo("Europe/Paris")
NINE, NOON, ONE, FIVE, MIDNIGHT = dt.time(9), dt.time(12), dt.time(13), dt.time(17), dt.time()
OFFICE = tuple(Hours(weekday, *pair) for weekday in range(5) for pair in ((NINE, NOON), (ONE, FIVE)))
LONG_AGO = dt.datetime(2020, 1, 1)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def span(text: str, places: int = 1) -> Span:
    """ "2024-03-01 09:00/10:00", or with a date on both sides."""
    start, end = text.split("/")
    return Span(at(start), at(end if len(end) > 5 else f"{start[:10]} {end}"), places)


def shown(
    calendar: Calendar,
    house: House,
    minutes: int,
    first: str,
    last: str | None = None,
    taken: Sequence[Span] = (),
    now: dt.datetime = LONG_AGO,
    places: int = 1,
) -> str:
    slots = free_slots(
        calendar,
        house,
        [house.occupied(one) for one in taken],
        minutes,
        day(first),
        day(last or first),
        now,
        places,
    )
    return " ".join(f"{slot.start:%H:%M}" for slot in slots)


class TestOpenings(unittest.TestCase):
    def test_named_cases(self) -> None:
        exceptions = (
            Exceptional(day("2024-03-05"), day("2024-03-06")),
            Exceptional(day("2024-03-09"), day("2024-03-09"), NINE, NOON),
        )
        office = Calendar(PARIS, OFFICE, exceptions, frozenset({day("2024-03-07"), day("2024-03-09")}))
        for name, calendar, on, expected in (
            ("a weekday with a break at noon", office, "2024-03-04", "09:00-12:00 13:00-17:00"),
            ("a closing", office, "2024-03-05", ""),
            ("a holiday", office, "2024-03-07", ""),
            ("a weekend", office, "2024-03-10", ""),
            ("open on a Saturday by exception, though it is a holiday", office, "2024-03-09", "09:00-12:00"),
            ("always open without hours", Calendar(PARIS), "2024-03-10", "00:00-00:00"),
        ):
            with self.subTest(name):
                found = calendar.openings(day(on), day(on))
                self.assertEqual(" ".join(f"{one.start:%H:%M}-{one.end:%H:%M}" for one in found), expected)

    def test_hours_that_meet_at_midnight_are_one(self) -> None:
        nights = Calendar(
            PARIS,
            tuple(
                Hours(weekday, opens, closes)
                for weekday in range(7)
                for opens, closes in ((dt.time(20), MIDNIGHT), (MIDNIGHT, dt.time(2)))
            ),
        )
        self.assertTrue(nights.holds(at("2024-03-04 23:00"), at("2024-03-05 01:00")))
        self.assertFalse(nights.holds(at("2024-03-04 23:00"), at("2024-03-05 03:00")))


class TestUsage(unittest.TestCase):
    def test_the_peak_counts_not_the_overlaps(self) -> None:
        usage = Usage(
            [
                span("2024-03-04 09:00/10:00"),
                span("2024-03-04 10:00/11:00", 2),
                span("2024-03-04 11:00/12:00"),
            ]
        )
        for text, expected in (
            ("2024-03-04 09:00/12:00", 2),
            ("2024-03-04 09:00/10:00", 1),
            ("2024-03-04 11:30/13:00", 1),
            ("2024-03-04 12:00/13:00", 0),
            ("2024-03-04 08:00/09:00", 0),
            ("2024-03-04 08:00/09:01", 1),
        ):
            with self.subTest(text):
                wanted = span(text)
                self.assertEqual(usage.peak(wanted.start, wanted.end), expected)
        self.assertEqual(Usage([]).peak(at("2024-03-04 09:00"), at("2024-03-04 10:00")), 0)

    @examples(200)
    @given(
        st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10), st.integers(1, 3)), max_size=12),
        st.integers(0, 35),
        st.integers(1, 10),
    )
    def test_the_peak_is_the_most_of_any_minute(
        self, rows: list[tuple[int, int, int]], start: int, length: int
    ) -> None:
        begin = at("2024-03-04 09:00")

        def minute(offset: int) -> dt.datetime:
            return begin + dt.timedelta(minutes=offset)

        usage = Usage([Span(minute(a), minute(a + b), c) for a, b, c in rows])
        by_minute = [
            sum(c for a, b, c in rows if a <= moment < a + b) for moment in range(start, start + length)
        ]
        self.assertEqual(usage.peak(minute(start), minute(start + length)), max(by_minute))


class TestFreeSlots(unittest.TestCase):
    office = Calendar(PARIS, OFFICE)

    def test_units_of_any_length_from_each_opening(self) -> None:
        for minutes, expected in (
            (60, "09:00 10:00 11:00 13:00 14:00 15:00 16:00"),
            (120, "09:00 13:00 15:00"),
            (240, "13:00"),
            (480, ""),
        ):
            with self.subTest(minutes):
                self.assertEqual(shown(self.office, House(), minutes, "2024-03-04"), expected)

    def test_a_step_offers_more_starts(self) -> None:
        self.assertEqual(
            shown(self.office, House(step=30), 120, "2024-03-04"),
            "09:00 09:30 10:00 13:00 13:30 14:00 14:30 15:00",
        )

    def test_a_taken_slot_is_gone_and_capacity_keeps_it(self) -> None:
        taken = [span("2024-03-04 10:00/11:00")]
        self.assertEqual(
            shown(self.office, House(), 60, "2024-03-04", taken=taken), "09:00 11:00 13:00 14:00 15:00 16:00"
        )
        self.assertIn("10:00", shown(self.office, House(places=2), 60, "2024-03-04", taken=taken))
        self.assertNotIn(
            "10:00", shown(self.office, House(places=2), 60, "2024-03-04", taken=taken, places=2)
        )

    def test_minutes_around_a_booking_are_kept_free(self) -> None:
        taken = [span("2024-03-04 10:00/11:00")]
        self.assertEqual(
            shown(self.office, House(after=15), 60, "2024-03-04", taken=taken), "13:00 14:00 15:00 16:00"
        )
        self.assertEqual(
            shown(self.office, House(after=60), 60, "2024-03-04", taken=taken), "13:00 14:00 15:00 16:00"
        )
        self.assertEqual(
            shown(self.office, House(before=30), 60, "2024-03-04", taken=taken), "13:00 14:00 15:00 16:00"
        )

    def test_notice_and_horizon(self) -> None:
        now = at("2024-03-04 09:30")
        self.assertEqual(
            shown(self.office, House(notice=60), 60, "2024-03-04", now=now), "11:00 13:00 14:00 15:00 16:00"
        )
        self.assertEqual(
            shown(self.office, House(horizon=1), 240, "2024-03-05", "2024-03-08", now=now), "13:00"
        )

    def test_whole_days_begin_at_midnight_and_last_in_spite_of_the_clock(self) -> None:
        slots = list(
            free_slots(Calendar(PARIS), House(), [], 1440, day("2024-03-30"), day("2024-04-01"), LONG_AGO)
        )
        self.assertEqual(
            [(slot.start, slot.end) for slot in slots],
            [
                (at(f"{a} 00:00"), at(f"{b} 00:00"))
                for a, b in (
                    ("2024-03-30", "2024-03-31"),
                    ("2024-03-31", "2024-04-01"),
                    ("2024-04-01", "2024-04-02"),
                )
            ],
        )
        self.assertEqual(shown(self.office, House(), 1440, "2024-03-04"), "")

    def test_the_day_of_23_hours_has_23_slots_of_an_hour(self) -> None:
        found = shown(Calendar(PARIS), House(), 60, "2024-03-31").split()
        # The hour from 01:00 on ends at 03:00.
        self.assertEqual(len(found), 23)
        self.assertNotIn("02:00", found)
        self.assertIn("03:00", found)

    def test_the_day_of_25_hours_offers_nothing_that_touches_the_hour_twice(self) -> None:
        found = shown(Calendar(PARIS), House(), 60, "2024-10-27").split()
        self.assertEqual(found, sorted(set(found)))
        self.assertEqual(found[:3], ["00:00", "03:00", "04:00"])
        self.assertEqual(len(found), 22)

    def test_a_slot_over_the_change_of_the_clock_has_its_real_length(self) -> None:
        slots = list(
            free_slots(
                Calendar(PARIS), House(step=60), [], 240, day("2024-10-27"), day("2024-10-27"), LONG_AGO
            )
        )
        self.assertEqual((slots[0].start, slots[0].end), (at("2024-10-27 00:00"), at("2024-10-27 03:00")))


class TestLengths(unittest.TestCase):
    def test_real_minutes_and_whole_days(self) -> None:
        for start, end, minutes in (
            ("2024-03-04 09:00", "2024-03-04 10:30", 90),
            ("2024-03-31 01:00", "2024-03-31 04:00", 120),
            ("2024-10-27 01:00", "2024-10-27 04:00", 240),
            ("2024-03-31 00:00", "2024-04-01 00:00", 1440),
            ("2024-10-26 09:00", "2024-10-28 09:00", 2880),
        ):
            with self.subTest(start):
                self.assertEqual(minutes_between(at(start), at(end), PARIS), minutes)
                self.assertEqual(end_of(at(start), minutes, PARIS), at(end))

    def test_the_hours_that_the_clock_repeats_or_leaves_out_are_not_exact(self) -> None:
        for text, exact in (
            ("2024-03-31 01:59", True),
            ("2024-03-31 02:30", False),
            ("2024-03-31 03:00", True),
            ("2024-10-27 02:30", False),
            ("2024-10-27 03:00", True),
        ):
            with self.subTest(text):
                self.assertEqual(is_exact(at(text), PARIS), exact)


class TestRefusals(unittest.TestCase):
    def test_named_cases(self) -> None:
        office, now = Calendar(PARIS, OFFICE), at("2024-03-04 09:30")
        taken = [span("2024-03-05 09:00/10:00")]
        for name, house, text, by_staff, expected in (
            ("fits", House(), "2024-03-05 10:00/11:00", False, None),
            ("turned round", House(), "2024-03-05 10:00/09:00", False, ENDS_BEFORE_IT_BEGINS),
            ("no time at all", House(), "2024-03-05 10:00/10:00", False, ENDS_BEFORE_IT_BEGINS),
            ("the past", House(), "2024-03-04 09:00/10:00", False, TOO_SOON),
            ("inside the notice", House(notice=120), "2024-03-04 11:00/12:00", False, TOO_SOON),
            ("beyond the horizon", House(horizon=3), "2024-03-08 09:00/10:00", False, TOO_FAR),
            ("noon", House(), "2024-03-05 11:00/14:00", False, CLOSED),
            ("taken", House(), "2024-03-05 09:30/10:30", False, FULL),
            ("too near", House(after=10), "2024-03-05 10:00/11:00", False, FULL),
            ("a second place", House(places=2), "2024-03-05 09:30/10:30", False, None),
            ("by staff at night", House(notice=120, horizon=1), "2024-03-09 22:00/23:00", True, None),
            ("taken for staff too", House(), "2024-03-05 09:30/10:30", True, FULL),
            ("when the clock changes", House(), "2024-03-31 02:30/04:00", True, CLOCK_CHANGES),
        ):
            with self.subTest(name):
                spans = [house.occupied(one) for one in taken]
                self.assertEqual(refusal(office, house, spans, span(text), now, by_staff), expected)


class TestSeries(unittest.TestCase):
    def test_the_same_local_time_over_the_change_of_the_clock(self) -> None:
        found = series("FREQ=WEEKLY;COUNT=3", at("2024-03-22 09:00"), 10)
        self.assertEqual(found, [at("2024-03-22 09:00"), at("2024-03-29 09:00"), at("2024-04-05 09:00")])

    def test_without_an_end_unreadable_or_too_long_is_refused(self) -> None:
        for rule in ("FREQ=WEEKLY", "FREQ=SOMETIMES;COUNT=3", "FREQ=DAILY;COUNT=11"):
            with self.subTest(rule), self.assertRaises(ValueError):
                series(rule, at("2024-03-22 09:00"), 10)


class TestAnyHouse(unittest.TestCase):
    @examples(60)
    @given(
        house=st.builds(
            House,
            places=st.integers(1, 3),
            before=st.sampled_from((0, 10)),
            after=st.sampled_from((0, 15)),
            notice=st.sampled_from((0, 90)),
            horizon=st.sampled_from((0, 2)),
            step=st.sampled_from((0, 30)),
        ),
        minutes=st.sampled_from((30, 60, 90, 240, 1440)),
        first=st.sampled_from(("2024-03-04", "2024-03-30", "2024-10-26")),
        always=st.booleans(),
        data=st.data(),
    )
    def test_what_is_offered_can_be_booked_until_all_is_taken_and_never_beyond(
        self, house: House, minutes: int, first: str, always: bool, data: st.DataObject
    ) -> None:
        calendar = Calendar(
            PARIS, () if always else tuple(Hours(weekday, NINE, FIVE) for weekday in range(7))
        )
        start, now = day(first), dt.datetime.combine(day(first), dt.time(8, 20))
        taken: list[Span] = []
        for _ in range(6):
            slots = list(
                free_slots(calendar, house, taken, minutes, start, start + dt.timedelta(days=2), now)
            )
            if not slots:
                break
            slot = data.draw(st.sampled_from(slots))
            wanted = Span(slot.start, slot.end, data.draw(st.integers(1, slot.free)))
            self.assertIsNone(refusal(calendar, house, taken, wanted, now))
            self.assertEqual(minutes_between(slot.start, slot.end, PARIS), minutes)
            taken.append(house.occupied(wanted))
            changes = sorted({one.start for one in taken})
            self.assertTrue(
                all(
                    sum(one.places for one in taken if one.start <= moment < one.end) <= house.places
                    for moment in changes
                )
            )
