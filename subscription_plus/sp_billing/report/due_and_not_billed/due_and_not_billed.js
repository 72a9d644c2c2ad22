// The report's filters.

frappe.query_reports["Due and Not Billed"] = {
    filters: [
        { fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company", default: frappe.defaults.get_user_default("Company"), reqd: 1 },
        { fieldname: "currency", label: __("Only the Currency"), fieldtype: "Link", options: "Currency" },
    ],
};
