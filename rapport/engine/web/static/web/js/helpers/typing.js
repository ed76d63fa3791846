// Whether a key press belongs to something that is being typed into.
export function isTyping(event) {
  const target = event.target;
  return target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName)
    || (target.tagName === "INPUT" && !["checkbox", "radio", "button", "submit"].includes(target.type));
}

export function isPlain(event) {
  return !(event.metaKey || event.ctrlKey || event.altKey);
}
