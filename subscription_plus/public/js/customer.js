// Customer: a new subscription from here; those there are stand among the connections.

frappe.ui.form.on("Customer", {
    refresh(frm) {
        if (frm.is_new() || frm.doc.disabled || !frappe.model.can_create("SP Subscription")) return;
        frm.add_custom_button(
            __("Subscription"),
            () => frappe.new_doc("SP Subscription", { customer: frm.docname }),
            __("Create"),
        );
    },
});
