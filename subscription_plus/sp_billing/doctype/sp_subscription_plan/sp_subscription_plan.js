// From a plan to a new subscription, and to the website.

frappe.ui.form.on("SP Subscription Plan", {
    refresh(frm) {
        if (!frm.is_new() && !frm.doc.disabled) {
            frm.add_custom_button(__("New Subscription"), () =>
                frappe.new_doc("SP Subscription", { plan: frm.docname, company: frm.doc.company }),
            );
        }
        subscription_plus.show_actions(frm);
    },
});
