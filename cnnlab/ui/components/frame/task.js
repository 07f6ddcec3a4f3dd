// Tells the lesson's bar what is said of a task: it is drawn where the screen is, which may be a part of the page that is
// drawn anew while the frame is not. Either may be there first, so the bar asks as well.

import { component } from "../lib/component.js";

/** @import { TaskTold } from "./types.d.ts" */

export default component(".task", (root) => {
  /** @type {TaskTold | null} */
  let newest = null;
  const tell = () => window.dispatchEvent(new CustomEvent("lab:task", { detail: newest }));
  const answer = () => {
    // A component may be taken off the page without a word.
    if (!root.isConnected) window.removeEventListener("lab:ask-task", answer);
    else if (newest !== null) tell();
  };
  window.addEventListener("lab:ask-task", answer);
  return {
    /** @param {TaskTold} told */
    update: (told) => {
      newest = told;
      tell();
    },
  };
});
