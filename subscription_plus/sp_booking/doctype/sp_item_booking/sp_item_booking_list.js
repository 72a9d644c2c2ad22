// The list: when and for whom, rather than a number; the status as indicator.

frappe.listview_settings["SP Item Booking"] = {
    add_fields: ["status", "customer_name"],
    hide_name_column: true,
    // Narrow screens show few columns: who comes stands beside what is booked.
    formatters: {
        item_name: (value, _df, doc) => [value, doc.customer_name].filter(Boolean).join(" · "),
    },
    get_indicator(doc) {
        const colours = { "In Cart": "gray", Tentative: "orange", Confirmed: "green", Cancelled: "red" };
        return [__(doc.status), colours[doc.status], `status,=,${doc.status}`];
    },
};
