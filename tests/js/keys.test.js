// Where keys lead among steps, and who is given the keys of the whole page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { onPageKey, stepOf } from "../../cnnlab/ui/components/lib/keys.js";

test("keys lead to the next, the last, the first, and no further", () => {
  const middle = { index: 4, last: 8 };
  const places = { ArrowRight: 5, PageDown: 5, ArrowLeft: 3, PageUp: 3, Home: 0, End: 8 };
  for (const [key, place] of Object.entries(places)) assert.equal(stepOf(key, middle), place);
  assert.equal(stepOf("ArrowLeft", { index: 0, last: 8 }), 0);
  assert.equal(stepOf("PageDown", { index: 8, last: 8 }), 8);
  assert.equal(stepOf("a", middle), undefined);
  assert.equal(stepOf("ArrowDown", middle), undefined);
});

// A window that is nothing but a target of events.
function press(key) {
  const event = new CustomEvent("lab:key", { detail: key, cancelable: true });
  globalThis.window.dispatchEvent(event);
  return event.defaultPrevented;
}

test("a key of the page is given to the first who has a use for it, as long as that is there", () => {
  globalThis.window = new EventTarget();
  const [first, second] = [{ isConnected: true }, { isConnected: true }];
  const taken = [];
  onPageKey(first, (key) => key === "Home" && Boolean(taken.push("first")));
  onPageKey(second, () => Boolean(taken.push("second")));
  assert.ok(press("Home"));
  assert.ok(press("End"));
  first.isConnected = false;
  assert.ok(press("Home"));
  second.isConnected = false;
  assert.ok(!press("Home"));
  assert.deepEqual(taken, ["first", "second", "second"]);
});
