// The booking's form: its verbs, units of the item, and until when a cart is kept.

frappe.ui.form.on("SP Item Booking", {
    setup(frm) {
        frm.set_query("item", () => ({ filters: { sp_bookable: 1, disabled: 0 } }));
    },

    refresh(frm) {
        subscription_plus.show_actions(frm);
        if (frm.doc.status === "In Cart" && frm.doc.expires_at) {
            frm.set_intro(__("The place is kept until {0}.", [frappe.datetime.str_to_user(frm.doc.expires_at)]), "orange");
        }
        if (frm.doc.status === "Cancelled") {
            frm.disable_save();
        }
    },
});
