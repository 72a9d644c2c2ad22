// The kind of movement, in the reader's language.

frappe.listview_settings["SP Booking Credit Entry"] = {
    formatters: { kind: (value) => __(value, null, "SP Booking Credit Entry") },
};
