// Losses smoothed while a run goes on, where the span is chosen without asking Python.

// Imports nothing, so that a page without a server can be given it alone, and compared with Python.

/** @typedef {{ key: string, name: string, colour: number, of: string }} SentSmoothed the line of another, smoothed */

/**
 * @typedef {object} SentChart as `plain` in __init__.py writes it
 * @property {string} key
 * @property {import("./scale.js").Axis} x
 * @property {import("./scale.js").Axis} y
 * @property {readonly (import("./chart.js").Series | SentSmoothed)[]} series
 * @property {import("./chart.js").Mark[]} marks
 */

/**
 * The series of a chart as they are drawn: the line of another is smoothed over about `span` steps.
 *
 * @param {SentChart["series"]} sent
 * @param {number} span
 * @returns {import("./chart.js").Series[]}
 */
export function overSpan(sent, span) {
  /** @type {import("./chart.js").Series[]} */
  const measured = sent.flatMap((series) => ("of" in series ? [] : series));
  return sent.flatMap((series) => {
    if (!("of" in series)) return series;
    const source = measured.find(({ key }) => key === series.of);
    return source ? { ...series, x: source.x, y: smoothed(source.y, source.x, span) } : [];
  });
}

/**
 * An exponential mean over about `span` steps that starts without a lag; a gap, what is not finite, stays a gap. A group
 * counts as its steps would one by one, each with the group's mean. `smoothed` in cnnlab/figures/charts.py does the same
 * for a run that has ended.
 *
 * @param {ArrayLike<number>} values the means of groups of steps
 * @param {ArrayLike<number>} steps the last step of each group, counted from 1
 * @param {number} span
 * @returns {Float64Array}
 */
export function smoothed(values, steps, span) {
  const keep = 1 - 1 / Math.max(1, span);
  let total = 0;
  let weight = 0;
  return Float64Array.from(values, (value, index) => {
    const kept = keep ** (steps[index] - (index ? steps[index - 1] : 0));
    total *= kept;
    weight *= kept;
    if (!Number.isFinite(value)) return NaN;
    total += (1 - kept) * value;
    weight += 1 - kept;
    return total / weight;
  });
}
