// The list's indicator: the life of a subscription, or what is urgent about its billing.

frappe.listview_settings["SP Subscription"] = {
    add_fields: ["status", "billing_status", "parked"],
    get_indicator(doc) {
        const urgent = { Failed: "red", Unpaid: "red", "Past Due": "red", "Awaiting Payment": "orange" };
        if (doc.status === "Active" && urgent[doc.billing_status]) {
            return [__(doc.billing_status), urgent[doc.billing_status], `billing_status,=,${doc.billing_status}`];
        }
        const colours = {
            Scheduled: "blue",
            Trial: "blue",
            Active: "green",
            Paused: "yellow",
            Cancelled: "gray",
            Completed: "gray",
        };
        return [__(doc.status, null, "SP Subscription"), colours[doc.status], `status,=,${doc.status}`];
    },
};
