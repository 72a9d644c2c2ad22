// Bookings in the desk's calendar, and what subscriptions hold; dragging a booking is moving it, and the server decides.

frappe.views.calendar["SP Item Booking"] = {
    field_map: {
        start: "starts_on",
        end: "ends_on",
        id: "name",
        title: "title",
        allDay: "allDay",
        color: "color",
    },
    // A month is too small to read on a phone.
    options: frappe.is_mobile() ? { defaultView: "agendaDay" } : {},
    // What is dropped is the time that is shown, in whatever zone the browser is: Frappe's own way shifts it there.
    get_system_datetime: (moment) => frappe.datetime.convert_to_system_tz(moment.format("YYYY-MM-DD HH:mm:ss")),
    get_events_method: "subscription_plus.api.bookings.calendar",
    filters: [
        { fieldtype: "Link", fieldname: "item", options: "Item", label: __("Item") },
        { fieldtype: "Link", fieldname: "customer", options: "Customer", label: __("Customer") },
    ],
};
