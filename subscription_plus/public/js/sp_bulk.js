// Verbs over the subscriptions that are ticked in the list: asked once, done in the background, failures listed.

frappe.provide("subscription_plus");

subscription_plus.bulk_verbs = () => [
    { action: "Update Now", label: __("Update Now"), fields: [] },
    {
        action: "Pause",
        label: __("Pause"),
        fields: [
            { fieldname: "from_date", label: __("From"), fieldtype: "Date", default: frappe.datetime.get_today(), reqd: 1 },
            { fieldname: "until", label: __("Until (Last Day)"), fieldtype: "Date" },
            { fieldname: "new_anchor", label: __("Count Periods Anew Afterwards"), fieldtype: "Check" },
        ],
    },
    {
        action: "Cancel",
        label: __("Cancel Subscription"),
        fields: [
            {
                fieldname: "at",
                label: __("When"),
                fieldtype: "Select",
                options: [
                    { value: "Period End", label: __("Period End") },
                    { value: "Date", label: __("Date") },
                    { value: "Now", label: __("Now") },
                ],
                default: "Period End",
                reqd: 1,
            },
            { fieldname: "date", label: __("Last Day"), fieldtype: "Date", depends_on: "eval:doc.at=='Date'" },
            { fieldname: "prorate", label: __("Prorate the Last Invoice"), fieldtype: "Check", default: 1 },
            { fieldname: "credit_unused_days", label: __("Credit Unused Paid Days"), fieldtype: "Check" },
            { fieldname: "reason", label: __("Reason"), fieldtype: "Small Text" },
        ],
    },
    {
        action: "Change Price",
        label: __("Change Price"),
        fields: [
            { fieldname: "item", label: __("Item"), fieldtype: "Link", options: "Item", description: __("Empty: every line with a fixed rate") },
            { fieldname: "percentage", label: __("By Per Cent"), fieldtype: "Float", depends_on: "eval:!doc.rate" },
            { fieldname: "rate", label: __("To the Rate"), fieldtype: "Float", depends_on: "eval:!doc.percentage" },
        ],
    },
];

subscription_plus.offer_bulk = function (listview) {
    for (const verb of subscription_plus.bulk_verbs()) {
        listview.page.add_actions_menu_item(
            verb.label,
            () => subscription_plus.ask_bulk(verb, listview.get_checked_items(true)),
            false,
        );
    }
};

subscription_plus.ask_bulk = function (verb, names) {
    const told = __("{0} subscriptions are chosen.", [names.length]);
    if (!verb.fields.length) {
        frappe.confirm(`${told} ${__("Bring them up to date now?")}`, () => subscription_plus.run_bulk(verb, names, {}));
        return;
    }
    const dialog = new frappe.ui.Dialog({
        title: verb.label,
        fields: [{ fieldtype: "HTML", options: `<p>${told}</p>` }, ...verb.fields],
        primary_action_label: verb.label,
        primary_action: (answers) => {
            dialog.hide();
            subscription_plus.run_bulk(verb, names, answers);
        },
    });
    dialog.show();
};

subscription_plus.run_bulk = async function (verb, names, values) {
    const { message } = await frappe.call({
        method: "subscription_plus.api.desk.run_for_many",
        args: { action: verb.action, subscriptions: names, values },
    });
    frappe.show_alert({ message: __("It is done in the background; you are told when it is finished."), indicator: "blue" });
    subscription_plus.await_run(message.run);
};

// A site without a socket server hears nothing by itself: it asks, ever more rarely, for a quarter of an hour.
subscription_plus.await_run = function (run, tries = 0) {
    setTimeout(async () => {
        if (subscription_plus.told_runs.has(run)) return;
        const { message } = await frappe.call({
            method: "subscription_plus.api.desk.run_state",
            type: "GET",
            args: { run },
        });
        if (message.finished) {
            subscription_plus.tell_run(message);
            return;
        }
        subscription_plus.show_progress(message);
        if (tries < 60) subscription_plus.await_run(run, tries + 1);
    }, 2000 + 400 * tries);
};

subscription_plus.show_progress = function ({ action, position, total }) {
    if (total) frappe.show_progress(__(action, null, "SP Billing Run"), position, total, "", true);
};

subscription_plus.told_runs = new Set();

subscription_plus.tell_run = function ({ message, failed, run }) {
    if (subscription_plus.told_runs.has(run)) return;
    subscription_plus.told_runs.add(run);
    frappe.hide_progress();
    if (failed) {
        frappe.msgprint({ title: __("Not All Could Be Done"), message, indicator: "orange" });
    } else {
        frappe.show_alert({ message, indicator: "green" });
    }
    if (cur_list && cur_list.doctype === "SP Subscription") cur_list.refresh();
};

// Heard on every page of the desk: a person need not stay on the list.
$(document).on("app_ready", () => {
    if (!frappe.realtime || !frappe.realtime.on) return;
    frappe.realtime.on("sp_bulk_progress", subscription_plus.show_progress);
    frappe.realtime.on("sp_bulk_done", subscription_plus.tell_run);
});

// A dry run of taking native ERPNext or Dokos subscriptions over; the person ticks which.
subscription_plus.take_over = async function () {
    const { message: offer } = await frappe.call({
        method: "subscription_plus.api.desk.earlier_subscriptions",
        type: "GET",
        freeze: true,
    });
    if (!offer.rows.length) {
        frappe.msgprint(__("This site has no earlier subscription that still bills."));
        return;
    }
    const escape = frappe.utils.escape_html;
    const rows = offer.rows.map((row) => `<tr class="${row.problem ? "text-muted" : ""}">
        <td><input type="checkbox" aria-label="${escape(row.name)}" data-name="${escape(row.name)}" ${row.problem ? "disabled" : "checked"}></td>
        <td>${escape(row.name)}</td><td>${escape(row.customer || "")}</td><td>${escape(row.lines || "")}</td>
        <td>${escape(row.problem || row.interval)}</td>
        <td>${row.next_start ? frappe.datetime.str_to_user(row.next_start) : ""}</td></tr>`);
    const dialog = new frappe.ui.Dialog({
        title: __("Take Over Earlier Subscriptions"),
        size: "extra-large",
        fields: [
            {
                fieldtype: "HTML",
                options: `<p>${__("Nothing is changed yet. Those you tick go on here at the date shown, and stop billing where they were.")}</p>
                    <div class="table-responsive"><table class="table table-sm"><thead><tr><th></th>
                    <th>${__("Subscription")}</th><th>${__("Customer")}</th><th>${__("Lines")}</th>
                    <th>${__("Every")}</th><th>${__("Next Period From")}</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`,
            },
        ],
        primary_action_label: __("Take Over"),
        primary_action: async () => {
            const names = dialog.$wrapper.find("input[data-name]:checked").map((_i, box) => box.dataset.name).get();
            if (!names.length) return;
            dialog.hide();
            const { message } = await frappe.call({
                method: "subscription_plus.api.desk.take_over",
                args: { names },
                freeze: true,
            });
            const failed = Object.entries(message.failed).map(([name, why]) => `<li>${escape(name)}: ${escape(why)}</li>`);
            frappe.msgprint({
                title: __("Take Over Earlier Subscriptions"),
                message: __("{0} subscriptions were taken over.", [message.made.length]) + (failed.length ? `<ul>${failed.join("")}</ul>` : ""),
                indicator: failed.length ? "orange" : "green",
            });
            if (cur_list) cur_list.refresh();
        },
    });
    dialog.show();
};
