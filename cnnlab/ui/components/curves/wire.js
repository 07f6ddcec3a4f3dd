// What Python sends of a chart: its columns of numbers are their bytes, in a third of the space that digits take.

import { smoothed } from "./smoothing.js";

const KINDS = { f4: Float32Array, f8: Float64Array, u4: Uint32Array };

/** @typedef {keyof typeof KINDS} Kind of a number, and how many bytes it has, little-endian */

/** @typedef {[Kind, string] | ["every", number, number]} Column packed numbers, or every so many up to a last one */

/**
 * @typedef {object} SentSeries
 * @property {string} key
 * @property {string} name
 * @property {number} colour
 * @property {Column} x
 * @property {Column} y
 * @property {[low: Column, high: Column]} [band]
 * @property {boolean} [dots]
 */

/** @typedef {{ key: string, name: string, colour: number, of: string }} SentSmoothed the line of another, smoothed */

/**
 * @typedef {object} SentChart as `plain` in __init__.py writes it
 * @property {string} key
 * @property {import("./scale.js").Axis} x
 * @property {import("./scale.js").Axis} y
 * @property {(SentSeries | SentSmoothed)[]} series
 * @property {import("./chart.js").Mark[]} marks
 */

/**
 * As `packed` in __init__.py wrote it.
 *
 * @param {Column} column
 * @returns {Float32Array | Float64Array | Uint32Array}
 */
export function unpacked(column) {
  if (column[0] === "every") {
    const [, stride, last] = column;
    return Uint32Array.from({ length: Math.ceil(last / stride) }, (_, index) => Math.min((index + 1) * stride, last));
  }
  const [kind, text] = column;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return new KINDS[kind](bytes.buffer);
}

/**
 * The series of a chart as they are drawn, with what is smoothed still to come.
 *
 * @param {SentChart} chart
 */
export function received(chart) {
  /** @type {Map<string, import("./chart.js").Series>} */
  const plain = new Map();
  for (const series of chart.series) {
    if ("of" in series) continue;
    const [low, high] = series.band ? series.band.map(unpacked) : [];
    plain.set(series.key, { ...series, x: unpacked(series.x), y: unpacked(series.y), low, high });
  }
  return {
    /**
     * The series, smoothed over about `span` steps where they are to be.
     *
     * @param {number} span
     */
    over: (span) =>
      chart.series.flatMap((series) => {
        if (!("of" in series)) return plain.get(series.key) ?? [];
        const source = plain.get(series.of);
        return source ? { ...series, x: source.x, y: smoothed(source.y, source.x, span) } : [];
      }),
  };
}
