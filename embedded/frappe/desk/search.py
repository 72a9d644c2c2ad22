"""`frappe.desk.search`: suggestions for link fields."""

import frappe


@frappe.whitelist()
def search_link(
    doctype: str,
    txt: str,
    query: str | None = None,
    filters: str | dict | list | None = None,
    page_length: int = 10,
    searchfield: str | None = None,
    reference_doctype: str | None = None,
    ignore_user_permissions: bool = False,
):
    """Names that fit `txt`, with what tells them apart in `description`."""
    if query:
        frappe.throw(f"The embedded host offers no custom link queries ({query}).")
    meta = frappe.get_meta(doctype)
    searched = ["name", *_search_fields(meta)]
    title = meta.title_field if meta.title_field and meta.title_field != "name" else None
    found = frappe.get_list(
        doctype,
        fields=list(dict.fromkeys(searched)),
        filters=_enabled(meta, frappe.parse_json(filters)),
        or_filters=[[doctype, field, "like", f"%{txt.strip()}%"] for field in searched],
        limit_page_length=frappe.utils.cint(page_length),
        order_by="modified desc",
    )
    return [
        {
            "value": row.name,
            "description": ", ".join(
                str(row[field]) for field in searched[1:] if row.get(field) and row[field] != row.name
            ),
            **({"label": row[title]} if title and meta.show_title_field_in_link else {}),
        }
        for row in found
    ]


def _search_fields(meta) -> list[str]:
    named = [name.strip() for name in (meta.search_fields or "").split(",") if name.strip()]
    title = [meta.title_field] if meta.title_field else []
    return [name for name in dict.fromkeys([*title, *named]) if name != "name" and meta.has_field(name)]


def _enabled(meta, filters) -> list:
    """The filters given, and none that are disabled."""
    rows = list(filters or [])
    if isinstance(filters, dict):
        rows = [
            [meta.name, field, *(value if isinstance(value, list) else ("=", value))]
            for field, value in filters.items()
        ]
    if meta.has_field("disabled"):
        rows.append([meta.name, "disabled", "!=", 1])
    if meta.has_field("enabled"):
        rows.append([meta.name, "enabled", "=", 1])
    return rows
