// The buttons of a document's verbs: the server says which there are now and what each asks.

frappe.provide("subscription_plus");

subscription_plus.show_actions = async function (frm) {
    if (frm.is_new() || frm.is_dirty()) return;
    const name = frm.docname;
    const { message: actions } = await frappe.call({
        method: "subscription_plus.api.actions.of",
        type: "GET",
        args: { doctype: frm.doctype, name },
    });
    if (frm.docname !== name) return; // another document was opened meanwhile
    for (const action of actions || []) {
        const group = action.primary ? undefined : __("Actions");
        frm.remove_custom_button(action.label, group); // a second refresh must not show it twice
        const button = frm.add_custom_button(action.label, () => subscription_plus.ask(frm, action), group);
        if (action.primary) button.removeClass("btn-default").addClass("btn-primary");
    }
};

subscription_plus.ask = function (frm, action) {
    if (action.fields.length) {
        const dialog = new frappe.ui.Dialog({
            title: action.label,
            fields: action.fields.map(subscription_plus.question),
            primary_action_label: action.label,
            primary_action: async (answers) => {
                dialog.disable_primary_action();
                try {
                    await subscription_plus.run(frm, action, answers);
                    dialog.hide();
                } finally {
                    dialog.enable_primary_action();
                }
            },
        });
        dialog.show();
    } else if (action.confirm) {
        frappe.confirm(action.confirm, () => subscription_plus.run(frm, action, {}));
    } else {
        subscription_plus.run(frm, action, {});
    }
};

// A dialog's field: choices are shown in the reader's language, links lead only where the server says.
subscription_plus.question = function (field) {
    if (!field.filters) return field;
    return { ...field, get_query: () => ({ filters: field.filters }) };
};

subscription_plus.run = async function (frm, action, answers) {
    const { message } = await frappe.call({
        method: action.method,
        args: { ...action.args, ...answers },
        freeze: true,
    });
    await frm.reload_doc();
    subscription_plus.tell(action, message);
};

subscription_plus.tell = function (action, result) {
    if (typeof result === "string") {
        frappe.msgprint({ title: action.label, message: `<code>${frappe.utils.escape_html(result)}</code>` });
    } else if (result && result.url) {
        window.open(result.url, "_blank", "noopener");
    } else if (result && result.error) {
        frappe.msgprint({ title: __("Could not go on"), message: frappe.utils.escape_html(result.error), indicator: "red" });
    } else if (result && result.documents) {
        const made = result.documents.map((made) => frappe.utils.get_form_link(made.doctype, made.name, true));
        frappe.show_alert({
            message: made.length ? __("Made: {0}", [made.join(", ")]) : __("Nothing is due."),
            indicator: "green",
        });
    } else {
        frappe.show_alert({ message: __("{0}: done", [action.label]), indicator: "green" });
    }
};
