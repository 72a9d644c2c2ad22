// The report's filters; its numbers lead to what they are made of.

frappe.query_reports["Subscription Churn"] = {
    filters: [
        { fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company", default: frappe.defaults.get_user_default("Company"), reqd: 1 },
        { fieldname: "since", label: __("From"), fieldtype: "Date", default: frappe.datetime.add_months(frappe.datetime.month_start(), -11) },
        { fieldname: "until", label: __("To"), fieldtype: "Date", default: frappe.datetime.get_today() },
        { fieldname: "currency", label: __("Only the Currency"), fieldtype: "Link", options: "Currency" },
        { fieldname: "by", label: __("Count"), fieldtype: "Select", options: ["Customer", "Subscription"], default: "Customer" },
        { fieldname: "details", label: __("Details"), fieldtype: "Check", default: 0 },
    ],
    formatter: subscription_plus.reports.drill("Subscription Churn"),
};
