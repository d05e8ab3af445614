/* Where a key leads in a grid: no page, so that it can be tested alone. */

/** Give the place a key leads to, or null when the key means nothing here; steps end at the edges. */
export function step({ row, column }, key, { rows, columns }) {
  const within = (value, count) => Math.max(0, Math.min(count - 1, value));
  switch (key) {
    case "ArrowLeft":
      return { row, column: within(column - 1, columns) };
    case "ArrowRight":
      return { row, column: within(column + 1, columns) };
    case "ArrowUp":
      return { row: within(row - 1, rows), column };
    case "ArrowDown":
      return { row: within(row + 1, rows), column };
    case "Home":
      return { row, column: 0 };
    case "End":
      return { row, column: columns - 1 };
    case "PageUp":
      return { row: 0, column };
    case "PageDown":
      return { row: rows - 1, column };
    default:
      return null;
  }
}
