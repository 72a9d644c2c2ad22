"""Item Group: a tree."""

from frappe.utils.nestedset import NestedSet


class ItemGroup(NestedSet):
    pass
