// Two pictures, one selected output pixel, and the window that it sees. Draws and points; computes no pixel.

import { make } from "../lib/dom.js";
import { arrow, isShortcut } from "../lib/keys.js";
import { clamp } from "../lib/numbers.js";
import { fill } from "../lib/words.js";
import { decoded } from "./canvas.js";
import { MarkedPicture } from "./marked.js";

/** @import { Send } from "../lib/outbox.js" */
/** @import { Pair, PairData, Pixel } from "./types.d.ts" */

const GAP = 24;
const ROOMY = 560; // from here on a caption has room beside the other picture's
const NARROW = 440; // below this the pictures stand one below the other
const ENLARGED_FROM = 1.5;

/**
 * @param {Pixel | null} first
 * @param {Pixel | null} second
 */
function isSame(first, second) {
  return first !== null && second !== null && first[0] === second[0] && first[1] === second[1];
}

export class PicturePair {
  /** @type {Pixel | null} what the learner chose here, kept while a smaller picture cannot show it */
  #clicked = null;
  /** @type {Pixel} what Python proposes until then */
  #given = [0, 0];
  /** @type {Pixel | null} */
  #hovered = null;
  /** @type {Pair | null} what is shown */
  #pair = null;
  #wanted = ""; // the pair that is on its way, or shown
  #width = 0;
  #timer = 0;

  /**
   * @param {HTMLElement} root
   * @param {PairData} data
   */
  constructor(root, { words }) {
    this.root = root;
    this.words = words;
    /** @type {(pixel: Pixel) => void} */
    this.tell = () => {};
    this.input = new MarkedPicture();
    this.output = new MarkedPicture();
    this.place = make("span", "place");
    this.help = make("span", "help");
    this.status = make("p", "status", {}, [this.place, this.help]);
    this.place.setAttribute("aria-live", "polite");
    this.pictures = make("div", "both", {}, [this.input.element, this.output.element]);
    root.replaceChildren(this.pictures, this.status);
    this.output.frame.tabIndex = 0;
    this.output.frame.setAttribute("role", "application");
    this.output.frame.addEventListener("keydown", (event) => this.#key(event));
    for (const picture of [this.input, this.output]) {
      picture.frame.addEventListener("pointermove", (event) => this.#hover(this.#pointedAt(picture, event)));
      picture.frame.addEventListener("pointerleave", () => this.#hover(null));
      picture.frame.addEventListener("click", (event) => this.#select(this.#pointedAt(picture, event), 0));
    }
    this.observer = new ResizeObserver(() => this.#layout());
    this.observer.observe(root);
  }

  /**
   * @param {PairData} data
   * @param {Send} send
   */
  async update(data, send) {
    this.tell = (pixel) => send("pixel", { at: pixel });
    this.words = data.words;
    this.#given = data.pixel;
    if (this.#wanted === data.pair.identity) {
      this.#mark(); // the theme may have changed
      return;
    }
    this.#wanted = data.pair.identity;
    let images;
    try {
      images = await Promise.all([decoded(data.pair.input), decoded(data.pair.output)]);
    } catch {
      this.place.textContent = data.words.unreadable;
      return;
    }
    if (this.#wanted !== data.pair.identity) return; // newer pictures arrived meanwhile
    this.#show(data.pair, images);
  }

  /**
   * @param {Pair} pair
   * @param {HTMLImageElement[]} images
   */
  #show(pair, [before, after]) {
    this.#pair = pair;
    this.input.take(before, ...pair.input_size, pair.padding);
    this.output.take(after, ...pair.output_size, 0);
    const [height, width] = pair.input_size;
    this.input.name.textContent = this.words.input;
    const size = pair.padding > 0 ? this.words.padded : this.words.size;
    this.input.size.textContent = fill(size, { height, width, padding: pair.padding });
    this.output.name.textContent = this.words.output;
    this.output.size.textContent = fill(this.words.size, { height: pair.output_size[0], width: pair.output_size[1] });
    this.output.frame.setAttribute("aria-label", this.words.picker);
    this.input.canvas.setAttribute("aria-label", this.words.input);
    this.input.canvas.setAttribute("role", "img");
    this.help.textContent = this.words.help;
    this.#hovered = null;
    this.#width = 0;
    this.#layout();
    this.root.dataset.shown = pair.identity;
  }

  #layout() {
    const width = this.root.clientWidth;
    if (!this.#pair || !width || width === this.#width) return;
    this.#width = width;
    this.root.classList.toggle("tight", width >= NARROW && width < ROOMY);
    const each = width < NARROW ? width : (width - GAP) / 2;
    const [before, after] = [this.input.fitting(each), this.output.fitting(each)];
    // Pictures of nearly the same size are drawn to one scale; one that a stride made small is enlarged.
    this.input.draw(before);
    this.output.draw(after < before * ENLARGED_FROM ? Math.min(before, after) : after);
    this.#mark();
  }

  #mark() {
    const pair = this.#pair;
    if (!pair) return;
    const selected = within(this.#clicked ?? this.#given, pair);
    const accent = getComputedStyle(this.root).getPropertyValue("--selected").trim() || "#4338ca";
    this.input.clear();
    this.output.clear();
    if (this.#hovered && !isSame(this.#hovered, selected)) this.#markPixel(pair, this.#hovered, accent, false);
    this.#markPixel(pair, selected, accent, true);
    const [row, column] = this.#hovered ?? selected;
    this.place.textContent = fill(this.words.pixel, { row: row + 1, column: column + 1 });
    this.root.dataset.pixel = selected.join(",");
  }

  /**
   * @param {Pair} pair
   * @param {Pixel} pixel
   * @param {string} colour
   * @param {boolean} isFirm
   */
  #markPixel({ stride, dilation, kernel_size: kernel }, [row, column], colour, isFirm) {
    const [rows, columns] = kernel.map((size) => (size - 1) * dilation + 1);
    this.input.outline([row * stride, column * stride], rows, columns, colour, isFirm);
    this.output.outline([row, column], 1, 1, colour, isFirm);
  }

  /**
   * The output pixel under a pointer; on the input, the one whose window has its middle nearest.
   *
   * @param {MarkedPicture} picture
   * @param {PointerEvent | MouseEvent} event
   */
  #pointedAt(picture, event) {
    if (!this.#pair) return null;
    const position = picture.position(event);
    if (picture === this.output) return within(position, this.#pair);
    return pixelOver(position, this.#pair);
  }

  /** @param {Pixel | null} pixel */
  #hover(pixel) {
    if (!this.#pair || pixel === this.#hovered || isSame(pixel, this.#hovered)) return;
    this.#hovered = pixel;
    this.#mark();
  }

  /**
   * Python is told when the selection rests: a held arrow key would ask for sums that nobody reads.
   *
   * @param {Pixel | null} pixel
   * @param {number} delay
   */
  #select(pixel, delay) {
    if (!pixel) return;
    this.#clicked = pixel;
    this.#mark();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.tell(pixel), delay);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const pair = this.#pair;
    if (!pair || isShortcut(event)) return;
    const step = stepOf(event, pair.output_size[1]);
    if (!step) return;
    event.preventDefault();
    this.#hovered = null;
    const [row, column] = within(this.#clicked ?? this.#given, pair);
    this.#select(within([row + step[0], column + step[1]], pair), 120);
  }

  close() {
    clearTimeout(this.#timer);
    this.observer.disconnect();
  }
}

/**
 * The nearest pixel of the output.
 *
 * @param {Pixel} place
 * @param {Pick<Pair, "output_size">} pair
 * @returns {Pixel}
 */
function within([row, column], { output_size: [rows, columns] }) {
  return [clamp(Math.floor(row), 0, rows - 1), clamp(Math.floor(column), 0, columns - 1)];
}

/**
 * The output pixel whose window has its middle nearest to a place of the padded input.
 *
 * @param {Pixel} place fractional
 * @param {Pick<Pair, "output_size" | "kernel_size" | "stride" | "dilation">} pair
 * @returns {Pixel}
 */
export function pixelOver([row, column], pair) {
  const { stride, dilation, kernel_size: kernel } = pair;
  const along = (/** @type {number} */ place, /** @type {number} */ size) =>
    (place - ((size - 1) * dilation + 1) / 2) / stride + 0.5;
  return within([along(row, kernel[0]), along(column, kernel[1])], pair);
}

/**
 * Where a key leads on the output, in rows and columns.
 *
 * @param {KeyboardEvent} event
 * @param {number} columns
 * @returns {Pixel | undefined}
 */
function stepOf(event, columns) {
  const move = arrow(event.key);
  const far = event.shiftKey ? 10 : 1;
  if (move) return [far * move[0], far * move[1]];
  return /** @type {Record<string, Pixel>} */ ({
    PageUp: [-10, 0],
    PageDown: [10, 0],
    Home: [0, -columns],
    End: [0, columns],
  })[event.key];
}
