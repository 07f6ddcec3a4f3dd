// Curves, drawn in place while their numbers change: a run's course, and what an experiment gave by shift and by place.

import { component } from "../lib/component.js";
import { open } from "../lib/parts.js";
import { RunView } from "./run.js";
import { ShiftView } from "./shift.js";

/** @typedef {import("./run.js").RunData | import("./shift.js").ShiftData} CurvesData */

export default component(".curves", (root) => {
  /** @type {RunView | ShiftView | null} */
  let view = null;
  return {
    /** @param {Uint8Array} bytes */
    update: (bytes) => {
      const data = /** @type {any} */ (open(bytes).plain);
      view ??= begun(root, data);
      view.update(data);
    },
  };
});

/**
 * @param {HTMLElement} root
 * @param {CurvesData} data
 */
function begun(root, data) {
  root.classList.add(data.kind);
  return data.kind === "run" ? new RunView(root, data) : new ShiftView(root, data);
}
