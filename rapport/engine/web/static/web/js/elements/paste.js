// Rows pasted into a list, from a spreadsheet or as CSV: the form inside sends them on their way in.
import { isTyping } from "../helpers/typing.js";

// Characters that are sent; whatever is longer is refused with a sentence.
const MOST = 3 * 1024 ** 2;
// One cell is no table, be it over several lines.
const ONE_CELL = /^"(?:[^"]|"")*"$/;
const isTable = (text) => /[\t\n\r]/.test(text) && !ONE_CELL.test(text);

customElements.define("r-paste", class extends HTMLElement {
  connectedCallback() {
    this.onPaste = (event) => this.paste(event);
    document.addEventListener("paste", this.onPaste);
  }

  disconnectedCallback() {
    document.removeEventListener("paste", this.onPaste);
  }

  paste(event) {
    if (event.defaultPrevented || isTyping(event) || document.querySelector("dialog[open]")) return;
    const text = (event.clipboardData?.getData("text/plain") ?? "").replace(/[\r\n]+$/, "");
    if (!isTable(text)) return;
    event.preventDefault();
    const form = this.querySelector("form");
    form.elements.text.value = text.slice(0, MOST);
    form.requestSubmit();
  }
});
