// Pictures that something is done on: the steps of a pipeline, a picture before and after a convolution, a network.

import { component } from "../lib/component.js";
import { Blocks } from "./blocks.js";
import { Film } from "./film.js";
import { PicturePair } from "./pair.js";

/** @import { View } from "../lib/component.js" */
/** @import { PicturesData } from "./types.d.ts" */

/** @type {(root: HTMLElement, data: PicturesData) => View<any>} */
function begin(root, data) {
  if (data.kind === "film") return new Film(root, data);
  return data.kind === "pair" ? new PicturePair(root, data) : new Blocks(root, data);
}

export default component(".pictures", (root, /** @type {PicturesData} */ data) => {
  root.classList.add(data.kind);
  return begin(root, data);
});
