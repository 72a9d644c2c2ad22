// The list's indicator: how far the period's documents are.

frappe.listview_settings["SP Billing Period"] = {
    get_indicator(doc) {
        const colours = {
            "To Order": "blue",
            "Awaiting Payment": "orange",
            "Payment Processing": "blue",
            "To Invoice": "blue",
            "Draft Invoice": "yellow",
            Paid: "green",
            "Nothing to Bill": "gray",
            Void: "gray",
        };
        return [__(doc.status, null, "SP Billing Period"), colours[doc.status], `status,=,${doc.status}`];
    },
};
