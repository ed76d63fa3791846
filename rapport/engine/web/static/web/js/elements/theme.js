// Light, dark or like the device: shown at once, remembered by the server.
customElements.define("r-theme", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => this.choose(event));
  }

  choose(event) {
    event.preventDefault();
    const chosen = event.submitter;
    document.documentElement.dataset.theme = chosen.value;
    for (const button of document.querySelectorAll("r-theme button")) button.setAttribute("aria-pressed", String(button.value === chosen.value));
    fetch(event.target.action, { method: "POST", body: new FormData(event.target, chosen), credentials: "same-origin" });
  }
});
