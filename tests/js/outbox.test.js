// What a component tells Python goes one message at a time.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Outbox } from "../../cnnlab/ui/components/lib/outbox.js";

const PATIENCE = 2000;
let outbox;
let sent;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  sent = [];
  outbox = new Outbox();
  outbox.send = (name, message) => sent.push([name, message]);
});

test("the first message goes at once, with a number", () => {
  outbox.post("edit", { text: "1" });
  assert.deepEqual(sent, [["edit", { text: "1", message: 1 }]]);
  assert.ok(outbox.isOpen);
});

test("the next one waits for the answer to the last", () => {
  outbox.post("edit", { text: "1" });
  outbox.post("place", { step: 4 });
  assert.equal(sent.length, 1);
  outbox.answered(0); // to what was told before
  assert.equal(sent.length, 1);
  outbox.answered(1);
  assert.deepEqual(sent[1], ["place", { step: 4, message: 2 }]);
  assert.ok(outbox.isOpen);
  outbox.answered(2);
  assert.equal(outbox.isOpen, false);
});

test("of several that wait under one name one goes, with the newest word on each thing", () => {
  outbox.post("edit", { text: "1" });
  outbox.post("edit", { text: "12", stack: "kernel" });
  outbox.post("edit", { text: "123" });
  outbox.answered(1);
  assert.deepEqual(sent.slice(1), [["edit", { text: "123", stack: "kernel", message: 2 }]]);
  outbox.answered(2);
  assert.equal(sent.length, 2);
});

test("names go in the order of their newest words", () => {
  outbox.post("edit", {});
  outbox.post("place", {});
  outbox.post("guess", {});
  outbox.post("place", {});
  outbox.answered(1);
  outbox.answered(2);
  assert.deepEqual(
    sent.map(([name]) => name),
    ["edit", "guess", "place"],
  );
});

test("an edit after another choice has the last word on what is chosen", () => {
  outbox.post("edit", { steps: 3, selected: 0 });
  outbox.post("edit", { steps: 4, selected: 0 });
  outbox.post("chosen", { card: 5 });
  outbox.post("edit", { steps: 2, selected: 1 });
  outbox.answered(1);
  outbox.answered(2);
  assert.deepEqual(
    sent.map(([name]) => name),
    ["edit", "chosen", "edit"],
  );
  assert.equal(sent[2][1].selected, 1);
});

test("an answer that does not come is taken as lost after a while, and what was told stays open", () => {
  outbox.post("edit", { text: "1" });
  outbox.post("edit", { text: "2" });
  mock.timers.tick(PATIENCE - 1);
  assert.equal(sent.length, 1);
  mock.timers.tick(1);
  assert.deepEqual(sent[1], ["edit", { text: "2", message: 2 }]);
  outbox.answered(1); // the lost one, late
  assert.ok(outbox.isOpen);
  outbox.answered(2);
  assert.equal(outbox.isOpen, false);
});

test("patience begins anew with each message", () => {
  outbox.post("edit", {});
  mock.timers.tick(1500);
  outbox.answered(1);
  outbox.post("edit", {});
  outbox.post("place", {});
  mock.timers.tick(1500);
  assert.equal(sent.length, 2);
  mock.timers.tick(500);
  assert.equal(sent.length, 3);
});

test("numbers go on from where an earlier component of the session stopped", () => {
  outbox.answered(41);
  assert.equal(outbox.isOpen, false);
  outbox.post("edit", {});
  assert.equal(sent[0][1].message, 42);
});

test("an answer to a newer message answers the older ones", () => {
  outbox.post("edit", {});
  outbox.answered(7);
  assert.equal(outbox.isOpen, false);
  outbox.post("edit", {});
  assert.equal(sent[1][1].message, 8);
});

test("what was forgotten is not told any more, nor waited for", () => {
  outbox.post("edit", { text: "1" });
  outbox.post("edit", { text: "2" });
  outbox.forget();
  assert.equal(outbox.isOpen, false);
  outbox.answered(1);
  assert.equal(sent.length, 1);
});

test("one that is closed sends nothing when patience ends", () => {
  outbox.post("edit", {});
  outbox.post("place", {});
  outbox.close();
  mock.timers.tick(10 * PATIENCE);
  assert.equal(sent.length, 1);
});
