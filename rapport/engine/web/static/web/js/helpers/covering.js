// A part of the frame that lies over the others is a dialog: what is below can be neither reached nor read.
export function cover(beside, panel, isOver) {
  const isModal = Boolean(panel) && isOver;
  const others = [...beside.parentElement.children, ...document.querySelectorAll("body > .skip")];
  for (const one of others) if (one !== beside) one.inert = isModal;
  if (panel) Object.assign(panel, { role: isModal ? "dialog" : null, ariaModal: isModal ? "true" : null });
}
