// The list's indicator: whether a message of the gateway is worked off.

frappe.listview_settings["SP Webhook Event"] = {
    add_fields: ["status"],
    get_indicator(doc) {
        const colours = {
            Received: "blue",
            Done: "green",
            Ignored: "gray",
            Failed: "red",
        };
        return [__(doc.status, null, "SP Webhook Event"), colours[doc.status] || "gray", `status,=,${doc.status}`];
    },
};
