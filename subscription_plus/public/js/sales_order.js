// Sales Order: says before it is submitted what it will subscribe the customer to.

frappe.ui.form.on("Sales Order", {
    refresh(frm) {
        subscription_plus.tell_recurring(frm, __("Submitting this order makes a subscription to:"));
    },
});
