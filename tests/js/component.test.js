// How Streamlit begins a component, calls it again, and ends it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { component } from "../../cnnlab/ui/components/lib/component.js";

function place() {
  const root = {};
  return { querySelector: (selector) => (selector === ".mount" ? root : null), root };
}

test("a component is begun once in its place, and told all that Python sends", () => {
  const begun = [];
  const told = [];
  const draw = component(".mount", (root, data) => {
    begun.push([root, data]);
    return { update: (next, send) => told.push([next, send]) };
  });
  const parentElement = place();
  const send = () => {};
  draw({ data: 1, parentElement, setStateValue: send });
  draw({ data: 2, parentElement, setStateValue: send });
  assert.deepEqual(begun, [[parentElement.root, 1]]);
  assert.deepEqual(told, [
    [1, send],
    [2, send],
  ]);
});

test("two places have a component each", () => {
  let count = 0;
  const draw = component(".mount", () => {
    count += 1;
    return { update() {} };
  });
  draw({ data: 1, parentElement: place(), setStateValue() {} });
  draw({ data: 1, parentElement: place(), setStateValue() {} });
  assert.equal(count, 2);
});

test("one that was closed is begun anew in the same place; one that cannot be closed goes on", () => {
  for (const [close, expected] of [
    [() => {}, 2],
    [undefined, 1],
  ]) {
    let count = 0;
    const draw = component(".mount", () => {
      count += 1;
      return { update() {}, close };
    });
    const parentElement = place();
    draw({ data: 1, parentElement, setStateValue() {} })();
    draw({ data: 1, parentElement, setStateValue() {} });
    assert.equal(count, expected);
  }
});
