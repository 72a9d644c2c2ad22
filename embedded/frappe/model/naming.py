"""How documents get their names: series, fields, formats, hashes, amendments."""

import re

import frappe
from frappe import _
from frappe.utils import cint, cstr, now_datetime


def set_new_name(doc) -> None:
    """Names a new document as its DocType's autoname, or its controller's `autoname`, says."""
    doc.run_method("before_naming")
    autoname = doc.meta.autoname or ""
    if autoname.lower() != "prompt":
        doc.name = None
    if doc.get("amended_from"):
        doc.name = _amended_name(doc)
    elif doc.meta.issingle:
        doc.name = doc.doctype
    if not doc.name:
        doc.run_method("autoname")
    if not doc.name and autoname:
        doc.name = _by_option(autoname, doc)
    if not doc.name:
        doc.name = make_autoname("hash", doc.doctype)
    doc.name = validate_name(doc.doctype, doc.name)


def _by_option(autoname: str, doc) -> str | None:
    option = autoname.lower()
    if option.startswith("field:"):
        name = cstr(doc.get(autoname[6:])).strip()
        if not name:
            frappe.throw(_("{0} is required").format(doc.meta.get_label(autoname[6:])))
        return name
    if option.startswith("naming_series:"):
        return _by_series_field(doc)
    if option.startswith("prompt"):
        name = doc.get("__newname") or doc.name
        if not name:
            frappe.throw(_("Please set the document name"))
        return name
    if option.startswith("format:"):
        return _by_format(autoname[7:], doc)
    return make_autoname(autoname, doc=doc) if "#" in autoname else None


def _by_series_field(doc) -> str:
    if not doc.get("naming_series"):
        doc.naming_series = get_default_naming_series(doc.doctype)
    if not doc.naming_series:
        frappe.throw(_("Naming Series mandatory"))
    return make_autoname(doc.naming_series + ".#####", "", doc)


def _by_format(template: str, doc) -> str:
    """`INV-{YYYY}-{fieldname}-{###}`: each brace is one part of a series, counted under what stands before it."""
    name = ""
    for literal, part in re.findall(r"([^{]*)(?:\{([^}]*)\})?", template):
        name += literal
        if part.startswith("#"):
            name += getseries(name, len(part))
        elif part:
            name += parse_naming_series([part], doc=doc)
    return name


def _amended_name(doc) -> str:
    """ORD-1, amended: ORD-1-1, then ORD-1-2."""
    previous = doc.amended_from
    if frappe.db.get_value(doc.doctype, previous, "amended_from"):
        stem, _dash, number = previous.rpartition("-")
        return f"{stem}-{cint(number) + 1}"
    return f"{previous}-1"


def make_autoname(key: str = "", doctype: str = "", doc="", *, ignore_validate: bool = False) -> str:
    """The next name of a series such as `SAL-ORD-.YYYY.-.#####`, or a random one for `hash`."""
    if key == "hash":
        return frappe.generate_hash(length=10)
    if "#" not in key:
        key += ".#####"
    elif not ignore_validate and ".#" not in key and not key.startswith("#"):
        frappe.throw(
            _("Invalid naming series {}: dot (.) missing before the numeric placeholders").format(key)
        )
    return parse_naming_series(key.split("."), doctype, doc)


def parse_naming_series(parts, doctype=None, doc=None, number_generator=None) -> str:
    name, counted, today = "", False, now_datetime()
    dates = {"YY": "%y", "MM": "%m", "DD": "%d", "YYYY": "%Y"}
    for part in parts.split(".") if isinstance(parts, str) else parts:
        if not part:
            continue
        if part.startswith("#"):
            if not counted:
                name += (number_generator or getseries)(name, len(part))
                counted = True
        elif part in dates:
            name += today.strftime(dates[part])
        elif part == "WW":
            name += _week(today)
        elif part == "timestamp":
            name += str(today)
        elif doc and (part.startswith("{") or doc.get(part, default=_week) is not _week):
            name += cstr(doc.get(part.strip("{}"))).strip()
        elif parser := frappe.get_hooks("naming_series_variables", {}).get(part):
            name += cstr(frappe.get_attr(parser[0])(doc, part))
        else:
            name += part
    return name


def _week(day) -> str:
    """The ISO week, kept inside the calendar year."""
    week = int(day.strftime("%V"))
    if day.month == 1 and week >= 52:
        return "00"
    return "53" if day.month == 12 and week <= 1 else f"{week:02}"


def getseries(key: str, digits: int) -> str:
    """The next number under this prefix, zero-filled. The row stays locked until the transaction ends."""
    rows = frappe.db.sql("SELECT current FROM `tabSeries` WHERE name = %s FOR UPDATE", (key,))
    if rows:
        frappe.db.sql("UPDATE `tabSeries` SET current = current + 1 WHERE name = %s", (key,))
    else:
        frappe.db.sql("INSERT INTO `tabSeries` (name, current) VALUES (%s, 1)", (key,))
    return str(rows[0][0] + 1 if rows else 1).zfill(digits)


def revert_series_if_last(key: str, name: str, doc=None) -> None:
    """Gives a deleted document's number back when it was the last of its series."""
    if ".#" in key:
        prefix, hashes = key.rsplit(".", 1)
        if "#" not in hashes:
            found = re.search("#+", key)
            if not found:
                return
            name, prefix = name.replace(hashes, ""), prefix.replace(found[0], "")
    else:
        prefix = key
    if "." in prefix:
        prefix = parse_naming_series(prefix.split("."), doc=doc)
    number = cint(name.replace(prefix, "", 1))
    rows = frappe.db.sql("SELECT current FROM `tabSeries` WHERE name = %s FOR UPDATE", (prefix,))
    if rows and rows[0][0] == number:
        frappe.db.sql("UPDATE `tabSeries` SET current = current - 1 WHERE name = %s", (prefix,))


def get_default_naming_series(doctype: str) -> str | None:
    options = frappe.get_meta(doctype).get_naming_series_options()
    return next((option for option in options if option), None)


def validate_name(doctype: str, name) -> str:
    """The name without surrounding spaces. Raises for one that cannot be a name."""
    if not name:
        frappe.throw(_("No Name Specified for {0}").format(doctype))
    if isinstance(name, int):
        frappe.throw(_("Invalid name type (integer) for varchar name column"), frappe.NameError)
    if name.startswith("New " + doctype):
        frappe.throw(
            _("There were some errors setting the name, please contact the administrator"), frappe.NameError
        )
    name = name.strip()
    if doctype == name and name != "DocType" and not frappe.get_meta(doctype).issingle:
        frappe.throw(_("Name of {0} cannot be {1}").format(doctype, name), frappe.NameError)
    if found := sorted(set(re.findall("[<>]", name))):
        characters = ", ".join(f"'{character}'" for character in found)
        frappe.throw(
            _("Name cannot contain special characters like {0}").format(characters), frappe.NameError
        )
    return name


def append_number_if_name_exists(doctype, value, fieldname="name", separator="-", filters=None) -> str:
    """`value`, or `value-1`, `value-2` … when documents of that name are there already."""
    if not frappe.db.exists(doctype, {**(filters or {}), fieldname: value}):
        return value
    taken = frappe.get_all(doctype, filters={fieldname: ["like", f"{value}{separator}%"]}, pluck=fieldname)
    numbers = [cint(each[len(value + separator) :]) for each in taken]
    return f"{value}{separator}{max(numbers, default=0) + 1}"
