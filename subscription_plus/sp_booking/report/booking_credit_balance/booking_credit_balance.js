// The report's filters.

frappe.query_reports["Booking Credit Balance"] = {
    filters: [
        { fieldname: "until", label: __("On"), fieldtype: "Date", default: frappe.datetime.get_today(), reqd: 1 },
        { fieldname: "customer", label: __("Customer"), fieldtype: "Link", options: "Customer" },
        { fieldname: "credit_type", label: __("Credit Type"), fieldtype: "Link", options: "SP Booking Credit Type" },
    ],
};
