// Planes of cells, and what a cell in one of them has to do with the others: chosen, pointed at, walked to by keys or
// played through. Everything is drawn here at once; Python is told which cell was chosen, when the choosing rests.

import { component } from "../lib/component.js";
import { focusNear, make, put } from "../lib/dom.js";
import { isShortcut, onPageKey, stepOf } from "../lib/keys.js";
import { clamp } from "../lib/numbers.js";
import { Outbox } from "../lib/outbox.js";
import { isPresented, windowHeight, zoomOf } from "../lib/present.js";
import { connected, marksOf, unpacked } from "./connections.js";
import { across, cellSize, LARGEST_CELL, roundDown, tiling } from "./geometry.js";
import { FRAMES, legendEntry, PlaneView } from "./plane.js";
import { Player } from "./player.js";
import { SideView } from "./side.js";
import { cellOf, exists, indexOf, nearestIn, target } from "./steps.js";
import { telling } from "./telling.js";

/**
 * @import { Send } from "../lib/outbox.js"
 * @import { Cell, Data, MapData } from "./types"
 */

const REPORT_DELAY = 300; // milliseconds of rest before Python is told which cell is chosen
const NARROW = 560;
const CAPTION = 44; // pixels above a tile
const GAP = 20; // between tiles
const LINE = 8; // between rows of tiles
const FOOT = 100; // pixels of what stands below the planes, and around all, where they are presented
const SMALLEST_OUTPUT_CELL = 12; // where there is room; otherwise the second plane's are as large as the first's

export default component(".map", (root) => new MapView(root));

class MapView {
  #outbox = new Outbox();
  #player = new Player({ position: () => this.#position(), go: (index) => this.#goToIndex(index) });
  /** @type {MapData} */
  #map = unpacked({ layout: "tiles", words: {}, planes: [] });
  #signature = "";
  #drawnRoom = "";
  /** @type {number | null} */
  #revision = null;
  /** @type {Cell | null} the chosen cell */
  #at = null;
  /** @type {Cell | null} */
  #pointed = null;
  /** @type {PlaneView[]} */
  #planes = [];
  /** @type {SideView | null} */
  #side = null;
  /** @type {number | undefined} */
  #reporting = undefined;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.stage = make("div", "stage");
    this.told = make("p", "told", { "aria-live": "polite" });
    this.bar = make("div", "bar");
    this.legend = make("div", "legend");
    root.replaceChildren(this.stage, make("div", "foot", {}, [this.bar, this.legend]));
    new ResizeObserver(() => {
      if (this.#signature && this.#room() !== this.#drawnRoom) this.#draw();
    }).observe(root);
    onPageKey(root, (key) => this.#onPageKey(key));
  }

  /**
   * @param {Data} data
   * @param {Send} send
   */
  update(data, send) {
    this.#outbox.send = send;
    this.#outbox.answered(data.answered);
    const signature = JSON.stringify(data.map);
    const isNew = signature !== this.#signature;
    if (isNew) {
      this.#signature = signature;
      this.#map = unpacked(data.map);
      this.#pointed = null; // it may be gone
    }
    if (data.revision !== this.#revision || !exists(this.#map, this.#at)) {
      this.#revision = data.revision;
      this.#at = data.at;
      this.#pointed = null;
    }
    if (this.#map.is_fixed) this.#player.stop();
    if (isNew || this.#room() !== this.#drawnRoom) this.#draw();
    else this.#show();
  }

  // ------------------------------------------------------------------ choosing

  #position() {
    const at = this.#at ?? [0, 0, 0];
    return { ...indexOf(this.#map, at), isFixed: this.#map.is_fixed };
  }

  /** @param {number} index */
  #goToIndex(index) {
    if (this.#at === null) return;
    this.#goTo(cellOf(this.#map, this.#at[0], clamp(index, 0, this.#position().last)));
  }

  /** @param {Cell} cell */
  #goTo(cell) {
    if (this.#map.is_fixed) return;
    this.#at = cell;
    this.#pointed = null;
    this.#show();
    clearTimeout(this.#reporting);
    this.#reporting = setTimeout(() => {
      if (this.root.isConnected) this.#outbox.post("choice", { at: this.#at });
    }, REPORT_DELAY);
  }

  /** @param {Cell | null} cell */
  #point(cell) {
    if (String(cell) === String(this.#pointed)) return;
    this.#pointed = cell;
    this.#show();
  }

  /** @param {PlaneView | SideView} view */
  #listen(view) {
    const { svg } = view;
    svg.addEventListener("pointermove", (event) => {
      // A finger points at nothing while it moves: it moves the page.
      if (event.pointerType !== "touch") this.#point(view.cellUnder(event));
    });
    svg.addEventListener("pointerleave", () => this.#point(null));
    svg.addEventListener("click", (event) => this.#onClick(view.cellUnder(event)));
    svg.addEventListener("keydown", (event) => this.#onKey(event, view.focused));
  }

  /** @param {Cell | null} cell */
  #onClick(cell) {
    if (cell === null || this.#map.is_fixed) return;
    this.#player.stop();
    if (this.#map.planes[cell[0]].use === "choose") {
      this.#goTo(cell);
      return;
    }
    const [plane] = connected(this.#map, cell).keys();
    this.#goTo(nearestIn(this.#map, plane, cell, roundDown));
    this.#point(cell);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number | null} focused
   */
  #onKey(event, focused) {
    if (isShortcut(event) || this.#at === null) return;
    if (event.key === " " && this.#map.has_player) {
      event.preventDefault();
      this.#player.toggle();
      return;
    }
    const cell = target(this.#map, this.#at, event.key, focused);
    if (cell === null) return;
    event.preventDefault();
    this.#player.stop();
    if (focused !== null && this.#map.planes[focused].use === "choose") this.#planes[cell[0]].svg.focus();
    this.#goTo(cell);
  }

  /** @param {string} key */
  #onPageKey(key) {
    if (!this.#map.has_player || this.#map.is_fixed || this.#at === null) return false;
    const index = stepOf(key, this.#position());
    if (index !== undefined) {
      this.#player.stop();
      this.#goToIndex(index);
    } else if (key === " ") this.#player.toggle();
    return index !== undefined || key === " ";
  }

  // ------------------------------------------------------------------- drawing

  #room() {
    return `${this.root.clientWidth} ${windowHeight()} ${zoomOf(this.root)}`;
  }

  // What a screen leaves for the tiles, or for all planes from the side.
  #height() {
    const height = windowHeight() / zoomOf(this.root);
    return isPresented() ? clamp(height - FOOT, 200, 520) : clamp(height - 440, 250, 520);
  }

  #draw() {
    const map = this.#map;
    const active = focusNear(this.root);
    const focused = this.#planes.findIndex(({ svg }) => svg === active);
    this.#drawnRoom = this.#room();
    this.root.className = `map ${map.layout}`;
    this.#side = null;
    this.#planes = [];
    if (map.layout === "side") this.#drawSide();
    else if (map.layout === "beside") this.#drawBeside();
    else this.#drawTiles();
    for (const view of this.#side ? [this.#side] : this.#planes) this.#listen(view);
    if (focused >= 0) this.#planes[focused]?.svg.focus({ preventScroll: true });
    put(this.bar, map.has_player ? [...this.#player.buttons, this.told] : [this.told]);
    this.legend.replaceChildren(...map.legend.map((entry) => legendEntry(entry, map)));
    this.#show();
  }

  #drawSide() {
    const width = this.root.clientWidth;
    this.#side = new SideView(this.#map, width, this.#height(), width < NARROW);
    this.stage.replaceChildren(this.#side.svg);
  }

  // The style sheet says how large the drawings are.
  #drawBeside() {
    const frame = FRAMES.beside;
    this.#planes = this.#map.planes.map((_, index) => new PlaneView(this.#map, index, frame));
    this.stage.replaceChildren(...this.#planes.map(({ figure }) => figure));
    let largest = LARGEST_CELL;
    for (const view of this.#planes) {
      const { width, height } = view.svg.getBoundingClientRect();
      const zoom = zoomOf(view.svg);
      const room = frame.before + frame.after;
      const { rows, cols } = view.plane;
      const cell = Math.min(
        cellSize(width / zoom - room, across(cols), frame, largest),
        cellSize(height / zoom - room, across(rows), frame, largest),
      );
      view.draw(cell);
      largest = Math.max(cell, SMALLEST_OUTPUT_CELL);
    }
  }

  #drawTiles() {
    const map = this.#map;
    const width = this.root.clientWidth;
    const isNarrow = width < NARROW;
    const height = this.#height() - CAPTION;
    const frame = FRAMES.tiles;
    const edges = frame.before + frame.after;
    this.#planes = map.planes.map((_, index) => new PlaneView(map, index, frame));
    const [first, ...others] = this.#planes;
    const rest = make("div", "rest");
    this.stage.replaceChildren(first.figure, rest);
    const drawn = this.#drawTile(first, Math.min(height, isNarrow ? width : 0.42 * width) - edges);
    if (!others.length) {
      rest.append(make("p", "empty", {}, [map.words.empty]));
      return;
    }
    const count = others.length;
    const choices = isNarrow ? [Math.min(3, count)] : [count, Math.ceil(count / 2), Math.ceil(count / 3)];
    const left = isNarrow ? width : width - drawn - GAP;
    const room = isNarrow ? Number.POSITIVE_INFINITY : height;
    const { tile, columns } = tiling(choices, count, left, room, { gap: GAP, line: LINE, caption: CAPTION });
    rest.style.gridTemplateColumns = `repeat(${columns}, ${Math.floor(tile)}px)`;
    for (const view of others) {
      this.#drawTile(view, tile - edges);
      rest.append(view.figure);
    }
  }

  /**
   * Draw a plane as large as fits, and return how many pixels it takes.
   *
   * @param {PlaneView} view
   * @param {number} side pixels
   */
  #drawTile(view, side) {
    const { before, after } = view.frame;
    const cells = across(view.plane.rows);
    const cell = cellSize(side, cells, view.frame);
    const whole = cell * cells + before + after;
    for (const name of ["width", "height"]) view.svg.setAttribute(name, String(whole));
    view.svg.setAttribute("viewBox", `0 0 ${whole} ${whole}`);
    view.draw(cell);
    return whole;
  }

  #show() {
    const shown = this.#pointed ?? this.#at;
    const marks = marksOf(this.#map, this.#at, this.#pointed);
    for (const view of this.#planes) {
      view.mark(marks[view.index]);
      view.figure.classList.toggle("here", shown?.[0] === view.index);
    }
    this.#side?.mark(shown);
    this.told.textContent = shown === null ? this.#map.words.empty : telling(this.#map, shown);
    if (this.#map.has_player) this.#player.draw(this.#map.words);
  }
}
