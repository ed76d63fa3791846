// Menus made of <details>: a click elsewhere, a choice or Esc closes them; arrows move through them.
const OPEN = "details.menu[open]";
const MOVES = { ArrowDown: 1, ArrowUp: -1 };

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(OPEN)) {
    if (!menu.contains(event.target) || event.target.closest(".items > a, .items > .item")) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(OPEN) ?? (event.key === "Escape" && document.querySelector(OPEN));
  if (!menu) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (event.key in MOVES && !event.target.matches("input, textarea, select")) {
    event.preventDefault();
    move(menu, MOVES[event.key]);
  }
});

function move(menu, step) {
  const items = [...menu.querySelectorAll(".items :is(a, button)")].filter((one) => one.checkVisibility());
  const next = items.indexOf(document.activeElement) + step;
  items[(next + items.length) % items.length]?.focus();
}
