// Small pictures with what they are, for looking at.

import { make, SVG, shape } from "./dom.js";

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".mount");
  root.replaceChildren(
    ...data.groups.map(({ name, pictures }) =>
      make("section", "examples", {}, [
        make("span", "name", {}, [name]),
        ...pictures.map((bits) => {
          const svg = document.createElementNS(SVG, "svg");
          svg.setAttribute("viewBox", `0 0 ${data.side} ${data.side}`);
          svg.setAttribute("class", "example");
          svg.setAttribute("aria-hidden", "true");
          const path = [...bits]
            .map((bit, index) => (bit === "1" ? `M${index % data.side} ${Math.floor(index / data.side)}h1v1h-1z` : ""))
            .join("");
          shape(svg, "path", { d: path });
          return svg;
        }),
      ]),
    ),
  );
}
