// The talk of a component with Python, which sends it parts (parts.js) and is told one message at a time (outbox.js).

import { component } from "./component.js";
import { Outbox } from "./outbox.js";
import { open } from "./parts.js";

/** @import { Send } from "./outbox.js" */

/**
 * @typedef {object} Talking what draws a component that is sent parts
 * @property {(data: any) => void} update called with all of them, by name
 * @property {() => void} [settled] called when all that was told has been answered
 * @property {() => void} [close]
 */

export class Talk {
  outbox = new Outbox();
  /** @type {string[]} of the parts that were drawn last */
  #marks = [];

  /**
   * Take what Python sent. Its part "answered" is the number of the last message that it has taken into account, and
   * every message goes with the revision that it is about.
   *
   * @param {Uint8Array} bytes
   * @param {Send} send
   * @param {(data: Record<string, any>) => void} draw called unless a part is missing, which is then asked for
   * @returns {boolean} whether all that was told has been answered
   */
  take(bytes, send, draw) {
    const { plain, whole } = open(bytes);
    const { answered, revision } = plain;
    this.outbox.send = (name, value) => send(name, { revision, held: this.#marks, ...value });
    if (whole !== null) {
      this.#marks = whole.marks;
      draw(whole.data);
    }
    this.outbox.answered(answered);
    if (whole === null) this.outbox.post("lack", {});
    return !this.outbox.isOpen;
  }
}

/**
 * A component that is sent parts: see `component`.
 *
 * @param {string} selector
 * @param {(root: HTMLElement, data: any, outbox: Outbox) => Talking} begin
 */
export function talking(selector, begin) {
  return component(selector, (root) => {
    const talk = new Talk();
    /** @type {Talking | null} */
    let view = null;
    return {
      /**
       * @param {Uint8Array} bytes
       * @param {Send} send
       */
      update: (bytes, send) => {
        const isSettled = talk.take(bytes, send, (data) => {
          view ??= begin(root, data, talk.outbox);
          view.update(data);
        });
        if (isSettled) view?.settled?.();
      },
      close: () => {
        talk.outbox.close();
        view?.close?.();
      },
    };
  });
}
