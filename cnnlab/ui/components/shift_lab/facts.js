// What the components of this folder share: tinted numbers, and what is said about them.

import { tint } from "../lib/colours.js";
import { make, setText } from "../lib/dom.js";

/** @import { Cell, ShownFacts } from "./types.d.ts" */

/**
 * A number as a tinted cell. Python wrote the text.
 *
 * @param {HTMLElement} element
 * @param {Cell} cell
 */
export function paintNumber(element, { text, share }) {
  setText(element, text);
  tint(element, share, 1);
}

// A short list of numbers with what they are, and below it a sentence.
export class Facts {
  constructor() {
    this.list = make("dl", "facts");
    this.sentence = make("p", "sentence");
    this.element = make("div", "", {}, [this.list, this.sentence]);
  }

  /** @param {ShownFacts} facts */
  take({ numbers, sentence }) {
    while (this.list.children.length > numbers.length) this.list.lastChild?.remove();
    numbers.forEach(({ label, text }, index) => {
      const entry = this.list.children[index] ?? make("div", "", {}, [make("dt"), make("dd")]);
      if (!entry.isConnected) this.list.append(entry);
      setText(entry.children[0], label);
      setText(entry.children[1], text);
    });
    setText(this.sentence, sentence);
  }
}
