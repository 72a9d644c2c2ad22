// The subscription's form: its verbs, a preview of what will be billed, and what a person should know first.

frappe.ui.form.on("SP Subscription", {
    setup(frm) {
        frm.set_query("plan", () => ({ filters: { disabled: 0 } }));
        frm.set_query("recurrence_period", () => ({ filters: { disabled: 0 } }));
        frm.set_query("taxes_and_charges", () => ({ filters: { company: frm.doc.company } }));
        frm.set_query("cost_center", () => ({ filters: { company: frm.doc.company, is_group: 0 } }));
        frm.set_query("contact_person", () => ({
            query: "frappe.contacts.doctype.contact.contact.contact_query",
            filters: { link_doctype: "Customer", link_name: frm.doc.customer },
        }));
        frm.set_query("item", "lines", () => ({ filters: { is_sales_item: 1, disabled: 0 } }));
    },

    refresh(frm) {
        frm.trigger("show_headline");
        subscription_plus.show_actions(frm);
        if (!frm.is_new()) {
            frm.add_custom_button(__("Preview"), () => frm.trigger("show_preview"));
        }
    },

    show_headline(frm) {
        const doc = frm.doc;
        const date = frappe.datetime.str_to_user;
        if (doc.error_message) {
            const title = doc.parked ? __("Parked") : __("Failed, it is tried again by itself");
            frm.set_intro(`<b>${title}</b>: ${frappe.utils.escape_html(doc.error_message)}`, "red");
        } else if (doc.mail_error) {
            frm.set_intro(frappe.utils.escape_html(doc.mail_error), "orange");
        } else if (doc.cancellation_date) {
            frm.set_intro(__("The last day is {0}.", [date(doc.cancellation_date)]), "orange");
        } else if (doc.edit_window_until && doc.edit_window_until > frappe.datetime.now_datetime()) {
            frm.set_intro(
                __("It can be edited until {0}; then the customer is asked to pay. Update Now does it at once.", [
                    date(doc.edit_window_until),
                ]),
                "blue",
            );
        }
    },

    async customer(frm) {
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
        frm.clear_table("lines");
        for (const line of plan.lines) {
            const row = frm.add_child("lines");
            for (const { fieldname } of frappe.meta.get_docfields(row.doctype)) {
                if (line[fieldname] !== undefined) row[fieldname] = line[fieldname];
            }
        }
        frm.refresh_field("lines");
    },

    async show_preview(frm) {
        const { message: periods } = await frappe.call({
            method: "subscription_plus.api.subscriptions.preview_periods",
            type: "GET",
            args: { subscription: frm.docname, count: 12 },
        });
        const escape = frappe.utils.escape_html;
        const date = frappe.datetime.str_to_user;
        const rows = periods.map(
            (period) => `<tr>
                <td>${date(period.billing_date)}</td>
                <td>${date(period.start)} – ${date(period.end)}${
                    period.days < period.whole_days ? ` (${period.days}/${period.whole_days})` : ""
                }</td>
                <td>${period.lines.map((line) => escape(`${line.item} × ${line.qty}`)).join("<br>")}</td>
                <td class="text-right">${format_currency(period.total, period.currency)}</td>
            </tr>`,
        );
        frappe.msgprint({
            title: __("What Will Be Billed"),
            wide: true,
            message: rows.length
                ? `<div class="table-responsive"><table class="table table-sm"><thead><tr>
                    <th>${__("Billed On")}</th><th>${__("Period")}</th><th>${__("Lines")}</th>
                    <th class="text-right">${__("Before Tax")}</th></tr></thead>
                    <tbody>${rows.join("")}</tbody></table></div>`
                : __("Nothing more will be billed."),
        });
    },
});
