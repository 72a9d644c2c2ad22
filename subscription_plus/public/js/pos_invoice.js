// POS Invoice: what was sold at the counter can go on as a subscription.

frappe.ui.form.on("POS Invoice", {
    refresh(frm) {
        subscription_plus.show_actions(frm);
    },
});
