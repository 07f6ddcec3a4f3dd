// A network as blocks. Every coordinate was computed in Python; here they are drawn in the theme's colours, told when a
// block is clicked, and saved as a file that needs nothing but itself.

import { buttonOf, drawing, focusNear, make, SVG, told } from "../lib/dom.js";
import { arrow } from "../lib/keys.js";
import { clamp } from "../lib/numbers.js";
import { Outbox } from "../lib/outbox.js";
import { zoomOf } from "../lib/present.js";
import { decoded, penOf } from "./canvas.js";
import { lightColours, mix, readColours } from "./colours.js";

/** @import { Send } from "../lib/outbox.js" */
/** @import { Colours } from "./colours.js" */
/** @import { Area, Block, BlocksData, Label, Line } from "./types.d.ts" */

const FONT = "'Source Sans', 'Source Sans 3', 'Helvetica Neue', Arial, sans-serif";
const PNG_SCALE = 3;

export class Blocks {
  #outbox = new Outbox();
  /** @type {SVGElement} */
  #svg = drawing("svg");
  /** @type {SVGGElement[]} one for each block */
  #groups = [];
  /** @type {number | null} the block that the tab key stops at */
  #stop = null;
  /** @type {number | null} a row */
  #selected = null;

  /**
   * @param {HTMLElement} root
   * @param {BlocksData} data
   */
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.frame = make("div", "frame");
    this.foot = make("div", "foot");
    root.replaceChildren(this.frame, this.foot);
    // Scrolls to what is selected once the frame has a width, and again when that changes.
    this.observer = new ResizeObserver(() => this.#fit());
    this.observer.observe(this.frame);
  }

  /**
   * @param {BlocksData} data
   * @param {Send} send
   */
  update(data, send) {
    this.#outbox.send = send;
    this.#outbox.answered(data.answered);
    this.data = data;
    // A choice that is on its way to Python is not taken back.
    if (!this.#outbox.isOpen) this.#selected = data.selected;
    this.#draw();
  }

  close() {
    this.observer.disconnect();
    this.#outbox.close();
  }

  /** @param {number} row */
  #choose(row) {
    this.#selected = row === this.#selected ? null : row;
    this.#outbox.post("choice", { row: this.#selected });
    this.#mark();
  }

  #draw() {
    const { picture, palette } = this.data;
    const { svg, groups } = this.#painted(readColours(this.root, palette));
    this.#groups = groups;
    svg.addEventListener("click", ({ target }) => {
      if (!(target instanceof SVGElement)) return;
      const group = /** @type {SVGElement | null} */ (target.closest("[data-block]"));
      const block = picture.blocks[Number(group?.dataset.block)];
      if (block?.rows.length) this.#choose(Number(target.dataset.row ?? block.rows[0]));
    });
    const active = focusNear(this.root);
    const focused = active instanceof SVGElement && this.#svg.contains(active) ? active.dataset.block : undefined;
    this.#svg = svg;
    this.frame.replaceChildren(svg);
    this.#drawFoot();
    this.#mark();
    const chosen = picture.blocks.findIndex((block) => this.#isSelected(block));
    const first = picture.blocks.findIndex(({ rows }) => rows.length);
    const last = this.#stop !== null && picture.blocks[this.#stop]?.rows.length ? this.#stop : first;
    this.#stopAt(chosen >= 0 ? chosen : last);
    this.#fit();
    if (focused !== undefined) this.#groups[Number(focused)]?.focus();
  }

  /** @param {Colours} colours */
  #painted(colours) {
    const { picture, texts } = this.data;
    const svg = drawing("svg", {
      xmlns: SVG,
      viewBox: `0 0 ${picture.width} ${picture.height}`,
      width: picture.width,
      height: picture.height,
      "font-family": FONT,
    });
    svg.append(drawing("title", {}, [texts.title]));
    const groups = picture.blocks.map((block, index) => this.#block(block, index));
    const [lines, labels] = [drawing("g", { "pointer-events": "none" }), drawing("g")];
    for (const line of picture.lines) lines.append(lineOf(line, colours));
    // Windows lie on the block before the one that they make.
    for (const area of picture.areas)
      (area.colour === "mark" ? lines : groups[area.block]).append(areaOf(area, colours));
    for (const label of picture.labels) labels.append(labelOf(label, colours));
    svg.append(...groups, lines, labels);
    return { svg, groups };
  }

  /**
   * @param {Block} block
   * @param {number} index
   */
  #block(block, index) {
    const group = drawing("g", { "data-block": index });
    if (!block.rows.length) return group;
    group.setAttribute("role", "button");
    group.setAttribute("aria-label", block.name);
    group.addEventListener("focus", () => this.#stopAt(index));
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
      const by = arrow(event.key)?.[1];
      if (event.key === "Enter" || event.key === " ") this.#choose(block.rows[0]);
      else if (by) this.#walk(index, by);
      else return;
      event.preventDefault();
    });
    return group;
  }

  /**
   * @param {number} index
   * @param {number} by
   */
  #walk(index, by) {
    for (let next = index + by; this.#groups[next]; next += by) {
      if (!this.data.picture.blocks[next].rows.length) continue;
      this.#groups[next].focus();
      return;
    }
  }

  /**
   * The tab key stops at one block, from which arrows lead to the others.
   *
   * @param {number} index
   */
  #stopAt(index) {
    this.#stop = index;
    const { blocks } = this.data.picture;
    this.#groups.forEach((group, at) => {
      if (blocks[at].rows.length) group.tabIndex = at === index ? 0 : -1;
    });
  }

  /** @param {Block} block */
  #isSelected({ rows }) {
    return this.#selected !== null && rows.includes(this.#selected);
  }

  #mark() {
    const { blocks } = this.data.picture;
    this.#groups.forEach((group, index) => {
      const isSelected = this.#isSelected(blocks[index]);
      group.classList.toggle("selected", isSelected);
      if (blocks[index].rows.length) group.setAttribute("aria-pressed", String(isSelected));
      for (const polygon of group.querySelectorAll("polygon"))
        polygon.setAttribute("stroke-width", isSelected ? "2.6" : "1.2");
    });
    this.#showSelected();
  }

  // As wide as there is room, within what can be read and what leaves room for the table.
  #fit() {
    const { picture, is_large } = this.data;
    const width = this.frame.clientWidth;
    const scale = clamp(width / picture.width, width > 600 ? 0.8 : 0.9, is_large ? 2 : 1.15);
    this.#svg.setAttribute("width", String(picture.width * scale));
    this.#svg.setAttribute("height", String(picture.height * scale));
    this.#showSelected();
  }

  #showSelected() {
    const block = this.data.picture.blocks.find((each) => this.#isSelected(each));
    const scale = this.#svg.getBoundingClientRect().width / zoomOf(this.#svg) / this.data.picture.width;
    if (!block || this.frame.scrollWidth <= this.frame.clientWidth) return;
    const [left, , right] = block.box.map((one) => one * scale);
    if (left < this.frame.scrollLeft || right > this.frame.scrollLeft + this.frame.clientWidth)
      this.frame.scrollLeft = (left + right - this.frame.clientWidth) / 2;
  }

  // ----------------------------------------------------------------- saving

  #drawFoot() {
    const { picture, texts } = this.data;
    const trouble = this.data.trouble ? [told("span", "trouble", this.data.trouble)] : [];
    this.foot.replaceChildren(
      ...trouble,
      told("span", "", picture.scale),
      buttonOf(texts.save_svg, () => this.#saveSvg()),
      buttonOf(texts.save_png, () => this.#savePng()),
    );
  }

  // The drawing alone: no focus, no hit areas, and a ground. It is light whatever the theme, as slides and paper are.
  #source() {
    const { picture, palette } = this.data;
    const colours = lightColours(palette);
    const { svg } = this.#painted(colours);
    for (const group of svg.querySelectorAll("g"))
      for (const name of group.getAttributeNames()) group.removeAttribute(name);
    for (const rect of svg.querySelectorAll("rect")) rect.remove();
    const shown = this.#svg.querySelectorAll("text");
    svg.querySelectorAll("text").forEach((text, index) => {
      for (const name of ["block", "row"]) delete text.dataset[name];
      // Another machine has another font, in which words may be wider than their place.
      text.setAttribute("textLength", shown[index].getComputedTextLength().toFixed(1));
      text.setAttribute("lengthAdjust", "spacingAndGlyphs");
    });
    svg
      .querySelector("title")
      ?.after(drawing("rect", { width: picture.width, height: picture.height, fill: colours.ground }));
    return new XMLSerializer().serializeToString(svg);
  }

  #saveSvg() {
    save(new Blob([this.#source()], { type: "image/svg+xml" }), `${this.data.file}.svg`);
  }

  async #savePng() {
    const { width, height } = this.data.picture;
    const image = await decoded(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(this.#source())}`);
    const canvas = make("canvas", "", { width: Math.round(width * PNG_SCALE), height: Math.round(height * PNG_SCALE) });
    penOf(canvas).drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => blob && save(blob, `${this.data.file}.png`));
  }
}

/**
 * @param {Area} area
 * @param {Colours} colours
 */
function areaOf({ points, colour, share, dashed }, colours) {
  const made = drawing("polygon", {
    points: points.map((point) => point.join(",")).join(" "),
    fill: share ? mix(colours[colour], colours.ground, share) : colours.ground,
    stroke: colours[colour],
    "stroke-width": 1.2,
    "stroke-linejoin": "round",
  });
  if (dashed) made.setAttribute("stroke-dasharray", "4 3");
  if (colour === "mark") made.setAttribute("fill-opacity", "0.75");
  return made;
}

/**
 * @param {Line} line
 * @param {Colours} colours
 */
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

/**
 * @param {Label} label
 * @param {Colours} colours
 */
function labelOf({ block, at, text, size, anchor, colour, strong, row }, colours) {
  const made = drawing("text", {
    x: at[0],
    y: at[1],
    "font-size": size,
    "text-anchor": anchor,
    // Words in a hue must still read on the ground.
    fill: colour in { ink: 1, quiet: 1 } ? colours[colour] : mix(colours[colour], colours.ink, 0.72),
    ...(strong ? { "font-weight": 600 } : {}),
    // A rim in the ground's colour keeps the lines off the digits.
    stroke: colours.ground,
    "stroke-width": 5,
    "paint-order": "stroke",
    "stroke-linejoin": "round",
    "data-block": block,
    ...(row !== null ? { "data-row": row } : {}),
  });
  made.append(text);
  return made;
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
function save(blob, name) {
  const link = make("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
