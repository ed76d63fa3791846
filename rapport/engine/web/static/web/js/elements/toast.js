// A word after a deed. It stays while it is pointed at or holds the focus, and long enough to undo.
const STAYS = 10_000;

customElements.define("r-toast", class extends HTMLElement {
  connectedCallback() {
    for (const toast of this.children) this.leave(toast);
    this.addEventListener("click", (event) => event.target.closest("[data-close]")?.closest(".toast").remove());
  }

  say(content) {
    const toast = content.firstElementChild.cloneNode(true);
    this.replaceChildren(toast);
    this.leave(toast);
  }

  leave(toast) {
    setTimeout(() => (toast.matches(":hover, :focus-within") ? this.leave(toast) : toast.remove()), STAYS);
  }
});
