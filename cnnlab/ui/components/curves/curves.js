// Curves, drawn in place while their numbers change: a run's course, and what an experiment gave by shift and by place.

import { component } from "../lib/component.js";
import { RunView } from "./run.js";
import { ShiftView } from "./shift.js";

/** @typedef {import("./run.js").RunData | import("./shift.js").ShiftData} CurvesData */

export default component(".curves", (root, /** @type {CurvesData} */ data) => {
  root.classList.add(data.kind);
  /** @type {import("../lib/component.js").View<any>} */
  const view = data.kind === "run" ? new RunView(root, data) : new ShiftView(root, data);
  return view;
});
