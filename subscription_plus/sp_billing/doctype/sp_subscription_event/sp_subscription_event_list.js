// What happened is each row's title, which Frappe does not translate.

frappe.listview_settings["SP Subscription Event"] = {
    hide_name_column: true,
    formatters: { event_type: (value) => __(value, null, "SP Subscription Event") },
};
