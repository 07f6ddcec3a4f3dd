// What Python sends: a `Picture` of cnnlab/lessons/network/blocks.py, and what block_picture/__init__.py explains.

export type Point = [x: number, y: number];

export interface Area {
  block: number;
  points: Point[];
  /** By its name in the palette. */
  colour: string;
  /** How much of it is mixed into the ground. */
  share: number;
  dashed: boolean;
}

export interface Line {
  block: number;
  points: Point[];
  colour: string;
  dashed: boolean;
}

export interface Label {
  block: number;
  at: Point;
  text: string;
  size: number;
  anchor: "start" | "middle" | "end";
  colour: string;
  strong: boolean;
  row: number | null;
}

export interface Block {
  rows: number[];
  name: string;
  box: [left: number, top: number, right: number, bottom: number];
}

export interface Picture {
  width: number;
  height: number;
  blocks: Block[];
  areas: Area[];
  lines: Line[];
  labels: Label[];
  scale: string;
}

export type Palette = Record<string, [index: number, fallback: string]>;

export interface BlocksData {
  picture: Picture;
  palette: Palette;
  selected: number | null;
  answered: number;
  is_large: boolean;
  trouble: string;
  file: string;
  texts: { title: string; save_svg: string; save_png: string };
}
