"""Payment methods: what pays, add, make default, remove; and how each subscription is paid."""

from frappe import _

from subscription_plus.website import caller, methods, page, subscriptions

no_cache = 1


def get_context(context):
    """Of all customers the caller stands for."""
    caller.require_login()
    page.open_page(context, _("Payment methods"), "/account/methods")
    customers = caller.customers()
    context.methods = methods.of_customers(customers)
    context.addable = methods.accounts_of(customers)
    context.many = len(customers) > 1
    active = [row for row in context.methods if row.status == "Active"]
    context.subscriptions = subscriptions.of_customers(customers) if active else []
    for row in context.subscriptions:
        row.paid_by = (row.payment_method or "default") if row.charge_automatically else ""
    context.choices = {
        row.name: [
            ("default", _("Automatically, by the default method")),
            *(
                (each.name, _("Automatically, by {0}").format(each.label))
                for each in active
                if each.customer == row.customer
            ),
            ("", _("By a payment link each time")),
        ]
        for row in context.subscriptions
    }
