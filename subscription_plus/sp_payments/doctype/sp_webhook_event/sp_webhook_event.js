// Its verbs come from the server.

frappe.ui.form.on("SP Webhook Event", {
    refresh(frm) {
        subscription_plus.show_actions(frm);
    },
});
