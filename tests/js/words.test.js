// Words with places that only the browser can fill.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, formFor } from "../../cnnlab/ui/components/lib/words.js";

test("each place takes its value, as often as it stands there", () => {
  assert.equal(fill("{row} of {rows}, {row}", { row: 0, rows: 3 }), "0 of 3, 0");
});

test("a place that nothing is known of stays, so that a missing value is seen", () => {
  assert.equal(fill("{name}: {value}", { name: "Input" }), "Input: {value}");
});

test("a value with braces is not filled again", () => {
  assert.equal(fill("{a} {b}", { a: "{b}", b: "c" }), "{b} c");
});

test("a value is written as it is asked for", () => {
  assert.equal(
    fill("{x}", { x: -2 }, (value) => `(${value})`),
    "(-2)",
  );
});

test("only 1 has the form for one", () => {
  const forms = ["one pixel", "{n} pixels"];
  assert.deepEqual(
    [0, 1, 2].map((number) => formFor(number, forms)),
    ["{n} pixels", "one pixel", "{n} pixels"],
  );
});
