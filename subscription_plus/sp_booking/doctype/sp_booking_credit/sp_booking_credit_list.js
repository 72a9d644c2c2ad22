// The list's indicator.

frappe.listview_settings["SP Booking Credit"] = {
    add_fields: ["status", "balance"],
    get_indicator(doc) {
        const colours = { Active: "green", "Used Up": "gray", Expired: "orange", Withdrawn: "red" };
        return [__(doc.status), colours[doc.status], `status,=,${doc.status}`];
    },
};
