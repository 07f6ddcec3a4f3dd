// What Python sends to the frame.

export interface SheetData {
  title: string;
  close: string;
  groups: { name: string; rows: { keys: string[]; what: string }[] }[];
}

/** What is said of the address that was copied. */
export interface LinkWords {
  copied: string;
  /** With the place {link}, where the browser does not let pages copy. */
  byHand: string;
}

export interface FrameData {
  /** The page's key; empty on the landing page. */
  page: string;
  sheet: SheetData;
  link: LinkWords;
  /** Which number counts, with the places {number} and {typed}. */
  untilThen: string;
  /** What the first link is called, which leads past the menu. */
  skip: string;
}
