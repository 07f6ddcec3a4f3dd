// An exponential mean over about `span` steps that starts without a lag; a gap, null, stays a gap. `values` are the means
// of groups of steps, `steps` the last step of each group. A group counts as its steps would one by one, each with the
// group's mean. `smoothed` in cnnlab/figures/training.py does the same for a run that has ended.
export function smoothed(values, steps, span) {
  const keep = 1 - 1 / Math.max(1, span);
  let total = 0;
  let weight = 0;
  return values.map((value, index) => {
    const kept = keep ** (steps[index] - (index ? steps[index - 1] : 0));
    total *= kept;
    weight *= kept;
    if (value === null) return null;
    total += (1 - kept) * value;
    weight += 1 - kept;
    return total / weight;
  });
}
