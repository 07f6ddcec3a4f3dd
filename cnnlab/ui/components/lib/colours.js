// Colours that several components share.

/** @typedef {HTMLElement & { tinted?: string }} Tinted an element that remembers its colour */

/**
 * The theme's colours for charts, which colour-blind people tell apart, as CSS says them; they change with the theme.
 *
 * @param {Element} element
 * @returns {string[]}
 */
export function chartColours(element) {
  const colours = getComputedStyle(element).getPropertyValue("--st-chart-categorical-colors");
  return colours.split(/,(?![^(]*\))/).flatMap((colour) => colour.trim() || []);
}

/**
 * A colour of a scale, as CSS says it.
 *
 * @param {string[]} colours evenly spaced
 * @param {number} position from 0 to 1
 */
export function along(colours, position) {
  const place = position * (colours.length - 1);
  const index = Math.min(Math.floor(place), colours.length - 2);
  return `color-mix(in srgb, ${colours[index + 1]} ${Math.round((place - index) * 100)}%, ${colours[index]})`;
}

/**
 * A signed number's colour: the style sheet mixes orange (positive) or blue (negative) into the tile by `--tint`.
 *
 * @param {Tinted} element
 * @param {number} value
 * @param {number} scale the number that is drawn in full colour
 */
export function tint(element, value, scale) {
  const share = scale > 0 ? Math.min(1, Math.abs(value) / scale) : 0;
  const sign = value > 0 ? "+" : value < 0 ? "-" : "0";
  const colour = `${sign}${Math.round(share * 100)}%`;
  if (element.tinted === colour) return;
  element.tinted = colour;
  element.style.setProperty("--tint", colour.slice(1));
  element.dataset.sign = sign;
}

/** @param {Tinted} element */
export function clearTint(element) {
  if (element.tinted === undefined) return;
  element.tinted = undefined;
  element.style.removeProperty("--tint");
  delete element.dataset.sign;
}
