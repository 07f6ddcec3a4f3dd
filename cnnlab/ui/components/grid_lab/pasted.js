// Blocks of numbers as they are pasted into a grid.

/**
 * Split a block into rows of cell texts: spreadsheets (tabs), CSV, links (0,1;2,3), lists of Python, NumPy, PyTorch.
 *
 * @param {string} text
 * @returns {string[][]}
 */
export function splitBlock(text) {
  const unwrapped = halfWidth(text)
    .replace(/,?\s*(dtype|device)=[\w.:'"]+/g, "")
    .replace(/\]\s*,?\s*\[/g, "\n")
    .replace(/[[\]()]|array|tensor/g, "")
    .replace(/\r\n?/g, "\n");
  let lines = unwrapped.split("\n").filter((line) => line.trim() !== "");
  // One line with semicolons and commas is a matrix as links write it; more lines with semicolons are a European CSV,
  // where the comma belongs to the number.
  if (lines.length === 1 && lines[0].includes(";") && !lines[0].includes("\t")) {
    lines = lines[0].split(";").filter((line) => line.trim() !== "");
  }
  return lines
    .map((line) => {
      if (line.includes("\t")) return line.split("\t");
      const trimmed = line.trim();
      if (trimmed.includes(";")) return trimmed.split(";");
      // 1,5 2,5: where spaces part the numbers and no comma stands beside one, the commas belong to the numbers.
      if (/\s/.test(trimmed) && !/,\s|\s,/.test(trimmed)) return trimmed.split(/\s+/);
      if (/\s/.test(trimmed)) return trimmed.split(/[\s,]+(?=\S)/).map((cell) => cell.replace(/,$/, ""));
      return trimmed.split(",");
    })
    .map((row) => row.map((cell) => cell.trim()));
}

/**
 * Digits, commas and signs as East Asian keyboards write them, as all others do: １，２ -> 1,2
 *
 * @param {string} text
 */
function halfWidth(text) {
  return text
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\u3001/g, ",")
    .replace(/\u3000/g, " ");
}
