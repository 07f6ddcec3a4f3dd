// Which cells are connected to which. Everything goes along one axis at a time.

/**
 * @import { Axis, Cell, MapData, Mark, Plane, Reach, Region, Run, Sent, Span } from "./types"
 */

/** @type {Omit<Plane, "rows" | "cols">} */
const PLANE = {
  title: "",
  facts: "",
  name: "",
  use: "look",
  keys: false,
  told: "",
  unit: "",
  cells: "",
  outline: "",
  outside: false,
  areas: [],
  image: "",
  scale: [],
  rulers: false,
  centres: null,
  note: "",
  unknown: false,
};

/** @type {{ padding: Run, room: Run, centre: number, jump: number }} */
const AXIS = { padding: [0, 0], room: [0, 0], centre: 0, jump: 1 };

/**
 * What Python sent, with all that it left out.
 *
 * @param {Sent} sent
 * @returns {MapData}
 */
export function unpacked({ planes, links = [], ...rest }) {
  return {
    ways: [],
    legend: [],
    has_player: false,
    is_fixed: false,
    ...rest,
    links: links.map((link) => ({ ...link, cols: link.cols ?? link.rows })),
    planes: planes.map(({ rows, cols = rows, ...plane }) => ({
      ...PLANE,
      ...plane,
      rows: { ...AXIS, ...rows },
      cols: { ...AXIS, ...cols },
    })),
  };
}

/**
 * @param {Reach} reach
 * @param {number} cell
 * @returns {Span}
 */
export function spanOf({ firsts, shapes, kinds }, cell) {
  const first = firsts[cell];
  const [length, shape] = shapes[kinds?.[cell] ?? 0];
  const runs = shape.map(([start, count]) => /** @type {Run} */ ([first + start, count]));
  return { first, last: first + length - 1, runs, count: sum(runs) };
}

/**
 * The other way round: the cells that are connected to `cell`, one by one.
 *
 * @param {Reach} reach
 * @param {number} cell
 * @returns {Span}
 */
export function readersOf(reach, cell) {
  const readers = [...reach.firsts.keys()].filter((each) =>
    spanOf(reach, each).runs.some(([start, length]) => cell >= start && cell < start + length),
  );
  const runs = readers.map((each) => /** @type {Run} */ ([each, 1]));
  return { first: readers[0] ?? 0, last: readers.at(-1) ?? -1, runs, count: runs.length };
}

/**
 * How many cells are connected to each of an axis, those of its padding too.
 *
 * @param {Reach} reach
 * @param {Axis} axis
 * @returns {{ cell: number, count: number }[]}
 */
export function countsOf(reach, { size, padding }) {
  const counts = Array.from({ length: padding[0] + size + padding[1] }, (_, index) => ({
    cell: index - padding[0],
    count: 0,
  }));
  for (const reader of reach.firsts.keys())
    for (const [start, length] of spanOf(reach, reader).runs)
      for (let cell = start; cell < start + length; cell++) {
        const found = counts[cell + padding[0]];
        if (found) found.count += 1;
      }
  return counts;
}

/**
 * What a cell is connected to in other planes, by plane. What can only be pointed at shows what is connected to it.
 *
 * @param {MapData} map
 * @param {Cell} cell
 * @returns {Map<number, Region>}
 */
export function connected({ planes, links }, [plane, row, col]) {
  if (planes[plane].use === "point") {
    const towards = links.filter(({ target }) => target === plane);
    return new Map(
      towards.map((link) => [link.source, { rows: readersOf(link.rows, row), cols: readersOf(link.cols, col) }]),
    );
  }
  const from = links.filter(({ source }) => source === plane);
  return new Map(from.map((link) => [link.target, { rows: spanOf(link.rows, row), cols: spanOf(link.cols, col) }]));
}

/**
 * What is marked in each plane. A cell that is pointed at and could be chosen takes the place of the chosen one; where
 * one can only point, the chosen one stays marked in the same plane.
 *
 * @param {MapData} map
 * @param {Cell | null} at the chosen cell
 * @param {Cell | null} pointed
 * @returns {Mark[][]}
 */
export function marksOf(map, at, pointed) {
  /** @type {Mark[][]} */
  const marks = map.planes.map(() => []);
  const isExtra = pointed !== null && map.planes[pointed[0]].use === "point";
  const shown = isExtra ? at : (pointed ?? at);
  if (shown !== null) {
    marks[shown[0]] = [own(shown)];
    for (const [plane, region] of connected(map, shown)) marks[plane] = [{ ...region, isOwn: false }];
  }
  if (isExtra) {
    for (const [plane, region] of connected(map, pointed)) marks[plane] = [{ ...region, isOwn: false }];
    marks[pointed[0]].push(own(pointed));
  }
  return marks;
}

/**
 * @param {Cell} cell
 * @returns {Mark}
 */
function own([, row, col]) {
  return { rows: single(row), cols: single(col), isOwn: true };
}

/**
 * @param {number} cell
 * @returns {Span}
 */
function single(cell) {
  return { first: cell, last: cell, runs: [[cell, 1]], count: 1 };
}

/** @param {Run[]} runs */
function sum(runs) {
  return runs.reduce((total, [, length]) => total + length, 0);
}
