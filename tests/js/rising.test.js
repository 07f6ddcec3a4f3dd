// When the parts of a slow step are seen.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./page.js";

const { timesOf } = await import("../../cnnlab/ui/components/grid_lab/rising.js");

test("products leave one by one, then their rows join, then comes the end and what lands, all within the step", () => {
  for (const [terms, joins] of [
    [9, 3],
    [4, 0],
    [49, 7],
    [1, 1],
  ]) {
    const times = timesOf(terms, joins, 6667);
    assert.equal(times.terms.length, terms);
    assert.equal(times.joins.length, joins);
    const order = [
      ...times.terms,
      Math.max(...times.terms) + times.flight,
      ...times.joins,
      times.end,
      times.landing,
      times.landing + times.flight,
      6667,
    ];
    assert.deepEqual(
      order,
      [...order].sort((one, other) => one - other),
    );
    assert.equal(new Set(times.terms).size, terms);
  }
});

test("nine products leave far enough apart to be read", () => {
  const { terms } = timesOf(9, 3, 6667);
  assert.ok(terms[1] - terms[0] > 300);
});
