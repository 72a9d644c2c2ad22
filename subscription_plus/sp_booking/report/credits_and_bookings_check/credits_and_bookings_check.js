// The report's filters.

frappe.query_reports["Credits and Bookings Check"] = {
    filters: [
    ],
};
