"""Totals of a selling document: rows, discounts, taxes, rounding, what an invoice leaves outstanding.

Amounts are rounded where ERPNext rounds them: a row's amounts when they arise, a tax once over all rows, the
totals last. An additional discount changes the rows' net amounts and has everything behind them counted again.
"""

import json

import erpnext
import frappe
from erpnext.controllers.taxes import (
    inclusive_share,
    item_tax_map,
    rate_of,
    set_rate,
    tax_of_row,
    validate_tax_row,
)
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, rounded

ROW_NUMBERS = (
    "qty",
    "conversion_factor",
    "price_list_rate",
    "discount_percentage",
    "discount_amount",
    "rate",
)


def calculate_taxes_and_totals(doc: Document) -> None:
    """Sets all amounts of a quotation, an order or an invoice."""
    Totals(doc).calculate()


def round_to_smallest_fraction(value: float, currency: str, precision: int = 2) -> float:
    """A total in coins that exist; a currency without a smallest fraction is rounded to whole units."""
    fraction = flt(frappe.get_cached_value("Currency", currency, "smallest_currency_fraction_value"))
    if not fraction:
        return flt(rounded(value), precision)
    rest = flt(value % fraction, precision)
    return flt(value + fraction - rest if rest > fraction / 2 else value - rest, precision)


class Totals:
    def __init__(self, doc: Document) -> None:
        self.doc = doc
        self.items = doc.items
        self.taxes = doc.taxes
        self.discounted = False
        self.cent = 0.0  # what rounding took from, or gave to, the grand total
        self.before_discount: float | None = None

    def calculate(self) -> None:
        if not self.items:
            return
        self._conversion_rate()
        self._rows()
        self._count()
        self._additional_discount()
        if self.doc.shipping_rule:
            frappe.get_doc("Shipping Rule", self.doc.shipping_rule).apply(self.doc)
            self._count()
        if self.doc.doctype == "Sales Invoice":
            self._outstanding()

    def _count(self) -> None:
        self._reset_taxes()
        self._take_inclusive_taxes_out()
        self._net_total()
        self._count_taxes()
        self._settle_inclusive_cent()
        self._grand_total()

    # rows

    def _conversion_rate(self) -> None:
        from erpnext.controllers.accounts_controller import validate_conversion_rate

        doc, company_currency = self.doc, erpnext.get_company_currency(self.doc.company)
        if not doc.currency or doc.currency == company_currency:
            doc.currency, doc.conversion_rate = company_currency, 1.0
        else:
            validate_conversion_rate(doc.currency, doc.conversion_rate, _("Exchange Rate"), doc.company)
        doc.conversion_rate = flt(doc.conversion_rate)

    def _rows(self) -> None:
        for row in self.items:
            for field in ROW_NUMBERS:
                row.set(field, flt(row.get(field), row.precision(field)))
            set_rate(row)
            row.net_rate = row.rate
            # a return of no quantity gives back the rate itself
            units = row.qty or (-1 if self.doc.get("is_return") else 0)
            row.amount = row.net_amount = flt(row.rate * units, row.precision("amount"))
            self._in_company_currency(row, "price_list_rate", "rate", "net_rate", "amount", "net_amount")
            row.item_tax_rate = json.dumps(item_tax_map(row.item_tax_template, self.doc.company))

    def _in_company_currency(self, target: Document, *fields: str) -> None:
        rate = self.doc.conversion_rate
        for field in fields:
            value = flt(
                flt(target.get(field), target.precision(field)) * rate, target.precision(f"base_{field}")
            )
            target.set(f"base_{field}", value)

    # taxes

    @property
    def _off_grand_total(self) -> bool:
        return self.doc.apply_discount_on == "Grand Total"

    def _reset_taxes(self) -> None:
        for tax in self.taxes:
            if not self.discounted:
                validate_tax_row(tax, self.taxes)
            tax.total = tax.tax_amount_after_discount_amount = 0.0
            if tax.charge_type != "Actual" and not (self.discounted and self._off_grand_total):
                tax.tax_amount = 0.0
            tax.tax_amount = flt(tax.tax_amount, tax.precision("tax_amount"))
            tax.rate = flt(tax.rate, tax.precision("rate"))

    def _take_inclusive_taxes_out(self) -> None:
        if self.discounted or not any(cint(tax.included_in_print_rate) for tax in self.taxes):
            return
        for row in self.items:
            rates = json.loads(row.item_tax_rate or "{}")
            fractions: list[float] = []
            totals: list[float] = []  # a total up to this tax, as a multiple of the net amount
            per_unit = 0.0
            for tax in self.taxes:
                fraction, amount = inclusive_share(tax, rate_of(tax, rates), fractions, totals)
                fractions.append(fraction)
                totals.append((totals[-1] if totals else 1) + fraction)
                per_unit += amount
            if row.qty and (sum(fractions) or per_unit):
                net = (row.amount - per_unit * row.qty) / (1 + sum(fractions))
                row.net_amount = flt(net, row.precision("net_amount"))
                row.net_rate = flt(row.net_amount / row.qty, row.precision("net_rate"))
                self._in_company_currency(row, "net_rate", "net_amount")

    def _net_total(self) -> None:
        doc = self.doc
        doc.total_qty = sum(row.qty for row in self.items)
        for field, of_row in (("total", "amount"), ("net_total", "net_amount")):
            for prefix in ("", "base_"):
                total = sum(row.get(prefix + of_row) for row in self.items)
                doc.set(prefix + field, flt(total, doc.precision(prefix + field)))

    def _count_taxes(self) -> None:
        self.cent = 0.0
        if not self.taxes:
            return
        detail = self._spread_taxes_over_rows()
        if self._off_grand_total and (
            self.discounted or self.doc.discount_amount or self.doc.additional_discount_percentage
        ):
            self._compare_with_total_before_discount()
        for index, tax in enumerate(self.taxes):
            for field in ("tax_amount", "tax_amount_after_discount_amount"):
                tax.set(field, flt(tax.get(field), tax.precision(field)))
            self._in_company_currency(tax, "tax_amount", "tax_amount_after_discount_amount")
            self._cumulate(index)
            self._in_company_currency(tax, "total")
            tax.item_wise_tax_detail = json.dumps(detail[index], separators=(",", ":"))

    def _spread_taxes_over_rows(self) -> list[dict[str, list[float]]]:
        """Adds each row's share to the taxes; what division leaves of an actual charge goes to the last row."""
        detail: list[dict[str, list[float]]] = [{} for _tax in self.taxes]
        left = [flt(tax.tax_amount) if tax.charge_type == "Actual" else 0.0 for tax in self.taxes]
        keeps_amount = self.discounted and self._off_grand_total
        for row in self.items:
            rates = json.loads(row.item_tax_rate or "{}")
            amounts: list[float] = []
            totals: list[float] = []
            for index, tax in enumerate(self.taxes):
                rate = rate_of(tax, rates)
                amount = tax_of_row(tax, rate, row, self.doc.net_total, amounts, totals)
                seen = detail[index].setdefault(row.item_code or row.item_name, [rate, 0.0])
                seen[1] = flt(seen[1] + amount * self.doc.conversion_rate)
                if tax.charge_type == "Actual":
                    left[index] -= amount
                    if row is self.items[-1]:
                        amount += left[index]
                elif not keeps_amount:
                    tax.tax_amount += amount
                tax.tax_amount_after_discount_amount += amount
                amounts.append(amount)
                totals.append((totals[-1] if totals else row.net_amount) + amount)
        return detail

    def _compare_with_total_before_discount(self) -> None:
        precision = self.taxes[0].precision("tax_amount")
        for index, tax in enumerate(self.taxes):
            if self.discounted:
                tax.tax_amount_after_discount_amount = flt(tax.tax_amount_after_discount_amount, precision)
            self._cumulate(index)
        if self.discounted:
            difference = self.before_discount - self.doc.discount_amount - self.taxes[-1].total
            self.cent = flt(difference, self.doc.precision("grand_total"))
        else:
            self.before_discount = self.taxes[-1].total

    def _cumulate(self, index: int) -> None:
        tax = self.taxes[index]
        before = self.taxes[index - 1].total if index else self.doc.net_total
        tax.total = flt(before + tax.tax_amount_after_discount_amount, tax.precision("total"))

    def _settle_inclusive_cent(self) -> None:
        """Prices that contain their tax add up to the prices, whatever rounding did in between."""
        if not any(cint(tax.included_in_print_rate) for tax in self.taxes):
            return
        last, doc = self.taxes[-1], self.doc
        on_top = sum(
            tax.tax_amount_after_discount_amount for tax in self.taxes if not tax.included_in_print_rate
        )
        difference = doc.total + on_top - flt(last.total, last.precision("total"))
        if self.discounted and doc.discount_amount:
            difference -= flt(doc.discount_amount)
        difference = flt(difference, doc.precision("rounding_adjustment"))
        small = abs(difference) <= 5.0 / 10 ** last.precision("tax_amount")
        self.cent = difference if difference and small else 0.0
        if self.before_discount is not None and not self.discounted:
            self.before_discount += self.cent

    # totals

    def _grand_total(self) -> None:
        doc = self.doc
        doc.grand_total = self.taxes[-1].total + self.cent if self.taxes else doc.net_total
        doc.total_taxes_and_charges = 0.0
        if self.taxes:
            taxes = doc.grand_total - doc.net_total - self.cent
            doc.total_taxes_and_charges = flt(taxes, doc.precision("total_taxes_and_charges"))
        self._in_company_currency(doc, "total_taxes_and_charges")
        doc.grand_total = flt(doc.grand_total, doc.precision("grand_total"))
        if doc.total_taxes_and_charges:
            base = flt(doc.grand_total * doc.conversion_rate, doc.precision("base_grand_total"))
        else:
            base = doc.base_net_total
        doc.base_grand_total = base
        self._rounded_total()

    def _rounded_total(self) -> None:
        doc = self.doc
        if doc.disable_rounded_total:
            doc.rounded_total = doc.base_rounded_total = doc.rounding_adjustment = (
                doc.base_rounding_adjustment
            ) = 0.0
            return
        doc.rounded_total = round_to_smallest_fraction(
            doc.grand_total, doc.currency, doc.precision("rounded_total")
        )
        adjustment = doc.rounded_total - doc.grand_total
        doc.rounding_adjustment = flt(adjustment, doc.precision("rounding_adjustment"))
        self._in_company_currency(doc, "rounding_adjustment", "rounded_total")

    def _additional_discount(self) -> None:
        doc = self.doc
        if doc.additional_discount_percentage:
            base = doc.grand_total if self._off_grand_total else doc.net_total
            discount = flt(base) * doc.additional_discount_percentage / 100
            doc.discount_amount = flt(discount, doc.precision("discount_amount"))
        discount = flt(doc.discount_amount)
        if (doc.grand_total >= 0 and discount > doc.grand_total) or (
            doc.grand_total < 0 and discount < doc.grand_total
        ):
            frappe.throw(
                _("The additional discount {0} is more than the total {1} it comes off").format(
                    doc.get_formatted("discount_amount"), doc.get_formatted("grand_total")
                ),
                title=_("Invalid Discount Amount"),
            )
        doc.base_discount_amount = flt(discount * doc.conversion_rate, doc.precision("base_discount_amount"))
        if discount:
            if not doc.apply_discount_on:
                frappe.throw(_("Please select Apply Discount On"))
            self._spread_discount(discount)

    def _spread_discount(self, discount: float) -> None:
        total = self._total_that_is_discounted()
        if not total:
            return
        net_total = expected = 0.0
        for row in self.items:
            share = discount * row.net_amount / total
            exact = row.net_amount - share
            expected += exact
            row.net_amount = flt(exact, row.precision("net_amount"))
            row.distributed_discount_amount = flt(share, row.precision("distributed_discount_amount"))
            net_total += row.net_amount
            # the cents that rounding leaves behind are taken up as soon as they make a whole one
            if cents := flt(expected - net_total, self.doc.precision("net_total")):
                row.net_amount = flt(row.net_amount + cents, row.precision("net_amount"))
                row.distributed_discount_amount = flt(
                    share + cents, row.precision("distributed_discount_amount")
                )
                net_total += cents
            row.net_rate = flt(row.net_amount / row.qty, row.precision("net_rate")) if row.qty else 0.0
            self._in_company_currency(row, "net_rate", "net_amount")
        self.discounted = True
        self._count()

    def _total_that_is_discounted(self) -> float:
        """The net total, or the grand total without what does not follow the rows' amounts (actual charges)."""
        if not self._off_grand_total or not self.taxes:
            return self.doc.net_total
        fixed: dict[
            int, tuple[float, float]
        ] = {}  # row number -> (its fixed amount, all fixed amounts up to it)
        total = 0.0
        for tax in self.taxes:
            if tax.charge_type in ("Actual", "On Item Quantity"):
                amount = tax.tax_amount
            elif tax.row_id and cint(tax.row_id) in fixed:
                amount, up_to = fixed[cint(tax.row_id)]
                amount = (amount if tax.charge_type == "On Previous Row Amount" else up_to) * tax.rate / 100
            else:
                continue
            total += amount
            fixed[tax.idx] = (amount, total)
        before = self.doc.grand_total if self.before_discount is None else self.before_discount
        return before - total

    def _outstanding(self) -> None:
        doc = self.doc
        in_document_currency = doc.party_account_currency == doc.currency
        advances = sum(flt(row.allocated_amount, row.precision("allocated_amount")) for row in doc.advances)
        doc.total_advance = flt(advances, doc.precision("total_advance"))
        doc.base_write_off_amount = flt(flt(doc.write_off_amount) * doc.conversion_rate, 2)
        if in_document_currency:
            total = (doc.rounded_total or doc.grand_total) - flt(doc.write_off_amount)
        else:
            total = (doc.base_rounded_total or doc.base_grand_total) - doc.base_write_off_amount
        total = flt(total, doc.precision("grand_total"))
        if total > 0 and doc.total_advance > total:
            frappe.throw(
                _("Advance amount cannot be greater than {0} {1}").format(doc.party_account_currency, total)
            )
        if doc.is_return and doc.return_against and not doc.update_outstanding_for_self:
            doc.outstanding_amount = 0.0  # the invoice it returns is what becomes less
        else:
            doc.outstanding_amount = flt(total - doc.total_advance, doc.precision("outstanding_amount"))
