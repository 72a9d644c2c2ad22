// The report's filters; its numbers lead to what they are made of.

frappe.query_reports["MRR Movements"] = {
    filters: [
        { fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company", default: frappe.defaults.get_user_default("Company"), reqd: 1 },
        { fieldname: "since", label: __("From"), fieldtype: "Date", default: frappe.datetime.add_months(frappe.datetime.month_start(), -11) },
        { fieldname: "until", label: __("To"), fieldtype: "Date", default: frappe.datetime.get_today() },
        { fieldname: "currency", label: __("Only the Currency"), fieldtype: "Link", options: "Currency" },
        { fieldname: "details", label: __("Details"), fieldtype: "Check", default: 0 },
        { fieldname: "kind", label: __("Movement"), fieldtype: "Select", options: ["", "New", "Expansion", "Contraction", "Churn", "Reactivation"], depends_on: "eval:doc.details" },
    ],
    formatter: subscription_plus.reports.drill("MRR Movements"),
};
