// The periods of a subscription on its form: those that were billed with their documents, and those that come.

frappe.provide("subscription_plus");

subscription_plus.show_periods = function (frm, coming, problem) {
    const field = frm.get_field("periods_html");
    if (!field) return;
    const past = (frm.doc.__onload && frm.doc.__onload.overview && frm.doc.__onload.overview.periods) || [];
    // In the order of time; of a long history its end.
    const shown = past.slice(0, 12).reverse();
    const rows = [...shown.map(subscription_plus.billed_row), ...coming.map(subscription_plus.coming_row)];
    const all = `<a href="/app/sp-billing-period?subscription=${encodeURIComponent(frm.docname)}">${__("All {0} periods", [past.length])}</a>`;
    field.$wrapper.html(`
        <div class="sp-periods">
            ${past.length > shown.length ? `<p>${all}</p>` : ""}
            ${problem ? `<p class="text-muted">${frappe.utils.escape_html(problem)}</p>` : ""}
            ${rows.length ? `<div class="table-responsive"><table class="table table-sm table-hover">
                <thead><tr>
                    <th>${__("Period")}</th><th>${__("Billed On")}</th><th>${__("Status")}</th>
                    <th>${__("Documents")}</th><th class="text-right">${__("Amount")}</th>
                </tr></thead><tbody>${rows.join("")}</tbody></table></div>
                <p class="text-muted small">${__("Amounts of coming periods are before tax and additional discounts.")}</p>` : ""}
        </div>`);
};

subscription_plus.days = function (period) {
    const days = `${frappe.datetime.str_to_user(period.start)} – ${frappe.datetime.str_to_user(period.end)}`;
    return period.days < period.whole_days ? `${days} (${period.days}/${period.whole_days})` : days;
};

subscription_plus.billed_row = function (period) {
    const escape = frappe.utils.escape_html;
    const links = period.documents.map(
        (made) => `<a href="${frappe.utils.get_form_link(made.doctype, made.name)}" title="${escape(made.name)}">${escape(made.label)}</a>`,
    );
    const owed = period.outstanding > 0 && period.outstanding < period.total
        ? `<br><small class="text-muted">${__("open: {0}", [format_currency(period.outstanding, period.currency)])}</small>`
        : "";
    return `<tr>
        <td><a href="${frappe.utils.get_form_link("SP Billing Period", period.name)}">${subscription_plus.days(period)}</a></td>
        <td>${period.billing_date ? frappe.datetime.str_to_user(period.billing_date) : ""}</td>
        <td><span class="indicator-pill ${period.colour} no-indicator-dot filterable">${escape(period.label)}</span></td>
        <td>${links.join(" · ")}</td>
        <td class="text-right">${format_currency(period.total, period.currency)}${owed}</td></tr>`;
};

subscription_plus.coming_row = function (period) {
    const escape = frappe.utils.escape_html;
    const lines = period.lines.map((line) => escape(`${line.item} × ${line.qty}`)).join(", ");
    return `<tr class="text-muted">
        <td>${subscription_plus.days(period)}</td>
        <td>${frappe.datetime.str_to_user(period.billing_date)}</td>
        <td><span class="indicator-pill gray no-indicator-dot">${__("Coming")}</span></td>
        <td><small>${lines}</small></td>
        <td class="text-right">${format_currency(period.total, period.currency)}</td></tr>`;
};

// Asked again while a person types, not more often than twice a second; an answer that was overtaken is dropped.
subscription_plus.preview = frappe.utils.debounce(async function (frm) {
    const number = (frm.sp_preview = (frm.sp_preview || 0) + 1);
    const name = frm.docname;
    const { message } = await frappe.call({
        method: "subscription_plus.api.desk.preview_draft",
        args: { doc: subscription_plus.sendable(frm.doc), count: 6 },
        error_handlers: {},
    });
    if (frm.sp_preview === number && frm.docname === name) {
        subscription_plus.show_periods(frm, message.periods, message.problem);
    }
}, 500);

subscription_plus.sendable = function (doc) {
    const copy = { ...doc };
    delete copy.__onload;
    return JSON.stringify(copy);
};
