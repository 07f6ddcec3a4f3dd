// What Python sends: `painter` and `feature_rows` in __init__.py. A picture is a text of digits, row by row.

/** A number as a tinted cell; `share` is that of the largest one, from -1 to 1. */
export interface Cell {
  text: string;
  share: number;
  peak?: boolean;
}

export interface ShownFacts {
  sentence: string;
  numbers: { label: string; text: string }[];
}

export interface RowsData {
  revision: number;
  answered: number;
  words: RowsWords;
  rows: number[][];
  both: Cell[];
  kernel: Cell[];
  maps: Cell[][];
  facts: ShownFacts[];
}

export interface RowsWords {
  vector: string;
  map: string;
  rows: string[];
  both: string;
  kernel: string;
  maps: string[];
  move: string;
  left: string;
  right: string;
  head: string;
  feature: string;
}

export interface PainterData {
  revision: number;
  answered: number;
  words: PainterWords;
  side: number;
  before: string;
  after: string;
  same: string;
  shift: [rows: number, columns: number];
  told: string;
  maps: { texts: string[]; shares: number[]; peaks: string }[];
  hidden: boolean;
  facts: ShownFacts[];
}

export interface PainterWords {
  before: string;
  after: string;
  maps: string[];
  move: string;
  home: string;
  vector: string;
  sides: string[];
  paint: string;
  ArrowUp: string;
  ArrowDown: string;
  ArrowLeft: string;
  ArrowRight: string;
}

export interface ExamplesData {
  side: number;
  groups: { name: string; pictures: string[] }[];
}
