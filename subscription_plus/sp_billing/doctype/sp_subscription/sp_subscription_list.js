// The list: the life of a subscription or what is urgent about it, those that live first, and verbs over many.

frappe.listview_settings["SP Subscription"] = {
    add_fields: ["status", "billing_status", "parked"],
    filters: [["status", "not in", ["Cancelled", "Completed"]]],

    get_indicator(doc) {
        const urgent = {
            Failed: "red",
            Unpaid: "red",
            "Past Due": "red",
            "Awaiting Payment": "orange",
            "Payment Processing": "blue",
        };
        if (doc.status === "Active" && urgent[doc.billing_status]) {
            return [
                __(doc.billing_status, null, "SP Subscription"),
                urgent[doc.billing_status],
                `billing_status,=,${doc.billing_status}`,
            ];
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

    onload(listview) {
        subscription_plus.offer_bulk(listview);
        if (frappe.perm.has_perm("SP Subscription", 0, "import")) {
            listview.page.add_inner_button(__("Take Over Earlier Subscriptions"), () => subscription_plus.take_over());
        }
    },
};
