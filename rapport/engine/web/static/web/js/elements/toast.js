// A word after a deed. It stays while it is pointed at or holds the focus, and long enough to undo.
const STAYS = 10_000;

customElements.define("r-toast", class extends HTMLElement {
  connectedCallback() {
    this.querySelectorAll(".toast").forEach((toast) => this.leave(toast));
    this.addEventListener("click", (event) => event.target.closest("[data-close]")?.closest(".toast").remove());
    this.watch = new MutationObserver((changes) => {
      for (const toast of changes.flatMap((change) => [...change.addedNodes])) if (toast.matches?.(".toast")) this.leave(toast);
    });
    this.watch.observe(this, { childList: true });
  }

  disconnectedCallback() {
    this.watch.disconnect();
  }

  say(content) {
    const toast = content.firstElementChild.cloneNode(true);
    this.replaceChildren(toast);
    window.htmx?.process(toast);
  }

  leave(toast) {
    setTimeout(() => (toast.matches(":hover, :focus-within") ? this.leave(toast) : toast.remove()), STAYS);
  }
});
