// Present mode, for as long as the tab is open: F begins and ends it, S brings the settings and takes them away, Esc takes
// away what came last.

import { windowHeight } from "../lib/present.js";
import { onFrameButton, onFrameKey } from "./keys.js";

const KEPT = "lab-present";
// Text of 15 pixels is drawn with 24 at 1280x720, and grows with the screen.
const LARGER = 1.65;
const USUAL = { width: 1280, height: 720 };
const STAGE = ".st-key-stage,.st-key-stage_boards";
const root = document.documentElement;

/** @type {[Element, number][]} how far the page was scrolled */
let scrolled = [];

const isOn = () => root.hasAttribute("data-present");
const isOpen = () => root.hasAttribute("data-drawer");

function measure() {
  const screen = Math.min(window.innerWidth / USUAL.width, windowHeight() / USUAL.height);
  root.style.setProperty("--lab-zoom", (LARGER * screen).toFixed(3));
}

/** @param {boolean} on */
function open(on) {
  root.toggleAttribute("data-drawer", on);
}

/** @param {boolean} on */
function present(on) {
  if (on === isOn()) return;
  if (on) {
    scrolled = [];
    for (let at = document.querySelector(STAGE); at; at = at.parentElement)
      if (at.scrollTop > 0) scrolled.push([at, at.scrollTop]);
  }
  root.toggleAttribute("data-present", on);
  open(false);
  window.dispatchEvent(new Event("lab:present"));
  if (!on) for (const [element, top] of scrolled) element.scrollTop = top;
}

function toggle() {
  const on = !isOn();
  if (on) sessionStorage.setItem(KEPT, "yes");
  else sessionStorage.removeItem(KEPT);
  present(on);
}

/**
 * @param {string} key
 * @returns {boolean} whether it was of use
 */
function take(key) {
  // The landing page has nothing to present.
  if (key === "f" && (isOn() || document.querySelector(STAGE))) toggle();
  else if (!isOn()) return false;
  else if (key === "s") open(!isOpen());
  else if (key === "Escape" && isOpen()) open(false);
  else if (key === "Escape") toggle();
  else return false;
  return true;
}

export function offerToPresent() {
  measure();
  window.addEventListener("resize", measure);
  onFrameKey(take);
  onFrameButton("present_mode", toggle);
  onFrameButton("present_settings", () => open(!isOpen()));
}

/** @param {boolean} hasStage whether the page that was entered has something to present */
export function goOnPresenting(hasStage) {
  present(hasStage && sessionStorage.getItem(KEPT) !== null);
}
