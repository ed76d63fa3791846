// Menus made of <details>: a click elsewhere or Esc closes them.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open], .bottombar details[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open], .bottombar details[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
