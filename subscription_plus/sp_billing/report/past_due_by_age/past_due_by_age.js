// The report's filters; its numbers lead to what they are made of.

frappe.query_reports["Past Due by Age"] = {
    filters: [
        { fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company", default: frappe.defaults.get_user_default("Company"), reqd: 1 },
        { fieldname: "currency", label: __("Only the Currency"), fieldtype: "Link", options: "Currency" },
        { fieldname: "details", label: __("Details"), fieldtype: "Check", default: 0 },
        { fieldname: "customer", label: __("Customer"), fieldtype: "Link", options: "Customer" },
        { fieldname: "age", label: __("Days Past Due"), fieldtype: "Select", options: ["", "1-30", "31-60", "61-90", "91+"], depends_on: "eval:doc.details" },
    ],
    formatter: subscription_plus.reports.drill("Past Due by Age"),
};
