// Pictures on a canvas.

/** @param {string} source a data URL */
export async function decoded(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}

/** @param {HTMLCanvasElement} canvas */
export function penOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}
