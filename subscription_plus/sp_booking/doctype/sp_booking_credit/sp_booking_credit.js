// The form of granted credits: their verbs.

frappe.ui.form.on("SP Booking Credit", {
    setup(frm) {
        frm.set_query("credit_type", () => ({ filters: { disabled: 0 } }));
    },

    refresh(frm) {
        subscription_plus.show_actions(frm);
    },
});
