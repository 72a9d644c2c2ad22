// Movements by colour: what begins or grows is green, what falls orange, what ends red.

frappe.listview_settings["SP Revenue Movement"] = {
    hide_name_column: true,
    add_fields: ["kind", "currency"],
    formatters: { kind: (value, _df, doc) => __(value, null, doc.doctype) },
    get_indicator(doc) {
        const colours = { Contraction: "orange", Churn: "red" };
        return [__(doc.kind, null, doc.doctype), colours[doc.kind] || "green", `kind,=,${doc.kind}`];
    },
};
