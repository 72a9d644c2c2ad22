"""What the framework has to know of the app."""

app_name = "erpnext"
app_title = "ERPNext"
app_publisher = "Subscription Plus"
app_description = "ERPNext's selling and accounting documents on the embedded host"

on_session_creation = "erpnext.portal.utils.create_customer_or_supplier"

after_install = "erpnext.setup.install.after_install"

invoice_doctypes = ["Sales Invoice"]
advance_payment_receivable_doctypes = ["Sales Order"]

scheduler_events = {"daily": ["erpnext.controllers.accounts_controller.update_invoice_status"]}
