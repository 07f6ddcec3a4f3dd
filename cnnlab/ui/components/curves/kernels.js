// A layer's kernels as tiny colour pictures: grey is 0, and all share one scale, so that strong ones look strong.

import { make, told } from "../lib/dom.js";
import { largest } from "../lib/numbers.js";
import { fill } from "../lib/words.js";

/**
 * @typedef {object} Kernels
 * @property {[kernels: number, channels: number, rows: number, columns: number]} shape
 * @property {Float64Array} weights
 */

/**
 * @param {HTMLElement} parent
 * @param {Kernels | null} kernels
 * @param {Record<string, string>} words
 */
export function drawKernels(parent, kernels, words) {
  parent.hidden = !kernels;
  if (!kernels) return;
  const [count, channels, rows, columns] = kernels.shape;
  if (parent.children.length !== count + 1) {
    const pictures = Array.from({ length: count }, (_, index) =>
      make("canvas", "", { role: "img", "aria-label": fill(words.kernel, { number: index + 1 }) }),
    );
    parent.replaceChildren(...pictures, told("p", "", words.kernels));
  }
  const { weights } = kernels;
  const most = Math.max(1e-9, largest(weights));
  const size = channels * rows * columns;
  for (let index = 0; index < count; index++) {
    const canvas = /** @type {HTMLCanvasElement} */ (parent.children[index]);
    if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
    const colours = coloursOf(weights.subarray(index * size, (index + 1) * size), channels, most);
    canvas.getContext("2d")?.putImageData(new ImageData(colours, columns, rows), 0, 0);
  }
}

/**
 * Red, green, blue and opacity of every pixel. A kernel that does not read three channels is shown by its first.
 *
 * @param {ArrayLike<number>} weights of one kernel, channel by channel
 * @param {number} channels
 * @param {number} most the number that is brightest
 */
export function coloursOf(weights, channels, most) {
  const pixels = weights.length / channels;
  const colours = new Uint8ClampedArray(pixels * 4).fill(255);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let colour = 0; colour < 3; colour++) {
      const weight = weights[(channels === 3 ? colour * pixels : 0) + pixel];
      colours[pixel * 4 + colour] = Math.round(127.5 + (127.5 * weight) / most);
    }
  return colours;
}
