// The list's indicator: runs that go on, and those in which something failed.

frappe.listview_settings["SP Billing Run"] = {
    add_fields: ["finished_at", "failed"],
    get_indicator(doc) {
        if (!doc.finished_at) return [__("Running"), "blue", "finished_at,is,not set"];
        if (doc.failed) return [__("{0} failed", [doc.failed]), "red", "failed,>,0"];
        return [__("Done"), "green", "failed,=,0"];
    },
};
