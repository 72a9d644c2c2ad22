// Sales Invoice: a submitted one can become a subscription, whose first period it bills.

frappe.ui.form.on("Sales Invoice", {
    refresh(frm) {
        subscription_plus.show_actions(frm);
    },
});
