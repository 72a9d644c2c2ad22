// Quotation: its recurring items make a subscription once the order made from it is submitted.

frappe.ui.form.on("Quotation", {
    refresh(frm) {
        subscription_plus.tell_recurring(frm, __("The order made from this quotation will make a subscription to:"));
    },
});
