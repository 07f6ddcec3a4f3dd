// Numbers as text and as colours. Nothing here changes a number; it only decides how it looks in its place.

export const MINUS = "\u2212";

// Floats carry noise in their last digits (0.1 + 0.2); ten digits are more than any cell or tooltip needs.
function tidy(value) {
  return Number.isInteger(value) ? value : Number(value.toPrecision(10));
}

export function fullNumber(value) {
  return String(tidy(value)).replace("-", MINUS);
}

// The closest text of `value` that has at most `room` characters: 12.346 -> "12.3", 48000 -> "48k", -0.0004 -> "≈0".
// Beyond a thousand billions it is 1.2e15.
export function shortNumber(value, room) {
  const exact = tidy(value);
  const fits = (text) => text.length <= room;
  const done = (text) => text.replace("-", MINUS);
  if (fits(String(exact))) return done(String(exact));
  const size = Math.abs(exact);
  if (size < 1000) {
    for (let digits = 3; digits >= 0; digits -= 1) {
      const text = exact.toFixed(digits);
      const nothingLeft = Number(text) === 0;
      if (!nothingLeft && fits(text)) return done(text);
      const bare = text.replace(/^(-?)0\./, "$1.");
      if (!nothingLeft && fits(bare)) return done(bare);
    }
    if (size < 999.5) return size < 1 ? "≈0" : done(exact.toFixed(0));
  }
  let text = "";
  for (let digits = 2; digits >= 0; digits -= 1) {
    text = inThousands(exact, digits);
    if (fits(text)) break;
  }
  return done(text);
}

// 12345.6 -> "12.35k". The unit goes by the rounded number: 999999.9 is 1.00M and not 1000.00k.
function inThousands(number, digits) {
  for (const [unit, letter] of [
    [1e3, "k"],
    [1e6, "M"],
    [1e9, "G"],
  ]) {
    const text = (number / unit).toFixed(digits);
    if (Math.abs(Number(text)) < 1000) return text + letter;
  }
  return number.toExponential(digits).replace("e+", "e");
}

export function largest(numbers) {
  let most = 0;
  for (const number of numbers) most = Math.max(most, Math.abs(number));
  return most;
}

// Whether an element already looks like this, as the text says that its look depends on: then there is nothing to draw.
export function isDrawn(element, look) {
  if (element.drawn === look) return true;
  element.drawn = look;
  return false;
}

// A signed number's colour: CSS mixes orange (positive) or blue (negative) into the tile by `--tint`.
export function tint(element, value, scale) {
  const share = scale > 0 ? Math.min(1, Math.abs(value) / scale) : 0;
  const sign = value > 0 ? "+" : value < 0 ? "-" : "0";
  const colour = `${sign}${Math.round(share * 100)}%`;
  if (element.tinted === colour) return;
  element.tinted = colour;
  element.style.setProperty("--tint", colour.slice(1));
  element.dataset.sign = sign;
}

export function clearTint(element) {
  if (element.tinted === undefined) return;
  element.tinted = undefined;
  element.style.removeProperty("--tint");
  delete element.dataset.sign;
}

// A new element with a class, attributes and children; text always goes in as text, never as HTML.
export function make(tag, className, attributes = {}, children = []) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// Writing to the DOM only what changed keeps a step at well under a frame, even with a thousand cells.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

const ICONS = {
  first: "M6 5v14M19 5l-10 7 10 7z",
  back: "M16 5l-9 7 9 7z",
  play: "M7 4l13 8-13 8z",
  pause: "M7 5h3v14H7zM14 5h3v14h-3z",
  forward: "M8 5l9 7-9 7z",
  last: "M18 5v14M5 5l10 7-10 7z",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
