// A period is made by its subscription; a person may only bill a void one again.

frappe.ui.form.on("SP Billing Period", {
    refresh(frm) {
        subscription_plus.show_actions(frm);
    },
});
