// Contract: a subscription can be made from it; its dates are the commitment.

frappe.ui.form.on("Contract", {
    refresh(frm) {
        subscription_plus.show_actions(frm);
    },
});
