/* The builder of conditions without a round trip: rows come and go in the page.

   Hooks (templates/components/condition.html):
   data-condition          the whole widget; holds its words as JSON and its <template>s.
   data-condition-do       a button whose value says what to do: add-row:ID, add-group:ID,
                           remove:ID. Without this script it sends the form instead.
   data-condition-field    chooses the field: its comparisons and inputs follow.
   data-condition-operator chooses the comparison: its inputs follow.
   data-condition-rows     holds the rows of a group.
   data-condition-said     is told what happened, for those who do not see it.
   Everything is listened to on the document, so htmx may bring a builder later. */

const words = (builder) => JSON.parse(builder.querySelector('script[type="application/json"]').textContent);
const nodes = (builder) => [...builder.querySelectorAll(`input[name="${builder.dataset.name}-node"]`)];
const groupOf = (builder, id) => builder.querySelector(`[data-condition-group-id="${id}"]`);
const nodeOf = (builder, id) =>
  groupOf(builder, id) ?? builder.querySelector(`[data-condition-row-id="${id}"]`);

function nextId(builder) {
  return 1 + Math.max(0, ...nodes(builder).map((node) => Number.parseInt(node.value, 10)));
}

/* A copy of a template, with the places that are left open filled in. */
function copy(template, places) {
  const fill = (text) => text.replaceAll("__id__", places.id).replaceAll("__parent__", places.parent);
  const piece = template.content.cloneNode(true);
  piece.querySelectorAll("*").forEach((element) => {
    for (const name of ["name", "value", "data-condition-row-id", "data-condition-group-id"]) {
      const text = element.getAttribute(name);
      if (text?.includes("__")) element.setAttribute(name, fill(text));
    }
  });
  return piece;
}

function depthOf(group) {
  let depth = 0;
  for (let at = group; (at = at.parentElement.closest("[data-condition-group-id]")); ) depth += 1;
  return depth;
}

function addRow(builder, id) {
  if (nodes(builder).length >= Number(builder.dataset.most)) return null;
  const row = copy(builder.querySelector("template[data-condition-row]"), {
    id: nextId(builder),
    parent: id,
  }).firstElementChild;
  groupOf(builder, id).querySelector("[data-condition-rows]").append(row);
  return row;
}

function addGroup(builder, id) {
  if (nodes(builder).length + 2 > Number(builder.dataset.most)) return null;
  const own = nextId(builder);
  const group = copy(builder.querySelector("template[data-condition-group]"), {
    id: own,
    parent: id,
  }).firstElementChild;
  groupOf(builder, id).querySelector("[data-condition-rows]").append(group);
  if (depthOf(group) + 2 > Number(builder.dataset.deepest)) {
    group.querySelector('[value^="add-group:"]')?.remove();
  }
  return addRow(builder, own);
}

function remove(builder, id) {
  const node = nodeOf(builder, id);
  const group = node.parentElement.closest("[data-condition-group-id]");
  const beside = node.nextElementSibling ?? node.previousElementSibling;
  node.remove();
  return beside ?? group;
}

const ACTIONS = { "add-row": addRow, "add-group": addGroup, remove };

function showEditor(row, entry) {
  const builder = row.closest("[data-condition]");
  const holder = row.querySelector("[data-condition-value]");
  const key = entry[2];
  if (holder.dataset.editor === key) return;
  const template = [...builder.querySelectorAll("template[data-condition-editor]")].find(
    (one) => one.dataset.conditionEditor === key,
  );
  const typed = holder.querySelector("input:not([type=hidden], [type=checkbox]), textarea")?.value;
  holder.replaceChildren(copy(template, { id: row.dataset.conditionRowId, parent: "" }));
  holder.dataset.editor = key;
  const text = holder.querySelector("input[type=text]:not([inputmode]), textarea");
  if (text && typed) text.value = typed;
}

function chosenEntry(row) {
  const known = words(row.closest("[data-condition]"))[row.querySelector("[data-condition-field]").value];
  const code = row.querySelector("[data-condition-operator]").value;
  return [known, known.find((entry) => entry[0] === code) ?? known[0]];
}

function fieldChosen(row) {
  const operator = row.querySelector("[data-condition-operator]");
  const [known, entry] = chosenEntry(row);
  operator.replaceChildren(
    ...known.map(([code, label]) => new Option(label, code, false, code === entry[0])),
  );
  showEditor(row, entry);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-condition-do]");
  if (!button) return;
  event.preventDefault();
  const builder = button.closest("[data-condition]");
  const [what, id] = button.value.split(":");
  const { form } = button;
  const next = ACTIONS[what](builder, id);
  if (!next) return;
  next.querySelector("select")?.focus();
  const said = builder.querySelector("[data-condition-said]");
  said.textContent = what === "remove" ? builder.dataset.wordsRemoved : builder.dataset.wordsAdded;
  form?.querySelector("[data-condition] select")?.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("change", (event) => {
  const row = event.target.closest("[data-condition-row-id]");
  if (!row) return;
  if (event.target.matches("[data-condition-field]")) fieldChosen(row);
  if (event.target.matches("[data-condition-operator]")) showEditor(row, chosenEntry(row)[1]);
});
