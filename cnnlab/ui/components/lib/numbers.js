// Numbers as text. Nothing here changes a number; it only decides how it looks in its place.

export const MINUS = "\u2212";

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}

/** @param {Iterable<number>} numbers */
export function largest(numbers) {
  let most = 0;
  for (const number of numbers) most = Math.max(most, Math.abs(number));
  return most;
}

/**
 * Floats carry noise in their last digits (0.1 + 0.2); ten digits are more than any cell or tooltip needs.
 *
 * @param {number} value
 */
function tidy(value) {
  return Number.isInteger(value) ? value : Number(value.toPrecision(10));
}

/** @param {number} value */
export function fullNumber(value) {
  return String(tidy(value)).replace("-", MINUS);
}

/**
 * The closest text of `value` that has at most `room` characters: 12.346 -> "12.3", 48000 -> "48k", -0.0004 -> "≈0".
 * Beyond a thousand billions it is 1.2e15.
 *
 * @param {number} value
 * @param {number} room
 */
export function shortNumber(value, room) {
  const exact = tidy(value);
  const fits = (/** @type {string} */ text) => text.length <= room;
  const done = (/** @type {string} */ text) => text.replace("-", MINUS);
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

const UNITS = /** @type {const} */ ([
  [1e3, "k"],
  [1e6, "M"],
  [1e9, "G"],
]);

/**
 * 12345.6 -> "12.35k". The unit goes by the rounded number: 999999.9 is 1.00M and not 1000.00k.
 *
 * @param {number} number
 * @param {number} digits
 */
function inThousands(number, digits) {
  for (const [unit, letter] of UNITS) {
    const text = (number / unit).toFixed(digits);
    if (Math.abs(Number(text)) < 1000) return text + letter;
  }
  return number.toExponential(digits).replace("e+", "e");
}
