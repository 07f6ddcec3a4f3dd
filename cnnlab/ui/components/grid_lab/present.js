// How boards and sum fill the screen in present mode: the largest digits with which all of it is seen at once.
//
// The room is worked out from the numbers of all steps, so that nothing moves while they play. What is said here of
// sizes in digits (em) is what grid_lab.css draws.

import { fill } from "../lib/words.js";
import { CURVE, CURVE_SIZE } from "./curve.js";
import { added, extent, GAP, hasSum, mostOf, SUM } from "./layout.js";
import { DIGIT, longestOn, SIGN, withName } from "./sum_room.js";
import { longestSymbol } from "./symbols.js";

/** @import { ArrangementNode, Group, Presented, Scene, Section } from "./types.d.ts" */
/** @import { Extent } from "./layout.js" */
/** @import { Characters, SumRoom, Tail, Terms } from "./sum_room.js" */

/**
 * What the room depends on, beside the digits' size.
 *
 * @typedef {object} Content
 * @property {Characters} characters
 * @property {number} board the most characters of a number on a board
 * @property {Tail} tail the longest last line of a sum
 * @property {number} title the most characters of what stands above a sum
 */

const BETWEEN = 26; // pixels between boards that stand side by side, as in grid_lab.css
const [LEAST, MOST] = [10, 120]; // pixels of digits
const WANTED = 24; // pixels of digits at 1280x720, and in proportion on other screens
const LINE = 1.5; // em from one row of terms to the next
const NAMED_LINE = 2.5; // likewise where names stand above their numbers
const NAMED_CELL = 1.75; // digits of a cell's height at least, where a name stands beside its number
const CURVE_SCALE = 0.52 / 11; // of a curve, by digit; its axes are then written with 0.75 em
const NEAR = 0.94; // of the largest digits are good enough for an arrangement that is offered earlier

/**
 * How close digits and their cells may be: the height of a cell in digits, the characters that it has room for, and the
 * em around a number in the sum. The first in which the digits are large enough is taken.
 *
 * @typedef {readonly [height: number, characters: number, chip: number]} Density
 */

/** @type {readonly [Density, ...Density[]]} */
const DENSITIES = [
  [2, 4, 0.5],
  [1.75, 4, 0.5],
  [1.55, 4, 0.5],
  [1.4, 4, 0.3],
  [1.25, 4, 0.25],
  [1.4, 3, 0.3],
  [1.25, 3, 0.25],
];

/**
 * @param {Scene} data
 * @param {number} width
 * @param {number} height
 * @param {SumRoom} numbers
 * @returns {Presented}
 */
export function present(data, width, height, numbers) {
  const content = contentOf(data, numbers);
  const nodes = nodesOf(data);
  const wanted = WANTED * Math.min(width / 1248, height / 700);
  let best = { node: nodes[0], digits: LEAST, sizes: sizesOf(LEAST, DENSITIES[0], content.board, width) };
  const least = data.symbols?.numbers ? NAMED_CELL : 0;
  for (const [tall, room, chip] of DENSITIES) {
    const density = /** @type {const} */ ([Math.max(least, tall), room, chip]);
    const found = nodes.map((node) => ({ node, digits: largest(node, data, content, density, [width, height]) }));
    const most = Math.max(...found.map(({ digits }) => digits));
    if (most <= best.digits) continue;
    const { node, digits } = found.find((each) => each.digits >= NEAR * most) ?? found[0];
    best = { node, digits, sizes: sizesOf(digits, density, content.board, width) };
    if (digits >= wanted) break;
  }
  const { node, digits, sizes } = best;
  const sum = roomOfSum(data, content, sizes, { isBeside: hasSum(node), width });
  const room = Math.max(2, Math.floor((sizes.across - 4) / (digits * DIGIT)));
  return {
    node,
    cell: sizes.across,
    tall: sizes.down,
    digits,
    words: sizes.words,
    room,
    longRoom: room,
    most: mostOf(sizes.across, digits),
    weightRoom: Math.max(2, Math.floor((sizes.across - 6) / (digits * 0.58 * 0.6)) - 1),
    chip: sizes.chip,
    high: 0,
    terms: sum.terms,
    sumWidth: sum.wide,
    titleLines: sum.titleLines,
    tailHigh: Math.ceil(sum.tailLines * LINE * digits + 3),
    characters: content.characters,
  };
}

/**
 * @typedef {object} Sizes pixels
 * @property {number} digits
 * @property {number} across of a cell
 * @property {number} down
 * @property {number} words
 * @property {number} chip em around a number in the sum
 */

/**
 * @param {number} digits
 * @param {Density} density
 * @param {number} characters
 * @param {number} width
 * @returns {Sizes}
 */
function sizesOf(digits, [height, most, chip], characters, width) {
  const down = Math.round(digits * height);
  const across = Math.max(down, Math.ceil(Math.min(most, characters) * DIGIT * digits + 4));
  // With larger words the player would need a second line.
  const words = Math.round(Math.max(12, Math.min(0.66 * digits, width / 56)));
  return { digits, across, down, words, chip };
}

/**
 * The largest digits with which an arrangement has room; 0 where there are none.
 *
 * @param {ArrangementNode} node
 * @param {Scene} data
 * @param {Content} content
 * @param {Density} density
 * @param {Extent} room
 */
function largest(node, data, content, density, [width, height]) {
  const fits = (/** @type {number} */ digits) => {
    const [wide, high] = extentOfAll(node, data, content, sizesOf(digits, density, content.board, width), width);
    return wide <= width && high <= height;
  };
  if (!fits(LEAST)) return 0;
  let [low, high] = [LEAST, MOST];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The arrangements that are offered, each with the sum below it and beside it. What wraps has no size of its own.
 *
 * @param {Pick<Scene, "arrangements" | "groups">} data
 * @returns {ArrangementNode[]}
 */
function nodesOf({ arrangements, groups }) {
  /** @type {ArrangementNode[]} */
  const offered = arrangements
    .map(({ node }) => node)
    .filter((node) => typeof node === "string" || node.way !== "wrap");
  const last = arrangements[arrangements.length - 1].node;
  if (offered.length === 0 && typeof last !== "string") offered.push({ way: "row", items: last.items });
  const withSum = offered.filter(hasSum);
  const without = offered.filter((node) => !hasSum(node));
  if (groups.length === 0) return [...without, ...withSum];
  return [
    ...without,
    ...withSum,
    ...without.map((node) => ({ way: /** @type {const} */ ("row"), items: [node, SUM] })),
  ];
}

/**
 * @param {ArrangementNode} node
 * @param {Scene} data
 * @param {Content} content
 * @param {Sizes} sizes
 * @param {number} width
 * @returns {Extent}
 */
function extentOfAll(node, data, content, sizes, width) {
  const { words } = sizes;
  const isBeside = hasSum(node);
  const leaf = leafOf(data, content, sizes);
  const [wide, high] = extent(node, leaf, BETWEEN);
  // Player and status stand below: two lines as high as a button, and a gap before each.
  const below = 2 * (2.2 * words + 10);
  if (isBeside || data.groups.length === 0) return [wide, high + below];
  const sum = roomOfSum(data, content, sizes, { isBeside: false, width });
  return [Math.max(wide, sum.wide), high + 10 + sum.high + below];
}

/**
 * @param {Scene} data
 * @param {Content} content
 * @param {Sizes} sizes
 * @returns {(name: string, inTable: boolean) => Extent}
 */
function leafOf(data, content, sizes) {
  const { digits, across, down, words } = sizes;
  const head = 1.35 * words + 6;
  return (name, inTable) => {
    if (name === SUM) {
      const sum = roomOfSum(data, content, sizes, { isBeside: true, width: 0 });
      return [sum.wide, sum.high];
    }
    if (name === CURVE) {
      const scale = CURVE_SCALE * digits;
      return [CURVE_SIZE.width * scale, CURVE_SIZE.height * scale + head];
    }
    if (!(name in data.boards)) return [inTable ? (name === "" ? 0 : 0.6 * digits) : digits, 0];
    const { extent: size, title, refusal } = data.boards[name];
    const [rows, columns] = size;
    const least = Math.max(0.55 * words * title.length, refusal ? 16 * words : 0);
    return [Math.max(least, columns * (across + GAP)), Math.max(rows * (down + GAP), refusal ? 7 * words : 0) + head];
  };
}

/**
 * @param {Scene} data
 * @param {Content} content
 * @param {Sizes} sizes
 * @param {{ isBeside: boolean, width: number }} place `width`: pixels that it may take, below the boards
 */
function roomOfSum(data, content, sizes, { isBeside, width }) {
  const { characters, tail } = content;
  const { digits, words, chip: around } = sizes;
  const chip = (/** @type {number} */ count) => DIGIT * count + around;
  const factor = (/** @type {number} */ count) => chip(withName(count, characters, isBeside));
  const line = isBeside && characters.symbol > 0 ? NAMED_LINE : LINE;
  // All sums are set alike.
  const withProducts = (/** @type {Section} */ { right, columns }) =>
    right !== null && characters.product > 0 && !isBeside && Math.max(...[columns].flat()) <= 4;
  const isFull =
    data.groups.every(({ sections }) => sections.length === 1) &&
    data.groups.some(({ sections }) => withProducts(sections[0]));
  const sizesOfGroups = data.groups.map((group) => {
    const { sections, row_sums: rowSums } = group;
    const isMany = sections.length > 1;
    const ems = sections.map((section) => {
      const columns = Math.max(...[section.columns].flat());
      const count = termsOf(data, group, section);
      const hasProduct = isFull && withProducts(section);
      const pair = factor(characters.left) + (section.right === null ? 0 : SIGN + 0.2 + factor(characters.right));
      const term = SIGN + 0.15 + pair + (hasProduct ? SIGN + 0.3 + chip(characters.product) : 0);
      const lead = isMany ? 0 : DIGIT * characters.lead;
      const across = columns * (term + 0.25) + lead + (rowSums ? 1.1 + chip(characters.row) : 0);
      const isTitled = isMany || section.title !== "";
      const title = isTitled ? (0.55 * words * section.title.length) / digits + 1.2 + chip(characters.part) : 0;
      return [Math.max(across, title), Math.ceil(count / columns) * line + (isTitled ? 1.6 : 0)];
    });
    const widest = Math.max(...ems.map(([across]) => across)) * digits;
    if (isBeside || !isMany) return [widest, added(ems.map(([, down]) => down)) * digits + 6 * (ems.length - 1)];
    const inRow = Math.max(1, Math.floor((width - 26 + digits) / (widest + digits)));
    const lines = Math.ceil(ems.length / inRow);
    const highest = Math.max(...ems.map(([, down]) => down)) * digits;
    return [inRow * (widest + digits) - digits, lines * highest + 6 * (lines - 1)];
  });
  // A sentence wants some room beside the boards.
  const least = isBeside && tail.isSentence ? 14 * words : 8 * words;
  const wide = Math.max(least, ...sizesOfGroups.map(([across]) => across));
  const length = tail.said * Math.min(digits, 1.5 * words) + tail.shown * digits;
  const full = Math.ceil(length / (isBeside ? wide : width - 26));
  // Where a sentence is broken, its lines are not full.
  const tailLines = full > 1 && tail.isSentence ? full + 1 : full;
  const titleLines = isBeside ? Math.max(1, Math.ceil((0.52 * words * content.title) / wide)) : 1;
  const high = Math.max(0, ...sizesOfGroups.map(([, down]) => down)) + tailLines * LINE * digits;
  return {
    wide: wide + 26,
    high: 16 + 1.35 * words * titleLines + 6 + high + 6 + 9,
    titleLines,
    tailLines,
    terms: /** @type {Terms} */ (isFull ? "full" : "bare"),
  };
}

/**
 * The most terms that a part of a step's sum has.
 *
 * @param {Pick<Scene, "boards" | "groups" | "reads">} data
 * @param {Group} group
 * @param {Section} section
 */
function termsOf({ boards, groups, reads }, group, { left, of }) {
  const inner = of ? groups.find(({ first }) => first === boards[of].first) : group;
  const { first, count } = inner ?? group;
  const lists = reads[left] ?? reads[boards[left].stack ?? ""] ?? [];
  // One list may be for all steps, and one map's lists for all maps.
  const own = lists.length < first + count ? lists : lists.slice(first, first + count);
  return Math.max(1, ...own.map((list) => list.length));
}

/**
 * @param {Scene} data
 * @param {SumRoom} numbers
 * @returns {Content}
 */
function contentOf(data, numbers) {
  const { boards, symbols } = data;
  const inLetters = symbols && !symbols.numbers;
  const name = Object.values(boards).reduce((most, { title }) => (title.length > most.length ? title : most), "");
  const titles = data.titles ?? [fill(data.words.sum_title, { name, row: 10, column: 10 })];
  return {
    ...numbers,
    board: Math.max(
      2,
      ...Object.entries(boards).map(([each, part]) => (inLetters ? longestSymbol(data, each) : longestOn(part))),
    ),
    title: Math.max(...titles.map((each) => each.length)),
  };
}
