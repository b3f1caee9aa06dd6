/* What answering is like with a script: sliders, sums, boxes that go together.

   Hooks, in #answers or another form of questions: [data-slide=ID] slides the number field ID, and
   shows [data-unset] beside it until it was moved and [data-clear] from then on; [data-sum=TOTAL]
   says how much is shared out so far; a checkbox [data-alone] stands by itself; [data-other=ID] is
   the words of the choice ID; Enter presses [data-on]. */

const asks = document.getElementById("answers");

for (const range of document.querySelectorAll("[data-slide]")) {
  const field = document.getElementById(range.dataset.slide);
  const unset = range.parentElement.querySelector("[data-unset]");
  const clear = range.parentElement.querySelector("[data-clear]");
  const follow = () => {
    const isUnset = field.value === "";
    range.value = isUnset ? (Number(range.min) + Number(range.max)) / 2 : field.value;
    range.classList.toggle("is-unset", isUnset);
    range.setAttribute("aria-valuetext", isUnset ? unset.textContent : field.value);
    unset.hidden = !isUnset;
    clear.hidden = isUnset;
  };
  const give = (value) => {
    field.value = value;
    follow();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  range.hidden = false;
  const label = document.querySelector(`[for="${field.id}"]`);
  range.setAttribute("aria-label", label.firstChild.data.trim());
  follow();
  field.addEventListener("input", follow);
  range.addEventListener("input", () => give(range.value));
  range.addEventListener("click", () => field.value || give(range.value)); // where it stood
  range.addEventListener("keydown", (event) => {
    if (["Delete", "Backspace"].includes(event.key)) give("");
    if (event.key !== " ") return;
    event.preventDefault();
    give(range.value);
  });
  clear.addEventListener("click", () => {
    give("");
    range.focus();
  });
}

for (const list of document.querySelectorAll("[data-sum]")) {
  const said = list.querySelector("[data-sum-so-far]");
  const add = () => {
    const fields = [...list.querySelectorAll("input:enabled")];
    const numbers = fields.map((field) => Number(field.value) || 0);
    const sum = numbers.reduce((one, other) => one + other, 0);
    said.textContent = sum ? String(sum) : "";
    said.classList.toggle("is-right", sum === Number(list.dataset.sum));
  };
  add();
  list.addEventListener("input", add);
  list.closest("form")?.addEventListener("followed", add); // by flow.js
}

asks?.addEventListener("keydown", (event) => {
  // The first button of the form is the one of the language.
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
  event.preventDefault();
  asks.requestSubmit(asks.querySelector("[data-on]"));
});

asks?.addEventListener("change", ({ target }) => {
  if (target.type !== "checkbox" || !target.checked) return;
  // One that stands by itself takes the others away, and the others take it.
  for (const box of asks.querySelectorAll(`[type=checkbox][name="${CSS.escape(target.name)}"]`)) {
    if (box !== target && (target.hasAttribute("data-alone") || box.hasAttribute("data-alone"))) {
      box.checked = false;
    }
  }
});

asks?.addEventListener("input", ({ target }) => {
  const choice = target.dataset.other && document.getElementById(target.dataset.other);
  if (choice && target.value) choice.checked = true;
});
