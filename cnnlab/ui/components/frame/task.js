// Tells the lesson's bar what is said of a task: it is drawn where the screen is, which may be a part of the page that is
// drawn anew while the frame is not.

import { component } from "../lib/component.js";

/** @import { TaskTold } from "./types.d.ts" */

export default component(".task", () => ({
  /** @param {TaskTold} told */
  update: (told) => window.dispatchEvent(new CustomEvent("lab:task", { detail: told })),
}));
