// The item's form: publish it on the website, once it can be booked.

frappe.ui.form.on("Item", {
    refresh(frm) {
        if (frm.doc.sp_bookable) subscription_plus.show_actions(frm);
    },
});
