// Two pictures, one selected output pixel, and the window that it sees. Draws and points; computes no pixel.

import { fill } from "../lib/words.js";

const GAP = 24;
const TALLEST = 440;
const ROOMY = 560; // from here on a caption has room beside the other picture's
const NARROW = 440; // below this the pictures stand one below the other
const ENLARGED_FROM = 1.5;
const SMALLEST_MARK = 12; // a window of three small pixels would not be found on a photograph

const pairs = new WeakMap();

const clamp = (value, high) => Math.min(Math.max(value, 0), high);
const isSame = (first, second) => first && second && first[0] === second[0] && first[1] === second[1];

function make(tag, className, children = []) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

async function decoded(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}

// One picture with a canvas above it for the marks. Positions are pixels of the picture, the padding included.
class Picture {
  constructor() {
    this.name = make("span", "name");
    this.size = make("span", "size");
    this.canvas = make("canvas", "picture");
    this.marks = make("canvas", "marks");
    this.frame = make("div", "frame", [this.canvas, this.marks]);
    this.element = make("figure", "", [make("figcaption", "", [this.name, this.size]), this.frame]);
  }

  take(image, height, width, padding) {
    Object.assign(this, { image, padding, rows: height + 2 * padding, columns: width + 2 * padding });
  }

  // Screen pixels for one pixel of the picture, so that it fits into `width` x TALLEST; whole ones where it is small.
  fitting(width) {
    const scale = Math.min(width / this.columns, TALLEST / this.rows) * (window.devicePixelRatio || 1);
    return scale > 2 ? Math.floor(scale) : scale;
  }

  draw(scale) {
    const ratio = window.devicePixelRatio || 1;
    this.scale = scale;
    for (const canvas of [this.canvas, this.marks]) {
      canvas.width = Math.max(1, Math.round(this.columns * scale));
      canvas.height = Math.max(1, Math.round(this.rows * scale));
      canvas.style.width = `${canvas.width / ratio}px`;
      canvas.style.height = `${canvas.height / ratio}px`;
    }
    const pen = this.canvas.getContext("2d");
    pen.imageSmoothingEnabled = scale < 1;
    pen.imageSmoothingQuality = "high";
    const offset = this.padding * scale;
    pen.drawImage(this.image, offset, offset, this.canvas.width - 2 * offset, this.canvas.height - 2 * offset);
  }

  clear() {
    this.marks.getContext("2d").clearRect(0, 0, this.marks.width, this.marks.height);
  }

  // Outline a rectangle of pixels: a dark line inside a light one is seen on any picture.
  outline(row, column, rows, columns, colour, isFirm) {
    const pen = this.marks.getContext("2d");
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

  // Start and length of an outline along one axis of `size` screen pixels: long enough to be seen, and not cut off.
  #extent(first, count, size, least, line) {
    const length = Math.min(Math.max(count * this.scale, least), size - 2 * line);
    const start = (first + count / 2) * this.scale - length / 2;
    return [clamp(start - line, size - length - 2 * line) + line, length];
  }

  // Where a pointer is, as fractional [row, column].
  position(event) {
    const box = this.canvas.getBoundingClientRect();
    return [
      ((event.clientY - box.top) / box.height) * this.rows,
      ((event.clientX - box.left) / box.width) * this.columns,
    ];
  }
}

class PicturePair {
  constructor(root) {
    this.root = root;
    this.input = new Picture();
    this.output = new Picture();
    this.place = make("span", "place");
    this.help = make("span", "help");
    this.status = make("p", "status", [this.place, this.help]);
    this.place.setAttribute("aria-live", "polite");
    this.pictures = make("div", "pictures", [this.input.element, this.output.element]);
    root.replaceChildren(this.pictures, this.status);
    this.output.frame.tabIndex = 0;
    this.output.frame.setAttribute("role", "application");
    this.clicked = null; // what the learner chose here, kept while a smaller picture cannot show it
    this.given = [0, 0]; // what Python proposes until then
    this.hovered = null;
    this.pair = null;
    this.output.frame.addEventListener("keydown", (event) => this.#key(event));
    for (const picture of [this.input, this.output]) {
      picture.frame.addEventListener("pointermove", (event) => this.#hover(this.#pointedAt(picture, event)));
      picture.frame.addEventListener("pointerleave", () => this.#hover(null));
      picture.frame.addEventListener("click", (event) => this.#select(this.#pointedAt(picture, event), 0));
    }
    this.observer = new ResizeObserver(() => this.#layout());
    this.observer.observe(root);
  }

  async update(data, tell) {
    this.tell = tell;
    this.words = data.words;
    this.given = data.pixel;
    if (this.wanted === data.pair.identity) {
      this.#mark(); // the theme may have changed
      return;
    }
    this.wanted = data.pair.identity;
    let images;
    try {
      images = await Promise.all([decoded(data.pair.input), decoded(data.pair.output)]);
    } catch {
      this.place.textContent = data.words.unreadable;
      return;
    }
    if (this.wanted !== data.pair.identity) return; // newer pictures arrived meanwhile
    this.#show(data.pair, images);
  }

  get pixel() {
    return this.#within(this.clicked ?? this.given);
  }

  #show(pair, [before, after]) {
    this.pair = pair;
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
    this.hovered = null;
    this.width = 0;
    this.#layout();
    this.root.dataset.shown = pair.identity;
  }

  #layout() {
    const width = this.root.clientWidth;
    if (!this.pair || !width || width === this.width) return;
    this.width = width;
    this.root.classList.toggle("tight", width >= NARROW && width < ROOMY);
    const each = width < NARROW ? width : (width - GAP) / 2;
    const [before, after] = [this.input.fitting(each), this.output.fitting(each)];
    // Pictures of nearly the same size are drawn to one scale; one that a stride made small is enlarged.
    this.input.draw(before);
    this.output.draw(after < before * ENLARGED_FROM ? Math.min(before, after) : after);
    this.#mark();
  }

  #mark() {
    if (!this.pair) return;
    const accent = getComputedStyle(this.root).getPropertyValue("--mark").trim() || "#4338ca";
    this.input.clear();
    this.output.clear();
    if (this.hovered && !isSame(this.hovered, this.pixel)) this.#markPixel(this.hovered, accent, false);
    this.#markPixel(this.pixel, accent, true);
    const [row, column] = this.hovered ?? this.pixel;
    this.place.textContent = fill(this.words.pixel, { row: row + 1, column: column + 1 });
    this.root.dataset.pixel = this.pixel.join(",");
  }

  #markPixel([row, column], colour, isFirm) {
    const { stride, dilation, kernel_size: kernel } = this.pair;
    const [rows, columns] = kernel.map((size) => (size - 1) * dilation + 1);
    this.input.outline(row * stride, column * stride, rows, columns, colour, isFirm);
    this.output.outline(row, column, 1, 1, colour, isFirm);
  }

  #within([row, column]) {
    const [rows, columns] = this.pair.output_size;
    return [clamp(Math.floor(row), rows - 1), clamp(Math.floor(column), columns - 1)];
  }

  // The output pixel under a pointer; on the input, the one whose window has its middle nearest.
  #pointedAt(picture, event) {
    if (!this.pair) return null;
    const position = picture.position(event);
    if (picture === this.output) return this.#within(position);
    const { stride, dilation, kernel_size: kernel } = this.pair;
    return this.#within(position.map((at, axis) => (at - ((kernel[axis] - 1) * dilation + 1) / 2) / stride + 0.5));
  }

  #hover(pixel) {
    if (!this.pair || pixel === this.hovered || isSame(pixel, this.hovered)) return;
    this.hovered = pixel;
    this.#mark();
  }

  // Python is told when the selection rests: a held arrow key would ask for sums that nobody reads.
  #select(pixel, delay) {
    if (!pixel) return;
    this.clicked = pixel;
    this.#mark();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell("pixel", pixel), delay);
  }

  #key(event) {
    if (!this.pair || event.ctrlKey || event.metaKey || event.altKey) return;
    const far = event.shiftKey ? 10 : 1;
    const columns = this.pair.output_size[1];
    const steps = {
      ArrowUp: [-far, 0],
      ArrowDown: [far, 0],
      ArrowLeft: [0, -far],
      ArrowRight: [0, far],
      PageUp: [-10, 0],
      PageDown: [10, 0],
      Home: [0, -columns],
      End: [0, columns],
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    this.hovered = null;
    this.#select(this.#within([this.pixel[0] + step[0], this.pixel[1] + step[1]]), 120);
  }

  close() {
    clearTimeout(this.timer);
    this.observer.disconnect();
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".mount");
  if (!pairs.has(root)) pairs.set(root, new PicturePair(root));
  const pair = pairs.get(root);
  pair.update(data, setStateValue);
  return () => {
    pair.close();
    pairs.delete(root);
  };
}
