// Colours that several components share.

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
 * Orange for positive, blue for negative, the stronger the larger: the style sheet mixes the colour.
 *
 * @param {HTMLElement | SVGElement} element
 * @param {number} share of the largest number, from -1 to 1
 */
export function paintShare(element, share) {
  element.classList.toggle("positive", share > 0);
  element.classList.toggle("negative", share < 0);
  element.style.setProperty("--share", Math.abs(share).toFixed(3));
}
