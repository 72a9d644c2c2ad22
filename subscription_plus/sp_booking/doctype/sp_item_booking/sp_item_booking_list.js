// The list: when and for whom, rather than a number; the status as indicator.

frappe.listview_settings["SP Item Booking"] = {
    add_fields: ["status"],
    hide_name_column: true,
    get_indicator(doc) {
        const colours = { "In Cart": "gray", Tentative: "orange", Confirmed: "green", Cancelled: "red" };
        return [__(doc.status), colours[doc.status], `status,=,${doc.status}`];
    },
};
