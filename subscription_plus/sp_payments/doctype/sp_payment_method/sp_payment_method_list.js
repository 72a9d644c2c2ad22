// The list: methods that can be charged, unless one asks for the others.

frappe.listview_settings["SP Payment Method"] = {
    add_fields: ["status"],
    filters: [["status", "!=", "Removed"]],
    get_indicator(doc) {
        const colours = {
            Active: "green",
            Dead: "red",
            Expired: "orange",
            Removed: "gray",
        };
        return [__(doc.status, null, "SP Payment Method"), colours[doc.status] || "gray", `status,=,${doc.status}`];
    },
};
