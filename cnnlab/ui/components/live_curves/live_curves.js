// The course of a run while it goes: numbers, curves that keep their zoom, and the first layer's kernels.
// Python sends everything anew at every tick; only the drawing is done here.

import { fill } from "../lib/words.js";
import { smoothed } from "./smoothing.js";

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = { left: 46, right: 12, top: 8, bottom: 22 };
const SPANS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]; // steps to smooth over
const MIN_DRAG = 6; // pixels; less than this is a click
const states = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".curves");
  let state = states.get(root);
  if (!state) {
    state = build(root, data.words);
    states.set(root, state);
  }
  paint(root);
  if (state.run !== data.run) {
    state.run = data.run;
    state.zoom = null;
    state.cursor = null;
  }
  state.data = data;
  draw(state);
  state.observer.observe(state.box);
  // Streamlit may call again after that, with all that was built still in place.
  return () => state.observer.disconnect();
}

// ---------------------------------------------------------------------------------------------------- building, once

function element(parent, tag, attributes = {}, text = null) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== null) made.textContent = text;
  parent.append(made);
  return made;
}

function shape(parent, tag, attributes = {}) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  parent.append(made);
  return made;
}

function build(root, words) {
  root.replaceChildren();
  const state = { root, words, zoom: null, cursor: null, span: 20, isLog: false, numbers: new Map(), panels: [] };
  state.list = element(root, "dl", { class: "numbers" });
  buildTools(state);
  const panels = element(root, "div", { class: "panels" });
  state.panels.push(buildPanel(state, panels, "loss", 292, ["raw", "train", "validation"]));
  state.panels.push(buildPanel(state, panels, "accuracy", 120, []));
  state.panels.push(buildPanel(state, panels, "rate", 120, []));
  state.kernels = element(root, "div", { class: "kernels" });
  state.box = panels;
  state.observer = new ResizeObserver(() => state.data && draw(state));
  return state;
}

// The theme's colours for charts, which colour-blind people tell apart; they change with the theme.
function paint(root) {
  const colours = getComputedStyle(root)
    .getPropertyValue("--st-chart-categorical-colors")
    .match(/#[0-9a-f]{6}/gi);
  if (!colours || colours.length < 2) return;
  root.style.setProperty("--train", colours[0]);
  root.style.setProperty("--validation", colours[1]);
}

function buildTools(state) {
  const { words } = state;
  const tools = element(state.root, "div", { class: "tools" });
  const smoothing = element(tools, "label", {}, words.smoothing);
  const slider = element(smoothing, "input", {
    type: "range",
    min: 0,
    max: SPANS.length - 1,
    step: 1,
    value: SPANS.indexOf(state.span),
    class: "span",
  });
  const value = element(smoothing, "span", { class: "value" });
  const tell = () => {
    value.textContent = state.span === 1 ? words.step : fill(words.steps, { steps: state.span.toLocaleString("en") });
    slider.setAttribute("aria-valuetext", value.textContent);
  };
  slider.addEventListener("input", () => {
    state.span = SPANS[Number(slider.value)];
    tell();
    draw(state);
  });
  tell();
  const log = element(tools, "label");
  const box = element(log, "input", { type: "checkbox", class: "log" });
  log.append(words.log);
  box.addEventListener("change", () => {
    state.isLog = box.checked;
    draw(state);
  });
  state.reset = element(tools, "button", { type: "button", class: "reset", title: words.help }, words.reset);
  state.reset.addEventListener("click", () => zoomTo(state, null));
}

function buildPanel(state, parent, name, height, legend) {
  const { words } = state;
  const box = element(parent, "div", {
    class: `panel panel-${name}`,
    tabindex: 0,
    role: "group",
    "aria-label": fill(words.panel, { name: words[name], help: words.help }),
  });
  const head = element(box, "div", { class: "head" });
  element(head, "strong", {}, words[name]);
  if (legend.length) {
    const entries = element(head, "div", { class: "legend" });
    for (const entry of legend) element(entries, "span", { class: `is-${entry}` }, words[`legend_${entry}`]);
  }
  const readout = element(box, "div", { class: "readout", role: "status" });
  const svg = shape(box, "svg", { height, "aria-hidden": "true" });
  const clip = `clip-${name}`;
  const clipped = shape(shape(shape(svg, "defs"), "clipPath", { id: clip }), "rect");
  const panel = { name, height, box, readout, svg, clipped, from: 0 };
  panel.axes = shape(svg, "g");
  panel.lines = shape(svg, "g", { "clip-path": `url(#${clip})` });
  panel.selection = shape(svg, "rect", {
    class: "selection",
    y: MARGIN.top,
    height: height - MARGIN.top - MARGIN.bottom,
  });
  panel.cursor = shape(svg, "line", { class: "cursor", y1: MARGIN.top, y2: height - MARGIN.bottom });
  panel.selection.style.display = panel.cursor.style.display = "none";
  listen(state, panel);
  return panel;
}

function listen(state, panel) {
  const { svg, box } = panel;
  const stepAt = (event) => {
    const { left } = svg.getBoundingClientRect();
    const [low, high] = range(state);
    const inner = Math.max(1, panel.width - MARGIN.left - MARGIN.right);
    return low + clamp((event.clientX - left - MARGIN.left) / inner, 0, 1) * (high - low);
  };
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    svg.setPointerCapture(event.pointerId);
    panel.dragFrom = { x: event.clientX, step: stepAt(event) };
  });
  svg.addEventListener("pointermove", (event) => {
    state.cursor = stepAt(event);
    if (panel.dragFrom) panel.dragTo = state.cursor;
    drawCursors(state);
  });
  svg.addEventListener("pointerup", (event) => {
    const start = panel.dragFrom;
    panel.dragFrom = panel.dragTo = null;
    if (start && Math.abs(event.clientX - start.x) >= MIN_DRAG) {
      const end = stepAt(event);
      zoomTo(state, [Math.min(start.step, end), Math.max(start.step, end)]);
    } else drawCursors(state);
  });
  svg.addEventListener("pointercancel", () => {
    panel.dragFrom = panel.dragTo = null;
    drawCursors(state);
  });
  svg.addEventListener("pointerleave", () => {
    if (panel.dragFrom) return;
    state.cursor = null;
    drawCursors(state);
  });
  svg.addEventListener("dblclick", () => zoomTo(state, null));
  box.addEventListener("keydown", (event) => {
    const [low, high] = range(state);
    const middle = state.cursor ?? (low + high) / 2;
    const around = (factor) => [middle - (middle - low) * factor, middle + (high - middle) * factor];
    const act = {
      ArrowLeft: () => moveTo(state, middle - (high - low) / 50),
      ArrowRight: () => moveTo(state, middle + (high - low) / 50),
      Home: () => moveTo(state, low),
      End: () => moveTo(state, high),
      "+": () => zoomTo(state, around(0.5)),
      "=": () => zoomTo(state, around(0.5)),
      "-": () => zoomTo(state, around(2)),
      0: () => zoomTo(state, null),
      Escape: () => zoomTo(state, null),
    }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  box.addEventListener("blur", () => {
    state.cursor = null;
    drawCursors(state);
  });
}

function moveTo(state, step) {
  const [low, high] = range(state);
  state.cursor = clamp(step, low, high);
  drawCursors(state);
}

function zoomTo(state, zoom) {
  const [, end] = whole(state);
  if (zoom) {
    zoom = [Math.max(0, zoom[0]), Math.min(end, zoom[1])];
    if (zoom[1] - zoom[0] >= end) zoom = null;
    else if (zoom[1] - zoom[0] < 2) return;
  }
  state.zoom = zoom;
  draw(state);
}

// ------------------------------------------------------------------------------------------------- drawing, every tick

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const whole = (state) => [0, Math.max(1, state.data.total ?? 0, ...state.data.loss.steps.slice(-1))];
const range = (state) => state.zoom ?? whole(state);

function draw(state) {
  drawNumbers(state);
  const { loss, validation, rate } = state.data;
  const smooth = { steps: loss.steps, values: smoothed(loss.mean, loss.steps, state.span) };
  const raw = { steps: loss.steps, values: loss.mean };
  const checked = (values) => ({ steps: validation.steps, values });
  state.series = {
    loss: [
      { ...raw, kind: "raw", band: loss.low && [loss.low, loss.high] },
      { ...smooth, kind: "train" },
      { ...checked(validation.loss), kind: "validation", dots: true },
    ],
    accuracy: [{ ...checked(validation.accuracy), kind: "validation", dots: true, percent: true }],
    rate: [{ steps: rate.steps, values: rate.values, kind: "rate" }],
  };
  for (const panel of state.panels) drawPanel(state, panel, state.series[panel.name]);
  state.reset.disabled = !state.zoom;
  drawCursors(state);
  drawKernels(state);
}

function drawNumbers(state) {
  for (const { name, label, text } of state.data.numbers) {
    let shown = state.numbers.get(name);
    if (!shown) {
      const box = element(state.list, "div", { class: `number-${name}` });
      element(box, "dt", {}, label);
      shown = element(box, "dd");
      state.numbers.set(name, shown);
    }
    if (shown.textContent !== text) shown.textContent = text;
  }
}

function drawPanel(state, panel, series) {
  panel.width = panel.svg.clientWidth || panel.box.clientWidth - 16;
  if (panel.width < 80) return;
  const [low, high] = range(state);
  const isLog = state.isLog && panel.name === "loss";
  const [bottom, top] = heights(series, low, high, isLog, panel.name);
  const inner = { width: panel.width - MARGIN.left - MARGIN.right, height: panel.height - MARGIN.top - MARGIN.bottom };
  const place = isLog ? Math.log10 : (value) => value;
  panel.x = (step) => MARGIN.left + ((step - low) / (high - low)) * inner.width;
  panel.y = (value) =>
    MARGIN.top + (1 - (place(value) - place(bottom)) / (place(top) - place(bottom) || 1)) * inner.height;
  for (const [name, value] of Object.entries({
    x: MARGIN.left,
    y: MARGIN.top - 3,
    width: inner.width,
    height: inner.height + 6,
  }))
    panel.clipped.setAttribute(name, value);
  panel.svg.setAttribute("viewBox", `0 0 ${panel.width} ${panel.height}`);
  drawAxes(
    panel,
    inner,
    ticks(low, high, inner.width / 70),
    isLog ? logTicks(bottom, top) : ticks(bottom, top, inner.height / 34),
    series,
  );
  panel.lines.replaceChildren();
  for (const line of series) {
    if (line.band) shape(panel.lines, "path", { class: "band", d: bandPath(panel, line) });
    shape(panel.lines, "path", { class: `line is-${line.kind}`, d: path(panel, line) });
    if (line.dots && line.steps.length <= 60)
      line.steps.forEach((step, index) => {
        if (line.values[index] !== null)
          shape(panel.lines, "circle", { class: "dot", r: 3, cx: panel.x(step), cy: panel.y(line.values[index]) });
      });
  }
}

function drawAxes(panel, inner, xs, ys, series) {
  const percent = series.some((line) => line.percent);
  panel.axes.replaceChildren();
  for (const value of ys) {
    const y = panel.y(value);
    shape(panel.axes, "line", { class: "grid", x1: MARGIN.left, x2: MARGIN.left + inner.width, y1: y, y2: y });
    shape(panel.axes, "text", { x: MARGIN.left - 6, y: y + 4, "text-anchor": "end" }).textContent = percent
      ? `${short(value * 100)} %`
      : short(value);
  }
  for (const value of xs)
    shape(panel.axes, "text", { x: panel.x(value), y: panel.height - 6, "text-anchor": "middle" }).textContent =
      short(value);
}

// The heights that are seen between two steps, with the neighbours just outside.
function heights(series, low, high, isLog, name) {
  let bottom = Infinity;
  let top = -Infinity;
  for (const { steps, values, band } of series) {
    const from = Math.max(0, firstFrom(steps, low) - 1);
    const to = Math.min(steps.length, firstFrom(steps, high) + 1);
    for (const column of band ? [values, ...band] : [values])
      for (let index = from; index < to; index++) {
        const value = column[index];
        if (value === null || (isLog && value <= 0)) continue;
        bottom = Math.min(bottom, value);
        top = Math.max(top, value);
      }
  }
  if (bottom > top) return isLog ? [0.1, 10] : [0, 1];
  if (name === "rate") bottom = 0;
  const room = (top - bottom) * 0.05 || Math.abs(top) * 0.1 || 1;
  return isLog ? [bottom / 1.1, top * 1.1] : [name === "rate" ? 0 : bottom - room, top + room];
}

function firstFrom(steps, step) {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

function path(panel, { steps, values }) {
  let isDown = false;
  const parts = [];
  for (let index = 0; index < steps.length; index++) {
    const y = values[index] === null ? NaN : panel.y(values[index]);
    if (!Number.isFinite(y)) {
      isDown = false;
      continue;
    }
    parts.push(`${isDown ? "L" : "M"}${panel.x(steps[index]).toFixed(1)} ${y.toFixed(1)}`);
    isDown = true;
  }
  return parts.join("");
}

function bandPath(panel, { steps, band }) {
  const at = (column) => (index) => `${panel.x(steps[index]).toFixed(1)} ${panel.y(band[column][index]).toFixed(1)}`;
  const there = steps
    .map((_, index) => index)
    .filter((index) =>
      [0, 1].every((c) => Number.isFinite(band[c][index]) && Number.isFinite(panel.y(band[c][index]))),
    );
  if (there.length < 2) return "";
  return `M${there.map(at(1)).join("L")}L${there.reverse().map(at(0)).join("L")}Z`;
}

function ticks(low, high, count) {
  const rough = (high - low) / Math.max(3, Math.floor(count));
  const power = 10 ** Math.floor(Math.log10(rough));
  const stride = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const found = [];
  for (let value = Math.ceil(low / stride) * stride; value <= high + stride / 1e6; value += stride) found.push(value);
  return found;
}

function logTicks(low, high) {
  const found = [];
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++)
    for (const factor of [1, 2, 5])
      if (factor * 10 ** power >= low && factor * 10 ** power <= high) found.push(factor * 10 ** power);
  return found.length >= 2 ? found : ticks(low, high, 4);
}

function short(value) {
  if (Math.abs(value) >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (Math.abs(value) >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  return String(Number(value.toPrecision(4)));
}

function drawCursors(state) {
  if (!state.data) return;
  for (const panel of state.panels) {
    if (!panel.x) continue;
    const isHere = state.cursor !== null;
    panel.cursor.style.display = isHere ? "" : "none";
    panel.readout.textContent = isHere ? readout(state, panel) : "";
    if (isHere) for (const end of ["x1", "x2"]) panel.cursor.setAttribute(end, panel.x(state.cursor));
    const isDragging = Boolean(panel.dragFrom && panel.dragTo);
    panel.selection.style.display = isDragging ? "" : "none";
    if (isDragging) {
      const [from, to] = [panel.x(panel.dragFrom.step), panel.x(panel.dragTo)].sort((a, b) => a - b);
      panel.selection.setAttribute("x", from);
      panel.selection.setAttribute("width", to - from);
    }
  }
}

function readout(state, panel) {
  const { words, data } = state;
  const parts = [fill(words.at_step, { step: Math.round(state.cursor) })];
  if (data.steps_per_epoch && panel.name === "loss")
    parts.push(fill(words.at_epoch, { epoch: (state.cursor / data.steps_per_epoch).toFixed(2) }));
  for (const { steps, values, kind, percent } of state.series[panel.name]) {
    const value = nearest(steps, values, state.cursor);
    if (value === null) continue;
    const text = percent ? `${(value * 100).toFixed(1)} %` : String(Number(value.toPrecision(4)));
    parts.push(panel.name === "loss" ? fill(words.named, { curve: words[`legend_${kind}`], number: text }) : text);
  }
  return parts.join(" · ");
}

function nearest(steps, values, step) {
  if (!steps.length || step > steps.at(-1) * 1.05 + 1) return null;
  const after = Math.min(firstFrom(steps, step), steps.length - 1);
  const index = after > 0 && step - steps[after - 1] < steps[after] - step ? after - 1 : after;
  return values[index] ?? null;
}

// Every kernel as a tiny colour picture: grey is 0, and all share one scale, so that strong ones look strong.
function drawKernels(state) {
  const { kernels, words } = state.data;
  state.kernels.hidden = !kernels;
  if (!kernels) return;
  if (!state.pictures || state.pictures.length !== kernels.length) {
    state.kernels.replaceChildren();
    state.pictures = kernels.map((_, index) =>
      element(state.kernels, "canvas", { role: "img", "aria-label": fill(words.kernel, { number: index + 1 }) }),
    );
    element(state.kernels, "p", {}, words.kernels);
  }
  const largest = Math.max(1e-9, ...kernels.flat(3).map(Math.abs));
  kernels.forEach((kernel, index) => {
    const [rows, columns] = [kernel[0].length, kernel[0][0].length];
    const canvas = state.pictures[index];
    if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
    const image = new ImageData(columns, rows);
    for (let pixel = 0; pixel < rows * columns; pixel++) {
      const [row, column] = [Math.floor(pixel / columns), pixel % columns];
      for (let channel = 0; channel < 3; channel++) {
        const plane = kernel.length === 3 ? kernel[channel] : kernel[0];
        image.data[pixel * 4 + channel] = Math.round(127.5 + (127.5 * plane[row][column]) / largest);
      }
      image.data[pixel * 4 + 3] = 255;
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
  });
}
