// The report's filters; its numbers lead to what they are made of.

frappe.query_reports["Payments by Method"] = {
    filters: [
        { fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company", default: frappe.defaults.get_user_default("Company"), reqd: 1 },
        { fieldname: "since", label: __("From"), fieldtype: "Date", default: frappe.datetime.add_months(frappe.datetime.month_start(), -11) },
        { fieldname: "until", label: __("To"), fieldtype: "Date", default: frappe.datetime.get_today() },
        { fieldname: "details", label: __("Details"), fieldtype: "Check", default: 0 },
        { fieldname: "mode_of_payment", label: __("Mode of Payment"), fieldtype: "Link", options: "Mode of Payment" },
    ],
    formatter: subscription_plus.reports.drill("Payments by Method"),
};
