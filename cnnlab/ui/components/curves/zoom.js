// Which part of the whole is looked at. It stays where it is while the whole grows.

/** @typedef {[low: number, high: number]} Range */

const LEAST = 2; // steps; less cannot be told apart

export class Zoom {
  /** @type {Range | null} */
  #chosen = null;
  /** @type {Range} */
  whole = [0, 1];

  get range() {
    return this.#chosen ?? this.whole;
  }

  get isWhole() {
    return this.#chosen === null;
  }

  all() {
    this.#chosen = null;
  }

  /**
   * Look at this part, as far as it lies in the whole; at the whole where it is all of it, and at nothing smaller than
   * can be told apart.
   *
   * @param {Range} wanted
   */
  to(wanted) {
    const [start, end] = this.whole;
    const part = /** @type {Range} */ ([Math.max(start, wanted[0]), Math.min(end, wanted[1])]);
    if (part[1] - part[0] >= end - start) this.#chosen = null;
    else if (part[1] - part[0] >= LEAST) this.#chosen = part;
  }

  /**
   * Look `factor` times as far to both sides of a place.
   *
   * @param {number} factor
   * @param {number} middle
   */
  around(factor, middle) {
    const [low, high] = this.range;
    this.to([middle - (middle - low) * factor, middle + (high - middle) * factor]);
  }
}
