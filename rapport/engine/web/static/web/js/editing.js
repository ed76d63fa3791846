// Edit in place: a cell or field becomes a form of one field. Enter or leaving it saves, Esc restores.
import { fragment, part } from "./helpers/fetching.js";

const before = new WeakMap();
const saving = new WeakSet();

export async function open(place) {
  if (before.has(place)) return;
  before.set(place, [...place.childNodes]);
  const answer = await part(new URL(place.dataset.edit, rowOf(place)));
  if (!answer?.ok) return close(place);
  place.replaceChildren(fragment(await answer.text()));
  const input = place.querySelector("[autofocus]");
  input?.focus();
  input?.select?.();
}

// In a list the address of a cell is relative to that of its row.
function rowOf(place) {
  return new URL(place.closest("tr")?.dataset.url ?? "", location);
}

function close(place) {
  place.replaceChildren(...before.get(place));
  before.delete(place);
  (place.querySelector("a, button") ?? place.closest("tr"))?.focus?.();
}

async function save(form, submitter) {
  const place = form.closest("[data-edit]");
  if (saving.has(form)) return;
  saving.add(form);
  const data = new FormData(form, submitter);
  const whole = place.tagName === "DD" ? "?whole" : "";
  try {
    const answer = await part(form.action + whole, { method: "POST", body: data });
    if (!answer) return;
    const content = fragment(await answer.text());
    if (answer.ok) show(place, content);
    else if ([409, 422].includes(answer.status)) refuse(place, content);
    else throw new Error(answer.statusText);
  } catch {
    complain(form);
  } finally {
    saving.delete(form);
  }
}

function show(place, content) {
  const toast = content.querySelector("template[data-toast]");
  const shown = content.querySelector(".show");
  const old = before.get(place);
  before.delete(place);
  place.replaceChildren(...old);
  const target = place.matches(".title") ? place.querySelector("a") : place.querySelector(":scope > .show") ?? place;
  target.replaceChildren(...shown.childNodes);
  if (toast) document.querySelector("r-toast").say(toast.content);
  place.dispatchEvent(new CustomEvent("rapport:saved", { bubbles: true }));
  if (content.querySelector("template[data-decides]")) again();
}

// Another value may show, hide or lock fields of the record's page; where people type meanwhile nothing is taken away.
async function again() {
  const fields = document.querySelector("aside#fields");
  const answer = fields && (await part(location.href).catch(() => null));
  if (!answer?.ok || fields.querySelector("form.cell")) return;
  const next = fragment(await answer.text()).querySelector("aside#fields");
  const isOpen = fields.querySelector("details.empties")?.open;
  next?.querySelector("details.empties")?.toggleAttribute("open", isOpen);
  if (next) fields.replaceChildren(...next.children);
}

function refuse(place, content) {
  place.replaceChildren(content);
  place.querySelector("[aria-invalid], input:not([type=hidden]), button")?.focus();
}

function complain(form) {
  const words = form.querySelector(".problem") ?? form.appendChild(Object.assign(document.createElement("p"), { className: "problem" }));
  words.textContent = document.body.dataset.offline || "Not saved: the server did not answer. Try again.";
}

document.addEventListener("click", (event) => {
  const asked = event.target.closest("[data-edits]");
  const meant = asked && document.querySelector(asked.dataset.edits);
  if (meant) {
    event.preventDefault();
    open(meant);
    return;
  }
  const pen = event.target.closest(".pen");
  const place = event.target.closest("[data-edit]");
  if (!place || before.has(place)) {
    if (event.target.closest("[data-cancel]") && place) close(place);
    return;
  }
  if (!pen && (event.target.closest("a, button, input, label") || getSelection().toString())) return;
  if (place.matches(".title") && !pen) return;
  event.preventDefault();
  open(place);
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form.cell");
  const place = form?.closest("[data-edit]");
  if (!place) return;
  if (event.key === "Escape") {
    event.stopPropagation();
    close(place);
  } else if (event.key === "Enter" && event.target.tagName === "TEXTAREA" && (event.metaKey || event.ctrlKey)) {
    form.requestSubmit();
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form.cell");
  if (!form?.closest("[data-edit]")) return;
  event.preventDefault();
  save(form, event.submitter);
});

document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.("form.cell");
  const place = form?.closest("[data-edit]");
  if (!place || form.querySelector(".problem, .conflict")) return;
  setTimeout(() => {
    if (form.isConnected && !form.contains(document.activeElement) && document.hasFocus() && isChanged(form)) save(form);
    else if (form.isConnected && !form.contains(document.activeElement) && document.hasFocus()) close(place);
  }, 0);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form.cell");
  if (form?.closest("[data-edit]") && event.target.matches("select:not([multiple]), input:is([type=checkbox], [type=file])")) save(form);
});

function isChanged(form) {
  return [...form.elements].some((field) => {
    if (field.type === "hidden" || field.tagName === "BUTTON") return false;
    if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return field.value !== field.defaultValue;
  });
}
