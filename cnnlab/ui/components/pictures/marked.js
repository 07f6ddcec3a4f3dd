// One picture with a canvas above it for marks. Positions are pixels of the picture, the padding included.

import { make } from "../lib/dom.js";
import { clamp } from "../lib/numbers.js";
import { penOf } from "./canvas.js";

/** @import { Pixel } from "./types.d.ts" */

const TALLEST = 440;
const SMALLEST_MARK = 12; // a window of three small pixels would not be found on a photograph

export class MarkedPicture {
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
