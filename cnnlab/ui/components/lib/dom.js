// What components that are edited in place are made with. Text always goes in as text, never as HTML.

export const SVG = "http://www.w3.org/2000/svg";
export const ICONS = {
  up: "M2 10l5-6 5 6",
  down: "M2 4l5 6 5-6",
  left: "M10 2l-5 5 5 6",
  right: "M4 2l5 5-5 6",
  remove: "M2 2l10 10M12 2L2 12",
};

export function make(tag, name) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  return made;
}

export function told(tag, name, text) {
  const made = make(tag, name);
  made.textContent = text;
  return made;
}

export function buttonOf(text, act) {
  const button = told("button", "", text);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}

// A row of a table that is one wide cell.
export function wideRow(columns, name, ...content) {
  const line = make("tr", name);
  const cell = make("td");
  cell.colSpan = columns;
  cell.append(...content);
  line.append(cell);
  return line;
}

export function drawing(tag, attributes = {}) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

export function icon(d) {
  const svg = drawing("svg", { viewBox: "0 0 14 14", "aria-hidden": "true" });
  svg.append(drawing("path", { d }));
  return svg;
}

// A picture that is looked at, not dragged.
export function drawn(source, name) {
  const picture = make("img");
  picture.src = source;
  picture.alt = name;
  picture.draggable = false;
  return picture;
}

// Let these be the children of an element. What is in its place already is not touched: it would lose the focus, and
// a field that somebody types into would tell half of what it is to hold.
export function put(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  children.forEach((child, index) => {
    if (parent.childNodes[index] !== child) parent.insertBefore(child, parent.childNodes[index] ?? null);
  });
}

let lastMessage = 0;

// The number of the next message to Python: none before it has the same, even where two go in one millisecond.
export function nextMessage() {
  lastMessage = Math.max(Date.now(), lastMessage + 1);
  return lastMessage;
}
