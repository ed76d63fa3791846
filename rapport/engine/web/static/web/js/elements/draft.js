// Nothing typed is lost: what stands in the form inside is kept in this browser until the server has said yes.
const SENT = "draft:sent";
const KEPT_FOR = 30 * 24 * 3600 * 1000; // ms
const UNKEPT = ["hidden", "submit", "password", "file", "radio", "checkbox"];

customElements.define("r-draft", class extends HTMLElement {
  connectedCallback() {
    // A page that is morphed gets its elements before what stands in them.
    if (this.form) this.restore();
    else document.addEventListener("rapport:page", () => this.form && this.restore(), { once: true });
    this.addEventListener("input", () => this.keep());
    this.addEventListener("submit", () => sessionStorage.setItem(SENT, this.name));
    this.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) this.form.requestSubmit();
    });
  }

  get form() {
    return this.querySelector("form");
  }

  get name() {
    return `draft:${document.documentElement.dataset.user ?? ""}:${this.dataset.key}`;
  }

  get fields() {
    return [...this.form.elements].filter((field) => field.name && field.tagName !== "BUTTON" && !UNKEPT.includes(field.type));
  }

  keep() {
    const values = Object.fromEntries(this.fields.filter((field) => field.value !== field.defaultValue).map((field) => [field.name, field.value]));
    localStorage.setItem(this.name, JSON.stringify({ at: Date.now(), values }));
  }

  restore() {
    const isRefused = this.form.querySelector(".problem, .notice");
    if (sessionStorage.getItem(SENT) === this.name && !isRefused) forget(this.name);
    if (isRefused) return;
    const { at, values } = JSON.parse(localStorage.getItem(this.name) ?? "{}");
    if (!values || Date.now() - at > KEPT_FOR) return localStorage.removeItem(this.name);
    for (const field of this.fields) {
      if (values[field.name] && !field.value && field.tagName !== "SELECT") field.value = values[field.name];
    }
  }
});

function forget(name) {
  localStorage.removeItem(name);
  sessionStorage.removeItem(SENT);
}

// A page that came after a form was accepted: its draft is done with, even where the form does not stand again.
function settle() {
  const sent = sessionStorage.getItem(SENT);
  if (sent && !document.querySelector("r-draft :is(.problem, .notice), div.plain")) forget(sent);
}

settle();
document.addEventListener("rapport:page", settle);
