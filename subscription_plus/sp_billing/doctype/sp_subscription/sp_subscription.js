// The subscription's form: its headline, its verbs, its periods as one types, and what plan and customer fill in.

frappe.ui.form.on("SP Subscription", {
    setup(frm) {
        frm.set_query("plan", () => ({ filters: { disabled: 0 } }));
        frm.set_query("recurrence_period", () => ({ filters: { disabled: 0 } }));
        frm.set_query("price_list", () => ({ filters: { selling: 1, enabled: 1 } }));
        frm.set_query("price_list", "lines", () => ({ filters: { selling: 1, enabled: 1 } }));
        frm.set_query("taxes_and_charges", () => ({ filters: { company: frm.doc.company } }));
        frm.set_query("cost_center", () => ({ filters: { company: frm.doc.company, is_group: 0 } }));
        frm.set_query("payment_method", () => ({ filters: { customer: frm.doc.customer, status: "Active" } }));
        frm.set_query("contract", () => ({
            filters: { party_type: "Customer", party_name: frm.doc.customer, docstatus: ["<", 2] },
        }));
        frm.set_query("contact_person", () => ({
            query: "frappe.contacts.doctype.contact.contact.contact_query",
            filters: { link_doctype: "Customer", link_name: frm.doc.customer },
        }));
        frm.set_query("item", "lines", () => ({ filters: { is_sales_item: 1, disabled: 0 } }));
        frm.set_query("booked_item", "lines", () => ({ filters: { sp_bookable: 1, disabled: 0 } }));
        frm.set_indicator_formatter("item", (row) => subscription_plus.line_colour(row));
    },

    onload(frm) {
        // A new one that comes with a plan (from the plan's button, or a link) is filled as if it was chosen here.
        if (frm.is_new() && frm.doc.plan && !(frm.doc.lines || []).some((row) => row.item)) frm.trigger("plan");
    },

    refresh(frm) {
        const overview = frm.doc.__onload && frm.doc.__onload.overview;
        if (overview && !frm.is_new()) frm.set_intro(frappe.utils.escape_html(overview.headline), overview.colour);
        subscription_plus.show_actions(frm);
        subscription_plus.offer_tour(frm, "New Subscription");
        subscription_plus.show_periods(frm, [], frm.is_new() ? __("What will be billed shows here as you fill in.") : null);
        subscription_plus.preview(frm);
    },

    async customer(frm) {
        subscription_plus.preview(frm);
        if (!frm.doc.customer || !frm.is_new() || frm.doc.plan) return;
        const { message } = await frappe.db.get_value("Customer", frm.doc.customer, "default_currency");
        if (message.default_currency) await frm.set_value("currency", message.default_currency);
    },

    async company(frm) {
        if (!frm.doc.company || !frm.is_new() || frm.doc.customer) return;
        const { message } = await frappe.db.get_value("Company", frm.doc.company, "default_currency");
        await frm.set_value("currency", message.default_currency);
    },

    async plan(frm) {
        if (!frm.doc.plan || !frm.is_new()) return;
        const plan = await frappe.db.get_doc("SP Subscription Plan", frm.doc.plan);
        await frm.set_value("recurrence_period", plan.recurrence_period);
        for (const field of ["currency", "price_list", "taxes_and_charges", "payment_terms_template"]) {
            if (plan[field]) await frm.set_value(field, plan[field]);
        }
        for (const table of ["lines", "credit_rules"]) {
            frm.clear_table(table);
            for (const line of plan[table] || []) {
                const row = frm.add_child(table);
                for (const { fieldname } of frappe.meta.get_docfields(row.doctype)) {
                    if (line[fieldname] !== undefined) row[fieldname] = line[fieldname];
                }
            }
            frm.refresh_field(table);
        }
        subscription_plus.preview(frm);
    },
});

// Whatever changes what is billed shows at once in the periods below.
for (const field of [
    "start_date", "trial_until", "end_date", "recurrence_period", "price_list", "currency", "coupon", "prorate_last_invoice",
]) {
    frappe.ui.form.on("SP Subscription", field, (frm) => subscription_plus.preview(frm));
}
for (const field of [
    "item", "qty", "uom", "price_determination", "fixed_rate", "price_list", "discount_percentage", "from_date",
    "to_date", "once", "prorate", "lines_remove",
]) {
    frappe.ui.form.on("SP Subscription Line", field, (frm) => subscription_plus.preview(frm));
}

// Green: it counts today. Blue: it will. Grey: it did.
subscription_plus.line_colour = function (row) {
    const today = frappe.datetime.get_today();
    if (row.to_date && row.to_date < today) return "gray";
    return row.from_date && row.from_date > today ? "blue" : "green";
};
