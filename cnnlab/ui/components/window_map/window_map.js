// Draws the padded input with the places of the window, and the output beside it. All sizes, places and counts come from
// Python; here they are only turned into rectangles, and the window that is looked at is kept.

import { fill } from "../lib/words.js";

const SVG = "http://www.w3.org/2000/svg";
const RULER = 24;
const LARGEST_CELL = 44;
const SMALLEST_OUTPUT_CELL = 12; // where there is room; otherwise the output's cells are as large as the input's
const TEXT_CELL = 17; // pixels that a cell needs for a number
const GRID_CELL = 5; // pixels that a cell needs for a line around it
const REPORT_DELAY = 300; // milliseconds of rest before Python is told where the window stands
const PLAY_DELAY = 450;

const pictures = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".window-map");
  let picture = pictures.get(root);
  if (!picture) {
    picture = new Picture(root);
    pictures.set(root, picture);
  }
  picture.report = (at) => setStateValue("at", at);
  picture.take(data);
  return () => picture.close();
}

class Picture {
  constructor(root) {
    this.root = root;
    this.input = root.querySelector(".input .drawing");
    this.output = root.querySelector(".output .drawing");
    this.told = root.querySelector(".told");
    this.at = [0, 0];
    this.hover = null;
    this.revision = undefined;
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    for (const svg of [this.input, this.output]) {
      svg.addEventListener("pointermove", (event) => this.onPoint(svg, event));
      svg.addEventListener("pointerleave", () => this.show(null));
      svg.addEventListener("click", (event) => this.onClick(svg, event));
    }
    root.querySelector(".bar").addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.move(button.dataset.move);
    });
    this.observer = new ResizeObserver(() => this.data && this.size() !== this.drawnSize && this.draw());
    this.observer.observe(this.input);
  }

  close() {
    this.stop();
    this.observer.disconnect();
    if (this.reporting) {
      clearTimeout(this.reporting);
      this.reporting = null;
    }
  }

  take(data) {
    const axes = JSON.stringify([data.rows, data.cols, data.hidden]);
    if (axes !== this.axes) this.hover = null; // what the pointer was on may be gone
    this.axes = axes;
    this.data = data;
    if (data.revision !== this.revision) {
      this.revision = data.revision;
      this.at = [...data.at];
    }
    this.at = [clamp(this.at[0], data.rows.count), clamp(this.at[1], data.cols.count)];
    if (data.hidden) this.stop();
    this.observer.observe(this.input);
    this.draw();
  }

  // ------------------------------------------------------------------ moving

  get index() {
    return this.at[0] * this.data.cols.count + this.at[1];
  }

  get last() {
    return this.data.rows.count * this.data.cols.count - 1;
  }

  goTo(at) {
    if (this.data.hidden) return;
    this.at = at;
    this.show(null);
    this.drawBar();
    clearTimeout(this.reporting);
    this.reporting = setTimeout(() => {
      this.reporting = null;
      this.report(this.at);
    }, REPORT_DELAY);
  }

  goToIndex(index) {
    const wanted = clamp(index, this.last + 1);
    this.goTo([Math.floor(wanted / this.data.cols.count), wanted % this.data.cols.count]);
  }

  move(how) {
    if (how === "play") return this.playing ? this.stop() : this.play();
    this.stop();
    this.goToIndex({ first: 0, back: this.index - 1, forward: this.index + 1, last: this.last }[how]);
  }

  play() {
    if (this.data.hidden) return;
    if (this.index === this.last) this.goToIndex(0);
    this.playing = setInterval(() => {
      this.goToIndex(this.index + 1);
      if (this.index === this.last) this.stop();
    }, PLAY_DELAY);
    this.drawBar();
  }

  stop() {
    clearInterval(this.playing);
    this.playing = null;
    if (this.data) this.drawBar();
  }

  onKey(event) {
    const [row, col] = this.at;
    const { rows, cols } = this.data;
    const target = {
      ArrowUp: [row - 1, col],
      ArrowDown: [row + 1, col],
      ArrowLeft: [row, col - 1],
      ArrowRight: [row, col + 1],
      Home: [0, 0],
      End: [rows.count - 1, cols.count - 1],
    }[event.key];
    if (event.key === " ") this.move("play");
    else if (target) {
      this.stop();
      this.goTo([clamp(target[0], rows.count), clamp(target[1], cols.count)]);
    } else return;
    event.preventDefault();
  }

  // The cell of a grid under the pointer, or null.
  cellUnder(svg, event) {
    const place = svg === this.input ? this.inputPlace : this.outputPlace;
    if (!place) return null;
    const box = svg.getBoundingClientRect();
    const row = Math.floor((event.clientY - box.top - place.y) / place.cell);
    const col = Math.floor((event.clientX - box.left - place.x) / place.cell);
    return row >= 0 && col >= 0 && row < place.rows && col < place.cols ? [row, col] : null;
  }

  onPoint(svg, event) {
    const cell = this.data.hidden ? null : this.cellUnder(svg, event);
    this.show(cell && { cell, onInput: svg === this.input });
  }

  onClick(svg, event) {
    const cell = this.cellUnder(svg, event);
    if (!cell || this.data.hidden) return;
    this.stop();
    if (svg === this.output) return this.goTo(cell);
    const { rows, cols } = this.data;
    this.goTo([nearest(rows, cell[0]), nearest(cols, cell[1])]);
    this.show({ cell, onInput: true });
  }

  show(hover) {
    if (String(hover?.cell) === String(this.hover?.cell) && hover?.onInput === this.hover?.onInput && hover) return;
    this.hover = hover;
    this.drawWindow();
  }

  // ----------------------------------------------------------------- drawing

  size() {
    return `${this.input.clientWidth} ${this.input.clientHeight}`;
  }

  draw() {
    this.drawnSize = this.size();
    this.drawInput();
    this.drawOutput();
    this.drawLegend();
    this.drawWindow();
    this.drawBar();
  }

  drawInput() {
    const { rows, cols, view, texts, hidden } = this.data;
    const counts = {
      rows: hidden ? rows.padded : Math.max(rows.padded, rows.end),
      cols: hidden ? cols.padded : Math.max(cols.padded, cols.end),
    };
    const place = fit(this.input, counts.rows, counts.cols, RULER);
    this.inputPlace = place;
    const visited = view === "visits" && !hidden;
    this.input.classList.toggle("visited", visited);
    this.input.setAttribute("aria-label", texts.input_name);
    this.root.querySelector(".input figcaption").textContent = texts.input_title;
    const parts = [hatching()];
    parts.push(rectangle(place, 0, 0, rows.padded, cols.padded, "padding"));
    parts.push(rectangle(place, rows.before, cols.before, rows.size, cols.size, "pixels"));
    if (visited) parts.push(...this.visitCells(place));
    if (place.cell >= GRID_CELL) parts.push(grid(place, rows.padded, cols.padded));
    if (!hidden && !visited) {
      if (rows.dropped) parts.push(rectangle(place, rows.end, 0, rows.dropped, cols.padded, "dropped", HATCH));
      if (cols.dropped)
        parts.push(rectangle(place, 0, cols.end, Math.min(rows.end, rows.padded), cols.dropped, "dropped", HATCH));
    }
    if (counts.rows > rows.padded || counts.cols > cols.padded)
      parts.push(rectangle(place, 0, 0, counts.rows, counts.cols, "beyond"));
    parts.push(rectangle(place, rows.before, cols.before, rows.size, cols.size, "border"));
    if (!hidden && !visited) parts.push(centres(place, rows, cols));
    parts.push(...rulers(place, rows, cols));
    this.windowLayer = element("g", {});
    this.input.replaceChildren(...parts, this.windowLayer);
  }

  visitCells(place) {
    const { rows, cols, scale, most } = this.data;
    const paths = new Map();
    for (const [row, height, ofRow] of runs(rows.visits))
      for (const [col, width, ofCol] of runs(cols.visits)) {
        const value = ofRow * ofCol;
        const [x, y] = [place.x + col * place.cell, place.y + row * place.cell];
        const box = `M${x} ${y}h${width * place.cell}v${height * place.cell}h${-width * place.cell}z`;
        paths.set(value, (paths.get(value) ?? "") + box);
      }
    const parts = [...paths].map(([value, d]) =>
      element("path", { d, class: value ? "visits" : "unread", fill: value ? scale[value - 1].ground : HATCH }),
    );
    if (place.cell < TEXT_CELL) return parts;
    const size = Math.min(15, place.cell * (most > 99 ? 0.42 : 0.5));
    rows.visits.forEach((ofRow, row) =>
      cols.visits.forEach((ofCol, col) => {
        const value = ofRow * ofCol;
        const fill = value ? scale[value - 1].text : "";
        parts.push(
          label(place.x + (col + 0.5) * place.cell, place.y + (row + 0.5) * place.cell, value, "count", {
            style: `font-size:${size}px;${fill && `fill:${fill}`}`,
          }),
        );
      }),
    );
    return parts;
  }

  drawOutput() {
    const { rows, cols, texts, remark, hidden } = this.data;
    this.root.querySelector(".output figcaption").textContent = texts.output_title;
    this.root.querySelector(".remark").textContent = hidden ? "" : remark;
    if (hidden) {
      this.outputPlace = null;
      const box = this.output.getBoundingClientRect();
      this.output.replaceChildren(label(box.width / 2, box.height / 2, "?", "", { style: "font-size:64px" }));
      return;
    }
    const place = fit(this.output, rows.count, cols.count, RULER, Math.max(this.inputPlace.cell, SMALLEST_OUTPUT_CELL));
    this.outputPlace = place;
    this.feedsLayer = element("g", {});
    this.output.setAttribute("role", "img");
    this.output.setAttribute("aria-label", texts.output_title);
    this.output.replaceChildren(
      rectangle(place, 0, 0, rows.count, cols.count, "pixels"),
      this.feedsLayer,
      ...(place.cell >= GRID_CELL ? [grid(place, rows.count, cols.count)] : []),
      rectangle(place, 0, 0, rows.count, cols.count, "border"),
      ...rulers(place, { padded: rows.count, before: 0 }, { padded: cols.count, before: 0 }),
    );
  }

  drawWindow() {
    const { rows, cols, texts, hidden } = this.data;
    const pixel = this.hover?.onInput ? this.hover.cell : null;
    const [row, col] = this.hover && !pixel ? this.hover.cell : this.at;
    const [top, left] = [rows.starts[row], cols.starts[col]];
    if (top === undefined || left === undefined) return;
    const place = this.inputPlace;
    const cells = [];
    // Cells of a pixel or two would be a blot.
    const shown = place.cell >= GRID_CELL || this.data.view === "windows" ? rows.kernel : 0;
    for (let i = 0; i < shown; i++)
      for (let j = 0; j < cols.kernel; j++) {
        const [x, y] = [
          place.x + (left + j * cols.dilation) * place.cell,
          place.y + (top + i * rows.dilation) * place.cell,
        ];
        cells.push(`M${x} ${y}h${place.cell}v${place.cell}h${-place.cell}z`);
      }
    const parts = [
      element("path", { d: cells.join(""), class: "kernel" }),
      rectangle(place, top, left, rows.extent, cols.extent, "window"),
    ];
    if (pixel) parts.push(rectangle(place, pixel[0], pixel[1], 1, 1, "pixel"));
    this.windowLayer.replaceChildren(...parts);
    if (hidden) {
      this.told.textContent = texts.hidden;
      return;
    }
    const feeds = [];
    if (pixel)
      for (const r of readers(rows, pixel[0]))
        for (const c of readers(cols, pixel[1])) feeds.push(rectangle(this.outputPlace, r, c, 1, 1, "feeds"));
    const here = rectangle(this.outputPlace, row, col, 1, 1, "here");
    this.feedsLayer.replaceChildren(...(pixel ? feeds : [here]));
    const beyond = pixel && (pixel[0] >= rows.padded || pixel[1] >= cols.padded);
    const [y, x] = pixel ?? [top, left];
    const rim = y < rows.before || x < cols.before ? "_rim" : "";
    this.told.textContent = beyond
      ? texts.told_beyond
      : pixel
        ? fill(
            texts[`told_pixel${feeds.length === 1 ? "_once" : ""}${rim}`],
            {
              row: pixel[0] - rows.before + 1,
              col: pixel[1] - cols.before + 1,
              count: rows.visits[pixel[0]] * cols.visits[pixel[1]],
            },
            minus,
          )
        : fill(
            texts[`told_window${rim}`],
            {
              number: row * cols.count + col + 1,
              total: this.last + 1,
              top: top - rows.before + 1,
              bottom: top - rows.before + rows.extent,
              left: left - cols.before + 1,
              right: left - cols.before + cols.extent,
              row: row + 1,
              col: col + 1,
            },
            minus,
          );
  }

  drawBar() {
    const { texts, hidden } = this.data;
    for (const button of this.root.querySelectorAll("button")) {
      const move = button.dataset.move;
      button.disabled =
        hidden ||
        (["first", "back"].includes(move) && this.index === 0) ||
        (["forward", "last"].includes(move) && this.index === this.last);
      button.setAttribute("aria-label", move === "play" && this.playing ? texts.pause : texts[move]);
      button.title = button.getAttribute("aria-label");
    }
    this.root.classList.toggle("playing", Boolean(this.playing));
  }

  drawLegend() {
    const { rows, cols, view, texts, scale, most, hidden } = this.data;
    const legend = this.root.querySelector(".legend");
    const entries = [];
    if (view === "visits" && !hidden) {
      const bar = document.createElement("i");
      bar.className = "scale";
      bar.style.background = `linear-gradient(to right, ${[...scale, scale.at(-1)].map((step) => step.ground).join(", ")})`;
      const scaleEntry = entry(texts.legend_once);
      scaleEntry.append(bar, ...(most > 1 ? [fill(texts.legend_most, { most })] : []));
      entries.push(entry(texts.legend_unread, swatch("unread", HATCH)), scaleEntry);
      entries.push(entry(texts.legend_border, swatch("border")));
    } else {
      entries.push(entry(texts.legend_window, swatch("kernel")));
      if (rows.before || cols.before) entries.push(entry(texts.legend_padding, swatch("padding")));
      if (!hidden) {
        entries.push(entry(texts.legend_centres, dot()));
        if (rows.dropped || cols.dropped) entries.push(entry(texts.legend_dropped, swatch("dropped", HATCH)));
        if (rows.end > rows.padded || cols.end > cols.padded)
          entries.push(entry(texts.legend_beyond, swatch("beyond")));
      }
    }
    legend.replaceChildren(...entries);
  }
}

const HATCH = "url(#hatching)";

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function hatching() {
  const pattern = element("pattern", {
    id: "hatching",
    width: 6,
    height: 6,
    patternUnits: "userSpaceOnUse",
    patternTransform: "rotate(45)",
  });
  pattern.append(element("line", { x1: 0, y1: 0, x2: 0, y2: 6, class: "hatch" }));
  const defs = element("defs", {});
  defs.append(pattern);
  return defs;
}

// Where a grid of cells lies in its drawing: as large as fits, below a limit.
function fit(svg, rows, cols, margin, largest = LARGEST_CELL) {
  const box = svg.getBoundingClientRect();
  const cell = Math.min(largest, (box.width - margin - 2) / cols, (box.height - margin - 2) / rows);
  return { x: margin, y: margin, rows, cols, cell: cell >= GRID_CELL ? Math.floor(cell) : Math.max(cell, 0.01) };
}

function rectangle(place, row, col, height, width, name, fill) {
  const { x, y, cell } = place;
  const attributes = { x: x + col * cell, y: y + row * cell, width: width * cell, height: height * cell, class: name };
  return element("rect", fill ? { ...attributes, fill } : attributes);
}

function grid({ x, y, cell }, rows, cols) {
  let d = "";
  for (let row = 0; row <= rows; row++) d += `M${x} ${y + row * cell}h${cols * cell}`;
  for (let col = 0; col <= cols; col++) d += `M${x + col * cell} ${y}v${rows * cell}`;
  return element("path", { d, class: "lines" });
}

function centres({ x, y, cell }, rows, cols) {
  const size = Math.min(6, Math.max(1, 0.22 * cell * Math.min(rows.stride, cols.stride)));
  let d = "";
  for (const top of rows.starts)
    for (const left of cols.starts)
      d += `M${x + (left + cols.extent / 2) * cell} ${y + (top + rows.extent / 2) * cell}h0`;
  return element("path", { d, class: "centres", "stroke-width": size });
}

// Numbers along the top and the left side, from 1 at the first pixel of the input; as many as there is room for.
function rulers({ x, y, cell }, rows, cols) {
  const every = [1, 2, 5, 10, 20, 50, 100].find((step) => step * cell >= 22) ?? 200;
  // The first pixel is always named: 1, 2, 3 or 1, 3, 5, then 1, 5, 10.
  const isWritten = (number) => (every < 5 ? (number - 1) % every === 0 : number === 1 || number % every === 0);
  const parts = [];
  for (let row = 0; row < rows.padded; row++) {
    const number = row - rows.before + 1;
    if (isWritten(number)) parts.push(label(x - 12, y + (row + 0.5) * cell, minus(number), "ruler"));
  }
  for (let col = 0; col < cols.padded; col++) {
    const number = col - cols.before + 1;
    if (isWritten(number)) parts.push(label(x + (col + 0.5) * cell, y - 10, minus(number), "ruler"));
  }
  return parts;
}

function label(x, y, text, name, attributes = {}) {
  const made = element("text", { x, y, class: name, ...attributes });
  made.textContent = text;
  return made;
}

function swatch(name, fill) {
  const svg = element("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
  if (fill) svg.append(hatching());
  svg.append(rectangle({ x: 1, y: 1, cell: 14 }, 0, 0, 1, 1, name, fill));
  return svg;
}

function dot() {
  const svg = element("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
  svg.append(element("path", { d: "M8 8h0", class: "centres", "stroke-width": 6 }));
  return svg;
}

function entry(text, mark) {
  const made = document.createElement("span");
  if (mark) made.append(mark);
  made.append(text);
  return made;
}

// Neighbours with the same value as one: [first, how many, value].
function runs(values) {
  const found = [];
  for (let index = 0; index < values.length; index++) {
    const before = found.at(-1);
    if (before && before[2] === values[index]) before[1]++;
    else found.push([index, 1, values[index]]);
  }
  return found;
}

// The window whose middle is nearest to a pixel.
function nearest(axis, pixel) {
  const distances = axis.starts.map((start) => Math.abs(start + (axis.extent - 1) / 2 - pixel));
  return distances.indexOf(Math.min(...distances));
}

// The windows that read a pixel.
function readers(axis, pixel) {
  return [...axis.starts.keys()].filter((index) => {
    const offset = pixel - axis.starts[index];
    return offset >= 0 && offset < axis.extent && offset % axis.dilation === 0;
  });
}

function clamp(value, count) {
  return Math.max(0, Math.min(value, count - 1));
}

function minus(number) {
  return String(number).replace("-", "−");
}
