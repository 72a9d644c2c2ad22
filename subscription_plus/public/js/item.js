// Item: which plans and periods fit, what recurring means for stock, and publishing one that can be booked.

frappe.ui.form.on("Item", {
    setup(frm) {
        frm.set_query("sp_plan", () => ({ filters: { disabled: 0 } }));
        frm.set_query("sp_recurrence_period", () => ({ filters: { disabled: 0 } }));
    },

    refresh(frm) {
        subscription_plus.offer_tour(frm, "Recurring Item");
        if (frm.doc.sp_bookable) subscription_plus.show_actions(frm);
    },

    sp_recurring(frm) {
        if (frm.doc.sp_recurring && frm.doc.is_stock_item && frm.is_new()) {
            frm.set_value("is_stock_item", 0);
            frappe.show_alert({ message: __("A service is not kept in stock: Maintain Stock was turned off."), indicator: "blue" });
        }
    },
});
