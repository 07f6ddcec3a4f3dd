// How much room the numbers of a sum take, the longest of all steps, so that nothing moves while they play.

import { fullNumber } from "../lib/numbers.js";
import { longestSymbol, SMALLER } from "./symbols.js";
import { tailAt } from "./tail.js";

/** @import { Group, Part, Presented, Scene } from "./types.d.ts" */
/** @typedef {Presented["characters"]} Characters */

/** @typedef {{ said: number, shown: number, isSentence: boolean }} Tail em of its texts and of its numbers */

/**
 * @typedef {object} SumRoom
 * @property {Characters} characters
 * @property {Tail} tail the longest last line of a sum
 */

/** @type {SumRoom} where there is no sum */
export const NO_SUM = {
  characters: { left: 1, right: 1, product: 1, row: 1, part: 1, result: 1, symbol: 0, lead: 0 },
  tail: { said: 0, shown: 0, isSentence: false },
};

/** How terms are set: with their products, closer, without, and one factor above the other. */
/** @typedef {"full" | "close" | "bare" | "stacked"} Terms */

export const DIGIT = 0.56; // em of one
export const SIGN = 0.6; // em of a sign between numbers
const SENTENCE = 12; // characters of a text that is broken where its line ends
const FEWEST = 1.6; // characters that each number has room for, as in grid_lab.css
const AROUND = 8; // pixels around a number, as in grid_lab.css
const EDGES = 30; // pixels left and right of what a sum shows, together
const BESIDE_NUMBER = 0.5; // characters between a number and its name
const EQUALS = 2; // characters of an equals sign behind a name
const ROW_SUM = 25; // pixels of the brace before it
const POWERS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]; // of ten, by decimals
/** @type {Record<Terms, { font: number, gap: number, signs: number }>} pixels; of the signs of one term, together */
const SET = {
  full: { font: 16, gap: 7, signs: 62 },
  close: { font: 13, gap: 3, signs: 38 },
  bare: { font: 13, gap: 3, signs: 24 },
  stacked: { font: 13, gap: 2, signs: 10 },
};

/**
 * @param {Scene} data
 * @returns {SumRoom}
 */
export function roomOfNumbers(data) {
  if (data.groups.length === 0) return NO_SUM;
  const characters = charactersOf(data);
  return { characters, tail: longestTail(data, characters) };
}

/**
 * The most characters of a sum's numbers, by what they are.
 *
 * @param {Scene} data
 * @returns {Characters}
 */
function charactersOf(data) {
  const { boards, groups, symbols } = data;
  const sections = groups.flatMap((group) => group.sections);
  const inLetters = symbols && !symbols.numbers;
  const on = (/** @type {(string | null)[]} */ names, /** @type {number} */ most) =>
    Math.max(
      1,
      ...names.map((name) =>
        name === null ? 0 : inLetters ? longestSymbol(data, name) : longestOn(boards[name], most),
      ),
    );
  const among = (/** @type {Record<number, number[]>} */ steps, /** @type {number} */ most) =>
    longest(Object.values(steps), most);
  const row = data.row_sums ? among(data.row_sums, 7) : 1;
  const totals = Object.keys(boards).filter((name) => boards[name].first !== null);
  const factors = sections.flatMap(({ left, right }) => [left, right]);
  const longestName = (/** @type {(string | null)[]} */ names) =>
    Math.max(0, ...names.map((name) => longestSymbol(data, name)));
  const longestLead = Math.max(0, longestName(totals));
  return {
    left: on(
      sections.map(({ left }) => left),
      6,
    ),
    right: on(
      sections.map(({ right }) => right),
      6,
    ),
    product: symbols ? 0 : among(data.products, 6),
    row,
    part: Math.max(row, among(data.parts, 7)),
    result: Math.max(1, ...totals.map((name) => longestOn(boards[name], 10))),
    symbol: symbols?.numbers ? SMALLER * longestName(factors) + BESIDE_NUMBER : 0,
    lead: longestLead === 0 ? 0 : longestLead + EQUALS,
  };
}

/**
 * The most characters of a board's numbers.
 *
 * @param {Part} part
 * @param {number} [most] more are not counted
 */
export function longestOn(part, most = Number.POSITIVE_INFINITY) {
  if (part.kind === "computed") return longest(part.frames ?? [part.values ?? []], most);
  const typed = Math.max(...part.texts.flat().map((text) => text.length));
  const isRepeated = part.padding > 0 && part.mode !== "zeros";
  return Math.min(most, Math.max(typed, isRepeated ? longest(part.padded, most) : 1));
}

/**
 * @param {Iterable<Iterable<number | null>>} lists
 * @param {number} most
 */
function longest(lists, most) {
  let [low, high, found] = [0, 0, 1];
  for (const list of lists) {
    for (const number of list) {
      if (number === null) continue;
      // Of whole numbers, which are many, only the largest are written.
      if (Number.isInteger(number)) [low, high] = [Math.min(low, number), Math.max(high, number)];
      else if (!isWithin(number, found)) found = Math.max(found, fullNumber(number).length);
      if (found >= most) return most;
    }
  }
  return Math.min(most, Math.max(found, fullNumber(low).length, fullNumber(high).length));
}

/**
 * Whether a fraction surely has no more than so many characters. Writing thousands of numbers takes a while, so this
 * only calculates: 12.25 has no more than two decimals, since it is 1225 / 100.
 *
 * @param {number} fraction
 * @param {number} characters
 */
function isWithin(fraction, characters) {
  const size = Math.abs(fraction);
  // Others are rare enough to be written.
  if (size < 0.001 || size >= 1000) return false;
  const before = size < 10 ? 1 : size < 100 ? 2 : 3;
  const decimals = characters - before - (fraction < 0 ? 2 : 1);
  if (decimals < 1 || decimals >= POWERS.length) return false;
  return Math.round(size * POWERS[decimals]) / POWERS[decimals] === size;
}

/**
 * @param {Scene} data
 * @param {Characters} characters
 * @returns {Tail}
 */
function longestTail(data, characters) {
  const roomOf = (/** @type {Group["tail"][number]} */ [kind, what]) => {
    if (kind === "result" || kind === "total") return DIGIT * characters.result + 1.2;
    if (kind === "part") return DIGIT * characters.part + 0.7;
    const length = what === null ? 1 : Math.min(7, fullNumber(/** @type {number} */ (what)).length);
    return DIGIT * Math.max(length, kind === "chip" ? characters.part : 1) + 0.7;
  };
  let [said, shown, isSentence] = [0, 0, false];
  const take = (/** @type {Group["tail"]} */ pieces) => {
    let [ofTexts, ofNumbers] = [0, 0];
    for (const piece of pieces) {
      if (piece[0] === "text" || piece[0] === "told") {
        ofTexts += Math.max(SIGN, 0.5 * piece[1].length) + 0.2;
        isSentence ||= piece[1].length > SENTENCE;
      } else ofNumbers += roomOf(piece);
    }
    [said, shown] = [Math.max(said, ofTexts), Math.max(shown, ofNumbers)];
  };
  for (const { first, count, tail } of data.groups) {
    if (tail.length > 0) take(tail);
    else for (let step = first; step < first + count; step += 1) take(tailAt(data.tails, step) ?? []);
  }
  return { said, shown, isSentence };
}

/**
 * The characters that a factor of a term has room for: beside the boards its name stands above its number.
 *
 * @param {number} count of its number
 * @param {Characters} characters
 * @param {boolean} isBeside
 */
export function withName(count, { symbol }, isBeside) {
  return isBeside ? Math.max(count, symbol) : count + symbol;
}

/**
 * Pixels of the sum's widest row of terms.
 *
 * @param {Group[]} groups
 * @param {Characters} characters
 * @param {Terms} way
 * @param {boolean} [isBeside] whether it stands beside the boards
 */
export function widthOfTerms(groups, characters, way, isBeside = false) {
  const { font, gap, signs } = SET[way];
  const chip = (/** @type {number} */ count) => DIGIT * font * Math.max(count, FEWEST) + AROUND;
  const factor = (/** @type {number} */ count) => chip(withName(Math.max(count, FEWEST), characters, isBeside));
  const widths = groups.flatMap(({ sections, row_sums: rowSums }) =>
    sections.map(({ right, columns }) => {
      const factors = [factor(characters.left), right === null ? 0 : factor(characters.right)];
      const pair = way === "stacked" ? Math.max(...factors) : factors[0] + factors[1];
      const hasProduct = right !== null && characters.product > 0 && way !== "bare" && way !== "stacked";
      const product = hasProduct ? chip(characters.product) : 0;
      const lead = sections.length === 1 ? DIGIT * font * characters.lead : 0;
      const sums = rowSums && way !== "stacked" ? ROW_SUM + chip(characters.row) : 0;
      return Math.max(...[columns].flat()) * (pair + product + signs + gap) + lead + sums;
    }),
  );
  return Math.max(0, ...widths) + EDGES;
}

/**
 * How the terms are set in so many pixels.
 *
 * @param {Group[]} groups
 * @param {Characters} characters
 * @param {number} width
 * @param {boolean} [isBeside]
 * @returns {Terms}
 */
export function setTerms(groups, characters, width, isBeside = false) {
  const isMany = groups.some(({ sections }) => sections.length > 1);
  const ways = /** @type {Terms[]} */ (isMany ? ["bare"] : ["full", "close", "bare"]);
  return ways.find((way) => widthOfTerms(groups, characters, way, isBeside) <= width) ?? "stacked";
}

/**
 * Pixels of the longest end of a sum.
 *
 * @param {Tail} tail
 * @param {number} width
 */
export function heightOfTail({ said, shown, isSentence }, width) {
  // Where a sentence is broken, its lines are not full.
  const rest = isSentence ? 0.2 : 0;
  const lines = Math.ceil((14 * said + 17 * shown) / (width - EDGES) + rest);
  return Math.max(1, lines) * (shown > 0 ? 30 : 22);
}
