// What every component is made with. Text always goes in as text, never as HTML.

export const SVG = "http://www.w3.org/2000/svg";
export const ICONS = {
  up: "M2 10l5-6 5 6",
  down: "M2 4l5 6 5-6",
  left: "M10 2l-5 5 5 6",
  right: "M4 2l5 5-5 6",
  remove: "M2 2l10 10M12 2L2 12",
};

/**
 * A new element with a class, attributes and children.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {Record<string, string | number>} [attributes]
 * @param {(Node | string)[]} [children]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, className = "", attributes = {}, children = []) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/**
 * An element that holds a text.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 * @param {string} text
 */
export function told(tag, className, text) {
  return make(tag, className, {}, [text]);
}

/**
 * @param {Node | string} content
 * @param {(event: MouseEvent) => void} act
 * @param {string} [className]
 * @param {Record<string, string | number>} [attributes]
 */
export function buttonOf(content, act, className = "", attributes = {}) {
  const button = make("button", className, { type: "button", ...attributes }, [content]);
  button.addEventListener("click", act);
  return button;
}

/**
 * A row of a table that is one wide cell.
 *
 * @param {number} columns
 * @param {string} className
 * @param {(Node | string)[]} content
 */
export function wideRow(columns, className, ...content) {
  return make("tr", className, {}, [make("td", "", { colspan: columns }, content)]);
}

/**
 * A new element of a drawing (SVG).
 *
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {(Node | string)[]} [children]
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function drawing(tag, attributes = {}, children = []) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/**
 * @param {string} d a path
 * @param {number} [side] of the square that it is drawn in
 */
export function icon(d, side = 14) {
  return drawing("svg", { viewBox: `0 0 ${side} ${side}`, "aria-hidden": "true" }, [drawing("path", { d })]);
}

/**
 * A picture that is looked at, not dragged.
 *
 * @param {string} source
 * @param {string} name
 */
export function drawn(source, name) {
  const picture = make("img");
  picture.src = source;
  picture.alt = name;
  picture.draggable = false;
  return picture;
}

/**
 * Let these be the children of an element. What is in its place already is not touched: it would lose the focus, and
 * a field that somebody types into would tell half of what it is to hold.
 *
 * @param {Element} parent
 * @param {Node[]} children
 */
export function put(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  children.forEach((child, index) => {
    if (parent.childNodes[index] !== child) parent.insertBefore(child, parent.childNodes[index] ?? null);
  });
}

/**
 * Write only what changed: that keeps a step at well under a frame, even with a thousand cells.
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Likewise an attribute; `null` takes it away.
 *
 * @param {Element} element
 * @param {string} name
 * @param {string | number | boolean | null} value
 */
export function setAttribute(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/**
 * What has the focus, of all that is drawn with an element.
 *
 * @param {Element} element
 */
export function focusNear(element) {
  return /** @type {ShadowRoot | Document} */ (element.getRootNode()).activeElement;
}
