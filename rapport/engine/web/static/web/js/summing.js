// What comes to a table after its page: the totals at its foot, and the rows of groups that are opened.
import { partOf } from "./helpers/fetching.js";
import { tellOpened } from "./helpers/opened.js";

async function addUp() {
  const foot = document.querySelector("tfoot[data-totals]");
  if (!foot?.querySelector("[data-total] .asks")) return;
  const { isLate, isGood, content } = await partOf(foot, "totals");
  if (isLate) return;
  if (!isGood) return complain(foot, content);
  for (const total of content.querySelectorAll("[data-total]")) {
    foot.querySelector(`[data-total="${CSS.escape(total.dataset.total)}"]`)?.replaceChildren(...total.childNodes);
  }
}

// What could not be added up can be asked for again.
function complain(foot, found) {
  const row = foot.querySelector("tr.told");
  row.firstElementChild.textContent = found?.textContent.trim() || document.body.dataset.offline || foot.dataset.failed;
  row.hidden = !row.textContent.trim();
  foot.classList.add("failed");
}

async function toggle(link) {
  const body = link.closest("tbody");
  const isOpen = body.classList.toggle("closed") === false;
  link.ariaExpanded = String(isOpen);
  tellOpened(link.closest("table"));
  if (isOpen && !body.querySelector("tr[data-url]")) await load(link, "group", (rows) => body.append(rows));
}

async function more(link) {
  const row = link.closest("tr");
  await load(link, "more", (rows) => {
    const first = rows.querySelector(".title a");
    row.replaceWith(rows);
    first?.focus();
  });
}

// Where the rows do not come, the link leads to them as it does without script.
async function load(link, name, put) {
  if (link.ariaBusy === "true") return;
  link.ariaBusy = "true";
  const { isLate, isGood, content } = await partOf(link, name);
  if (isLate) return;
  link.ariaBusy = null;
  if (isGood) put(content);
  else location.assign(link.href);
}

// Before htmx, which would take the link for a page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-group], tr a[data-more]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  event.stopPropagation();
  if (link.dataset.group) toggle(link);
  else more(link);
}, true);

document.addEventListener("rapport:page", addUp);
addUp();
