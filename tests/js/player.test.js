// The steps play one after the other, until the last one or until somebody stops them.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import "./page.js";

const { Player } = await import("../../cnnlab/ui/components/grid_lab/player.js");

const WORDS = Object.fromEntries(
  ["player_label", "first", "back", "play", "pause", "forward", "last", "slider_label", "speed_label"].map((name) => [
    name,
    name,
  ]),
);
const DATA = {
  words: { ...WORDS, counter: "{step} of {steps}", show_all: "all", predict: "predict" },
  speeds: [
    [0.15, "slow"],
    [0.4, "steady"],
    [4, "fast"],
  ],
  speed: 0.4,
  steps: 4,
  predict: {},
  fills: true,
  refusal: null,
};

let lab;
let player;

// As much of the lab as a player knows.
function labOf(data) {
  return {
    data,
    step: 0,
    steps: data.steps,
    all: false,
    predicting: false,
    rests: 0,
    risen: [],
    rising: {
      play: (duration) => lab.risen.push([lab.step, Math.round(duration)]),
      stop: () => lab.risen.push(null),
    },
    go(step) {
      this.step = Math.max(0, Math.min(step, this.steps - 1));
    },
    move(by) {
      this.go(this.step + by);
    },
    rested() {
      this.rests += 1;
    },
    draw() {
      player.draw();
    },
  };
}

function begin(data = DATA) {
  lab = labOf(data);
  player = new Player(lab);
  player.take(data);
  player.draw();
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  begin();
});

test("two and a half seconds are for each step, and the last one ends it", () => {
  player.toggle();
  assert.ok(player.playing);
  mock.timers.tick(2499);
  assert.equal(lab.step, 0);
  mock.timers.tick(1);
  assert.equal(lab.step, 1);
  mock.timers.tick(2500);
  assert.equal(lab.step, 2);
  assert.ok(player.playing);
  mock.timers.tick(2500);
  assert.equal(lab.step, 3);
  assert.equal(player.playing, false);
  assert.equal(lab.rests, 1);
  mock.timers.tick(9000);
  assert.equal(lab.step, 3);
  assert.ok(lab.risen.every((each) => each === null));
});

test("a scene says how fast its steps are at first", () => {
  begin({ ...DATA, speed: 4 });
  player.toggle();
  mock.timers.tick(250);
  assert.equal(lab.step, 1);
});

test("played again at the end, the steps begin with the first", () => {
  lab.step = 3;
  player.toggle();
  assert.equal(lab.step, 0);
  mock.timers.tick(2500);
  assert.equal(lab.step, 1);
});

test("stopped, nothing moves any more, and the place is told", () => {
  player.toggle();
  mock.timers.tick(2500);
  player.toggle();
  assert.equal(player.playing, false);
  assert.equal(lab.rests, 1);
  assert.equal(lab.risen.at(-1), null);
  mock.timers.tick(9000);
  assert.equal(lab.step, 1);
  player.stop();
  assert.equal(lab.rests, 1, "a player that does not play has nothing to stop");
});

test("another speed counts from the moment at which it is chosen", () => {
  player.toggle();
  mock.timers.tick(2400);
  player.speed.value = "4";
  player.speed.dispatch("change");
  mock.timers.tick(249);
  assert.equal(lab.step, 0);
  mock.timers.tick(1);
  assert.equal(lab.step, 1);
});

test("slowly each step comes about before the eyes, the first and the last, too", () => {
  player.speed.value = "0.15";
  player.toggle();
  assert.deepEqual(lab.risen, [[0, 6667]]);
  for (let step = 1; step < 4; step += 1) {
    mock.timers.tick(6667);
    assert.deepEqual(lab.risen.at(-1), [step, 6667]);
  }
  assert.ok(player.playing);
  mock.timers.tick(6667);
  assert.equal(lab.step, 3);
  assert.equal(player.playing, false);
});

test("a component that was taken off the page without a word plays no longer", () => {
  player.toggle();
  player.element.isConnected = false;
  mock.timers.tick(9000);
  assert.equal(lab.step, 0);
  assert.equal(player.playing, false);
});

test("nothing plays while steps are predicted, without an output, or with one step alone", () => {
  lab.predicting = true;
  player.toggle();
  assert.equal(player.playing, false);
  for (const data of [
    { ...DATA, refusal: "The kernel is too large." },
    { ...DATA, steps: 1 },
  ]) {
    begin(data);
    player.toggle();
    assert.equal(player.playing, false);
    assert.ok(player.play.disabled);
  }
});

test("at either end the buttons that lead beyond it cannot be pressed", () => {
  const disabled = () => ["first", "back", "forward", "last"].filter((name) => player[name].disabled);
  assert.deepEqual(disabled(), ["first", "back"]);
  lab.step = 2;
  player.draw();
  assert.deepEqual(disabled(), []);
  lab.step = 3;
  player.draw();
  assert.deepEqual(disabled(), ["forward", "last"]);
});

test("buttons and slider lead where they say", () => {
  player.last.dispatch("click");
  assert.equal(lab.step, 3);
  player.back.dispatch("click");
  assert.equal(lab.step, 2);
  player.slider.value = "1";
  player.slider.dispatch("input");
  assert.equal(lab.step, 1);
  player.first.dispatch("click");
  assert.equal(lab.step, 0);
  player.forward.dispatch("click");
  assert.equal(lab.step, 1);
});

test("the counter counts from 1, and the button says what it does now", () => {
  lab.step = 1;
  player.draw();
  assert.equal(player.counter.textContent, "2 of 4");
  assert.equal(player.slider.getAttribute("aria-valuetext"), "2 of 4");
  assert.equal(player.play.getAttribute("aria-label"), "play");
  player.toggle();
  assert.equal(player.play.getAttribute("aria-label"), "pause");
});
