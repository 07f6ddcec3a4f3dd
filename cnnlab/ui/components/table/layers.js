// What a table holds, and how it changes: nothing here draws. A place is the number of a row, counted from 0.

/** @import { Layer, LayerType, Limits, State, TableData } from "./types.d.ts" */

/**
 * @typedef {object} View what is remembered of a layer here, and told to nobody
 * @property {Set<string>} shown the arguments that have a field in the row even where they are as usual
 * @property {boolean} isOpen whether its sums were opened with a button
 */

/**
 * @param {TableData} data
 * @returns {State} a copy, which may be changed
 */
export function stateOf({ input = "", rows, hidden = [], selects = false, selected = null, answers = {} }) {
  return {
    input,
    layers: rows.map(({ type, args }) => ({ type, args: { ...args } })),
    hidden: [...hidden],
    selected: selects ? selected : null,
    answers: { ...answers },
  };
}

/** Layers with what is remembered of them, which goes where they go. */
export class Layers {
  /** @type {View[]} */
  #views = [];

  /** @param {State} state */
  constructor(state) {
    this.state = state;
  }

  /**
   * @param {number} place
   * @returns {View}
   */
  view(place) {
    const view = this.#views[place] ?? newView();
    this.#views[place] = view;
    return view;
  }

  /** What was shown by typing goes with what was typed; what was opened stays open. */
  forgetShown() {
    for (const view of this.#views) view?.shown.clear();
  }

  /**
   * Put a new one after the selected row, or at the end. What is added next comes after this one.
   *
   * @param {string} type
   * @param {Record<string, string>} args
   */
  add(type, args) {
    const { layers, selected } = this.state;
    const at = selected === null ? layers.length : selected + 1;
    this.#renumber((place) => (place >= at ? place + 1 : place));
    layers.splice(at, 0, { type, args: { ...args } });
    this.#views.splice(at, 0, newView());
    if (selected !== null) this.state.selected = at;
  }

  /** @param {number} at */
  remove(at) {
    this.state.layers.splice(at, 1);
    this.#views.splice(at, 1);
    this.#renumber((place) => (place === at ? null : place > at ? place - 1 : place));
  }

  /**
   * @param {number} from
   * @param {number} by one place, up or down
   */
  move(from, by) {
    const to = from + by;
    [this.#views[from], this.#views[to]] = [this.view(to), this.view(from)];
    this.state.layers.splice(to, 0, ...this.state.layers.splice(from, 1));
    this.#renumber((place) => (place === from ? to : place === to ? from : place));
  }

  /** @param {(place: number) => number | null} moved where a row is now; null where it is gone */
  #renumber(moved) {
    const { selected, hidden } = this.state;
    this.state.selected = selected === null ? null : moved(selected);
    this.state.hidden = hidden.flatMap((key) => {
      const place = moved(Number(key.slice(1)));
      return place === null ? [] : [key.charAt(0) + place];
    });
  }
}

/** @returns {View} */
function newView() {
  return { shown: new Set(), isOpen: false };
}

/**
 * A layer of another type: what was as usual for the old one becomes what is usual for the new one, as a pooling's
 * stride is its own size unless something else is said.
 *
 * @param {Layer} layer
 * @param {LayerType} before
 * @param {LayerType} after
 * @param {(name: string) => Limits | undefined} limitsOf an argument
 * @returns {Layer}
 */
export function retyped(layer, before, after, limitsOf) {
  const args = { ...layer.args };
  for (const [name, usual] of Object.entries(after.usual ?? {})) {
    const old = before.usual?.[name];
    if (old !== undefined && args[name] === (layer.args[old] ?? old))
      args[name] = within(layer.args[usual] ?? usual, limitsOf(name));
  }
  return { type: after.name, args };
}

/**
 * @param {string} text of a whole number
 * @param {Limits} [limits]
 */
function within(text, limits) {
  return limits === undefined ? text : String(Math.min(limits[1], Math.max(limits[0], Number(text))));
}

/**
 * Why a text is no whole number within limits: the name of the sentence that says so; null where it is one.
 *
 * @param {string} text
 * @param {Limits} limits
 * @param {boolean} isUnreadable whether the browser keeps what was typed to itself
 * @returns {"refused" | "refused_empty" | "refused_text" | null}
 */
export function objection(text, [low, high], isUnreadable) {
  if (isUnreadable) return "refused_text";
  if (text === "") return "refused_empty";
  return /^\d{1,3}$/.test(text) && low <= Number(text) && Number(text) <= high ? null : "refused";
}

/**
 * Up and down count, as in a number field.
 *
 * @param {string} text
 * @param {string} key
 * @returns {string | null} null where there is nothing to count
 */
export function counted(text, key) {
  const by = key === "ArrowUp" ? 1 : key === "ArrowDown" ? -1 : 0;
  return by !== 0 && /^\d{1,8}$/.test(text) ? String(Math.max(0, Number(text) + by)) : null;
}

/**
 * How wide a field is for what stands in it.
 *
 * @param {string} text
 */
export function widthFor(text) {
  return `${Math.max(2, Math.min(12, text.length)) + 1.9}ch`;
}
