// A relation by name: offers what there is while one types.
customElements.define("r-lookup", class extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    const list = this.querySelector("datalist");
    let asked = 0;
    input.addEventListener("input", async () => {
      const mine = ++asked;
      if (!input.value.trim()) return;
      await new Promise((resolve) => setTimeout(resolve, 120));
      if (mine !== asked) return;
      const answer = await fetch(`${this.dataset.url}?q=${encodeURIComponent(input.value)}`, { credentials: "same-origin" });
      if (!answer.ok || mine !== asked) return;
      const { titles } = await answer.json();
      list.replaceChildren(...titles.map((title) => Object.assign(document.createElement("option"), { value: title })));
    });
  }
});
