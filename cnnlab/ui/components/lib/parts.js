// What Python sends: only the parts that this browser does not hold already, and numbers as bytes (parts.py is the other
// end, and says how they lie).

/**
 * @typedef {object} Sent
 * @property {Record<string, unknown>} plain the parts that are sent as they are, and all where nothing is held
 * @property {Record<string, [mark: string, start: number, part: unknown]>} new the parts that are not held yet
 * @property {Record<string, string>} held the marks of those that are
 */

/**
 * @typedef {object} Whole
 * @property {Record<string, any>} data by name, all parts; null where one of them is not here any more
 * @property {string[]} marks of the parts
 */

// Of all components of the browser's page: one that is taken off it and put back still finds its parts.
/** @type {Map<string, unknown>} */
const store = new Map();

const KINDS = { f4: Float32Array, f8: Float64Array, u4: Uint32Array }; // of the numbers of a column

const MOST = 400; // parts that are kept; what has not been drawn for longest goes first

/**
 * Keep what is new, and put the parts together.
 *
 * @param {Uint8Array} bytes
 * @returns {{ plain: Record<string, any>, whole: Whole | null }} the whole is null where a part is not here any more
 */
export function open(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = 4 + view.getUint32(0, true);
  /** @type {Sent} */
  const sent = JSON.parse(new TextDecoder().decode(bytes.subarray(4, end)));
  /** @type {Record<string, any>} */
  const plain = unpacked(sent.plain, view, end);
  const data = { ...plain };
  /** @type {string[]} */
  const marks = [];
  for (const [name, [mark, start, part]] of Object.entries(sent.new)) {
    data[name] = unpacked(part, view, end + start);
    keep(mark, data[name]);
    marks.push(mark);
  }
  let isWhole = true;
  for (const [name, mark] of Object.entries(sent.held)) {
    isWhole &&= store.has(mark);
    if (!store.has(mark)) continue;
    data[name] = store.get(mark);
    keep(mark, data[name]);
    marks.push(mark);
  }
  return { plain, whole: isWhole ? { data, marks } : null };
}

/**
 * @param {string} mark
 * @param {unknown} part
 */
function keep(mark, part) {
  store.delete(mark);
  store.set(mark, part);
  for (const oldest of store.keys()) {
    if (store.size <= MOST) break;
    store.delete(oldest);
  }
}

/**
 * A part with its arrays and columns in the places that name them, and its lines whole.
 *
 * @param {any} part
 * @param {DataView} view
 * @param {number} start where the part's numbers begin
 * @returns {any}
 */
function unpacked(part, view, start) {
  if (part === null || typeof part !== "object") return part;
  if (Array.isArray(part)) return part.map((each) => unpacked(each, view, start));
  if (part.$packed !== undefined) {
    const [offset, decimals, ...shape] = part.$packed;
    return array(view, start + offset, decimals, shape);
  }
  if (part.$column !== undefined) {
    const [offset, kind, count] = part.$column;
    return column(view, start + offset, kind, count);
  }
  if (part.$every !== undefined) return everySoMany(part.$every);
  if (part.$lines !== undefined) {
    const [begin, end, between] = part.$lines;
    return between.map((/** @type {string} */ each) => begin + each + end);
  }
  return Object.fromEntries(Object.entries(part).map(([name, each]) => [name, unpacked(each, view, start)]));
}

/**
 * Numbers with all their bits; a gap stays NaN.
 *
 * @param {DataView} view
 * @param {number} start
 * @param {keyof typeof KINDS} kind
 * @param {number} count
 * @returns {Float32Array | Float64Array | Uint32Array}
 */
function column({ buffer, byteOffset }, start, kind, count) {
  const Kind = KINDS[kind];
  // Copied, since numbers of several bytes may not begin just anywhere.
  const bytes = new Uint8Array(buffer, byteOffset + start, count * Kind.BYTES_PER_ELEMENT).slice();
  return new Kind(bytes.buffer);
}

/** @param {[first: number, stride: number, last: number]} ends */
function everySoMany([first, stride, last]) {
  const count = Math.ceil((last - first) / stride) + 1;
  return Uint32Array.from({ length: count }, (_, index) => Math.min(first + index * stride, last));
}

/**
 * @param {DataView} view
 * @param {number} start
 * @param {number} decimals; below zero the bytes of a float
 * @param {number[]} shape
 * @returns {any} lists of lists of numbers; null where there is none
 */
function array(view, start, decimals, shape) {
  if (decimals < 0)
    return nested(
      shape,
      reader(start, -decimals, (at) => float(view, at, -decimals)),
    );
  const rows = shape.length === 1 ? [shape] : Array.from({ length: shape[0] }, () => shape.slice(1));
  let next = start;
  const read = rows.map((row) => {
    const width = view.getUint8(next);
    const first = next + 1;
    next = first + row.reduce((product, each) => product * each, width);
    return nested(
      row,
      reader(first, width, (at) => whole(view, at, width, decimals)),
    );
  });
  return shape.length === 1 ? read[0] : read;
}

/**
 * @param {number} start
 * @param {number} width bytes of a number
 * @param {(at: number) => number | null} read
 * @returns {() => number | null} one number after the other
 */
function reader(start, width, read) {
  let next = start;
  return () => {
    next += width;
    return read(next - width);
  };
}

/**
 * @param {number[]} shape
 * @param {() => number | null} read
 * @returns {any}
 */
function nested([count, ...inner], read) {
  return Array.from({ length: count }, () => (inner.length > 0 ? nested(inner, read) : read()));
}

/**
 * @param {DataView} view
 * @param {number} at
 * @param {number} width
 */
function float(view, at, width) {
  // One of four bytes stands for the number of seven digits next to it.
  const found = width === 4 ? Number(view.getFloat32(at, true).toPrecision(7)) : view.getFloat64(at, true);
  return Number.isNaN(found) ? null : found;
}

/**
 * @param {DataView} view
 * @param {number} at
 * @param {number} width
 * @param {number} decimals
 */
function whole(view, at, width, decimals) {
  // The highest byte has the sign.
  let found = view.getInt8(at + width - 1);
  for (let byte = width - 2; byte >= 0; byte -= 1) found = found * 256 + view.getUint8(at + byte);
  return found === -(2 ** (8 * width - 1)) ? null : found / 10 ** decimals;
}
