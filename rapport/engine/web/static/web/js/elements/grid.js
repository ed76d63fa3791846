// The list: J and K move, X selects, E edits, Enter opens; shift-click selects a range.
import { open } from "../editing.js";
import { isPlain, isTyping } from "../helpers/typing.js";

customElements.define("r-grid", class extends HTMLElement {
  connectedCallback() {
    this.last = null;
    this.onKey = (event) => this.key(event);
    this.onPage = () => this.clear();
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("rapport:page", this.onPage);
    this.addEventListener("click", (event) => this.click(event));
    this.addEventListener("change", () => this.count());
    this.count();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("rapport:page", this.onPage);
  }

  // Those of closed groups are not there.
  get rows() {
    return [...this.querySelectorAll("tbody tr[data-url]")].filter((row) => row.checkVisibility());
  }

  get here() {
    return this.querySelector("tr.here");
  }

  key(event) {
    if (isTyping(event) || !isPlain(event) || document.querySelector("dialog[open]")) return;
    const moves = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves && !event.target.closest?.("details[open]")) this.move(moves[event.key]);
    else if (event.key === "x" && this.here) this.toggle(this.here);
    else if (event.key === "e" && this.here) open(this.here.querySelector("[data-edit]:not(.title)") ?? this.here.querySelector("[data-edit]"));
    else if (event.key === "Enter" && this.here && ["BODY", "MAIN"].includes(event.target.tagName)) this.here.querySelector(".title a").click();
    else return;
    event.preventDefault();
  }

  move(step) {
    const rows = this.rows;
    const index = rows.indexOf(this.here) + step;
    const next = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (!next) return;
    if (this.contains(document.activeElement)) document.activeElement.blur();
    this.here?.classList.remove("here");
    next.classList.add("here");
    next.scrollIntoView({ block: "nearest" });
    next.dispatchEvent(new CustomEvent("rapport:here", { bubbles: true }));
  }

  toggle(row) {
    const box = row.querySelector(".pick");
    box.checked = !box.checked;
    this.pick(box);
    this.count();
  }

  click(event) {
    const all = event.target.closest("[data-all]");
    if (all) this.all(all.checked);
    const box = event.target.closest(".pick");
    if (!box) return;
    if (event.shiftKey && this.last) {
      const boxes = this.rows.map((row) => row.querySelector(".pick"));
      const [from, to] = [boxes.indexOf(this.last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
    }
    this.pick(box);
    this.last = box;
    this.count();
  }

  all(on) {
    for (const row of this.rows) row.querySelector(".pick").checked = on;
    this.count();
  }

  // A record may stand in several groups.
  pick(box) {
    for (const one of this.querySelectorAll(`.pick[value="${box.value}"]`)) one.checked = box.checked;
  }

  // Rows of another page must not stay selected, for what is done to them is done to those that are seen.
  clear() {
    for (const box of this.querySelectorAll("input[type=checkbox]:checked")) box.checked = false;
    this.last = null;
    this.count();
  }

  count() {
    const boxes = [...this.querySelectorAll(".pick:checked")];
    const picked = new Set(boxes.map((one) => one.value)).size;
    const bar = document.querySelector("[data-selected]");
    if (!bar) return;
    bar.hidden = picked === 0;
    const all = this.querySelector("[data-all]");
    all.checked = picked > 0 && boxes.length >= this.rows.length;
    all.indeterminate = picked > 0 && !all.checked;
    bar.closest(".foot").classList.toggle("has-selection", picked > 0);
    bar.querySelector("[data-selected-count]").textContent = picked;
    document.dispatchEvent(new CustomEvent("rapport:picked", { detail: { isWhole: all.checked } }));
  }
});
