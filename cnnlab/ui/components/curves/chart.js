// One drawing of curves: axes with names, lines with bands and dots, marks, what lies under the pointer.
//
// It draws what it is told and says where a pointer is. What a drag or a key means is the business of who has it.

import { drawing, setAttribute, setText } from "../lib/dom.js";
import { clamp } from "../lib/numbers.js";
import { bandPath, linePath, seen } from "./reading.js";
import { extent, scaleOf, ticks, tickTexts } from "./scale.js";

const TICK_WIDTH = 70; // pixels from one number at the lower axis to the next
const TICK_HEIGHT = 34; // likewise at the left axis
const LOG_TICK_HEIGHT = 18; // whose numbers lie unevenly
const NAME_HEIGHT = 30; // pixels below a drawing in which a name has a line of its own
const DIGIT = 6; // pixels of one
const EDGE = 5; // pixels of a dot that may stick out of the whole

/** @typedef {import("./scale.js").Axis} Axis */
/** @typedef {import("./scale.js").Range} Range */

/**
 * @typedef {object} Series
 * @property {string} key
 * @property {string} name
 * @property {number} colour its place in the theme's colours for charts
 * @property {ArrayLike<number>} x grows
 * @property {ArrayLike<number>} y what is not finite is a gap
 * @property {ArrayLike<number>} [low] the least of what each point stands for
 * @property {ArrayLike<number>} [high]
 * @property {boolean} [dots] each point is seen
 * @property {string} [longest_name] that it gets while it grows
 */

/** @typedef {{ name: string, x: number | null, y: number | null }} Mark a place with a name */

/**
 * @typedef {object} Shown
 * @property {Axis} x
 * @property {Axis} y
 * @property {readonly Series[]} series
 * @property {readonly Mark[]} marks
 * @property {Range} range the part of x that is seen
 * @property {boolean} [isWhole] nothing lies outside of it
 */

/** @typedef {{ left: number, right: number, top: number, bottom: number }} Margin */

export class Chart {
  #axes = drawing("g");
  #lines = drawing("g");
  #marks = drawing("g");
  #clip = drawing("rect");
  // They follow the pointer, and keep nothing below them from it.
  #selection = drawing("rect", { class: "selection", "pointer-events": "none" });
  #cursor = drawing("line", { class: "cursor", "pointer-events": "none" });
  #across = scaleOf([0, 1], [0, 1]);
  #down = scaleOf([0, 1], [1, 0]);
  #width = 0;
  /** @type {[number, number]} of the axis, where it has fixed ones */
  #ends = [-Infinity, Infinity];

  /**
   * @param {string} key of its own among the drawings of a component
   * @param {number} height
   * @param {Margin} margin
   * @param {(series: Series, index: number) => string} [told] of a dot, for who rests on it
   */
  constructor(key, height, margin, told) {
    this.height = height;
    this.margin = margin;
    this.told = told;
    const clip = `clip-${key}`;
    setAttribute(this.#lines, "clip-path", `url(#${clip})`);
    this.svg = drawing("svg", { class: "chart" }, [
      drawing("defs", {}, [drawing("clipPath", { id: clip }, [this.#clip])]),
      this.#axes,
      this.#marks,
      this.#lines,
      this.#selection,
      this.#cursor,
    ]);
    const inner = { y: margin.top, height: height - margin.top - margin.bottom };
    for (const [name, value] of Object.entries(inner)) setAttribute(this.#selection, name, value);
    this.point(null);
    this.select(null);
  }

  /**
   * @param {Shown} shown
   * @param {number} width
   */
  draw({ x, y, series, marks, range, isWhole = true }, width) {
    this.#width = width;
    const { height, margin } = this;
    const [left, right, top, bottom] = [margin.left, width - margin.right, margin.top, height - margin.bottom];
    const isLog = y.log ?? false;
    this.#ends = (y.fixed && y.whole) || [-Infinity, Infinity];
    const heights = extent(y, allSeen(series, range), isLog);
    this.#across = scaleOf(range, [left, right]);
    this.#down = scaleOf(heights, [bottom, top], isLog);
    setAttribute(this.svg, "viewBox", `0 0 ${width} ${height}`);
    this.#drawAxes(x, y, range, heights, series);
    const edge = isWhole ? EDGE : 0;
    const clip = { x: left - edge, y: top - EDGE, width: right - left + 2 * edge, height: bottom - top + 2 * EDGE };
    for (const [name, value] of Object.entries(clip)) setAttribute(this.#clip, name, value);
    this.#lines.replaceChildren(...series.flatMap((each) => this.#line(each)));
    this.#marks.replaceChildren(...marks.flatMap((mark) => this.#mark(mark, range)));
  }

  /**
   * @param {Axis} x
   * @param {Axis} y
   * @param {Range} range
   * @param {Range} heights
   * @param {readonly Series[]} series
   */
  #drawAxes(x, y, range, heights, series) {
    const { margin, height } = this;
    const [left, right, bottom] = [margin.left, this.#width - margin.right, height - margin.bottom];
    const isLog = y.log ?? false;
    const room = (bottom - margin.top) / (isLog ? LOG_TICK_HEIGHT : TICK_HEIGHT);
    const isCut = y.fixed && series.some((each) => Array.from(each.y).some((value) => value < heights[0]));
    const levels = y.ticks ?? ticks(heights, room, isLog);
    const steps = x.ticks ?? ticks(range, (right - left) / TICK_WIDTH);
    const texts = tickTexts(levels, y, heights);
    const parts = levels.flatMap((value, index) => {
      const place = this.#down.place(value);
      const below = isCut && value <= heights[0] ? "≤ " : "";
      return [
        drawing("line", { class: "grid", x1: left, x2: right, y1: place, y2: place }),
        text("tick", left - 6, place + 4, "end", `${below}${texts[index]}`),
      ];
    });
    const foot = bottom + 16;
    const numbers = tickTexts(steps, x, range);
    for (const [index, number] of numbers.entries()) {
      const furthest = this.#width - (number.length * DIGIT) / 2;
      parts.push(text("tick", Math.min(furthest, this.#across.place(steps[index])), foot, "middle", number));
    }
    // The name has a line of its own where there is one, else the corner beside the numbers.
    const name =
      margin.bottom > NAME_HEIGHT
        ? text("axis", (left + right) / 2, height - 4, "middle", x.name)
        : text("axis", 0, foot, "start", x.name);
    this.#axes.replaceChildren(...parts, name);
  }

  /**
   * Where the axis ends before the values do, they lie on its end.
   *
   * @param {number} value
   */
  #heightOf(value) {
    return this.#down.place(clamp(value, ...this.#ends));
  }

  /** @param {Series} series */
  #line(series) {
    const { key, colour, x, low, high } = series;
    const across = this.#across.place;
    const down = (/** @type {number} */ value) => this.#heightOf(value);
    const parts = [drawing("path", { class: `line is-${key}`, d: linePath(series, across, down) })];
    if (low && high) parts.unshift(drawing("path", { class: "band", d: bandPath(x, low, high, across, down) }));
    const dots = series.dots ? Array.from(series.y, (value, index) => ({ value, index })) : [];
    const drawn = dots
      .filter(({ value }) => Number.isFinite(value))
      .map(({ value, index }) => {
        const dot = drawing("circle", { class: `dot is-${key}`, cx: across(x[index]), cy: down(value) });
        if (this.told) dot.append(drawing("title", {}, [this.told(series, index)]));
        return dot;
      });
    for (const part of [...parts, ...drawn]) part.style.color = `var(--chart-${colour})`;
    return [...parts, ...drawn];
  }

  /**
   * @param {Mark} mark
   * @param {Range} range
   */
  #mark({ name, x, y }, [low, high]) {
    const { margin, height } = this;
    const [left, right] = [margin.left, this.#width - margin.right];
    if (y !== null) {
      const place = this.#down.place(y);
      return [
        drawing("line", { class: "mark", x1: left, x2: right, y1: place, y2: place }),
        text("mark-name", right, place + 15, "end", name),
      ];
    }
    if (x === null || x < low || x > high) return [];
    const place = this.#across.place(x);
    return [
      drawing("line", { class: "mark", x1: place, x2: place, y1: margin.top, y2: height - margin.bottom }, [
        drawing("title", {}, [name]),
      ]),
    ];
  }

  /**
   * The value of x that a pointer is at.
   *
   * @param {MouseEvent} event
   */
  valueAt(event) {
    const box = this.svg.getBoundingClientRect();
    return this.#across.value(((event.clientX - box.left) / (box.width || 1)) * this.#width);
  }

  /**
   * Show where something is read.
   *
   * @param {number | null} x
   */
  point(x) {
    this.#cursor.style.display = x === null ? "none" : "";
    if (x === null) return;
    const place = this.#across.place(x);
    const ends = { x1: place, x2: place, y1: this.margin.top, y2: this.height - this.margin.bottom };
    for (const [name, value] of Object.entries(ends)) setAttribute(this.#cursor, name, value);
  }

  /**
   * Show what a drag would choose.
   *
   * @param {Range | null} range
   */
  select(range) {
    this.#selection.style.display = range ? "" : "none";
    if (!range) return;
    const [from, to] = range.map(this.#across.place).sort((a, b) => a - b);
    setAttribute(this.#selection, "x", from);
    setAttribute(this.#selection, "width", to - from);
  }

  /**
   * Where a point lies, in the drawing's pixels; one beyond the axis is drawn at its end, as the line is.
   *
   * @param {number} x
   * @param {number} y
   */
  placeOf(x, y) {
    return [this.#across.place(x), this.#heightOf(y)];
  }
}

/**
 * The names of lines, in their colours; what stands there already is not touched.
 *
 * @param {HTMLElement} legend
 * @param {readonly Series[]} series
 */
export function drawLegend(legend, series) {
  series.forEach(({ key, colour, name }, index) => {
    const entry = legend.children[index] ?? legend.appendChild(document.createElement("span"));
    entry.className = `is-${key}`;
    /** @type {HTMLElement} */ (entry).style.color = `var(--chart-${colour})`;
    setText(entry, name);
  });
}

/**
 * @param {readonly Series[]} series
 * @param {Range} range
 */
function* allSeen(series, range) {
  for (const { x, y, low, high } of series)
    for (const column of [y, low, high]) if (column) yield* seen(x, column, range);
}

/**
 * @param {string} className
 * @param {number} x
 * @param {number} y
 * @param {"start" | "middle" | "end"} anchor
 * @param {string} content
 */
function text(className, x, y, anchor, content) {
  return drawing("text", { class: className, x, y, "text-anchor": anchor }, [content]);
}
