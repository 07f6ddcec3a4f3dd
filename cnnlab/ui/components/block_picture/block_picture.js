// A network as blocks. Every coordinate was computed in Python; here they are drawn in the theme's colours, told when a
// block is clicked, and saved as a file that needs nothing but itself.

import { drawing, make, nextMessage, SVG } from "../lib/dom.js";

const FONT = "'Source Sans', 'Source Sans 3', 'Helvetica Neue', Arial, sans-serif";
const PNG_SCALE = 3;

const pictures = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".blocks");
  let picture = pictures.get(root);
  if (!picture) {
    picture = new BlockPicture(root);
    pictures.set(root, picture);
  }
  picture.tell = (choice) => setStateValue("choice", choice);
  picture.take(data);
  return () => picture.watch.disconnect();
}

class BlockPicture {
  constructor(root) {
    this.root = root;
    this.frame = make("div", "frame");
    this.foot = make("div", "foot");
    root.replaceChildren(this.frame, this.foot);
    // Scrolls to what is selected once the frame has a width, and again when that changes.
    this.watch = new ResizeObserver(() => this.fit());
  }

  take(data) {
    this.watch.disconnect();
    this.watch.observe(this.frame);
    const isPending = this.pending !== undefined && data.answered !== this.pending;
    this.data = data;
    if (!isPending) {
      this.pending = undefined;
      this.selected = data.selected;
    }
    this.draw();
  }

  choose(row) {
    this.selected = row === this.selected ? null : row;
    this.pending = nextMessage();
    this.mark();
    this.tell({ row: this.selected, message: this.pending });
  }

  draw() {
    const { picture, palette } = this.data;
    const { svg, groups } = this.painted(readColours(this.root, palette));
    this.groups = groups;
    svg.addEventListener("click", ({ target }) => {
      const block = picture.blocks[target.closest("[data-block]")?.dataset.block];
      if (block?.rows.length) this.choose(Number(target.dataset.row ?? block.rows[0]));
    });
    const focused = this.svg?.contains(this.root.getRootNode().activeElement)
      ? this.root.getRootNode().activeElement.dataset.block
      : null;
    this.svg = svg;
    this.frame.replaceChildren(svg);
    this.drawFoot();
    this.mark();
    const chosen = picture.blocks.findIndex(({ rows }) => rows.includes(this.selected));
    const first = picture.blocks.findIndex(({ rows }) => rows.length);
    const last = picture.blocks[this.stop]?.rows.length ? this.stop : first;
    this.stopAt(chosen >= 0 ? chosen : last);
    this.fit();
    if (focused !== null) this.groups[focused]?.focus();
  }

  painted(colours) {
    const { picture, texts } = this.data;
    const svg = drawing("svg", {
      xmlns: SVG,
      viewBox: `0 0 ${picture.width} ${picture.height}`,
      width: picture.width,
      height: picture.height,
      "font-family": FONT,
    });
    const title = drawing("title");
    title.textContent = texts.title;
    svg.append(title);
    const groups = picture.blocks.map((block, index) => this.block(block, index));
    const [lines, labels] = [drawing("g", { "pointer-events": "none" }), drawing("g")];
    for (const line of picture.lines) lines.append(lineOf(line, colours));
    // Windows lie on the block before the one that they make.
    for (const area of picture.areas)
      (area.colour === "mark" ? lines : groups[area.block]).append(areaOf(area, colours));
    for (const label of picture.labels) labels.append(labelOf(label, colours));
    svg.append(...groups, lines, labels);
    return { svg, groups };
  }

  block(block, index) {
    const group = drawing("g", { "data-block": index });
    if (!block.rows.length) return group;
    group.setAttribute("role", "button");
    group.setAttribute("aria-label", block.name);
    group.addEventListener("focus", () => this.stopAt(index));
    const [left, top, right, bottom] = block.box;
    // The whole place of the block can be hit, not only its lines.
    group.append(
      drawing("rect", {
        x: left - 3,
        y: top,
        width: right - left + 6,
        height: bottom - top,
        fill: "none",
        "pointer-events": "all",
      }),
    );
    group.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") this.choose(block.rows[0]);
      else if (event.key === "ArrowRight" || event.key === "ArrowLeft")
        this.walk(index, event.key === "ArrowRight" ? 1 : -1);
      else return;
      event.preventDefault();
    });
    return group;
  }

  walk(index, by) {
    for (let next = index + by; this.groups[next]; next += by) {
      if (!this.data.picture.blocks[next].rows.length) continue;
      this.groups[next].focus();
      return;
    }
  }

  // The tab key stops at one block, from which arrows lead to the others.
  stopAt(index) {
    this.stop = index;
    const { blocks } = this.data.picture;
    this.groups.forEach((group, at) => blocks[at].rows.length && group.setAttribute("tabindex", at === index ? 0 : -1));
  }

  mark() {
    const { blocks } = this.data.picture;
    this.groups.forEach((group, index) => {
      const isSelected = this.selected !== null && blocks[index].rows.includes(this.selected);
      group.classList.toggle("selected", isSelected);
      if (blocks[index].rows.length) group.setAttribute("aria-pressed", isSelected);
      for (const polygon of group.querySelectorAll("polygon"))
        polygon.setAttribute("stroke-width", isSelected ? 2.6 : 1.2);
    });
    this.showSelected();
  }

  // As wide as there is room, within what can be read and what leaves room for the table.
  fit() {
    const { picture, is_large } = this.data;
    const scale = Math.min(
      is_large ? 2 : 1.15,
      Math.max(this.frame.clientWidth > 600 ? 0.8 : 0.9, this.frame.clientWidth / picture.width),
    );
    this.svg.setAttribute("width", picture.width * scale);
    this.svg.setAttribute("height", picture.height * scale);
    this.showSelected();
  }

  showSelected() {
    const block = this.data.picture.blocks.find(({ rows }) => this.selected !== null && rows.includes(this.selected));
    const scale = this.svg.getBoundingClientRect().width / this.data.picture.width;
    if (!block || this.frame.scrollWidth <= this.frame.clientWidth) return;
    const [left, , right] = block.box.map((one) => one * scale);
    if (left < this.frame.scrollLeft || right > this.frame.scrollLeft + this.frame.clientWidth)
      this.frame.scrollLeft = (left + right - this.frame.clientWidth) / 2;
  }

  // ----------------------------------------------------------------- saving

  drawFoot() {
    const { picture, texts } = this.data;
    const scale = make("span");
    scale.textContent = picture.scale;
    const buttons = ["svg", "png"].map((kind) => {
      const button = make("button");
      button.type = "button";
      button.textContent = texts[`save_${kind}`];
      button.addEventListener("click", () => (kind === "svg" ? this.saveSvg() : this.savePng()));
      return button;
    });
    const trouble = make("span", "trouble");
    trouble.textContent = this.data.trouble;
    this.foot.replaceChildren(...(this.data.trouble ? [trouble] : []), scale, ...buttons);
  }

  // The drawing alone: no focus, no hit areas, and a ground. It is light whatever the theme, as slides and paper are.
  source() {
    const { picture, palette } = this.data;
    const colours = lightColours(palette);
    const { svg } = this.painted(colours);
    for (const group of svg.querySelectorAll("g"))
      for (const name of group.getAttributeNames()) group.removeAttribute(name);
    for (const rect of svg.querySelectorAll("rect")) rect.remove();
    const shown = this.svg.querySelectorAll("text");
    svg.querySelectorAll("text").forEach((text, index) => {
      for (const name of ["block", "row"]) delete text.dataset[name];
      // Another machine has another font, in which words may be wider than their place.
      text.setAttribute("textLength", shown[index].getComputedTextLength().toFixed(1));
      text.setAttribute("lengthAdjust", "spacingAndGlyphs");
    });
    svg
      .querySelector("title")
      .after(drawing("rect", { width: picture.width, height: picture.height, fill: colours.ground }));
    return new XMLSerializer().serializeToString(svg);
  }

  saveSvg() {
    save(new Blob([this.source()], { type: "image/svg+xml" }), `${this.data.file}.svg`);
  }

  savePng() {
    const { width, height } = this.data.picture;
    const image = new Image();
    image.onload = () => {
      const canvas = make("canvas");
      canvas.width = Math.round(width * PNG_SCALE);
      canvas.height = Math.round(height * PNG_SCALE);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => save(blob, `${this.data.file}.png`));
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(this.source())}`;
  }
}

function areaOf({ points, colour, share, dashed }, colours) {
  const made = drawing("polygon", {
    points: points.map((point) => point.join(",")).join(" "),
    fill: share ? mix(colours[colour], colours.ground, share) : colours.ground,
    stroke: colours[colour],
    "stroke-width": 1.2,
    "stroke-linejoin": "round",
  });
  if (dashed) made.setAttribute("stroke-dasharray", "4 3");
  if (colour === "mark") made.setAttribute("fill-opacity", 0.75);
  return made;
}

function lineOf({ points, colour, dashed }, colours) {
  const made = drawing("polyline", {
    points: points.map((point) => point.join(",")).join(" "),
    fill: "none",
    stroke: colours[colour],
    "stroke-width": 1.2,
    "stroke-opacity": colour === "quiet" ? 0.45 : 0.9,
  });
  if (dashed) made.setAttribute("stroke-dasharray", "4 3");
  return made;
}

function labelOf({ block, at, text, size, anchor, colour, strong, row }, colours) {
  const made = drawing("text", {
    x: at[0],
    y: at[1],
    "font-size": size,
    "text-anchor": anchor,
    // Words in a hue must still read on the ground.
    fill: colour in { ink: 1, quiet: 1 } ? colours[colour] : mix(colours[colour], colours.ink, 0.72),
  });
  if (strong) made.setAttribute("font-weight", 600);
  // A rim in the ground's colour keeps the lines off the digits.
  for (const [name, value] of Object.entries({
    stroke: colours.ground,
    "stroke-width": 5,
    "paint-order": "stroke",
    "stroke-linejoin": "round",
  }))
    made.setAttribute(name, value);
  made.dataset.block = block;
  if (row !== null) made.dataset.row = row;
  made.textContent = text;
  return made;
}

function save(blob, name) {
  const link = make("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// The colours by their names, as #rrggbb: a saved file knows no theme.
function readColours(root, palette) {
  const style = getComputedStyle(root);
  const read = (name) => style.getPropertyValue(name).trim();
  const theme = read("--st-chart-categorical-colors")
    .split(",")
    .map((one) => one.trim());
  const named = Object.entries(palette).map(([name, [index, fallback]]) => [name, toHex(theme[index]) ?? fallback]);
  const { ground, ink, trouble } = lightColours(palette);
  return withQuiet({
    ...Object.fromEntries(named),
    ground: toHex(read("--st-background-color")) ?? ground,
    ink: toHex(read("--st-text-color")) ?? ink,
    trouble: toHex(read("--st-red-color")) ?? trouble,
  });
}

// What the light theme has.
function lightColours(palette) {
  const named = Object.entries(palette).map(([name, [, colour]]) => [name, colour]);
  return withQuiet({ ...Object.fromEntries(named), ground: "#ffffff", ink: "#1c1e26", trouble: "#d6336c" });
}

function withQuiet(colours) {
  return { ...colours, quiet: mix(colours.ink, colours.ground, 0.68) };
}

function toHex(colour) {
  if (/^#[0-9a-f]{6}$/i.test(colour ?? "")) return colour;
  const parts = /^rgba?\(\s*(\d+)[,\s]+(\d+)[,\s]+(\d+)/.exec(colour ?? "");
  return parts
    ? `#${parts
        .slice(1, 4)
        .map((one) => Number(one).toString(16).padStart(2, "0"))
        .join("")}`
    : undefined;
}

function mix(colour, ground, share) {
  const [one, other] = [colour, ground].map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  return `#${one
    .map((part, index) =>
      Math.round(part * share + other[index] * (1 - share))
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}
