// What Python sends to the frame.

export interface SheetData {
  title: string;
  close: string;
  groups: { name: string; rows: { keys: string[]; what: string }[] }[];
}

export interface FrameData {
  /** The page's key; empty on the landing page. */
  page: string;
  sheet: SheetData;
}
