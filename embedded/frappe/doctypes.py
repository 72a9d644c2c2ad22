"""Reads DocType definitions: the compact text format of this host, and an app's own DocType JSON.

Both come out as one dict in the shape of Frappe's DocType JSON (`fields`, `permissions`, ...), so that
nothing behind this module knows which of the two a DocType was written in.

The text format, one or more DocTypes a file, in `<app>/doctypes/*.txt`:

    DocType Sales Order in Selling: submittable track_changes     # flags, see FLAGS; "child" = child table
        @autoname naming_series:                                  # as in DocType JSON; also hash, prompt, field:x
        @title customer_name                                      # title_field
        @search customer, transaction_date                        # search_fields
        @sort transaction_date desc                               # sort_field sort_order
        @controller erpnext.selling.sales_order.SalesOrder        # only where the class is not at Frappe's own path
        @permit System Manager: all                               # all = everything a role can be given
        @permit Sales User: read write create submit cancel amend # may be followed by if_owner, level=1
        -- tab Details                                            # Tab Break
        -- Customer                                               # Section Break with its label
        naming_series: Select(SAL-ORD-.YYYY.-) reqd no_copy
        customer: Link(Customer) reqd search_index in_list_view
        customer_name: Data fetch_from=customer.customer_name read_only
        |                                                         # Column Break
        status: Select(|Draft|To Bill|Completed) default=Draft    # options by "|"; a leading "|" = empty first option
        order_type: Select(Sales|Maintenance) default=Sales label="Type of Order"
        items: Table(Sales Order Item) reqd
        reference_name: Dynamic Link(reference_doctype)
        contact_email: Data(Email)
        party_count: Int label="Parties" depends_on="eval:doc.customer"

A field line is `fieldname: Type(options) flags key=value`. Any DocField property may be a flag (meaning 1)
or a key=value (quoted where it has spaces). Without `label=` the label is made from the fieldname. A DocType
without `@permit` is the System Manager's. Lines that begin with `#` and empty lines are skipped, and so is the rest of a line
after " #".
"""

import json
import re
import shlex
from functools import cache
from importlib.util import find_spec
from pathlib import Path

FIELD_TYPES = [
    "Attach Image",
    "Button",
    "Check",
    "Code",
    "Color",
    "Column Break",
    "Currency",
    "Data",
    "Date",
    "Datetime",
    "Duration",
    "Dynamic Link",
    "Float",
    "Fold",
    "Geolocation",
    "Heading",
    "HTML",
    "HTML Editor",
    "Icon",
    "Image",
    "Int",
    "JSON",
    "Link",
    "Long Text",
    "Markdown Editor",
    "Password",
    "Percent",
    "Phone",
    "Read Only",
    "Rating",
    "Section Break",
    "Select",
    "Signature",
    "Small Text",
    "Tab Break",
    "Table",
    "Table MultiSelect",
    "Text",
    "Text Editor",
    "Time",
    "Attach",
    "Autocomplete",
]
FLAGS = {
    "submittable": "is_submittable",
    "child": "istable",
    "single": "issingle",
    "tree": "is_tree",
    "track_changes": "track_changes",
    "renamable": "allow_rename",
    "quick_entry": "quick_entry",
}
RIGHTS = [
    "read",
    "write",
    "create",
    "delete",
    "submit",
    "cancel",
    "amend",
    "report",
    "export",
    "import",
    "print",
    "email",
    "share",
    "select",
]

_HEADER = re.compile(r"^DocType (?P<name>.+?) in (?P<module>[^:]+?)(?::(?P<flags>.*))?$")
_TYPES = "|".join(sorted(FIELD_TYPES, key=len, reverse=True))
_FIELD = re.compile(
    rf"^(?P<fieldname>\w+): (?P<type>{_TYPES})(?:\((?P<options>[^)]*)\))?(?=\s|$)(?P<rest>.*)$"
)


class DefinitionError(Exception):
    """A line of a definition file that cannot be read; the message names file and line."""


def define(text: str, source: str = "<text>") -> list[dict]:
    """The DocTypes that `text` defines, in the shape of Frappe's DocType JSON."""
    found: list[dict] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = re.split(r"(?:^|\s)#\s", raw + " ", maxsplit=1)[0].strip()
        if not line:
            continue
        try:
            if line.startswith("DocType "):
                found.append(_header(line))
            elif not found:
                raise ValueError("a definition starts with 'DocType <name> in <module>'")
            elif line.startswith("@"):
                _property(found[-1], *line[1:].partition(" ")[::2])
            else:
                found[-1]["fields"].append(_field(line, len(found[-1]["fields"]) + 1))
        except (ValueError, KeyError) as error:
            raise DefinitionError(f"{source}, line {number}: {error}: {line}") from error
    for doctype in found:
        if not doctype["permissions"] and not doctype.get("istable"):
            _property(doctype, "permit", "System Manager: all")
    return found


def _header(line: str) -> dict:
    match = _HEADER.match(line)
    if not match:
        raise ValueError("expected 'DocType <name> in <module>: <flags>'")
    doctype = {
        "doctype": "DocType",
        "name": match["name"],
        "module": match["module"].strip(),
        "fields": [],
        "permissions": [],
        "sort_field": "modified",
        "sort_order": "DESC",
    }
    doctype.update({FLAGS[flag]: 1 for flag in (match["flags"] or "").split()})
    return doctype


def _property(doctype: dict, key: str, value: str) -> None:
    value = value.strip()
    if key == "permit":
        role, _, rights = value.partition(":")
        doctype["permissions"].append(_permission(role.strip(), rights.split()))
    elif key == "sort":
        doctype["sort_field"], _, order = value.partition(" ")
        doctype["sort_order"] = (order or "asc").upper()
    elif key in ("title", "search"):
        doctype[{"title": "title_field", "search": "search_fields"}[key]] = value
    elif key in ("autoname", "controller", "naming_rule", "description", "icon", "image_field"):
        doctype[key] = value
    else:
        raise ValueError(f"unknown property @{key}")


def _permission(role: str, rights: list[str]) -> dict:
    row: dict = {"role": role, "permlevel": 0}
    for right in rights:
        if right == "all":
            row.update(dict.fromkeys(RIGHTS, 1))
        elif right.startswith("level="):
            row["permlevel"] = int(right[6:])
        elif right in RIGHTS or right == "if_owner":
            row[right] = 1
        else:
            raise ValueError(f"unknown right {right}")
    return row


def _field(line: str, idx: int) -> dict:
    if line == "|":
        return {"fieldname": f"column_break_{idx}", "fieldtype": "Column Break"}
    if line.startswith("--"):
        label = line[2:].strip()
        kind = "Tab Break" if label.startswith("tab ") else "Section Break"
        return {
            "fieldname": f"{kind.split()[0].lower()}_break_{idx}",
            "fieldtype": kind,
            "label": label.removeprefix("tab "),
        }
    match = _FIELD.match(line)
    if not match:
        raise ValueError("expected 'fieldname: Type(options) flags'")
    field: dict = {
        "fieldname": match["fieldname"],
        "fieldtype": match["type"],
        "label": match["fieldname"].replace("_", " ").title(),
    }
    if match["options"] is not None:
        field["options"] = match["options"].replace("|", "\n")
    for word in shlex.split(match["rest"]):
        key, given, value = word.partition("=")
        if key == "options":  # for options that contain a closing bracket
            value = value.replace("|", "\n")
        field[key] = (int(value) if value.isdigit() and key != "default" else value) if given else 1
    return field


@cache
def app_folder(app: str) -> Path:
    """The folder of an app's package, found without importing it."""
    spec = find_spec(app)
    if not spec or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"No app named {app}")
    return Path(next(iter(spec.submodule_search_locations)))


def load(app: str) -> list[dict]:
    """All DocTypes of an app: `doctypes/*.txt`, then `<module>/doctype/<name>/<name>.json`."""
    folder = app_folder(app)
    found = []
    for path in sorted((folder / "doctypes").glob("*.txt")):
        found += define(path.read_text(encoding="utf-8"), str(path))
    for path in sorted(folder.glob("*/doctype/*/*.json")):
        if path.stem == path.parent.name:
            found.append(json.loads(path.read_text(encoding="utf-8")))
    for doctype in found:
        doctype["app"] = app
    return found
