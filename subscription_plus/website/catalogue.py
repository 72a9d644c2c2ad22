"""The catalogue: published plans and bookable items by group, and each one's page, for the person who looks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, get_url, strip_html

from subscription_plus.erp import taxes
from subscription_plus.sp_billing import offers, publishing, settings, subscribing
from subscription_plus.sp_booking import carts
from subscription_plus.sp_booking import offers as booking_offers

from . import caller, terms, words

PLAN_FIELDS = [
    "plan_name",
    "route",
    "description",
    "website_image",
    "item_group",
    "recurrence_period",
    "currency",
    "price_list",
    "company",
    "taxes_and_charges",
    "trial_days",
    "minimum_term",
    "max_quantity",
    "tc_name",
    "customer_may_cancel",
    "customer_notice_days",
]
ITEM_FIELDS = [
    "item_name",
    "item_group",
    "image",
    "description",
    "sp_route",
    "sp_website_image",
    "sp_website_text",
    "sp_capacity",
    "stock_uom",
]


def visitor() -> offers.Visitor:
    """The caller's customer, or anybody; who stands for several sees the prices of the first."""
    own = caller.customers()
    return offers.visitor(own[0] if own else None)


def plans() -> list[frappe._dict]:
    """The groups of the catalogue of plans: [{title, image, cards}]."""
    rows = publishing.visible(publishing.PLAN, PLAN_FIELDS)
    of = visitor()
    priced = offers.plan_prices(rows, of)
    cards = []
    for row in rows:
        card = _plan_card(row, priced[row.name])
        card.group = row.item_group
        cards.append(card)
    return _grouped(cards)


def plan(doc: frappe.model.document.Document) -> frappe._dict:
    """All that a plan's page shows."""
    row = frappe._dict({field: doc.get(field) for field in ("name", *PLAN_FIELDS)})
    price = offers.plan_prices([row], visitor())[row.name]
    card = _plan_card(row, price)
    recurrence = frappe.get_cached_doc("SP Recurrence Period", row.recurrence_period)
    included = [terms.included(line) for line in price.lines if not line.once]
    extra = [
        (terms.included(line), words.money(line.amount, price.currency) if line.amount is not None else "")
        for line in price.lines
        if line.once
    ]
    card.update(
        text=row.description or "",
        included=included,
        credits=[terms.credits(rule) for rule in doc.credit_rules],
        extra=extra,
        terms=terms.of_plan(row, recurrence),
        legal=frappe.get_cached_doc("Terms and Conditions", row.tc_name).terms if row.tc_name else "",
        max_quantity=max(cint(row.max_quantity), 1),
        company=row.company,
    )
    card.json_ld = structured(card, price.period, price.currency, recurrence, card.tax_included)
    return card


def _plan_card(row: frappe._dict, price: offers.Price) -> frappe._dict:
    recurrence = frappe.get_cached_doc("SP Recurrence Period", row.recurrence_period)
    included = _taxes_included(subscribing.company_of(row), row.taxes_and_charges)
    return frappe._dict(
        title=row.plan_name,
        address=f"/plans/{row.route}",
        image=row.website_image,
        summary=summary(row.description),
        price=None if price.period is None else words.money(price.period, price.currency),
        every=terms.every(recurrence),
        once=words.money(price.once, price.currency) if price.once else None,
        tax=tax_note(included),
        tax_included=included,
        trial=terms.length("Day", cint(row.trial_days)) if cint(row.trial_days) else None,
        holds=[terms.included(line) for line in price.lines if not line.once],
    )


def _taxes_included(company: str, template: str | None) -> bool | None:
    """Asked once in a request for each company and template, not for each plan."""
    known = frappe.flags.setdefault("sp_taxes_included", {})
    if (company, template) not in known:
        group = settings.get("website_customer_group")
        known[company, template] = taxes.are_included(company, template, group)
    return known[company, template]


def items() -> list[frappe._dict]:
    """The groups of what can be booked: [{title, image, cards}]."""
    rows = publishing.visible(publishing.ITEM, ITEM_FIELDS)
    offered = booking_offers.of_items([row.name for row in rows], visitor())
    return _grouped([_item_card(row, offered[row.name]) for row in rows])


def item(doc: frappe.model.document.Document, offered: booking_offers.Offered) -> frappe._dict:
    """All that a bookable item's page shows beside its slots."""
    row = frappe._dict({field: doc.get(field) for field in ("name", *ITEM_FIELDS)})
    card = _item_card(row, offered)
    card.text = (row.sp_website_text or row.description) if card.summary else ""
    card.units = offered.units
    lowest = min((unit.rate for unit in offered.units if unit.rate is not None), default=None)
    card.json_ld = structured(card, lowest, offered.currency)
    return card


def _item_card(row: frappe._dict, offered: booking_offers.Offered) -> frappe._dict:
    return frappe._dict(
        name=row.name,
        title=row.item_name,
        group=row.item_group,
        address=f"/book/{row.sp_route}",
        image=row.sp_website_image or row.image,
        summary=summary(row.sp_website_text or row.description, row.item_name),
        places=cint(row.sp_capacity),
        tax=tax_note(_taxes_included(carts.seller(), None)),
        costs=[
            frappe._dict(
                unit=unit.uom,
                price=words.money(unit.rate, offered.currency) if unit.rate is not None else None,
                credits=[f"{words.number(cost.credits)} {cost.credit_type}" for cost in unit.credits],
            )
            for unit in offered.units
        ],
    )


def _grouped(cards: list[frappe._dict]) -> list[frappe._dict]:
    """By item group in the order and with the pictures that ERPNext's tree has; what has no group comes last."""
    names = sorted({card.group for card in cards if card.group})
    groups = frappe.get_all(
        "Item Group", filters={"name": ("in", names or [""])}, fields=["name", "image"], order_by="lft"
    )
    found = [
        frappe._dict(
            title=group.name, image=group.image, cards=[card for card in cards if card.group == group.name]
        )
        for group in groups
    ]
    rest = [card for card in cards if not card.group]
    return [*found, frappe._dict(title=_("More") if found else "", image=None, cards=rest)] if rest else found


def summary(text: str | None, not_this: str = "") -> str:
    """The beginning of a text in one line, for cards and search engines; nothing where it only repeats the name."""
    plain = " ".join(strip_html(text or "").split())
    if plain == not_this:
        return ""
    return plain if len(plain) <= 160 else plain[:157].rsplit(" ", 1)[0] + "…"


def tax_note(included: bool | None) -> str:
    """What a price says about taxes."""
    if included is None:
        return ""
    return _("taxes included") if included else _("plus taxes")


def open_graph(card: frappe._dict, kind: str = "product") -> dict[str, Any]:
    """The page's meta tags as Frappe's base template prints them."""
    tags = {"title": card.title, "description": card.summary or card.title, "og:type": kind}
    tags["og:url"] = get_url(card.address)
    return {**tags, **({"image": card.image} if card.image else {})}


UNIT_CODES = {"Day": "DAY", "Week": "WEE", "Month": "MON", "Quarter": "QAN", "Year": "ANN"}


def structured(
    card: frappe._dict,
    amount: Decimal | None,
    currency: str,
    recurrence: frappe._dict | None = None,
    tax_included: bool | None = None,
) -> str:
    """schema.org's Product with its Offer, as text for a script element."""
    about: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": card.title,
        "url": get_url(card.address),
    }
    if card.summary:
        about["description"] = card.summary
    if card.image:
        about["image"] = get_url(card.image)
    if amount is not None:
        price: dict[str, Any] = {"price": f"{amount:.2f}", "priceCurrency": currency}
        offer = {"@type": "Offer", **price, "url": about["url"], "availability": "https://schema.org/InStock"}
        if recurrence:
            offer["priceSpecification"] = {
                "@type": "UnitPriceSpecification",
                **price,
                "referenceQuantity": {
                    "@type": "QuantitativeValue",
                    "value": cint(recurrence.interval_count) or 1,
                    "unitCode": UNIT_CODES[recurrence.unit],
                },
            }
            if tax_included is not None:
                offer["priceSpecification"]["valueAddedTaxIncluded"] = tax_included
        about["offers"] = offer
    # A script element ends at the first "</script", wherever it stands.
    return json.dumps(about, ensure_ascii=False).replace("<", "\\u003c")


def list_structured(title: str, groups: Iterable[frappe._dict]) -> str:
    """schema.org's ItemList of a catalogue page."""
    cards = [card for group in groups for card in group.cards]
    elements = [
        {"@type": "ListItem", "position": number, "name": card.title, "url": get_url(card.address)}
        for number, card in enumerate(cards, 1)
    ]
    about = {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "name": title,
        "itemListElement": elements,
    }
    return json.dumps(about, ensure_ascii=False).replace("<", "\\u003c")
