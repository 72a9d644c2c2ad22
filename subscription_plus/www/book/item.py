"""A bookable item's page: what is free, and the form that books."""

import frappe
from frappe import _

from subscription_plus.sp_billing import publishing
from subscription_plus.sp_booking import availability, offers
from subscription_plus.website import booking, caller, catalogue, page, words

no_cache = 1  # what is free, and what it costs the visitor


def get_context(context):
    """The view that the address asks for; not found where it is not published, or not for this person."""
    route = frappe.form_dict.get("item_route")
    doc = publishing.find(publishing.ITEM, route)
    page.open_page(context, doc.item_name, crumbs=[(_("Book a place"), "/book")])
    own = caller.customers()
    visitor = catalogue.visitor()
    offered = offers.of_items([doc.name], visitor)[doc.name]
    context.item = catalogue.item(doc, offered)
    place = availability.place(doc.name)
    asked = context.asked = booking.read(route, place, frappe.form_dict)
    unit = next((one for one in offered.units if one.uom == asked.unit), None)
    first, last = asked.days
    slots = booking.free(doc.name, asked, first, last)
    context.days = booking.by_day(asked, slots, booking.cost_in_short(asked, unit, offered.currency))
    context.units = [(name, _(name)) for name in place.units]
    context.most_places = place.house.places
    _navigation(context, asked, first, last)
    context.metatags = catalogue.open_graph(context.item)
    context.json_ld = context.item.json_ld
    context.book = None
    if asked.slot and asked.unit:
        context.book = _form(doc, asked, place, unit, offered, context.item.tax, own)
    context.balances = booking.balances(offered, own[0]) if own else []
    context.cart = booking.cart(own[0] if own else None)


def _navigation(context, asked, first, last):
    titles = {
        booking.DAY: words.day(first, "full"),
        booking.WEEK: f"{words.day(first, 'medium')} – {words.day(last, 'medium')}",
        booking.MONTH: words.day(first, "yMMMM"),
    }
    context.view_title = titles[asked.view]
    context.previous = asked.address(date=first - booking.ONE_DAY)
    context.following = asked.address(date=last + booking.ONE_DAY)
    context.today = asked.address(date=frappe.utils.nowdate())
    context.past = str(first) <= frappe.utils.nowdate()
    context.views = [
        (key, label, asked.address(view=key))
        for key, label in (
            (booking.DAY, _("Day")),
            (booking.WEEK, _("Week")),
            (booking.MONTH, _("Month")),
        )
    ]
    days = context.days
    padding = [None] * first.weekday() if asked.view == booking.MONTH else []
    cells = padding + days
    cells += [None] * (-len(cells) % 7)
    context.weeks = [cells[number : number + 7] for number in range(0, len(cells), 7)]
    monday = first - first.weekday() * booking.ONE_DAY
    context.weekdays = [
        (words.day(monday + number * booking.ONE_DAY, "E"), words.day_name(monday + number * booking.ONE_DAY))
        for number in range(7)
    ]


def _form(doc, asked, place, unit, offered, tax, own):
    """What stands in the form for one slot; where it is taken, what is free next to it."""
    that_day = booking.free(doc.name, asked, asked.slot.date(), asked.slot.date())
    slot = next((one for one in that_day if one.start == asked.slot), None)
    if slot is None:
        return frappe._dict(taken=True, next=booking.next_free(doc.name, asked))
    ways = booking.ways(doc.name, asked, slot, place, unit, offered.currency, tax, own[0] if own else None)
    can = [way for way in ways if way.enough]
    return frappe._dict(
        taken=False,
        when=words.span(slot.start, slot.end),
        left=slot.free,
        ways=ways,
        chosen=can[0].value if can else "",
        possible=bool(can),
        customers=[(name, name) for name in own] if len(own) > 1 else [],
        guest=frappe.session.user == "Guest",
        login=caller.login_address(),
        token=booking.new_token(),
        starts_on=asked.slot.isoformat(timespec="minutes"),
    )
