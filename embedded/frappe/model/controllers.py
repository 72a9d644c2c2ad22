"""The class of a DocType's documents: where it is, and the one that `override_doctype_class` puts in its place."""

from importlib.util import find_spec

import frappe


def get_controller(doctype: str) -> type:
    """The class of the DocType's documents; Document where it has none. Raises ImportError for no DocType."""
    known = frappe.local.process.controllers
    if doctype not in known:
        known[doctype] = _import(doctype)
    return known[doctype]


def _import(doctype: str) -> type:
    from frappe.model.document import Document

    if overrides := frappe.get_hooks("override_doctype_class", {}).get(doctype):
        return frappe.get_attr(overrides[-1])
    rows = frappe.db.sql("SELECT controller FROM `tabDocType` WHERE name = %s", (doctype,))
    if not rows:
        raise ImportError(
            f"Module import failed for {doctype}, the DocType you're trying to open might be deleted."
        )
    if rows[0][0]:
        return frappe.get_attr(rows[0][0])
    module = module_of(doctype)
    if not module:
        return Document
    name = doctype.replace(" ", "").replace("-", "")
    found = getattr(frappe.get_module(module), name, None)
    if found is None:
        raise ImportError(f"{doctype}: {name} is not in {module}")
    if not issubclass(found, Document):
        raise ImportError(f"{doctype}: {module}.{name} is not a Document")
    return found


def module_of(doctype: str, suffix: str = "") -> str | None:
    """The dotted path of `<doctype><suffix>.py` in the DocType's folder, None where there is no such file."""
    module = frappe.db.get_value("DocType", doctype, "module", order_by=None)
    app = frappe.local.process.module_app().get(frappe.scrub(module or ""))
    if not app:
        return None
    scrubbed = frappe.scrub(doctype)
    dotted = f"{app}.{frappe.scrub(module)}.doctype.{scrubbed}.{scrubbed}{suffix}"
    try:
        return dotted if find_spec(dotted) else None
    except ModuleNotFoundError as missing:
        if dotted.startswith(f"{missing.name}."):
            return None  # the folder is not there: the DocType has no code of its own
        raise
