// The report's filters; its numbers lead to what they are made of.

frappe.query_reports["Subscription Cohorts"] = {
    filters: [
        { fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company", default: frappe.defaults.get_user_default("Company"), reqd: 1 },
        { fieldname: "since", label: __("From"), fieldtype: "Date", default: frappe.datetime.add_months(frappe.datetime.month_start(), -11) },
        { fieldname: "until", label: __("To"), fieldtype: "Date", default: frappe.datetime.get_today() },
        { fieldname: "currency", label: __("Only the Currency"), fieldtype: "Link", options: "Currency" },
        { fieldname: "by", label: __("Count"), fieldtype: "Select", options: ["Customer", "Subscription"], default: "Customer" },
        { fieldname: "show", label: __("Show"), fieldtype: "Select", options: ["Number", "Number in Percent", "Revenue", "Revenue in Percent"], default: "Number in Percent" },
        { fieldname: "details", label: __("Details"), fieldtype: "Check", default: 0 },
        { fieldname: "cohort", label: __("Month It Began"), fieldtype: "Date", depends_on: "eval:doc.details" },
        { fieldname: "after", label: __("Months Later"), fieldtype: "Int", default: 0, depends_on: "eval:doc.details" },
    ],
    formatter: subscription_plus.reports.drill("Subscription Cohorts"),
};
