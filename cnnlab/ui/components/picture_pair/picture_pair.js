// Two pictures, one selected output pixel, and the window that it sees. Draws and points; computes no pixel.

import { component } from "../lib/component.js";
import { make } from "../lib/dom.js";
import { arrow, isShortcut } from "../lib/keys.js";
import { clamp } from "../lib/numbers.js";
import { fill } from "../lib/words.js";

/**
 * What Python sends; the fields are explained in __init__.py.
 *
 * @typedef {object} Pair
 * @property {string} identity
 * @property {string} input a data URL
 * @property {string} output likewise
 * @property {[height: number, width: number]} input_size
 * @property {[height: number, width: number]} output_size
 * @property {[height: number, width: number]} kernel_size
 * @property {number} stride
 * @property {number} padding
 * @property {number} dilation
 *
 * @typedef {object} Data
 * @property {Pair} pair
 * @property {Pixel} pixel
 * @property {Record<string, string>} words
 *
 * @typedef {[row: number, column: number]} Pixel of the output
 */

const GAP = 24;
const TALLEST = 440;
const ROOMY = 560; // from here on a caption has room beside the other picture's
const NARROW = 440; // below this the pictures stand one below the other
const ENLARGED_FROM = 1.5;
const SMALLEST_MARK = 12; // a window of three small pixels would not be found on a photograph

/**
 * @param {Pixel | null} first
 * @param {Pixel | null} second
 */
function isSame(first, second) {
  return first !== null && second !== null && first[0] === second[0] && first[1] === second[1];
}

/** @param {HTMLCanvasElement} canvas */
function penOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

/** @param {string} source */
async function decoded(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}

// One picture with a canvas above it for the marks. Positions are pixels of the picture, the padding included.
class Picture {
  #padding = 0;
  #scale = 1; // screen pixels for one of its own
  #rows = 0;
  #columns = 0;
  /** @type {HTMLImageElement | null} */
  #image = null;

  constructor() {
    this.name = make("span", "name");
    this.size = make("span", "size");
    this.canvas = make("canvas", "picture");
    this.marks = make("canvas", "marks");
    this.frame = make("div", "frame", {}, [this.canvas, this.marks]);
    this.element = make("figure", "", {}, [make("figcaption", "", {}, [this.name, this.size]), this.frame]);
  }

  /**
   * @param {HTMLImageElement} image
   * @param {number} height
   * @param {number} width
   * @param {number} padding
   */
  take(image, height, width, padding) {
    this.#image = image;
    this.#padding = padding;
    this.#rows = height + 2 * padding;
    this.#columns = width + 2 * padding;
  }

  /**
   * Screen pixels for one pixel of the picture, so that it fits into `width` x TALLEST; whole ones where it is small.
   *
   * @param {number} width
   */
  fitting(width) {
    const scale = Math.min(width / this.#columns, TALLEST / this.#rows) * (window.devicePixelRatio || 1);
    return scale > 2 ? Math.floor(scale) : scale;
  }

  /** @param {number} scale */
  draw(scale) {
    const ratio = window.devicePixelRatio || 1;
    this.#scale = scale;
    for (const canvas of [this.canvas, this.marks]) {
      canvas.width = Math.max(1, Math.round(this.#columns * scale));
      canvas.height = Math.max(1, Math.round(this.#rows * scale));
      canvas.style.width = `${canvas.width / ratio}px`;
      canvas.style.height = `${canvas.height / ratio}px`;
    }
    if (this.#image === null) return;
    const pen = penOf(this.canvas);
    pen.imageSmoothingEnabled = scale < 1;
    pen.imageSmoothingQuality = "high";
    const offset = this.#padding * scale;
    pen.drawImage(this.#image, offset, offset, this.canvas.width - 2 * offset, this.canvas.height - 2 * offset);
  }

  clear() {
    penOf(this.marks).clearRect(0, 0, this.marks.width, this.marks.height);
  }

  /**
   * Outline a rectangle of pixels: a dark line inside a light one is seen on any picture.
   *
   * @param {Pixel} pixel
   * @param {number} rows
   * @param {number} columns
   * @param {string} colour
   * @param {boolean} isFirm
   */
  outline([row, column], rows, columns, colour, isFirm) {
    const pen = penOf(this.marks);
    const ratio = window.devicePixelRatio || 1;
    const least = SMALLEST_MARK * ratio;
    const line = (isFirm ? 2 : 1.5) * ratio;
    const [y, height] = this.#extent(row, rows, this.marks.height, least, line);
    const [x, width] = this.#extent(column, columns, this.marks.width, least, line);
    pen.lineJoin = "round";
    pen.strokeStyle = "#fff";
    pen.lineWidth = line * 2.2;
    pen.strokeRect(x, y, width, height);
    pen.setLineDash(isFirm ? [] : [4 * ratio, 3 * ratio]);
    pen.strokeStyle = colour;
    pen.lineWidth = line;
    pen.strokeRect(x, y, width, height);
    pen.setLineDash([]);
  }

  /**
   * Start and length of an outline along one axis of `size` screen pixels: long enough to be seen, and not cut off.
   *
   * @param {number} first
   * @param {number} count
   * @param {number} size
   * @param {number} least
   * @param {number} line
   */
  #extent(first, count, size, least, line) {
    const length = Math.min(Math.max(count * this.#scale, least), size - 2 * line);
    const start = (first + count / 2) * this.#scale - length / 2;
    return [clamp(start - line, 0, size - length - 2 * line) + line, length];
  }

  /**
   * Where a pointer is, as fractional [row, column].
   *
   * @param {PointerEvent | MouseEvent} event
   * @returns {Pixel}
   */
  position(event) {
    const box = this.canvas.getBoundingClientRect();
    return [
      ((event.clientY - box.top) / box.height) * this.#rows,
      ((event.clientX - box.left) / box.width) * this.#columns,
    ];
  }
}

class PicturePair {
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
   * @param {Data} data
   */
  constructor(root, { words }) {
    this.root = root;
    this.words = words;
    /** @type {(pixel: Pixel) => void} */
    this.tell = () => {};
    this.input = new Picture();
    this.output = new Picture();
    this.place = make("span", "place");
    this.help = make("span", "help");
    this.status = make("p", "status", {}, [this.place, this.help]);
    this.place.setAttribute("aria-live", "polite");
    this.pictures = make("div", "pictures", {}, [this.input.element, this.output.element]);
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
   * @param {Data} data
   * @param {import("../lib/outbox.js").Send} send
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
    const accent = getComputedStyle(this.root).getPropertyValue("--mark").trim() || "#4338ca";
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
   * @param {Picture} picture
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

export default component(".mount", (root, /** @type {Data} */ data) => new PicturePair(root, data));
