"""Facts about users."""

import frappe


def get_fullname(user: str | None = None) -> str:
    user = user or frappe.session.user
    return frappe.db.get_value("User", user, "full_name", cache=True) or user


def get_users_with_role(role: str) -> list[str]:
    """Enabled users that have the role."""
    query = """SELECT DISTINCT u.name FROM `tabUser` u JOIN `tabHas Role` r ON r.parent = u.name
        WHERE r.parenttype = 'User' AND r.role = %s AND u.enabled = 1 AND u.name != 'Administrator'"""
    return frappe.db.sql(query, (role,), pluck=True)


def get_system_managers(only_name: bool = False) -> list[str]:
    users = [user for user in get_users_with_role("System Manager") if user not in frappe.STANDARD_USERS]
    return users if only_name else [frappe.utils.get_formatted_email(user) for user in users]


def is_system_user(username: str | None = None) -> bool:
    return frappe.db.get_value("User", username or frappe.session.user, "user_type") == "System User"


class UserPermissions:
    """`frappe.get_user()`: the user's roles, and the DocTypes they open."""

    def __init__(self, name: str):
        self.name = name

    def get_roles(self) -> list[str]:
        return frappe.get_roles(self.name)

    @property
    def roles(self) -> list[str]:
        return self.get_roles()
