"""What a save changed, in the form of Version.data."""

from frappe.model import table_fields

UNTRACKED = (
    "Section Break",
    "Column Break",
    "Tab Break",
    "HTML",
    "Button",
    "Image",
    "Fold",
    "Heading",
    "Password",
)


def changes_between(old, new) -> dict | None:
    """{changed, added, removed, row_changed} between two states of a document; None where nothing changed."""
    out: dict = {
        "changed": [],
        "added": [],
        "removed": [],
        "row_changed": [],
        "data_import": None,
        "updater_reference": None,
    }
    for df in new.meta.fields:
        if df.fieldtype in UNTRACKED:
            continue
        before, after = old.get(df.fieldname), new.get(df.fieldname)
        if df.fieldtype in table_fields:
            _rows(df.fieldname, before or [], after or [], out)
        elif _differs(before, after):
            out["changed"].append(
                (df.fieldname, old.get_formatted(df.fieldname), new.get_formatted(df.fieldname))
            )
    if old.docstatus != new.docstatus:
        out["changed"].append(["docstatus", int(old.docstatus), int(new.docstatus)])
    return out if any(out.values()) else None


def _differs(before, after) -> bool:
    return (before or after) and str(before) != str(after) and before != after


def _rows(table: str, before: list, after: list, out: dict) -> None:
    old_rows = {row.name: row for row in before}
    for idx, row in enumerate(after):
        old = old_rows.pop(row.name, None)
        if old is None:
            out["added"].append([table, row.as_dict(convert_dates_to_str=True)])
            continue
        changed = [
            (df.fieldname, old.get(df.fieldname), row.get(df.fieldname))
            for df in row.meta.fields
            if df.fieldtype not in UNTRACKED and _differs(old.get(df.fieldname), row.get(df.fieldname))
        ]
        if changed:
            out["row_changed"].append([table, idx, row.name, changed])
    out["removed"] += [[table, row.as_dict(convert_dates_to_str=True)] for row in old_rows.values()]
