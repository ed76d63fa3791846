// What the keys of this page do. Each stands in the markup, on the thing that it presses.
const words = (element) => (element.dataset.words ?? element.querySelector(".name")?.textContent ?? element.textContent).trim();

export function onThisPage() {
  return [...document.querySelectorAll("#app :is(a, button)[data-key]")].map((element) => ({ key: element.dataset.key.toUpperCase(), words: words(element), element }));
}

export function goTo() {
  const links = [...document.querySelectorAll(".side > a[href]:not([data-palette]), .side > .bottom > a[href]")];
  return links.map((element) => ({ key: element.dataset.goto ? `G ${element.dataset.goto.toUpperCase()}` : "", words: words(element), element }));
}

export function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
