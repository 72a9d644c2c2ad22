// A form's tour, from its menu, whenever a person wants it.

frappe.provide("subscription_plus");

subscription_plus.offer_tour = function (frm, tour_name) {
    frm.page.add_menu_item(__("Show Tour"), async () => {
        await frm.tour.init({ tour_name });
        frm.tour.start();
    });
};
