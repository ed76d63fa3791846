// What comes to a table after its page: the totals at its foot, and the rows of groups that are opened.
import { fragment, part } from "./helpers/fetching.js";

async function addUp() {
  const foot = document.querySelector("tfoot[data-totals]");
  if (!foot?.querySelector("[data-total] .asks")) return;
  const answer = await part(foot.dataset.totals).catch(() => null);
  if (!foot.isConnected) return;
  const found = answer && fragment(await answer.text());
  if (!answer?.ok) return complain(foot, found);
  for (const total of found.querySelectorAll("[data-total]")) {
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
  if (isOpen && !body.querySelector("tr[data-url]")) await load(link, link.dataset.group, (rows) => body.append(rows));
}

async function more(link) {
  const row = link.closest("tr");
  const before = row.previousElementSibling;
  await load(link, link.dataset.more, (rows) => row.replaceWith(rows));
  if (!row.isConnected) before.nextElementSibling?.querySelector(".title a")?.focus();
}

// Where the rows do not come, the link leads to them as it does without script.
async function load(link, url, put) {
  if (link.ariaBusy === "true") return;
  link.ariaBusy = "true";
  const answer = await part(url).catch(() => null);
  link.ariaBusy = null;
  if (answer?.ok) put(fragment(await answer.text()));
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
