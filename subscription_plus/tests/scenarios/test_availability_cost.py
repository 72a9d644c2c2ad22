"""Looking for free slots costs the same few queries for one item and for many."""

from frappe.utils import getdate

from subscription_plus.sp_booking import availability
from subscription_plus.tests.support.billing import at
from subscription_plus.tests.support.booking import HOUR, BookingCase, book, make_calendar, make_room
from subscription_plus.tests.support.queries import queries_of

MOST = 9


class TestCost(BookingCase):
    def queries(self, rooms: list[str]) -> int:
        def month() -> None:
            found = availability.free(rooms, HOUR, getdate("2024-03-01"), getdate("2024-03-31"))
            self.assertEqual(set(found), set(rooms))
            self.assertTrue(all(found.values()))

        return queries_of(month)

    def test_a_month_of_many_items_is_a_bounded_number_of_queries(self) -> None:
        with at("2024-02-28"):
            calendars = [make_calendar() for _number in range(3)]
            rooms = [make_room(places=2, calendar=calendars[number % 3]) for number in range(12)]
            for day in range(1, 20):
                book(rooms[day % 12], f"2024-03-{day:02} 10:00", HOUR, payment="Free")
            one, many = self.queries(rooms[:1]), self.queries(rooms)
            self.assertLessEqual(many, MOST)
            self.assertEqual(one, many)
