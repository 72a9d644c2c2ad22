// The desk's few moving parts: link suggestions, rows of tables, tabs, and fields that depend on others.
"use strict";

// Suggestions of a link field, fetched while typing.
document.addEventListener("input", async (event) => {
  const input = event.target;
  const from = input.dataset.linkFrom;
  const doctype = from ? sibling(input, from)?.value : input.dataset.link;
  if (!doctype) return;
  const query = new URLSearchParams({ doctype, txt: input.value, page_length: 12 });
  const answer = await fetch("/api/method/frappe.desk.search.search_link?" + query, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const list = document.getElementById(input.getAttribute("list"));
  list.replaceChildren(...(await answer.json()).message.map((found) => {
    const option = new Option(found.description || found.label || "", found.value);
    option.value = found.value;
    return option;
  }));
});
document.addEventListener("focusin", (event) => {
  if (event.target.dataset?.link || event.target.dataset?.linkFrom) event.target.dispatchEvent(new Event("input", { bubbles: true }));
});

// The field of the same row (or of the form) with another fieldname.
function sibling(input, fieldname) {
  const parts = input.name.split(".");
  parts[parts.length - 1] = fieldname;
  return input.form.elements[parts.join(".")];
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.ask && !window.confirm(button.dataset.ask)) event.preventDefault();
  if ("add" in button.dataset) addRow(button.closest(".grid"));
  if ("remove" in button.dataset) button.closest("[data-row]").remove();
  if ("more" in button.dataset) {
    const more = button.closest("[data-row]").querySelector(".more");
    more.hidden = !more.hidden;
  }
  if (button.dataset.tab) openTab(button.dataset.tab);
});

function addRow(grid) {
  const table = grid.querySelector("table");
  const taken = [...table.querySelectorAll("[name]")].map((input) => Number(input.name.split(".")[1]) || 0);
  const index = Math.max(0, ...taken) + 1;
  const prefix = table.dataset.table + ".";
  const row = grid.querySelector("template").content.firstElementChild.cloneNode(true);
  for (const element of row.querySelectorAll("[name],[list],[id]")) {
    for (const key of ["name", "list", "id"]) {
      const value = element.getAttribute(key);
      if (value) element.setAttribute(key, value.replace(prefix + "0.", prefix + index + "."));
    }
  }
  table.append(row);
  applyConditions(table.closest("form"));
  row.querySelector("input:not([type=hidden]),select")?.focus();
}

function openTab(number) {
  for (const panel of document.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== number;
  for (const tab of document.querySelectorAll("[data-tab]")) tab.setAttribute("aria-selected", tab.dataset.tab === number);
}

// The document as it is typed at this moment, for `depends_on` and its relatives.
function currentDoc(form) {
  const doc = JSON.parse(form.dataset.doc);
  for (const shown of form.querySelectorAll("[data-field]")) doc[shown.dataset.field] = shown.dataset.value;
  for (const input of form.elements) {
    if (!input.name || input.name.includes(".")) continue;
    if (input.type === "checkbox") doc[input.name] = input.checked ? 1 : 0;
    else doc[input.name] = input.type === "number" && input.value !== "" ? Number(input.value) : input.value;
  }
  for (const table of form.querySelectorAll("[data-table]")) doc[table.dataset.table] = [...table.querySelectorAll("[data-row]")].map(rowDoc);
  return doc;
}

function holds(expression, doc) {
  try {
    return Boolean(new Function("doc", "parent", "return (" + expression + ")")(doc, doc.parent));
  } catch {
    return true; // an expression that only a full desk can evaluate hides nothing here
  }
}

function rowDoc(row) {
  const doc = {};
  for (const input of row.querySelectorAll("[name]")) {
    const fieldname = input.name.split(".").pop();
    doc[fieldname] = input.type === "checkbox" ? (input.checked ? 1 : 0) : input.value;
  }
  return doc;
}

function applyConditions(form) {
  const doc = currentDoc(form);
  for (const row of form.querySelectorAll("[data-row]")) {
    for (const field of row.querySelectorAll("[data-row-depends]")) {
      if (field.dataset.rowDepends) field.hidden = !holds(field.dataset.rowDepends, { ...rowDoc(row), parent: doc });
    }
  }
  for (const element of form.querySelectorAll("[data-depends]")) {
    if (element.dataset.depends) element.hidden = !holds(element.dataset.depends, doc);
  }
  for (const section of form.querySelectorAll("section.card")) {
    if (!section.dataset.depends) section.hidden = ![...section.querySelectorAll(".field")].some((field) => !field.hidden);
  }
  for (const field of form.querySelectorAll("[data-locked]")) {
    if (field.dataset.locked) field.classList.toggle("locked", holds(field.dataset.locked, doc));
  }
  for (const field of form.querySelectorAll("[data-mandatory]")) {
    if (field.dataset.mandatory) field.classList.toggle("needed", holds(field.dataset.mandatory, doc));
  }
}

for (const form of document.querySelectorAll("form[data-doc]")) {
  form.addEventListener("change", () => applyConditions(form));
  applyConditions(form);
}
if (document.querySelector("[data-tab]")) openTab("1");
