// Files that are dropped anywhere on the form inside stand in its input, and are sent at once.
customElements.define("r-drop", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("dragover", (event) => this.over(event));
    this.addEventListener("dragleave", () => this.removeAttribute("data-over"));
    this.addEventListener("drop", (event) => this.take(event));
  }

  over(event) {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    this.dataset.over = "";
  }

  take(event) {
    this.removeAttribute("data-over");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    const form = this.querySelector("form");
    form.querySelector("input[type=file]").files = event.dataTransfer.files;
    form.requestSubmit();
  }
});
