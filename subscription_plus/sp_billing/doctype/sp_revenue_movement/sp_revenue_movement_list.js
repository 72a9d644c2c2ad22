// Movements by colour: what begins or grows is green, what falls orange, what ends red.

frappe.listview_settings["SP Revenue Movement"] = {
    hide_name_column: true,
    add_fields: ["kind", "currency"],
    formatters: { kind: (value) => __(value, null, "SP Revenue Movement") },
    get_indicator(doc) {
        const colours = { Contraction: "orange", Churn: "red" };
        return [__(doc.kind, null, "SP Revenue Movement"), colours[doc.kind] || "green", `kind,=,${doc.kind}`];
    },
};
