// Which groups of a list stand open: the address says it, and so does every link that leads to the same groups.
const NOTHING = "none";
const LINKS = ["href", "data-group", "data-more"];

// After a step back the address is that of before.
export function tellAgain() {
  const table = document.querySelector("table[data-told]");
  if (table) tellOpened(table);
}

export function tellOpened(table) {
  table.dataset.told = "";
  const most = Number(table.dataset.mostOpen);
  const open = [...table.querySelectorAll("tbody[data-token]:not(.closed)")].map((one) => one.dataset.token);
  const text = open.slice(0, most).join(".") || NOTHING;
  const here = new URL(location.href);
  here.searchParams.set("open", text);
  history.replaceState(history.state, "", here);
  for (const element of document.querySelectorAll(LINKS.map((name) => `#app [${name}]`).join())) tell(element, here, text);
}

function tell(element, here, text) {
  for (const name of LINKS) {
    const url = element.hasAttribute(name) && new URL(element.getAttribute(name), here);
    if (!url || !url.pathname.startsWith(here.pathname)) continue;
    if (!url.searchParams.has("group") || url.searchParams.get("group") !== here.searchParams.get("group")) continue;
    url.searchParams.set("open", text);
    element.setAttribute(name, url.pathname + url.search);
  }
}
