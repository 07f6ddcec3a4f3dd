// What is typed into Streamlit's number fields.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./page.js";

const { quoted, written } = await import("../../cnnlab/ui/components/frame/numbers.js");

test("a whole number with an exponent is written out, and all else stays as it was typed", () => {
  assert.equal(written("1e9"), "1000000000");
  assert.equal(written("-2E3"), "-2000");
  assert.equal(written("1.5e1"), "15");
  assert.equal(written("1e21"), "1000000000000000000000");
  for (const text of ["50", "1e-3", "0.5", "", "1e", "1e999"]) assert.equal(written(text), text);
});

test("a text in a style sheet ends where it should", () => {
  assert.equal(quoted("50 counts"), '"50 counts"');
  assert.equal(quoted('"; } \\<'), '"\\22 ; } \\5c \\3c "');
});
