// The colours of a drawing that is saved: written out, since a file knows no theme.

import { chartColours } from "../lib/colours.js";

/** @import { Palette } from "./types.d.ts" */
/** @typedef {Record<string, string>} Colours by their names, as #rrggbb */

/**
 * What the theme has now.
 *
 * @param {Element} root
 * @param {Palette} palette
 */
export function readColours(root, palette) {
  const style = getComputedStyle(root);
  const theme = chartColours(root);
  const named = Object.entries(palette).map(([name, [index, fallback]]) => [name, toHex(theme[index]) ?? fallback]);
  const { ground, ink, trouble, mark } = lightColours(palette);
  return withQuiet({
    ...Object.fromEntries(named),
    ground: toHex(style.getPropertyValue("--st-background-color")) ?? ground,
    ink: toHex(style.getPropertyValue("--st-text-color")) ?? ink,
    trouble: toHex(style.getPropertyValue("--st-red-color")) ?? trouble,
    mark: toHex(style.getPropertyValue("--st-primary-color")) ?? mark,
  });
}

/**
 * What the light theme has.
 *
 * @param {Palette} palette
 */
export function lightColours(palette) {
  const named = Object.entries(palette).map(([name, [, colour]]) => [name, colour]);
  const others = { ground: "#ffffff", ink: "#1c1e26", trouble: "#d6336c", mark: "#4338ca" };
  return withQuiet({ ...Object.fromEntries(named), ...others });
}

/**
 * @param {Colours} colours
 * @returns {Colours}
 */
function withQuiet(colours) {
  return { ...colours, quiet: mix(colours.ink, colours.ground, 0.68) };
}

/**
 * A colour of the theme as #rrggbb; undefined where it is written otherwise than so or by its red, green and blue.
 *
 * @param {string | undefined} colour
 */
export function toHex(colour = "") {
  const written = colour.trim();
  if (/^#[0-9a-f]{6}$/i.test(written)) return written;
  const parts = /^rgba?\(\s*(\d+)[,\s]+(\d+)[,\s]+(\d+)/.exec(written);
  return parts ? hex(parts.slice(1, 4).map(Number)) : undefined;
}

/**
 * A share of one colour in another, both as #rrggbb.
 *
 * @param {string} colour
 * @param {string} ground
 * @param {number} share from 0 to 1
 */
export function mix(colour, ground, share) {
  const [one, other] = [colour, ground].map((text) =>
    [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16)),
  );
  return hex(one.map((part, index) => Math.round(part * share + other[index] * (1 - share))));
}

/** @param {number[]} parts */
function hex(parts) {
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
