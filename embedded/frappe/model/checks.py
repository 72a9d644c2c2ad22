"""What is checked before a document is written: mandatory fields, links, options, lengths, what may change when."""

import frappe
from frappe import _
from frappe.database.schema import TYPE_MAP
from frappe.dicts import _dict
from frappe.model import table_fields
from frappe.utils import cint, cstr, flt, sanitize_html, split_emails, strip_html

_LARGEST = {"int": 2**31 - 1, "bigint": 2**63 - 1}


def values(doc) -> None:
    """Everything but links. Raises MandatoryError, ValidationError and its kin."""
    _mandatory(doc)
    for row in [doc, *doc.get_all_children()]:
        _data_formats(row)
        _select_options(row)
        _non_negative(row)
        _lengths(row)
        _sync_autoname_field(row)
        _sanitize(row)
        _passwords(row)
    if not doc.is_new():
        _set_only_once(doc)


def _mandatory(doc) -> None:
    if doc.flags.ignore_mandatory:
        return
    missing = [found for row in [doc, *doc.get_all_children()] for found in _missing(row)]
    if missing:
        for _fieldname, message in missing:
            frappe.msgprint(message)
        fields = ", ".join(fieldname for fieldname, _message in missing)
        raise frappe.MandatoryError(f"[{doc.doctype}, {doc.name}]: {fields}")


def _missing(row) -> list[tuple[str, str]]:
    found = []
    for df in row.meta.having("reqd"):
        value = row.get(df.fieldname)
        empty = value in (None, []) or not (strip_html(cstr(value)).strip() or "<img" in cstr(value))
        if empty:
            found.append((df.fieldname, _missing_message(row, df)))
    if row.meta.istable:
        for fieldname in ("parent", "parenttype"):
            if not row.get(fieldname):
                found.append((fieldname, _missing_message(row, _dict(label=fieldname))))
    return found


def _missing_message(row, df) -> str:
    if df.fieldtype in table_fields:
        return f"{_('Error')}: {_('Data missing in table')}: {_(df.label)}"
    if row.get("parentfield"):
        place = f"{frappe.bold(_(row.doctype))} {_('Row')} #{row.idx}"
        return f"{_('Error')}: {place}: {_('Value missing for')}: {_(df.label)}"
    return _("Error: Value missing for {0}: {1}").format(_(row.doctype), _(df.label))


def _data_formats(row) -> None:
    for df in row.meta.get_data_fields():
        value = row.get(df.fieldname)
        if not df.options or not value:
            continue
        if df.options == "Email":
            if row.owner in frappe.STANDARD_USERS and value in frappe.STANDARD_USERS:
                continue
            for address in split_emails(value):
                frappe.utils.validate_email_address(address, throw=True)
        elif df.options == "Phone":
            frappe.utils.validate_phone_number(value, throw=True)
        elif df.options == "URL":
            frappe.utils.validate_url(value, throw=True)


def _select_options(row) -> None:
    for df in row.meta.get_select_fields():
        value = row.get(df.fieldname)
        options = (df.options or "").split("\n")
        if df.fieldname == "naming_series" or not value or not any(options):
            continue
        value = cstr(value).strip()
        row.set(df.fieldname, value)
        if value not in options and not (frappe.flags.in_test and value.startswith("_T-")):
            prefix = _("Row #{0}:").format(row.idx) if row.get("parentfield") else ""
            choices = '", "'.join(_(option) for option in options)
            message = _('{0} {1} cannot be "{2}". It should be one of "{3}"')
            frappe.throw(message.format(prefix, _(df.label), value, choices))


def _non_negative(row) -> None:
    for df in row.meta.having("non_negative"):
        if df.fieldtype in ("Int", "Float", "Currency") and flt(row.get(df.fieldname)) < 0:
            message = _("Value cannot be negative for {0}: {1}").format(
                _(row.doctype), frappe.bold(_(df.label))
            )
            frappe.throw(message, frappe.NonNegativeError, title=_("Negative Value"))


def _lengths(row) -> None:
    if row.meta.issingle or frappe.flags.in_install:
        return
    for df in row.meta.fields:
        kind, limit = TYPE_MAP.get(df.fieldtype, (None, None))
        value = row.get(df.fieldname)
        if value is None:
            continue
        if kind == "varchar":
            limit = cint(df.length) or limit
            too_big = len(cstr(value)) > limit
        elif kind == "int":
            limit = _LARGEST["bigint" if cint(df.length) > 11 else "int"]
            too_big = abs(cint(value)) > limit
        else:
            continue
        if too_big:
            place = _("{0}, Row {1}").format(_(row.doctype), row.idx) if row.get("parentfield") else str(row)
            message = _("{0}: '{1}' ({3}) will get truncated, as max characters allowed is {2}")
            message = message.format(place, frappe.bold(_(df.label)), limit, value)
            frappe.throw(message, frappe.CharacterLengthExceededError, title=_("Value too big"))


def _sync_autoname_field(row) -> None:
    _kind, given, fieldname = (row.meta.autoname or "").partition("field:")
    if given and row.name and row.name != row.get(fieldname):
        row.set(fieldname, row.name)


def _sanitize(row) -> None:
    """Takes scripts out of HTML values (not of Code, nor of fields that ask for none of this)."""
    if frappe.flags.in_install:
        return
    for fieldname, fieldtype in row.meta.stored_columns:
        value = row.get(fieldname)
        if not isinstance(value, str) or ("<" not in value and ">" not in value):
            continue
        df = row.meta.get_field(fieldname)
        submitted = row.docstatus.is_submitted() and not (df and df.allow_on_submit)
        exempt = fieldtype in ("Attach", "Attach Image", "Barcode", "Code")
        email = df and df.options == "Email"
        if df and (df.ignore_xss_filter or email or exempt or row.docstatus.is_cancelled() or submitted):
            continue
        row.set(fieldname, sanitize_html(value, linkify=fieldtype == "Text Editor"))


def _passwords(row) -> None:
    """Moves passwords aside; the row keeps stars."""
    from frappe.utils.password import remove_encrypted_password, set_encrypted_password

    for df in row.meta.of_type("Password"):
        skipped = row.flags.ignore_save_passwords
        if skipped is True or (skipped and df.fieldname in skipped):
            continue
        value = row.get(df.fieldname)
        if not value:
            remove_encrypted_password(row.doctype, row.name, df.fieldname)
        elif not row.is_dummy_password(value):
            set_encrypted_password(row.doctype, row.name, value, df.fieldname)
            row.set(df.fieldname, "*" * len(value))


def _set_only_once(doc) -> None:
    before = doc.get_doc_before_save()
    if not before:
        return
    for df in doc.meta.get_set_only_once_fields():
        old, new = before.get(df.fieldname), doc.get(df.fieldname)
        if df.fieldtype in table_fields:
            changed = _comparable(old) != _comparable(new)
        elif df.fieldtype in ("Date", "Datetime", "Time"):
            changed = str(old) != str(new)
        else:
            changed = old != new
        if changed:
            label = frappe.bold(doc.meta.get_label(df.fieldname))
            frappe.throw(_("Value cannot be changed for {0}").format(label), frappe.CannotChangeConstantError)


def _comparable(rows) -> list[dict]:
    ignored = ("modified", "modified_by", "creation")
    dicts = [row.as_dict(convert_dates_to_str=True) for row in rows or []]
    return [{key: value for key, value in row.items() if key not in ignored} for row in dicts]


def after_submit(doc) -> None:
    """Only fields that allow it may change on a submitted document. Raises UpdateAfterSubmitError."""
    if doc.flags.ignore_validate_update_after_submit:
        return
    stored = frappe.get_doc(doc.doctype, doc.name)
    _unchanged_after_submit(doc, stored)
    stored_rows = {row.name: row for row in stored.get_all_children()}
    for row in doc.get_all_children():
        if row.is_new() and doc.meta.get_field(row.parentfield).allow_on_submit:
            continue
        if row.name in stored_rows:
            _unchanged_after_submit(row, stored_rows[row.name])


def _unchanged_after_submit(row, stored) -> None:
    for df in row.meta.fields:
        old, new = stored.get(df.fieldname), row.get(df.fieldname)
        if df.allow_on_submit or df.is_virtual or not (old or new):
            continue
        if df.fieldtype in table_fields:
            old, new = len(old or []), len(new or [])
        elif df.fieldtype not in TYPE_MAP:
            continue
        else:
            old, new = stored.get_value(df.fieldname), row.get_value(df.fieldname)
        if isinstance(old, float):
            old, new = round(old, 9), round(new, 9)
        if old != new:
            place = f"Row #{row.idx}:" if row.get("parent") else ""
            message = _("{0} Not allowed to change {1} after submission from {2} to {3}")
            message = message.format(place, frappe.bold(_(df.label)), frappe.bold(old), frappe.bold(new))
            frappe.throw(message, frappe.UpdateAfterSubmitError, title=_("Cannot Update After Submit"))


def links(doc) -> None:
    """Every link must lead to a document, of a submitted one not to a cancelled; fetched fields are filled on the way."""
    if doc.flags.ignore_links or getattr(doc, "_action", None) == "cancel":
        return
    invalid, cancelled = [], []
    for row in [doc, *doc.get_all_children()]:
        _row_links(row, doc.meta.is_submittable, invalid, cancelled)
    if invalid:
        frappe.throw(_("Could not find {0}").format(", ".join(invalid)), frappe.LinkValidationError)
    if cancelled:
        frappe.throw(
            _("Cannot link cancelled document: {0}").format(", ".join(cancelled)), frappe.CancelledLinkError
        )


def _row_links(row, submittable, invalid: list[str], cancelled: list[str]) -> None:
    for df in row.meta.of_type("Link", "Dynamic Link"):
        name = row.get(df.fieldname)
        if not name:
            continue
        doctype = df.options if df.fieldtype == "Link" else row.get(df.options)
        if df.fieldtype == "Dynamic Link" and not doctype:
            frappe.throw(_("{0} must be set first").format(row.meta.get_label(df.options)))
        if not doctype or doctype == "[Select]":
            continue
        found = _linked_values(row, df, doctype, name)
        place = f"{_('Row')} #{row.idx}: " if row.get("parentfield") else ""
        label = f"{place}{_(df.label)}: {name}"
        if not found:
            # Frappe 15 notices a dangling link only where nothing is fetched through it
            if not _fetched_through(row, df):
                invalid.append(label)
            continue
        row.set(df.fieldname, found.name)  # in the linked document's own spelling
        target = frappe.get_meta(doctype)
        checked = df.fieldname != "amended_from" and (submittable or row.meta.is_submittable)
        if checked and target.is_submittable and found.docstatus == 2:
            cancelled.append(label)


def _linked_values(row, df, doctype: str, name: str):
    """The linked row's name, status and what is fetched from it; fetched fields are set."""
    meta = frappe.get_meta(doctype)
    if meta.issingle:
        return _dict(name=doctype)
    fetched = _fetched_through(row, df)
    columns = ["name", "docstatus", *(each.fetch_from.split(".")[-1] for each in fetched)]
    found = frappe.db.get_value(doctype, name, list(dict.fromkeys(columns)), as_dict=True, cache=not fetched)
    if found:
        for each in fetched:
            if row.is_new() or not row.docstatus.is_submitted() or each.allow_on_submit:
                row.set(each.fieldname, found[each.fetch_from.split(".")[-1]])
    return found


def _fetched_through(row, df) -> list:
    """The fields that this link fills on this row."""
    fields = row.meta.get_fields_to_fetch(df.fieldname)
    return [each for each in fields if not each.fetch_if_empty or not row.get(each.fieldname)]


def reset_higher_permlevels(doc) -> None:
    """Fields above the user's permission level get back their stored (or default) value."""
    if doc.flags.ignore_permissions or frappe.flags.in_install or frappe.session.user == "Administrator":
        return
    levels = doc.get_permlevel_access()
    _reset_row(doc, levels, doc.get_doc_before_save())
    if not doc.is_new() and doc.get_doc_before_save():
        before = {row.name: row for row in doc.get_doc_before_save().get_all_children()}
        for row in doc.get_all_children():
            _reset_row(row, levels, before.get(row.name))


def _reset_row(row, levels: list[int], before) -> None:
    restricted = [df for df in row.meta.get_high_permlevel_fields() if df.permlevel not in levels]
    if restricted:
        reference = before or frappe.new_doc(row.doctype)
        for df in restricted:
            row.set(df.fieldname, reference.get(df.fieldname))
