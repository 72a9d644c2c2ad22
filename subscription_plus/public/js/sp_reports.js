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
    return `<a href="/app/query-report/${encodeURIComponent(report)}?${query.join("&")}">${shown}</a>`;
};
