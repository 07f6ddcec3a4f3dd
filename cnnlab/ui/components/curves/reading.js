// What lies under a pointer, and the lines that points make: numbers in, numbers and paths out.

/**
 * @typedef {object} Line
 * @property {ArrayLike<number>} x grows
 * @property {ArrayLike<number>} y what is not finite is a gap
 */

/** @typedef {(value: number) => number} Place of a value, in pixels */

/**
 * The index of the first of growing values that is not below one; their number where all are.
 *
 * @param {ArrayLike<number>} values
 * @param {number} value
 */
export function firstFrom(values, value) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The index of the point whose x is nearest to a value; -1 where there is none, or all lie well before it: what is still
 * to come cannot be read.
 *
 * @param {ArrayLike<number>} xs
 * @param {number} x
 */
export function nearest(xs, x) {
  const last = xs.length - 1;
  if (last < 0 || x > xs[last] * 1.05 + 1) return -1;
  const after = Math.min(firstFrom(xs, x), last);
  return after > 0 && x - xs[after - 1] < xs[after] - x ? after - 1 : after;
}

/**
 * The height of a line at the point nearest to x; null where it has none.
 *
 * @param {Line} line
 * @param {number} x
 */
export function heightAt({ x: xs, y }, x) {
  const value = y[nearest(xs, x)];
  return Number.isFinite(value) ? value : null;
}

/**
 * The part of a column that is seen between two values of x, with the neighbours just outside.
 *
 * @param {ArrayLike<number>} xs
 * @param {ArrayLike<number>} column
 * @param {readonly [number, number]} range
 */
export function* seen(xs, column, [low, high]) {
  const from = Math.max(0, firstFrom(xs, low) - 1);
  const to = Math.min(xs.length, firstFrom(xs, high) + 1);
  for (let index = from; index < to; index++) yield column[index];
}

/**
 * A path through the points; it breaks at gaps.
 *
 * @param {Line} line
 * @param {Place} across
 * @param {Place} down
 */
export function linePath({ x, y }, across, down) {
  let isDown = false;
  const parts = [];
  for (let index = 0; index < x.length; index++) {
    const height = down(y[index]);
    if (Number.isFinite(y[index]) && Number.isFinite(height)) {
      parts.push(`${isDown ? "L" : "M"}${across(x[index]).toFixed(1)} ${height.toFixed(1)}`);
      isDown = true;
    } else isDown = false;
  }
  return parts.join("");
}

/**
 * The area between two lines, where both have a height.
 *
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} low
 * @param {ArrayLike<number>} high
 * @param {Place} across
 * @param {Place} down
 */
export function bandPath(x, low, high, across, down) {
  const there = Array.from(x, (_, index) => index).filter((index) =>
    [low, high].every((column) => Number.isFinite(column[index]) && Number.isFinite(down(column[index]))),
  );
  if (there.length < 2) return "";
  const along = (/** @type {ArrayLike<number>} */ column) => (/** @type {number} */ index) =>
    `${across(x[index]).toFixed(1)} ${down(column[index]).toFixed(1)}`;
  return `M${there.map(along(high)).join("L")}L${there.reverse().map(along(low)).join("L")}Z`;
}
