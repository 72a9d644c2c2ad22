// A number in a report leads to the same report's details: a row's `drill` says for each column with which filters.

frappe.provide("subscription_plus.reports");

subscription_plus.reports.drill = (report) => (value, row, column, data, format) => {
    // A month that is not over yet has no number; the desk would show a zero.
    if (value === undefined || value === null) return "";
    const shown = format(value, row, column, data);
    const filters = data && data.drill && data.drill[column.fieldname];
    if (!filters || !value) return shown;
    const asked = { ...frappe.query_report.get_filter_values(), ...filters };
    const query = Object.entries(asked)
        .filter(([, each]) => each !== undefined && each !== null && each !== "")
        .map(([key, each]) => `${key}=${encodeURIComponent(each)}`);
    const address = `/app/query-report/${encodeURIComponent(report)}?${query.join("&")}`;
    return `<a href="${address}" onclick="return subscription_plus.reports.open(event, this)">${shown}</a>`;
};

// The desk does not go from a report to itself: a plain click sets the filters, any other opens the address.
subscription_plus.reports.open = (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return true;
    const filters = Object.fromEntries(new URLSearchParams(link.search));
    frappe.query_report.refresh_report(filters);
    return false;
};
