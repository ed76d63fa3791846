// A list of boxes in an order of its own: ticked ones are moved by their buttons or dragged by their grips.
customElements.define("r-order", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.click(event), true); // before htmx, which would follow the link
    this.addEventListener("change", (event) => this.tick(event.target.closest("li")));
    this.addEventListener("pointerdown", (event) => this.grab(event));
    this.addEventListener("keydown", (event) => this.key(event));
  }

  get rows() {
    return [...this.querySelectorAll("li")];
  }

  get ticked() {
    return this.rows.filter((row) => row.querySelector(":checked"));
  }

  click(event) {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    this.move(button.closest("li"), Number(button.dataset.move));
    button.focus();
  }

  key(event) {
    const row = event.target.closest("li");
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !event.altKey || !row?.querySelector(":checked") || row.matches(".fixed")) return;
    event.preventDefault();
    event.stopPropagation();
    const focused = document.activeElement;
    this.move(row, step);
    focused.focus();
  }

  move(row, step) {
    const rows = this.ticked;
    const other = rows[rows.indexOf(row) + step];
    if (other && !other.matches(".fixed")) this.put(row, other, step > 0);
  }

  put(row, other, isAfter) {
    if (isAfter) other.after(row);
    else other.before(row);
    const rows = this.ticked;
    const told = { what: row.querySelector("label").textContent.trim(), place: rows.indexOf(row) + 1, all: rows.length };
    this.querySelector("[role=status]").textContent = this.dataset.place.replace(/\{(\w+)\}/g, (_all, name) => told[name]);
  }

  // What has just been ticked is the last of those that are.
  tick(row) {
    const rest = this.ticked.filter((one) => one !== row);
    if (row && rest.length) rest.at(-1).after(row);
    row?.querySelector("input").focus();
  }

  grab(event) {
    const row = event.target.closest(".grip")?.closest("li:not(.fixed):has(:checked)");
    if (!row || event.button !== 0) return;
    event.preventDefault();
    row.classList.add("held");
    this.setPointerCapture(event.pointerId);
    const move = ({ clientY }) => {
      const over = this.ticked.find((one) => one !== row && !one.matches(".fixed") && isWithin(one, clientY));
      if (over) this.put(row, over, row.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING);
    };
    const drop = () => {
      row.classList.remove("held");
      this.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) this.removeEventListener(name, drop);
    };
    this.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) this.addEventListener(name, drop);
  }
});

function isWithin(row, y) {
  const { top, bottom } = row.getBoundingClientRect();
  return y >= top && y <= bottom;
}
