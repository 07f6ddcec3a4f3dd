// What every page has: its keys and their sheet, present mode, a menu that makes room, a Back that leads to the page before.

import { component } from "../lib/component.js";
import { keepTheWayBack } from "./back.js";
import { listenToKeys } from "./keys.js";
import { LessonBar, offerLesson } from "./lesson.js";
import { Link, offerLink } from "./link.js";
import { foldMenu, keepTheMenuFolded } from "./menu.js";
import { readNumbersWhole, tellWhichCounts } from "./numbers.js";
import { goOnPresenting, offerToPresent } from "./present.js";
import { offerSheet, Sheet } from "./sheet.js";
import { leadToTheTitle, nameTheWay } from "./title.js";

/** @import { Send } from "../lib/outbox.js" */
/** @import { FrameData } from "./types.d.ts" */

// Once, for as long as the tab is open.
keepTheWayBack();
listenToKeys();
keepTheMenuFolded();
offerLesson();
offerToPresent();
offerSheet();
offerLink();
leadToTheTitle();
readNumbersWhole();

/** @type {string | null} */
let entered = null;

/** @param {string} page */
function enter(page) {
  if (page === entered) return;
  entered = page;
  foldMenu();
  // The landing page has nothing to present.
  goOnPresenting(page !== "");
}

export default component(".frame", (root) => {
  root.replaceChildren();
  const [sheet, link, lesson] = [new Sheet(root), new Link(root), new LessonBar(root)];
  return {
    /**
     * @param {FrameData} data
     * @param {Send} send
     */
    update: (data, send) => {
      lesson.update(data.lesson, send);
      sheet.update(data.sheet);
      link.update(data.link);
      tellWhichCounts(data.untilThen);
      nameTheWay(data.skip);
      enter(data.page);
    },
  };
});
