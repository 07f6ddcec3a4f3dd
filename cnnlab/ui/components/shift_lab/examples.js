// Small pictures with what they are, for looking at.

import { component } from "../lib/component.js";
import { drawing, make } from "../lib/dom.js";

/** @import { ExamplesData } from "./types.d.ts" */

/**
 * @param {string} bits
 * @param {number} side
 */
function example(bits, side) {
  const path = [...bits]
    .map((bit, index) => (bit === "1" ? `M${index % side} ${Math.floor(index / side)}h1v1h-1z` : ""))
    .join("");
  const attributes = { viewBox: `0 0 ${side} ${side}`, class: "example", "aria-hidden": "true" };
  return drawing("svg", attributes, [drawing("path", { d: path })]);
}

export default component(".mount", (root) => ({
  /** @param {ExamplesData} data */
  update({ groups, side }) {
    root.replaceChildren(
      ...groups.map(({ name, pictures }) =>
        make("section", "examples", {}, [
          make("span", "name", {}, [name]),
          ...pictures.map((bits) => example(bits, side)),
        ]),
      ),
    );
  },
}));
