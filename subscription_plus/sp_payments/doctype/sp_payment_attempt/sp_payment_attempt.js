// Its verbs come from the server.

frappe.ui.form.on("SP Payment Attempt", {
    refresh(frm) {
        subscription_plus.show_actions(frm);
    },
});
