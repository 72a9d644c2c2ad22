// On an order's or a quotation's form: which subscriptions submitting it will make.

frappe.provide("subscription_plus");

subscription_plus.tell_recurring = async function (frm, sentence) {
    if (frm.is_new() || frm.doc.docstatus !== 0 || frm.doc.sp_billing_period) return;
    const name = frm.docname;
    const { message: items } = await frappe.call({
        method: "subscription_plus.api.desk.recurring_items",
        type: "GET",
        args: { doctype: frm.doctype, name },
    });
    if (!items || !items.length || frm.docname !== name) return;
    const rows = items.map((row) => frappe.utils.escape_html(`${row.item} (${row.recurrence_period})`));
    frm.set_intro(`${sentence} ${[...new Set(rows)].join(", ")}`, "blue");
};
