// Losses smoothed while a run goes on, where the span is chosen without asking Python.

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
