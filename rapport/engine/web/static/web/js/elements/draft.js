// Nothing typed is lost: what stands in the form inside is kept in this browser until the server has said yes.
customElements.define("r-draft", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.name = `draft:${this.dataset.key}`;
    this.restore();
    this.form.addEventListener("input", () => this.keep());
    this.form.addEventListener("submit", () => sessionStorage.setItem("draft:sent", this.name));
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) this.form.requestSubmit();
    });
  }

  get fields() {
    return [...this.form.elements].filter((field) => field.name && !["hidden", "submit", "password", "file"].includes(field.type) && field.tagName !== "BUTTON");
  }

  keep() {
    const values = Object.fromEntries(this.fields.filter((field) => !["radio", "checkbox"].includes(field.type)).map((field) => [field.name, field.value]));
    localStorage.setItem(this.name, JSON.stringify(values));
  }

  restore() {
    const refused = this.form.querySelector(".problem, .notice");
    if (sessionStorage.getItem("draft:sent") === this.name && !refused) {
      sessionStorage.removeItem("draft:sent");
      localStorage.removeItem(this.name);
    }
    const values = JSON.parse(localStorage.getItem(this.name) ?? "{}");
    if (refused) return;
    for (const field of this.fields) {
      if (values[field.name] && !field.value && field.tagName !== "SELECT") field.value = values[field.name];
    }
  }
});

// A page that came after a form was accepted: its draft is done with, even where the form does not stand again.
const sent = sessionStorage.getItem("draft:sent");
if (sent && !document.querySelector(".problem, .notice")) {
  localStorage.removeItem(sent);
  sessionStorage.removeItem("draft:sent");
}
