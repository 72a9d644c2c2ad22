// The list's indicator.

frappe.listview_settings["SP Item Booking"] = {
    add_fields: ["status"],
    get_indicator(doc) {
        const colours = { "In Cart": "gray", Tentative: "orange", Confirmed: "green", Cancelled: "red" };
        return [__(doc.status), colours[doc.status], `status,=,${doc.status}`];
    },
};
