// What Python sends: `Map` in cnnlab/figures/maps.py, where each field is explained. What is missing is as it is by
// default there; `unpacked` in connections.js puts it in.

export type Cell = readonly [plane: number, row: number, col: number];

export interface Axis {
  size: number;
  padding: [before: number, after: number];
  room: [before: number, after: number];
  centre: number;
  jump: number;
}

export type Run = [start: number, length: number];

export interface Reach {
  firsts: number[];
  shapes: [length: number, runs: Run[]][];
  kinds?: number[];
}

export interface Link {
  source: number;
  target: number;
  rows: Reach;
  cols: Reach;
}

export interface Area {
  look: string;
  row: number;
  col: number;
  height: number;
  width: number;
}

export interface Plane {
  rows: Axis;
  cols: Axis;
  title: string;
  facts: string;
  name: string;
  use: "look" | "point" | "choose";
  keys: boolean;
  told: string;
  unit: string;
  cells: string;
  outline: string;
  outside: boolean;
  areas: Area[];
  image: string;
  scale: [ground: string, text: string][];
  rulers: boolean;
  centres: number | null;
  note: string;
  unknown: boolean;
}

export interface Entry {
  look: string;
  text: string;
  end?: string;
}

export interface MapData {
  planes: Plane[];
  layout: "beside" | "tiles" | "side";
  words: Record<string, string>;
  links: Link[];
  ways: Reach[];
  legend: Entry[];
  has_player: boolean;
  is_fixed: boolean;
}

type SentPlane = Partial<Omit<Plane, "rows" | "cols">> & { rows: SentAxis; cols?: SentAxis };
type SentAxis = Partial<Axis> & { size: number };
type SentLink = Omit<Link, "cols"> & { cols?: Reach };

export type Sent = Partial<Omit<MapData, "planes" | "links">> &
  Pick<MapData, "layout" | "words"> & { planes: SentPlane[]; links?: SentLink[] };

export interface Data {
  map: Sent;
  at: Cell | null;
  revision: number;
  answered: number;
}

/** The cells of an axis that one cell is connected to. */
export interface Span {
  first: number;
  last: number;
  runs: Run[];
  count: number;
}

export interface Region {
  rows: Span;
  cols: Span;
}

/** Something marked in a plane: the cell chosen or pointed at itself, or what is connected to it. */
export interface Mark extends Region {
  isOwn: boolean;
}

/** Where a plane lies in its drawing: its first cell without padding, and the pixels of a cell. */
export interface Place {
  x: number;
  y: number;
  cell: number;
}
