// A button that copies the code inside: a key or a list of them, one a line.
customElements.define("r-copy", class extends HTMLElement {
  connectedCallback() {
    if (!navigator.clipboard || this.button) return;
    this.button = document.createElement("button");
    Object.assign(this.button, { type: "button", className: "btn small", textContent: this.dataset.label });
    this.button.addEventListener("click", () => this.copy());
    this.append(" ", this.button);
  }

  async copy() {
    const words = [...this.querySelectorAll("code")].map((one) => one.textContent);
    await navigator.clipboard.writeText(words.join("\n"));
    this.button.textContent = this.dataset.done;
  }
});
