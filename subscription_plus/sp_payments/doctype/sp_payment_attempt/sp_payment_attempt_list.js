// The list's indicator: what became of each try to take money.

frappe.listview_settings["SP Payment Attempt"] = {
    add_fields: ["status"],
    get_indicator(doc) {
        const colours = {
            Created: "gray",
            Sent: "blue",
            Unknown: "yellow",
            "Needs Action": "orange",
            Processing: "blue",
            Failed: "red",
            Cancelled: "gray",
            Succeeded: "green",
            Reversed: "red",
        };
        return [__(doc.status, null, "SP Payment Attempt"), colours[doc.status] || "gray", `status,=,${doc.status}`];
    },
};
