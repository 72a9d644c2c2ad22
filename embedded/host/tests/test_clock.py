"""The movable clock, and the hourly jobs that run as it is moved."""

import datetime
import tempfile
import unittest
from unittest.mock import patch

from frappe.tests.utils import FrappeTestCase
from frappe.utils import now_datetime

from embedded.host import clock, scheduler

NEW_YEAR = datetime.datetime(2031, 1, 1, 0, 30, tzinfo=clock.UTC)


class TestClock(unittest.TestCase):
    def setUp(self):
        self.addCleanup(clock.reset)

    def test_it_goes_on_from_where_it_was_set(self):
        clock.set_to(NEW_YEAR)
        self.assertLess(clock.utc_now() - NEW_YEAR, datetime.timedelta(seconds=5))
        self.assertTrue(clock.is_moved())

    def test_it_can_stand_still_and_be_moved_on_by_hand(self):
        clock.set_to(NEW_YEAR, still=True)
        self.assertEqual(clock.utc_now(), NEW_YEAR)
        clock.advance(hours=2)
        self.assertEqual(clock.utc_now(), NEW_YEAR + datetime.timedelta(hours=2))

    def test_it_is_kept_with_the_site(self):
        clock.set_to(NEW_YEAR, still=True)
        with tempfile.TemporaryDirectory() as folder:
            clock.save(folder)
            clock.reset()
            clock.load(folder)
        self.assertEqual(clock.utc_now(), NEW_YEAR)

    def test_a_moment_without_a_time_zone_is_refused(self):
        with self.assertRaises(ValueError):
            clock.set_to(datetime.datetime(2031, 1, 1))


class TestMovedTime(FrappeTestCase):
    def setUp(self):
        self.addCleanup(clock.reset)

    def test_the_site_reads_it_in_its_own_time_zone(self):
        clock.set_to(NEW_YEAR, still=True)
        with patch("frappe.utils.clock.get_system_timezone", return_value="Europe/Paris"):
            self.assertEqual(now_datetime(), datetime.datetime(2031, 1, 1, 1, 30))

    def test_every_hour_that_passes_runs_its_jobs_once(self):
        seen = []
        events = [("hourly", "0 * * * *", "frappe.ping")]
        with (
            patch("frappe.utils.scheduler.events", return_value=events),
            patch("frappe.utils.scheduler._run", side_effect=lambda method: seen.append(now_datetime().hour)),
        ):
            scheduler.advance(1)
            seen.clear()
            scheduler.advance(5)
        self.assertEqual(len(seen), 5)
        self.assertEqual(len(set(seen)), 5)
