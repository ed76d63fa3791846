// The edge of a column: dragged, or moved by arrow keys, it makes the column wider or narrower; double click fits it.
// How wide the columns are then stands in the address.
import { goTo } from "../helpers/going.js";

const STEP = 16; // px
const SETTLES = 700; // ms after the last key

customElements.define("r-edge", class extends HTMLElement {
  constructor() {
    super();
    this.addEventListener("pointerdown", (event) => this.grab(event));
    this.addEventListener("dblclick", () => this.fit());
    this.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("blur", () => this.waiting && this.keep());
  }

  connectedCallback() {
    this.ariaValueNow = String(this.now);
  }

  disconnectedCallback() {
    this.rest();
  }

  get head() {
    return this.closest("th");
  }

  get column() {
    return this.closest("table").querySelectorAll("col")[this.head.cellIndex];
  }

  get edges() {
    return [...this.closest("table").querySelectorAll("r-edge")];
  }

  // As the address says it, or as it stands where the address says nothing. The last one takes what room is left.
  get now() {
    const isSized = this.closest("table").classList.contains("sized");
    return isSized ? Number(this.dataset.width) : Math.round(this.head.getBoundingClientRect().width);
  }

  set now(px) {
    this.dataset.width = this.ariaValueNow = String(this.within(px));
  }

  within(px) {
    return Math.round(Math.min(Math.max(px, Number(this.ariaValueMin)), Number(this.ariaValueMax)));
  }

  grab(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.focus();
    this.setPointerCapture(event.pointerId);
    const [from, width, sign] = [event.clientX, this.now, getComputedStyle(this).direction === "rtl" ? -1 : 1];
    const move = (now) => this.show(width + sign * (now.clientX - from));
    const drop = (now) => {
      this.removeEventListener("pointermove", move);
      this.removeEventListener("pointerup", drop);
      this.removeEventListener("pointercancel", drop);
      if (now.type === "pointerup" && now.clientX !== from) this.keep();
    };
    for (const [name, act] of [["pointermove", move], ["pointerup", drop], ["pointercancel", drop]]) this.addEventListener(name, act);
  }

  key(event) {
    const step = (event.shiftKey ? 4 : 1) * STEP;
    const moves = { ArrowRight: this.now + step, ArrowLeft: this.now - step, Home: 0, End: Infinity };
    if (event.key === "Enter") this.fit();
    else if (event.key in moves) this.show(moves[event.key], () => this.keep());
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // A table that was as wide as its content holds its columns from now on.
  show(px, then) {
    const [table, edges] = [this.closest("table"), this.edges];
    const widths = edges.map((one) => one.now);
    edges.forEach((one, index) => { one.now = one === this ? px : widths[index]; });
    table.classList.add("sized");
    for (const one of edges.slice(0, -1)) one.column.width = one.now;
    table.width = edges.reduce((sum, one) => sum + one.now, Number(table.querySelector("col").width));
    this.rest();
    this.waiting = then && setTimeout(then, SETTLES);
  }

  fit() {
    const at = this.head.cellIndex;
    const cells = [...this.closest("table").querySelectorAll("tbody tr[data-url]")].map((row) => row.cells[at]);
    this.show(Math.max(...[this.head, ...cells].map(natural)));
    this.keep();
  }

  rest() {
    clearTimeout(this.waiting);
    this.waiting = null;
  }

  keep() {
    this.rest();
    const url = new URL(location);
    url.searchParams.set("widths", this.edges.map((one) => `${one.dataset.slug}:${one.now}`).join(","));
    goTo(url);
  }
});

// How wide a cell would be if nothing held it.
function natural(cell) {
  const range = document.createRange();
  range.selectNodeContents(cell);
  const style = getComputedStyle(cell);
  const inner = [...cell.querySelectorAll("*")].reduce((most, one) => Math.max(most, one.scrollWidth - one.clientWidth), 0);
  return Math.ceil(range.getBoundingClientRect().width + Math.max(inner, 0) + parseFloat(style.paddingLeft) + parseFloat(style.paddingRight)) + 2;
}
