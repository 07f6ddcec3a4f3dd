// Where values lie on an axis, which of them have a number there, and how a number looks.

// Imports nothing, so that a page without a server can be given it alone, and compared with Python.

const MINUS = "\u2212";

// Ends of a logarithmic axis between which its numbers are written plainly; as in cnnlab/figures/charts.py
const PLAIN = [1e-4, 1e5];

const DIGITS = 12; // that a float has for certain; what lies beyond is noise

const ROOM = 0.05; // of the height of what is drawn, below and above it; as in cnnlab/figures/charts.py

/**
 * @typedef {object} Axis as `Axis` in cnnlab/figures/charts.py
 * @property {string} name
 * @property {boolean} [percent] shares of 1, shown as percentages
 * @property {boolean} [from_zero] 0 is always seen
 * @property {[number, number] | null} [whole] the least and the greatest value that there can be
 * @property {boolean} [fixed] all of `whole` is seen, whatever is drawn
 * @property {boolean} [log] equal distances are equal ratios
 * @property {number[] | null} [ticks] the values with a number, where they are not those of the scale
 */

/** @typedef {readonly [low: number, high: number]} Range */

/**
 * The place of a value, in pixels, and the value of a place.
 *
 * @param {Range} values
 * @param {Range} pixels the places of the two
 * @param {boolean} [isLog]
 */
export function scaleOf([low, high], [from, to], isLog = false) {
  const [bend, unbend] = isLog ? [Math.log10, (/** @type {number} */ power) => 10 ** power] : [same, same];
  const [first, last] = [bend(low), bend(high)];
  return {
    /** @param {number} value */
    place: (value) => from + ((bend(value) - first) / (last - first || 1)) * (to - from),
    /** @param {number} place */
    value: (place) => {
      const share = Math.min(1, Math.max(0, (place - from) / (to - from || 1)));
      return unbend(first + share * (last - first));
    },
  };
}

/** @param {number} value */
function same(value) {
  return value;
}

/**
 * The least and the greatest value to show of these, a little room included; gaps are left out. `Axis.extent` in
 * cnnlab/figures/charts.py does the same for a run that has ended.
 *
 * @param {Axis} axis
 * @param {Iterable<number>} values
 * @param {boolean} [isLog]
 * @returns {[number, number]}
 */
export function extent(axis, values, isLog = false) {
  const { whole } = axis;
  if (axis.fixed && whole) return whole;
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value) || (isLog && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return isLog ? [0.1, 10] : (whole ?? [0, 1]);
  if (isLog) return [low / 1.1, high * 1.1];
  if (low === high && whole) return whole; // one value has no height of its own
  if (axis.from_zero) low = 0;
  const room = (high - low) * ROOM || Math.abs(high) * 2 * ROOM || 1;
  const [least, greatest] = whole ?? [-Infinity, Infinity];
  return [axis.from_zero ? 0 : Math.max(least, low - room), Math.min(greatest, high + room)];
}

/**
 * The values between two that have a number at the axis, at most about `count`.
 *
 * @param {Range} range
 * @param {number} count
 * @param {boolean} [isLog]
 * @returns {number[]}
 */
export function ticks([low, high], count, isLog = false) {
  return isLog ? logTicks(low, high, count) : evenTicks(low, high, Math.max(3, Math.floor(count)));
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} count
 * @returns {number[]}
 */
function evenTicks(low, high, count) {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const stride = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const found = [];
  // Multiples, not sums: they do not gather what a float cannot hold.
  const last = Math.floor(high / stride + 1e-6);
  for (let times = Math.ceil(low / stride - 1e-6); times <= last; times += 1) found.push(times * stride + 0); // no -0
  // One number alone does not say how far it is to the next.
  return found.length >= 2 ? found : evenTicks(low, high, count * 2);
}

/**
 * 1, 2 and 5 of every power of ten where there is room for them, else powers alone, evenly.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} count
 */
function logTicks(low, high, count) {
  const [first, last] = [Math.floor(Math.log10(low) + 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const stride = Math.max(1, Math.ceil((last - first) / count));
  const inside = (/** @type {number} */ value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
  /** @type {number[]} */
  const powers = [];
  for (let power = first; power <= last; power += stride) powers.push(power);
  const found = [[1, 2, 5], [1]]
    .map((factors) => powers.flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)).filter(inside)))
    .find((values, index) => index === 1 || (stride === 1 && values.length <= count));
  return found && found.length >= 2 ? found : evenTicks(low, high, 4);
}

/**
 * The numbers at an axis, all in one notation: 0.05 and 20; 0, 5k and 10k; 0.5M and 1M; 1e−6 and 1e+3; 40%.
 *
 * @param {readonly number[]} values
 * @param {Axis} axis
 * @param {Range} range that is seen
 */
export function tickTexts(values, { percent = false, log = false }, [low, high]) {
  if (percent) return values.map((value) => `${written(value * 100)}%`);
  const most = Math.max(Math.abs(low), Math.abs(high));
  const isPlain = log ? low >= PLAIN[0] && high < PLAIN[1] : most === 0 || (most >= 1e-3 && most < 1e9);
  const [unit, letter] = log || most < 1e4 ? [1, ""] : most < 1e6 ? [1e3, "k"] : [1e6, "M"];
  return values.map((value) => {
    if (value === 0) return "0";
    const exact = Number((isPlain ? value / unit : value).toPrecision(DIGITS));
    return (isPlain ? `${exact}${letter}` : exact.toExponential()).replaceAll("-", MINUS);
  });
}

/**
 * A number that is read off a curve, in four digits.
 *
 * @param {number} value
 * @param {Axis} axis
 */
export function readText(value, { percent = false }) {
  return percent ? `${(value * 100).toFixed(1)}%` : written(value);
}

/** @param {number} value */
function written(value) {
  const short = Number(value.toPrecision(4));
  const size = Math.abs(short);
  const text = size >= 1e9 || (size < 1e-4 && size > 0) ? short.toExponential().replace("e+", "e") : String(short);
  return text.replaceAll("-", MINUS);
}
