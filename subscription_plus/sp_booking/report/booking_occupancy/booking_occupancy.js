// The report's filters.

frappe.query_reports["Booking Occupancy"] = {
    filters: [
        { fieldname: "since", label: __("From"), fieldtype: "Date", default: frappe.datetime.add_days(frappe.datetime.get_today(), -56), reqd: 1 },
        { fieldname: "until", label: __("To"), fieldtype: "Date", default: frappe.datetime.get_today(), reqd: 1 },
        { fieldname: "item", label: __("Item"), fieldtype: "Link", options: "Item", get_query: () => ({ filters: { sp_bookable: 1 } }) },
    ],
};
