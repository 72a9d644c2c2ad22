// The kind of movement, in the reader's language.

frappe.listview_settings["SP Booking Credit Entry"] = {
    formatters: { kind: (value, _df, doc) => __(value, null, doc.doctype) },
};
