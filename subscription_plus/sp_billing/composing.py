"""Composes what a period bills: lines that count, their prices, discounts, descriptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, formatdate

from subscription_plus.engine.planning import Charge, Piece
from subscription_plus.engine.pricing import BilledLine, LineShare, bill, lines_in
from subscription_plus.engine.proration import Rounding, share_of
from subscription_plus.erp import customers, dimensions, prices
from subscription_plus.erp.bills import TERMS, Bill, BillLine

from . import coupons, facts, periods


def compose(
    doc: Document,
    piece: Piece,
    period: str,
    recurrence_name: str,
    coupon: str | None,
    with_lines: bool = True,
) -> Bill:
    """The bill of a piece of a period. Prices are those of its first day.

    `with_lines` off: the heading only, for an invoice whose lines come from its order.
    Errors: PriceMissing names the item, the list, the currency and the day.
    """
    recurrence = frappe.get_cached_doc("SP Recurrence Period", recurrence_name)
    price_list = doc.price_list or customers.default_price_list(doc.customer)
    rounding = prices.rounding(doc.currency)
    discount = coupons.discount(doc, coupon)
    lines = [
        _bill_line(doc, row, share, piece, rounding, price_list, recurrence.billing_interval_uom, discount)
        for row, share in (lines_that_count(doc, piece, period) if with_lines else ())
    ]
    return Bill(
        subscription=doc.name,
        billing_period=period,
        billing_date=piece.bill_on,
        start=piece.start,
        end=piece.end,
        terms=_terms(doc, discount),
        lines=lines,
        price_list=price_list,
        days_until_due=cint(recurrence.days_until_due),
        discount_amount=float(discount_amount(doc, piece, rounding, discount)),
    )


def of_row(doc: Document, row: frappe._dict, with_lines: bool = True) -> Bill:
    """The bill of a period whose row exists."""
    return compose(doc, periods.piece_of(row), row.name, row.recurrence_period, row.coupon, with_lines)


def lines_that_count(doc: Document, piece: Piece, period: str) -> list[tuple[Document, LineShare]]:
    """The rows billed in a piece, with their shares; what another period has billed once is left out."""
    rows = {
        facts.line(row).key: row
        for row in doc.lines
        if not (row.once and row.billed_once_in and row.billed_once_in != period)
    }
    return [(rows[share.line.key], share) for share in lines_in(piece, map(facts.line, rows.values()))]


def net_total(bill: Bill) -> Decimal:
    """The lines' sum before tax and before additional discounts."""
    return sum((line.billed.amount for line in bill.lines), Decimal(0))


def recurring_total(doc: Document, bill: Bill) -> Decimal:
    """What comes back every period: the lines' sum without what counts once."""
    once = {facts.line(row).key for row in doc.lines if row.once}
    return sum((line.billed.amount for line in bill.lines if line.subscription_line not in once), Decimal(0))


def _bill_line(
    doc: Document,
    row: Document,
    share: LineShare,
    piece: Piece,
    rounding: Rounding,
    price_list: str | None,
    interval_uom: str | None,
    coupon: coupons.Discount,
) -> BillLine:
    uom = row.uom or interval_uom
    quote = quote_for(doc, row, piece.start, uom, row.price_list or price_list)
    return BillLine(
        item=row.item,
        billed=billed(share, quote, coupon, rounding),
        subscription_line=share.line.key,
        uom=uom,
        description=_description(doc, row, share, piece, quote.rate),
        item_tax_template=row.item_tax_template,
    )


def billed(share: LineShare, quote: prices.Quote, coupon: coupons.Discount, rounding: Rounding) -> BilledLine:
    """A line's share at its price, with the discounts of line, pricing rule and coupon."""
    discount = combined(share.line.discount_percentage, quote.discount_percentage, coupon.percentage)
    return bill(
        LineShare(replace(share.line, discount_percentage=discount), share.part), quote.rate, rounding
    )


def quote_for(
    doc: Document,
    row: Document,
    on: dt.date,
    uom: str | None,
    price_list: str | None,
    ask: Callable[[prices.Asked], prices.Quote] = prices.quote,
) -> prices.Quote:
    """A line's price on a day; `ask` says where list prices are read. PriceMissing where there is none."""
    if row.price_determination == "Fixed Rate":
        return prices.Quote(Decimal(str(flt(row.fixed_rate))))
    if not price_list:
        raise prices.PriceMissing(
            _(
                "{0} is priced by price list, but neither the line, the subscription nor the customer has one."
            ).format(row.item)
        )
    return ask(
        prices.Asked(
            row.item, price_list, doc.currency, doc.customer, doc.company, on, Decimal(str(flt(row.qty))), uom
        )
    )


def combined(*percentages: Decimal) -> Decimal:
    """One discount for several that follow each other, in the three decimals ERPNext keeps."""
    kept = Decimal(1)
    for percentage in percentages:
        kept *= 1 - percentage / 100
    return ((1 - kept) * 100).quantize(Decimal("0.001"))


def _description(doc: Document, row: Document, share: LineShare, piece: Piece, rate: Decimal) -> str:
    """The item's description, the days, and for a part of a period how it was reckoned."""
    text = row.description or row.item_name or row.item
    if row.once:
        return text
    part = share.part or piece.period
    days = _("{0} to {1}", context="Days of a period").format(formatdate(part.start), formatdate(part.end))
    if share.part:
        days += ", " + _("{0}/{1} days").format(part.days, part.whole_days)
        if share.line.qty != 1:
            days += f" ({flt(row.qty):g} × {frappe.format_value(float(rate), {'fieldtype': 'Currency'}, currency=doc.currency)})"
    return f"{text}<br>{days}"


def _terms(doc: Document, coupon: coupons.Discount) -> dict[str, Any]:
    fields = (*TERMS, *dimensions.fieldnames())
    terms = {field: doc.get(field) for field in fields if doc.get(field)}
    if coupon.amount:
        terms.setdefault("apply_discount_on", "Net Total")
        terms.pop("additional_discount_percentage", None)
    return terms


def discount_amount(
    doc: Document, piece: Piece | None, rounding: Rounding, coupon: coupons.Discount
) -> Decimal:
    """The additional discount of this period, a whole one by default; a part of a period gets its part of it."""
    whole = coupon.amount
    if doc.apply_discount_on and not doc.additional_discount_percentage:
        whole += Decimal(str(flt(doc.discount_amount)))
    if piece and piece.charge is Charge.PRORATED and not piece.period.is_whole:
        return share_of(whole, piece.period, rounding)
    return rounding(whole)
