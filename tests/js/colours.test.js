// Colours that several components share.

import assert from "node:assert/strict";
import { test } from "node:test";
import { along, clearTint, tint } from "../../cnnlab/ui/components/lib/colours.js";
import { element } from "./page.js";

test("a number's colour goes by its sign and by its share of the largest", () => {
  const cell = element();
  for (const [value, scale, sign, share] of [
    [2, 4, "+", "50%"],
    [-4, 4, "-", "100%"],
    [9, 4, "+", "100%"],
    [0, 4, "0", "0%"],
    [3, 0, "+", "0%"],
  ]) {
    tint(cell, value, scale);
    assert.deepEqual([cell.dataset.sign, cell.properties.get("--tint")], [sign, share]);
  }
  clearTint(cell);
  assert.equal(cell.dataset.sign, undefined);
  assert.equal(cell.properties.has("--tint"), false);
});

test("a place on a scale lies between two of its colours", () => {
  const scale = ["#440154", "#2a788e", "#fde725"];
  for (const [position, high, share, low] of [
    [0, "#2a788e", 0, "#440154"],
    [0.25, "#2a788e", 50, "#440154"],
    [0.5, "#fde725", 0, "#2a788e"],
    [1, "#fde725", 100, "#2a788e"],
  ])
    assert.equal(along(scale, position), `color-mix(in srgb, ${high} ${share}%, ${low})`);
});
