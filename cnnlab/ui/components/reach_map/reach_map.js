// Draws the maps of a stack of layers and what one unit sees in each of them. Sizes, regions and paths come from Python,
// told along one axis; here they become rectangles, dots and lines, and the unit that is looked at is kept.

import { fill } from "../lib/words.js";

const SVG = "http://www.w3.org/2000/svg";
const LARGEST_CELL = 44;
const GRID_CELL = 4; // pixels that a cell needs for a line around it
const PICTURE_CELL = 14; // likewise on a picture, which lines would cover
const CAPTION = 44;
const GAP = 20;
const EDGE = 3; // room for the outlines at the rim of a drawing
const LARGEST_STEP = 104; // pixels of the screen from one dot to the next, seen from the side
const DASHED_RADIUS = 5; // a smaller circle would have no room for dashes
const NARROW = 560;
const REPORT_DELAY = 300; // milliseconds of rest before Python is told which unit is looked at
const MOST_WIRES = 6000;

const drawings = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".reach");
  let drawing = drawings.get(root);
  if (!drawing) {
    drawing = new Drawing(root);
    drawings.set(root, drawing);
  }
  drawing.report = (at) => setStateValue("at", at);
  drawing.take(data);
  return () => drawing.close();
}

class Drawing {
  constructor(root) {
    this.root = root;
    this.stage = make("div", "stage");
    this.told = make("p", "told");
    this.told.setAttribute("aria-live", "polite");
    this.legend = make("div", "legend");
    const foot = make("div", "foot");
    foot.append(this.told, this.legend);
    root.replaceChildren(this.stage, foot);
    this.at = null;
    this.hover = null;
    this.observer = new ResizeObserver(() => this.data && this.room() !== this.drawnRoom && this.draw());
    this.observer.observe(root);
  }

  close() {
    this.observer.disconnect();
    clearTimeout(this.reporting);
  }

  take(data) {
    const shape = JSON.stringify([data.maps, data.view, data.hidden, data.picture, data.taps, data.paddings]);
    const isNew = shape !== this.shape;
    this.shape = shape;
    this.data = data;
    if (data.revision !== this.revision || !this.exists(this.at)) {
      this.revision = data.revision;
      this.at = data.at && [...data.at];
      this.hover = null;
    }
    this.observer.observe(this.root);
    if (isNew || this.room() !== this.drawnRoom) this.draw();
    else this.show();
  }

  exists(at) {
    const map = at && this.data.maps[at[0]];
    return Boolean(map && at[0] > 0 && at[1] < map.size && at[2] < map.size);
  }

  room() {
    return `${this.root.clientWidth} ${this.height()}`;
  }

  height() {
    return Math.max(250, Math.min(520, window.innerHeight - 440));
  }

  // ------------------------------------------------------------------ moving

  goTo(at) {
    this.at = at;
    this.hover = null;
    this.show();
    clearTimeout(this.reporting);
    this.reporting = setTimeout(() => this.report(this.at), REPORT_DELAY);
  }

  point(hover) {
    if (String(hover) === String(this.hover)) return;
    this.hover = hover;
    this.show();
  }

  // The unit of another layer that looks nearest to where this one looks.
  nearest(layer, [from, row, col]) {
    const [before, after] = [this.data.maps[from], this.data.maps[layer]];
    const across = (unit) =>
      clamp(Math.round((before.centre + unit * before.jump - after.centre) / after.jump), after.size);
    return [layer, across(row), across(col)];
  }

  onKey(event, layer) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.at) return;
    const side = this.data.view === "side";
    const up = { PageUp: 1, PageDown: -1, ...(side ? { ArrowUp: 1, ArrowDown: -1 } : {}) }[event.key];
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [side ? -1 : 0, -1], ArrowRight: [side ? 1 : 0, 1] }[
      event.key
    ];
    const end = { Home: 0, End: Infinity }[event.key];
    if (up === undefined && !step && end === undefined) return;
    event.preventDefault();
    let at = side || layer === this.at[0] || !layer ? this.at : this.nearest(layer, this.at);
    if (up !== undefined) {
      at = this.nearest(Math.max(1, Math.min(this.data.maps.length - 1, at[0] + up)), at);
      this.drawn[at[0]]?.svg.focus();
    } else {
      const size = this.data.maps[at[0]].size;
      at = step
        ? [at[0], clamp(at[1] + step[0], size), clamp(at[2] + step[1], size)]
        : [at[0], clamp(end, size), clamp(end, size)];
    }
    this.goTo(at);
  }

  // ----------------------------------------------------------------- drawing

  draw() {
    this.drawnRoom = this.room();
    this.drawn = [];
    if (this.data.view === "side") this.drawSide();
    else this.drawMaps();
    this.drawLegend();
    this.show();
  }

  drawMaps() {
    const { maps, texts } = this.data;
    const width = this.root.clientWidth;
    const narrow = width < NARROW;
    const height = this.height() - CAPTION;
    const frames = maps.map((map) => map.size + 2 * map.margin);
    const side = Math.min(height, narrow ? width : 0.42 * width) - 2 * EDGE;
    const first = cellOf(side, frames[0]);
    const input = this.makeMap(0, first);
    const rest = make("div", "rest");
    const count = maps.length - 1;
    if (count) {
      const left = narrow ? width : width - first * frames[0] - 2 * EDGE - GAP;
      let best = { tile: 0, columns: 1 };
      for (const columns of narrow
        ? [Math.min(3, count)]
        : new Set([count, Math.ceil(count / 2), Math.ceil(count / 3)])) {
        const rows = Math.ceil(count / columns);
        const room = narrow ? Infinity : (height + CAPTION - (rows - 1) * 8) / rows - CAPTION;
        const tile = Math.min(room, (left - (columns - 1) * GAP) / columns);
        if (tile > best.tile) best = { tile, columns };
      }
      rest.style.gridTemplateColumns = `repeat(${best.columns}, ${Math.floor(best.tile)}px)`;
      for (let index = 1; index <= count; index++)
        rest.append(this.makeMap(index, cellOf(best.tile - 2 * EDGE, frames[index])));
    } else {
      const empty = make("p", "empty");
      empty.textContent = texts.empty;
      rest.append(empty);
    }
    this.stage.replaceChildren(input, rest);
  }

  makeMap(index, cell) {
    const { maps, texts, picture, hidden } = this.data;
    const { size, margin, title, field } = maps[index];
    const figure = make("figure", "map");
    figure.dataset.map = index;
    const caption = make("figcaption");
    const name = make("b");
    name.textContent = index ? `${index} ${title}` : title;
    const facts = make("span");
    facts.textContent = fill(index ? texts.map_facts : texts.input_facts, { size, field: hidden ? "?" : field }, show);
    caption.append(name, facts);
    caption.title = `${name.textContent} ${facts.textContent}`;
    const whole = cell * (size + 2 * margin) + 2 * EDGE;
    const svg = element("svg", { width: whole, height: whole, viewBox: `0 0 ${whole} ${whole}` });
    const place = { x: EDGE + margin * cell, y: EDGE + margin * cell, cell, size };
    svg.append(hatching(), rectangle(place, 0, 0, size, size, "pixels"));
    if (index === 0 && picture) {
      const image = element("image", {
        x: place.x,
        y: place.y,
        width: size * cell,
        height: size * cell,
        preserveAspectRatio: "none",
      });
      image.setAttribute("href", picture);
      svg.append(image);
    }
    const region = element("g", {});
    svg.append(region);
    if (cell >= GRID_CELL && !(index === 0 && picture && cell < PICTURE_CELL)) svg.append(grid(place, size));
    svg.append(rectangle(place, 0, 0, size, size, "border"));
    const above = element("g", {});
    svg.append(above);
    svg.setAttribute(
      "aria-label",
      fill(index ? texts.map_name : texts.input_name, { layer: index, title, size }, show),
    );
    if (index) {
      svg.setAttribute("role", "application");
      svg.setAttribute("tabindex", 0);
      svg.classList.add("pointed");
      const unitUnder = (event) => {
        const box = svg.getBoundingClientRect();
        const row = Math.floor((event.clientY - box.top - place.y) / cell);
        const col = Math.floor((event.clientX - box.left - place.x) / cell);
        return row >= 0 && col >= 0 && row < size && col < size ? [index, row, col] : null;
      };
      svg.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.point(unitUnder(event)));
      svg.addEventListener("pointerleave", () => this.point(null));
      svg.addEventListener("click", (event) => {
        const unit = unitUnder(event);
        if (unit) this.goTo(unit);
      });
      svg.addEventListener("keydown", (event) => this.onKey(event, index));
    } else svg.setAttribute("role", "img");
    this.drawn[index] = { figure, svg, place, region, above };
    figure.append(caption, svg);
    return figure;
  }

  drawSide() {
    const { maps, taps, paddings, texts, hidden } = this.data;
    const width = this.root.clientWidth;
    const narrow = width < NARROW;
    const last = maps.length - 1;
    const left = narrow ? 4 : 150;
    const step = Math.max(narrow ? 52 : 30, Math.min(96, (this.height() - 58) / Math.max(1, last)));
    const top = narrow ? 34 : 16;
    const height = top + last * step + 44;
    const pixels = maps[0].size + 2 * maps[0].margin;
    const scale = Math.min(LARGEST_STEP, (width - left - 8) / pixels);
    const origin = left + (width - left - 8 - scale * pixels) / 2;
    const x = (map, unit) => origin + (maps[map].centre + unit * maps[map].jump + maps[0].margin + 0.5) * scale;
    const y = (map) => top + (last - map) * step;
    const radius = Math.max(2, Math.min(13, 0.33 * scale, 0.2 * step));
    const svg = element("svg", {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      class: "side pointed",
      tabindex: 0,
      role: "application",
      "aria-label": texts.side_name,
    });
    const wires = [];
    for (let map = 1; map <= last; map++)
      taps[map].forEach((pixelsRead, unit) => {
        for (const pixel of pixelsRead)
          if (pixel >= 0 && pixel < maps[map - 1].size)
            wires.push(`M${x(map, unit)} ${y(map)}L${x(map - 1, pixel)} ${y(map - 1)}`);
      });
    if (!hidden && wires.length <= MOST_WIRES) svg.append(element("path", { d: wires.join(""), class: "wire" }));
    this.wireLayer = element("g", {});
    this.bracketLayer = element("g", {});
    svg.append(this.wireLayer);
    this.dots = [];
    this.names = [];
    for (let map = 0; map <= last; map++) {
      const rim = paddings[map];
      const dots = new Map();
      for (let unit = -rim; unit < maps[map].size + rim; unit++) {
        const isRim = unit < 0 || unit >= maps[map].size;
        const dot = element("circle", {
          cx: x(map, unit),
          cy: y(map),
          r: isRim ? 0.8 * radius : radius,
          class: isRim ? "rim" : "",
        });
        if (isRim && radius < DASHED_RADIUS) dot.style.strokeDasharray = "none";
        dots.set(unit, dot);
        svg.append(dot);
      }
      this.dots.push(dots);
      const name = map ? `${map} ${maps[map].title}` : maps[0].title;
      const sees = map ? fill(texts.sees, { field: hidden ? "?" : maps[map].field }, show) : "";
      if (narrow) this.names.push(label(left, y(map) - 22, sees ? `${name}, ${sees}` : name, "title"));
      else this.names.push(label(0, y(map) - (map ? 8 : 0), name, "title"), label(0, y(map) + 10, sees, "sees"));
    }
    svg.append(...this.names, this.bracketLayer);
    const unitUnder = (event) => {
      const box = svg.getBoundingClientRect();
      const map = Math.round(last - (event.clientY - box.top - top) / step);
      if (map < 1 || map > last) return null;
      const { centre, jump, size } = maps[map];
      // + 0, since a little left of the first unit is −0 to the browser.
      const unit = Math.round(((event.clientX - box.left - origin) / scale - maps[0].margin - 0.5 - centre) / jump) + 0;
      return unit >= 0 && unit < size ? [map, unit, unit] : null;
    };
    svg.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.point(unitUnder(event)));
    svg.addEventListener("pointerleave", () => this.point(null));
    svg.addEventListener("click", (event) => {
      const unit = unitUnder(event);
      if (unit) this.goTo(unit);
    });
    svg.addEventListener("keydown", (event) => this.onKey(event, 0));
    this.side = { svg, x, y, scale };
    this.stage.replaceChildren(svg);
  }

  show() {
    const at = this.hover ?? this.at;
    if (this.data.view === "side") this.showSide(at);
    else this.showMaps(at);
    this.tell(at);
    this.root.dataset.at = this.at ? this.at.join(",") : "";
  }

  showMaps(at) {
    const { seen, hidden, picture } = this.data;
    this.drawn.forEach(({ figure, place, region, above }, map) => {
      figure.classList.toggle("here", Boolean(at) && map === at[0]);
      if (!at || map > at[0] || (hidden && map < at[0])) {
        region.replaceChildren();
        above.replaceChildren();
        return;
      }
      if (map === at[0]) {
        region.replaceChildren(rectangle(place, at[1], at[2], 1, 1, "unit"));
        above.replaceChildren();
        return;
      }
      const [rows, cols] = [seen[at[0]][at[1]][map], seen[at[0]][at[2]][map]];
      const cells = rows.runs.flatMap(([row, height]) =>
        cols.runs.map(([col, width]) => box(place, row, col, height, width)),
      );
      const whole = box(place, 0, 0, place.size, place.size);
      const span = box(place, rows.first, cols.first, rows.last - rows.first + 1, cols.last - cols.first + 1);
      const [top, left] = [Math.max(0, rows.first), Math.max(0, cols.first)];
      const inner = [Math.min(place.size - 1, rows.last) - top + 1, Math.min(place.size - 1, cols.last) - left + 1];
      const within = inner[0] > 0 && inner[1] > 0 ? box(place, top, left, ...inner) : "";
      const veiled = map === 0 && picture;
      region.replaceChildren(
        veiled
          ? element("path", { d: whole + cells.join(""), "fill-rule": "evenodd", class: "veil" })
          : element("path", { d: cells.join(""), class: "region" }),
        element("path", { d: span + within, "fill-rule": "evenodd", fill: HATCH, class: "outside" }),
      );
      above.replaceChildren(element("path", { d: span, class: "span" }));
    });
  }

  showSide(at) {
    const { seen, taps, maps, hidden, texts } = this.data;
    const { x, y, scale } = this.side;
    const inside = [];
    const outside = [];
    const on = maps.map(() => new Set());
    if (at) {
      on[at[0]].add(at[2]);
      if (!hidden) {
        for (let map = at[0] - 1; map >= 0; map--)
          for (const [start, length] of seen[at[0]][at[2]][map].runs)
            for (let unit = start; unit < start + length; unit++) on[map].add(unit);
        for (let map = at[0]; map >= 1; map--)
          for (const unit of [...on[map]].filter((one) => one >= 0 && one < maps[map].size))
            for (const pixel of taps[map][unit]) {
              const isPixel = pixel >= 0 && pixel < maps[map - 1].size;
              (isPixel ? inside : outside).push(`M${x(map, unit)} ${y(map)}L${x(map - 1, pixel)} ${y(map - 1)}`);
              if (!isPixel) on[map - 1].add(pixel);
            }
      }
    }
    this.wireLayer.replaceChildren(
      element("path", { d: outside.join(""), class: "wire out" }),
      element("path", { d: inside.join(""), class: "wire on" }),
    );
    this.dots.forEach((dots, map) => {
      for (const [unit, dot] of dots) {
        dot.classList.toggle("on", on[map].has(unit));
        dot.classList.toggle("unit", Boolean(at) && map === at[0] && unit === at[2]);
      }
    });
    if (!at || hidden) {
      this.bracketLayer.replaceChildren();
      return;
    }
    const { first, last } = seen[at[0]][at[2]][0];
    const [from, to, below] = [x(0, first) - 0.45 * scale, x(0, last) + 0.45 * scale, y(0) + 14];
    const [start, stop] = [Math.max(2, from), Math.min(this.root.clientWidth - 2, to)];
    const size = label((start + stop) / 2, below + 18, fill(texts.pixels, { size: last - first + 1 }, show), "size");
    this.bracketLayer.replaceChildren(
      element("path", { d: `M${start} ${below - 5}v5H${stop}v-5`, class: "bracket" }),
      size,
    );
  }

  tell(at) {
    const { texts, seen, hidden, view } = this.data;
    if (!at || hidden) {
      this.told.textContent = at ? fill(texts.hidden, { layer: at[0] }) : texts.empty;
      return;
    }
    const [rows, cols] = [seen[at[0]][at[1]][0], seen[at[0]][at[2]][0]];
    const side = view === "side";
    const size = cols.last - cols.first + 1;
    const [all, count] = side ? [size, cols.count] : [size * size, rows.count * cols.count];
    const [row, col, top, bottom, left, right] = [at[1], at[2], rows.first, rows.last, cols.first, cols.last].map(
      (one) => one + 1,
    );
    const values = { layer: at[0], row, col, top, bottom, left, right, size, all, count };
    const part = count === all ? "" : count ? "_part" : "_nothing";
    const rim = left < 1 || (!side && top < 1) ? "_rim" : "";
    this.told.textContent = fill(texts[`told_${side ? "side" : "maps"}${part}${rim}`], values, show);
  }

  drawLegend() {
    const { texts, maps, picture, hidden, view } = this.data;
    const entries = [entry(texts.legend_unit, "unit")];
    if (!hidden && view !== "side") {
      entries.push(entry(picture ? texts.legend_outline : texts.legend_region, picture ? "span" : "region"));
      if (maps.some((map) => map.margin)) entries.push(entry(texts.legend_padding, "outside", HATCH));
    }
    this.legend.replaceChildren(...(maps.length > 1 && view !== "side" ? entries : []));
  }
}

const HATCH = "url(#reach-hatching)";

function make(tag, name) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  return made;
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function hatching() {
  const pattern = element("pattern", {
    id: "reach-hatching",
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

// As large as fits, below a limit; whole screen pixels where there are enough of them.
function cellOf(side, cells) {
  const cell = Math.min(LARGEST_CELL, side / cells);
  return cell >= GRID_CELL ? Math.floor(cell) : Math.max(cell, 0.5);
}

function box({ x, y, cell }, row, col, height, width) {
  return `M${x + col * cell} ${y + row * cell}h${width * cell}v${height * cell}h${-width * cell}z`;
}

function rectangle({ x, y, cell }, row, col, height, width, name) {
  return element("rect", {
    x: x + col * cell,
    y: y + row * cell,
    width: width * cell,
    height: height * cell,
    class: name,
  });
}

function grid({ x, y, cell }, size) {
  let d = "";
  for (let line = 0; line <= size; line++)
    d += `M${x} ${y + line * cell}h${size * cell}M${x + line * cell} ${y}v${size * cell}`;
  return element("path", { d, class: "lines" });
}

function entry(text, name, paint) {
  const svg = element("svg", { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" });
  if (paint) svg.append(hatching());
  svg.append(element("rect", { x: 2, y: 2, width: 12, height: 12, class: name, ...(paint ? { fill: paint } : {}) }));
  const made = make("span");
  made.append(svg, text);
  return made;
}

function label(x, y, text, name) {
  const made = element("text", { x, y, class: name });
  made.textContent = text;
  return made;
}

function clamp(value, count) {
  return Math.max(0, Math.min(value, count - 1));
}

function show(value) {
  return typeof value === "number" ? value.toLocaleString("en-US").replace("-", "−") : String(value);
}
