// The bell, kept up to date by the server as long as the page is seen.
customElements.define("r-live", class extends HTMLElement {
  connectedCallback() {
    this.onVisibility = () => (document.hidden ? this.close() : this.open());
    document.addEventListener("visibilitychange", this.onVisibility);
    addEventListener("pagehide", () => this.close());
    if (!document.hidden) this.open();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.onVisibility);
    this.close();
  }

  open() {
    const count = document.querySelector("[data-bell-count]");
    if (this.source || !count) return;
    this.source = new EventSource("/live");
    this.source.addEventListener("bell", (event) => {
      const { unread } = JSON.parse(event.data);
      count.textContent = unread || "";
    });
  }

  close() {
    this.source?.close();
    this.source = null;
  }
});
