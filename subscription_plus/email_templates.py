"""The Email Templates installed once, as data: what they can use is written on top of each.

{settings field: template}. A template that a person changed is never overwritten.
"""

_CONTEXT = """{# You can use:
  doc             the subscription (doc.name, doc.customer_name, doc.plan, doc.mode_of_payment ...)
  customer_name, company
%s#}
"""

_PERIOD = "  period          its period (period.start_date, period.end_date)\n"
_DOCUMENT = (
    _PERIOD + "  reference       the order or invoice\n"
    "  amount          what is to be paid, with its currency\n"
    "  due_date        when, empty where no date is set\n"
)

_PAYMENT = (
    _PERIOD + "  amount          what is to be paid, with its currency\n"
    "  payment_url     where the customer pays or confirms\n"
    "  reason          what the bank said, may be empty\n"
)

_METHOD = "  method_url      where a way to pay can be registered without login, may be empty\n"
_REGISTER = """{% if method_url %}<p><a href="{{ method_url }}">{{ _("Register a way to pay") }}</a></p>{% endif %}
"""

_GREETING = "<p>{{ _('Hello {0},').format(customer_name) }}</p>\n"
_CLOSING = "<p>{{ company }}</p>\n"


def _template(name: str, subject: str, variables: str, body: str) -> dict[str, str]:
    return {
        "name": name,
        "subject": subject,
        "response_html": _CONTEXT % variables + _GREETING + body + _CLOSING,
    }


TEMPLATES = {
    "payment_request_template": _template(
        "Subscription Payment Request",
        "{{ _('Payment for {0}').format(reference.name) }}",
        _DOCUMENT
        + "  payment_request the Payment Request; payment_url where it can be paid online, may be empty\n",
        """<p>{{ _("{0} is due for your subscription, from {1} to {2}.").format(
  amount, frappe.utils.formatdate(period.start_date), frappe.utils.formatdate(period.end_date)) }}</p>
{% if due_date %}<p>{{ _("Please pay until {0}.").format(due_date) }}</p>{% endif %}
{% if payment_url %}<p><a href="{{ payment_url }}">{{ _("Pay now") }}</a></p>
{% else %}<p>{{ _("Please give the reference {0} with your payment.").format(reference.name) }}</p>{% endif %}
""",
    ),
    "invoice_template": _template(
        "Subscription Invoice",
        "{{ _('Invoice {0}').format(reference.name) }}",
        _DOCUMENT,
        """<p>{{ _("Here is your invoice {0} over {1}, for {2} to {3}.").format(
  reference.name, amount, frappe.utils.formatdate(period.start_date), frappe.utils.formatdate(period.end_date)) }}</p>
""",
    ),
    "renewal_template": _template(
        "Subscription Renewal",
        "{{ _('Your subscription renews on {0}').format(frappe.utils.formatdate(period.billing_date)) }}",
        _PERIOD,
        """<p>{{ _("Your subscription {0} renews for {1} to {2}.").format(
  doc.name, frappe.utils.formatdate(period.start_date), frappe.utils.formatdate(period.end_date)) }}</p>
""",
    ),
    "price_template": _template(
        "Subscription Price Change",
        "{{ _('New prices from {0} on').format(first_day) }}",
        _PERIOD
        + "  first_day       the first day of that period\n"
        + "  changes         the lines whose price changes (item, item_name, old, new)\n",
        """<p>{{ _("From {0} on, the prices of your subscription {1} change:").format(first_day, doc.name) }}</p>
<ul>{% for change in changes %}<li>{{ _("{0}: {1} instead of {2}").format(
  change.item_name | e, change.new, change.old) }}</li>{% endfor %}</ul>
""",
    ),
    "trial_template": _template(
        "Subscription Trial Ending",
        "{{ _('Your trial ends on {0}').format(trial_until) }}",
        _PERIOD + "  trial_until     the last day of the trial\n" + _METHOD,
        """<p>{{ _("Your trial ends on {0}. The first billed period begins on {1}.").format(
  trial_until, frappe.utils.formatdate(period.start_date)) }}</p>
"""
        + _REGISTER,
    ),
    "trial_paused_template": _template(
        "Subscription Waiting After Trial",
        "{{ _('Your trial ended on {0}').format(trial_until) }}",
        "  trial_until     the last day of the trial\n" + _METHOD,
        """<p>{{ _("Your subscription {0} waits: it goes on as soon as you have registered a way to pay.").format(
  doc.name) }}</p>
"""
        + _REGISTER,
    ),
    "cancellation_template": _template(
        "Subscription Cancellation",
        "{{ _('Your subscription ends on {0}').format(last_day) }}",
        "  last_day        the last day of the subscription\n",
        """<p>{{ _("Your subscription {0} is cancelled. Its last day is {1}.").format(doc.name, last_day) }}</p>
""",
    ),
    "confirm_template": _template(
        "Subscription Payment Confirmation",
        "{{ _('Please confirm your payment of {0}').format(amount) }}",
        _PAYMENT,
        """<p>{{ _("Your bank asks you to confirm the payment of {0} for {1}.").format(amount, doc.name) }}</p>
<p><a href="{{ payment_url }}">{{ _("Confirm now") }}</a></p>
""",
    ),
    "payment_failed_template": _template(
        "Subscription Payment Failed",
        "{{ _('Your payment of {0} failed').format(amount) }}",
        _PAYMENT,
        """<p>{{ _("We could not take {0} for {1}.").format(amount, doc.name) }} {{ reason }}</p>
<p><a href="{{ payment_url }}">{{ _("Pay in another way") }}</a></p>
""",
    ),
    "card_expiring_template": _template(
        "Subscription Card Expiring",
        "{{ _('Your card expires on {0}').format(expires_on) }}",
        "  brand, last4, expires_on   of the card\n" + _METHOD,
        """<p>{{ _("Your card {0} ending in {1} expires on {2}. Please register a new one.").format(
  brand, last4, expires_on) }}</p>
"""
        + _REGISTER,
    ),
    "credit_expiry_template": {
        "name": "Booking Credits Ending",
        "subject": "{{ _('{0} credits end on {1}').format(credits, valid_until) }}",
        "response_html": """{# You can use:
  doc             the credits (doc.name, doc.customer, doc.balance, doc.valid_until)
  customer_name, credits, credit_type, valid_until
#}
<p>{{ _('Hello {0},').format(customer_name) }}</p>
<p>{{ _("{0} {1} are left; they can be used until {2}.").format(credits, credit_type, valid_until) }}</p>
""",
    },
}
