// The report's filters; its numbers lead to what they are made of.

frappe.query_reports["Subscription Forecast"] = {
    filters: [
        { fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company", default: frappe.defaults.get_user_default("Company"), reqd: 1 },
        { fieldname: "months", label: __("Months"), fieldtype: "Int", default: 12 },
        { fieldname: "currency", label: __("Only the Currency"), fieldtype: "Link", options: "Currency" },
        { fieldname: "details", label: __("Details"), fieldtype: "Check", default: 0 },
        { fieldname: "month", label: __("Only the Month Of"), fieldtype: "Date", depends_on: "eval:doc.details" },
    ],
    formatter: subscription_plus.reports.drill("Subscription Forecast"),
};
