"""Numbers and money as Frappe casts, rounds and writes them."""

import math

import frappe

NUMBER_FORMATS = {
    "#,###.##": (".", ",", 2),
    "#.###,##": (",", ".", 2),
    "# ###.##": (".", " ", 2),
    "# ###,##": (",", " ", 2),
    "#'###.##": (".", "'", 2),
    "#, ###.##": (".", ", ", 2),
    "#,##,###.##": (".", ",", 2),
    "#,###.###": (".", ",", 3),
    "#.###": ("", ".", 0),
    "#,###": ("", ",", 0),
    "#.########": (".", "", 8),
}
number_format_info = NUMBER_FORMATS


def flt(s, precision: int | None = None, rounding_method: str | None = None) -> float:
    """A float; 0.0 for what is no number. Rounded as the site rounds, when a precision is given."""
    if isinstance(s, str):
        s = s.replace(",", "")
    try:
        number = float(s)
    except (TypeError, ValueError):
        return 0.0
    return number if precision is None else rounded(number, precision, rounding_method)


def cint(s, default: int = 0) -> int:
    try:
        return int(float(s))
    except (TypeError, ValueError, OverflowError):
        return default


def cstr(s, encoding: str = "utf-8") -> str:
    if s is None:
        return ""
    return s.decode(encoding) if isinstance(s, bytes) else str(s)


def sbool(x):
    """ "true"/"1" and "false"/"0" as booleans; anything else as it is."""
    if isinstance(x, str) and x.lower() in ("true", "1", "false", "0"):
        return x.lower() in ("true", "1")
    return x


def cast_number(fieldtype: str | None, value):
    """The value in its number type; what is no number field's stays as it is."""
    if fieldtype == "Check":
        return 1 if cint(value) else 0
    if fieldtype == "Int":
        return value if type(value) is int else cint(value)
    if fieldtype in ("Float", "Currency", "Percent"):
        return value if type(value) is float else flt(value)
    return value


def rounded(num: float, precision: int = 0, rounding_method: str | None = None) -> float:
    """Rounds as System Settings' rounding method says."""
    method = rounding_method or frappe.get_system_settings("rounding_method") or "Banker's Rounding (legacy)"
    precision = cint(precision)
    if method == "Banker's Rounding":
        return _bankers(num, precision)
    if method == "Banker's Rounding (legacy)":
        return _bankers_legacy(num, precision)
    if method == "Commercial Rounding":
        return _away_from_zero(num, precision)
    frappe.throw(frappe._("Unknown Rounding Method: {}").format(method), frappe.InvalidRoundingMethod)


def _bankers(num: float, precision: int) -> float:
    """Half to even; what a float misses a half by counts as a half."""
    multiplier = 10**precision
    scaled = round(num * multiplier, 12)
    if scaled == 0:
        return 0.0
    below = math.floor(scaled)
    if abs(scaled - below - 0.5) < 2.0 ** (math.log2(abs(scaled)) - 52):
        scaled = below + below % 2
    else:
        scaled = round(scaled)
    return scaled / multiplier


def _bankers_legacy(num: float, precision: int) -> float:
    """Half to even only for whole numbers; with decimals, half up."""
    multiplier = 10**precision
    scaled = round(num * multiplier if precision else num, 8)
    below = math.floor(scaled)
    half = below + (1 if precision else below % 2)
    scaled = half if scaled - below == 0.5 else round(scaled)
    return scaled / multiplier if precision else scaled


def _away_from_zero(num: float, precision: int) -> float:
    if num == 0:
        return 0.0
    nudge = 2.0 ** (math.log2(abs(num)) - 52)
    return round(num + math.copysign(nudge, num), precision)


def floor(s) -> int:
    return math.floor(flt(s))


def ceil(s) -> int:
    return math.ceil(flt(s))


def remainder(numerator, denominator, precision: int = 2) -> float:
    precision = cint(precision)
    multiplier = 10**precision
    value = (
        (numerator * multiplier) % (denominator * multiplier) / multiplier
        if precision
        else numerator % denominator
    )
    return flt(value, precision)


def round_based_on_smallest_currency_fraction(value, currency: str, precision: int = 2) -> float:
    """Rounds to the smallest coin of the currency, or to a whole number where none is set."""
    smallest = frappe.db.get_value("Currency", currency, "smallest_currency_fraction_value", cache=True)
    if not smallest:
        return flt(rounded(value), precision)
    rest = remainder(value, smallest, precision)
    return flt(value - rest if rest <= smallest / 2 else value + smallest - rest, precision)


def get_number_format_info(format: str) -> tuple[str, str, int]:
    return NUMBER_FORMATS.get(format) or (".", ",", 2)


def fmt_money(
    amount, precision: int | None = None, currency: str | None = None, format: str | None = None
) -> str:
    """Money with the site's separators and the currency's symbol."""
    number_format = format or frappe.get_system_settings("number_format") or "#,###.##"
    decimal, comma, decimals = get_number_format_info(number_format)
    precision = decimals if precision is None else cint(precision)
    amount = flt(amount)
    if precision > 2:
        precision = max(2, len(f"{round(amount % 1, precision):.{precision}f}".split(".")[1].rstrip("0")))
    text = f"{abs(round(amount, precision)):.{precision}f}"
    whole, _point, fraction = text.partition(".")
    groups = []
    size = 3
    while len(whole) > size:
        groups.append(whole[-size:])
        whole = whole[:-size]
        size = 2 if number_format == "#,##,###.##" else 3
    written = comma.join([whole, *reversed(groups)]) + (decimal + fraction if decimal and precision else "")
    if float(text) and amount < 0:
        written = "-" + written
    if not currency:
        return written
    symbol, on_right = frappe.db.get_value(
        "Currency", currency, ["symbol", "symbol_on_right"], cache=True
    ) or (None, 0)
    symbol = frappe._(symbol or currency)
    return f"{written} {symbol}" if on_right else f"{symbol} {written}"
