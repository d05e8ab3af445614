import assert from "node:assert/strict";
import { test } from "node:test";
import { step } from "../../scheduler/static/js/grid_steps.js";

const SIZE = { rows: 3, columns: 4 };

test("arrows go to the neighbour", () => {
  assert.deepEqual(step({ row: 1, column: 1 }, "ArrowRight", SIZE), { row: 1, column: 2 });
  assert.deepEqual(step({ row: 1, column: 1 }, "ArrowUp", SIZE), { row: 0, column: 1 });
});

test("steps end at the edges", () => {
  assert.deepEqual(step({ row: 2, column: 3 }, "ArrowDown", SIZE), { row: 2, column: 3 });
  assert.deepEqual(step({ row: 0, column: 0 }, "ArrowLeft", SIZE), { row: 0, column: 0 });
});

test("Home and End go to the ends of the row, Page Up and Down to those of the column", () => {
  assert.deepEqual(step({ row: 1, column: 2 }, "Home", SIZE), { row: 1, column: 0 });
  assert.deepEqual(step({ row: 1, column: 2 }, "End", SIZE), { row: 1, column: 3 });
  assert.deepEqual(step({ row: 1, column: 2 }, "PageUp", SIZE), { row: 0, column: 2 });
  assert.deepEqual(step({ row: 1, column: 2 }, "PageDown", SIZE), { row: 2, column: 2 });
});

test("other keys mean nothing", () => {
  assert.equal(step({ row: 1, column: 2 }, "x", SIZE), null);
});
