// The report's filters.

frappe.query_reports["Booking Credits Expiring"] = {
    filters: [
        { fieldname: "days", label: __("Within Days"), fieldtype: "Int", default: 30, reqd: 1 },
        { fieldname: "customer", label: __("Customer"), fieldtype: "Link", options: "Customer" },
        { fieldname: "credit_type", label: __("Credit Type"), fieldtype: "Link", options: "SP Booking Credit Type" },
    ],
};
