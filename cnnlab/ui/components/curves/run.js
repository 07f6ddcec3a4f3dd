// The course of a run while it goes: numbers, curves that keep their zoom, and the first layer's kernels.
// Python sends everything anew at every tick; only the drawing is done here.

import { chartColours } from "../lib/colours.js";
import { make, setText, told } from "../lib/dom.js";
import { clamp } from "../lib/numbers.js";
import { windowHeight } from "../lib/present.js";
import { fill } from "../lib/words.js";
import { drawKernels } from "./kernels.js";
import { Panel } from "./panel.js";
import { heightAt } from "./reading.js";
import { readText } from "./scale.js";
import { overSpan } from "./smoothing.js";
import { Zoom } from "./zoom.js";

// Pixels of the loss, and of what stands beside it; in a low window all of it is to be seen at once.
const HEIGHTS = [292, 120, 120];
const LOW_HEIGHTS = [220, 84, 84];
const LOW = 900;

/**
 * @typedef {object} RunData as `course` in run.py
 * @property {"run"} kind
 * @property {string} run
 * @property {Record<string, string>} words
 * @property {number[]} spans steps to smooth over
 * @property {string[]} span_names
 * @property {number} span the one at first
 * @property {{ name: string, label: string, text: string }[]} numbers
 * @property {number | null} total steps of the whole run, where it is known
 * @property {number | null} steps_per_epoch
 * @property {import("./smoothing.js").SentChart[]} charts
 * @property {import("./kernels.js").Kernels | null} kernels
 */

export class RunView {
  #zoom = new Zoom();
  /** @type {number | null} */
  #cursor = null;
  #last = 0; // step that has happened
  #isLog = false;
  /** @type {Panel[]} */
  #panels = [];
  /** @type {Map<string, HTMLElement>} */
  #numbers = new Map();
  #list = make("dl", "numbers");
  #kernels = make("div", "kernels");
  /** @type {import("./chart.js").Series[][]} */
  #series = [];

  /**
   * @param {HTMLElement} root
   * @param {RunData} data
   */
  constructor(root, data) {
    const { words, charts } = data;
    this.root = root;
    this.data = data;
    this.span = data.span;
    this.box = make("div", "panels");
    const heights = windowHeight() > LOW ? HEIGHTS : LOW_HEIGHTS;
    this.#panels = charts.map(({ key, y }, index) => {
      const label = fill(words.panel, { name: y.name, help: words.help });
      return new Panel(key, y.name, label, heights[index], this);
    });
    this.box.append(...this.#panels.map((panel) => panel.element));
    const tools = make("div", "tools", {}, [this.#smoothing(), this.#logarithmic()]);
    this.reset = make("button", "reset", { type: "button", title: words.help }, [words.reset]);
    this.reset.addEventListener("click", () => this.zoomToAll());
    tools.append(this.reset);
    root.replaceChildren(this.#list, this.#kernels, tools, this.box);
    this.observer = new ResizeObserver(() => this.#draw());
  }

  #smoothing() {
    const { words, spans, span_names: names } = this.data;
    const range = { type: "range", min: 0, max: spans.length - 1, step: 1, value: spans.indexOf(this.span) };
    const slider = make("input", "span", range);
    const value = make("span", "value");
    const choose = () => {
      this.span = spans[Number(slider.value)];
      setText(value, names[Number(slider.value)]);
      slider.setAttribute("aria-valuetext", value.textContent ?? "");
    };
    choose();
    slider.addEventListener("input", () => {
      choose();
      this.#smooth();
      this.#draw();
    });
    return make("label", "", {}, [words.smoothing, slider, value]);
  }

  #logarithmic() {
    const box = make("input", "log", { type: "checkbox" });
    box.addEventListener("change", () => {
      this.#isLog = box.checked;
      this.#draw();
    });
    return make("label", "", {}, [box, this.data.words.log]);
  }

  /** @param {RunData} data */
  update(data) {
    if (data.run !== this.data.run) {
      this.#zoom.all();
      this.#cursor = null;
    }
    this.data = data;
    this.#smooth();
    this.#drawNumbers();
    drawKernels(this.#kernels, data.kernels, data.words);
    this.#draw();
    // Once it was begun a second time, it is still watched.
    this.observer.observe(this.box);
  }

  #smooth() {
    this.#series = this.data.charts.map(({ series }) => overSpan(series, this.span));
  }

  get range() {
    return this.#zoom.range;
  }

  /** @param {import("./zoom.js").Range} range */
  zoomTo(range) {
    this.#zoom.to(range);
    this.#draw();
  }

  zoomToAll() {
    this.#zoom.all();
    this.#draw();
  }

  /**
   * Read a step; beyond the last one that last one, as long as it is seen.
   *
   * @param {number | null} step
   */
  point(step) {
    const happened = step === null ? null : Math.min(step, this.#last);
    this.#cursor = happened !== null && happened >= this.range[0] ? happened : null;
    this.#drawCursors();
  }

  /**
   * What a key does on the curves; whether it does anything.
   *
   * @param {string} key
   */
  act(key) {
    const [low, high] = this.range;
    const middle = this.#cursor ?? (low + high) / 2;
    const to = (/** @type {number} */ step) => this.point(clamp(step, low, high));
    const closer = (/** @type {number} */ factor) => {
      this.#zoom.around(factor, middle);
      this.#draw();
    };
    /** @type {Record<string, () => void>} */
    const acts = {
      ArrowLeft: () => to(middle - (high - low) / 50),
      ArrowRight: () => to(middle + (high - low) / 50),
      Home: () => to(low),
      End: () => to(high),
      "+": () => closer(0.5),
      "=": () => closer(0.5),
      "-": () => closer(2),
      0: () => this.zoomToAll(),
      Escape: () => this.zoomToAll(),
    };
    acts[key]?.();
    return key in acts;
  }

  #drawNumbers() {
    for (const { name, label, text } of this.data.numbers) {
      let shown = this.#numbers.get(name);
      if (!shown) {
        shown = make("dd");
        this.#list.append(make("div", `number-${name}`, {}, [told("dt", "", label), shown]));
        this.#numbers.set(name, shown);
      }
      setText(shown, text);
    }
  }

  #draw() {
    this.#last = Math.max(0, ...this.#series.map(([first]) => first?.x[first.x.length - 1] ?? 0));
    this.#zoom.whole = [0, Math.max(1, this.data.total ?? 0, this.#last)];
    chartColours(this.root).forEach((colour, index) => {
      this.root.style.setProperty(`--chart-${index}`, colour);
    });
    this.#panels.forEach((panel, index) => {
      const { x, y, marks } = this.data.charts[index];
      const isLog = this.#isLog && index === 0;
      const series = this.#series[index];
      panel.draw({ x, y: { ...y, log: isLog }, series, marks, range: this.range, isWhole: this.#zoom.isWhole });
    });
    this.reset.disabled = this.#zoom.isWhole;
    this.#drawCursors();
  }

  #drawCursors() {
    this.#panels.forEach((panel, index) => {
      panel.point(this.#cursor, this.#cursor === null ? "" : this.#reading(this.#cursor, index));
    });
  }

  /**
   * What stands at a step, in words.
   *
   * @param {number} step
   * @param {number} index of the panel
   */
  #reading(step, index) {
    const { words, steps_per_epoch: perEpoch, charts } = this.data;
    const { y, marks } = charts[index];
    const parts = [fill(words.at_step, { step: Math.round(step) })];
    if (perEpoch && index === 0) parts.push(fill(words.at_epoch, { epoch: (step / perEpoch).toFixed(2) }));
    const series = this.#series[index];
    for (const each of series) {
      const height = heightAt(each, step);
      if (height === null) continue;
      const number = readText(height, y);
      parts.push(series.length > 1 ? fill(words.named, { curve: each.name, number }) : number);
    }
    const [low, high] = this.range;
    const close = (/** @type {import("./chart.js").Mark} */ { x }) =>
      x !== null && Math.abs(x - step) <= (high - low) / 100;
    parts.push(...marks.filter(close).map(({ name }) => name));
    return parts.join(" · ");
  }
}
