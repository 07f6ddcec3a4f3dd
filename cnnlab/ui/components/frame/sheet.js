// The sheet of keys: ? opens and closes it, on any page.

import { buttonOf, ICONS, icon, make, put, told } from "../lib/dom.js";
import { onFrameButton, onFrameKey, SHEET } from "./keys.js";

/** @import { SheetData } from "./types.d.ts" */

/** @type {Sheet | null} of the frame that is on the page */
let shown = null;

function toggle() {
  shown?.toggle();
  return shown !== null;
}

export function offerSheet() {
  onFrameKey((key) => key === "?" && toggle());
  onFrameButton("frame_keys", toggle);
}

export class Sheet {
  #dialog = make("dialog", "sheet", { "aria-labelledby": "title" });

  /** @param {HTMLElement} root */
  constructor(root) {
    root.append(this.#dialog);
    this.#dialog.addEventListener("click", (event) => {
      // What is around it belongs to it, too: a click there closes it.
      if (event.target === this.#dialog) this.#dialog.close();
    });
    this.#dialog.addEventListener("close", () => document.documentElement.removeAttribute(SHEET));
    this.#dialog.addEventListener("keydown", (event) => {
      if (event.key === "?") this.#dialog.close();
    });
  }

  toggle() {
    if (this.#dialog.open) this.#dialog.close();
    else {
      this.#dialog.showModal();
      document.documentElement.setAttribute(SHEET, "");
    }
  }

  /** @param {SheetData} data */
  update({ title, close, groups }) {
    shown = this;
    const head = make("header", "", {}, [
      make("h2", "", { id: "title" }, [title]),
      buttonOf(icon(ICONS.remove), () => this.#dialog.close(), "close", { "aria-label": close }),
    ]);
    put(this.#dialog, [make("div", "inside", {}, [head, ...groups.map(drawGroup)])]);
  }
}

/** @param {SheetData["groups"][number]} group */
function drawGroup({ name, rows }) {
  const lines = rows.map(({ keys, what }) =>
    make("div", "line", {}, [
      make(
        "dt",
        "",
        {},
        keys.map((key) => told("kbd", "", key)),
      ),
      told("dd", "", what),
    ]),
  );
  return make("section", "", {}, [told("h3", "", name), make("dl", "", {}, lines)]);
}
