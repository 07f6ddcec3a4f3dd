// The line that the sum of a step ends in.

/** @import { Piece, Scene, SharedLine } from "./types.d.ts" */

/**
 * The line of one step. Lines of one kind come as one, with what stands at the places that it leaves open by step.
 *
 * @param {Scene["tails"]} tails
 * @param {number} step
 * @returns {Piece[]}
 */
export function tailAt(tails, step) {
  if (!isShared(tails)) return tails[step];
  const filled = tails.steps[step];
  return tails.line.map(
    ([kind, what], place) => /** @type {Piece} */ ([kind, filled[tails.open.indexOf(place)] ?? what]),
  );
}

/**
 * @param {Scene["tails"]} tails
 * @returns {tails is SharedLine}
 */
function isShared(tails) {
  return "line" in tails;
}
