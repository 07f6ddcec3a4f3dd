// Copies the address of what is on the screen.

import { make, setText } from "../lib/dom.js";
import { fill } from "../lib/words.js";
import { onFrameButton } from "./keys.js";

/** @import { LinkWords } from "./types.d.ts" */

const SAID = 6000; // milliseconds that it stays said

/** @type {Link | null} of the frame that is on the page */
let shown = null;

export function offerLink() {
  onFrameButton("frame_link", () => shown?.copy());
  document.addEventListener("pointerdown", (event) => shown?.leave(event));
}

export class Link {
  #said = make("p", "said", { role: "status" });
  /** @type {LinkWords} */
  #words = { copied: "", byHand: "" };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {HTMLElement} root */
  constructor(root) {
    root.append(this.#said);
  }

  /** @param {LinkWords} words */
  update(words) {
    shown = this;
    this.#words = words;
  }

  /**
   * Who points elsewhere has read it.
   *
   * @param {Event} event
   */
  leave(event) {
    if (!event.composedPath().includes(this.#said)) setText(this.#said, "");
  }

  async copy() {
    const link = new URL(window.location.href);
    window.dispatchEvent(new CustomEvent("lab:link", { detail: link }));
    // A matrix in the link stays readable: kernel=0,1,2;3,-1,2;1,0,1
    const text = link.href.replaceAll("%2C", ",").replaceAll("%3B", ";").replaceAll("%7C", "|");
    clearTimeout(this.#timer);
    try {
      await navigator.clipboard.writeText(text);
      setText(this.#said, this.#words.copied);
      this.#timer = setTimeout(() => setText(this.#said, ""), SAID);
    } catch {
      // Browsers give pages without https no clipboard.
      setText(this.#said, fill(this.#words.byHand, { link: text }));
    }
  }
}
