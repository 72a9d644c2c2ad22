"""What a new site has from the start: users, roles, languages, currencies, countries, settings."""

import frappe

_ROLES = [
    "Administrator",
    "Guest",
    "All",
    "Desk User",
    "System Manager",
    "Website Manager",
    "Script Manager",
    "Report Manager",
    "Workspace Manager",
    "Dashboard Manager",
    "Accounts User",
    "Accounts Manager",
    "Sales User",
    "Sales Manager",
    "Sales Master Manager",
    "Stock User",
    "Stock Manager",
    "Item Manager",
    "Purchase User",
    "Purchase Manager",
    "Customer",
    "Supplier",
    "Projects User",
    "Projects Manager",
    "Employee",
    "HR User",
    "HR Manager",
    "Auditor",
    "Maintenance User",
    "Support Team",
]
_WITHOUT_DESK = {"Guest", "All", "Customer", "Supplier"}
# currency: (symbol, fraction, fraction units, smallest fraction, number format)
_CURRENCIES = {
    "EUR": ("€", "Cent", 100, 0.01, "#,###.##"),
    "USD": ("$", "Cent", 100, 0.01, "#,###.##"),
    "GBP": ("£", "Penny", 100, 0.01, "#,###.##"),
    "SEK": ("kr", "Öre", 100, 0.01, "#.###,##"),
    "CHF": ("Fr", "Rappen", 100, 0.05, "#'###.##"),
    "JPY": ("¥", "Sen", 100, 0.01, "#,###"),
    "KWD": ("د.ك", "Fils", 1000, 0.01, "#,###.###"),
    "INR": ("₹", "Paisa", 100, 0.0, "#,##,###.##"),
    "CAD": ("$", "Cent", 100, 0.05, "#,###.##"),
}
_COUNTRIES = {
    "France": ("fr", "dd-mm-yyyy"),
    "Germany": ("de", "dd.mm.yyyy"),
    "Belgium": ("be", "dd-mm-yyyy"),
    "Switzerland": ("ch", "dd.mm.yyyy"),
    "Spain": ("es", "dd-mm-yyyy"),
    "Italy": ("it", "dd-mm-yyyy"),
    "Netherlands": ("nl", "dd-mm-yyyy"),
    "India": ("in", "dd-mm-yyyy"),
    "United Kingdom": ("gb", "dd-mm-yyyy"),
    "United States": ("us", "mm-dd-yyyy"),
    "Canada": ("ca", "mm-dd-yyyy"),
    "Japan": ("jp", "yyyy-mm-dd"),
    "Kuwait": ("kw", "dd-mm-yyyy"),
}
_LANGUAGES = {"en": "English", "fr": "Français", "de": "Deutsch", "es": "Español", "it": "Italiano"}


def after_frappe(admin_password: str) -> None:
    """Fills a site that has only the framework on it."""
    from frappe.utils.password import update_password

    for role in _ROLES:
        _make("Role", role_name=role, desk_access=int(role not in _WITHOUT_DESK))
    for code, name in _LANGUAGES.items():
        _make("Language", language_code=code, language_name=name)
    for currency, (symbol, fraction, units, smallest, number_format) in _CURRENCIES.items():
        _make(
            "Currency",
            currency_name=currency,
            symbol=symbol,
            fraction=fraction,
            fraction_units=units,
            smallest_currency_fraction_value=smallest,
            number_format=number_format,
            enabled=1,
        )
    for country, (code, date_format) in _COUNTRIES.items():
        _make("Country", country_name=country, code=code, date_format=date_format)
    for gender in ("Female", "Male", "Other"):
        _make("Gender", gender=gender)
    for email, name in (("Administrator", "Administrator"), ("Guest", "Guest")):
        _make("User", email=email, first_name=name, enabled=1, name=email)
    update_password("Administrator", admin_password)
    settings = frappe.get_doc("System Settings")
    settings.update({"time_zone": "Europe/Paris", "language": "en", "country": "France", "setup_complete": 1})
    settings.save()
    frappe.db.set_default("currency", "EUR")
    frappe.db.commit()


def _make(doctype: str, **values) -> None:
    doc = frappe.get_doc({"doctype": doctype, **values})
    doc.flags.ignore_mandatory = True
    doc.insert(ignore_permissions=True, ignore_links=True, ignore_if_duplicate=True)
