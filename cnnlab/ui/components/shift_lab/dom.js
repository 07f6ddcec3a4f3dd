// What the curves are made with.

export const SVG = "http://www.w3.org/2000/svg";

// A new element with a class, attributes and children; text always goes in as text, never as HTML.
export function make(tag, className, attributes = {}, children = []) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function shape(parent, tag, attributes = {}, text = null) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== null) made.textContent = text;
  parent.append(made);
  return made;
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
