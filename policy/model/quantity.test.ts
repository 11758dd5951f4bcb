import { expect, it } from "vitest";
import { quantity } from "./quantity";

it.each([
  ["500m", 0.5],
  ["1", 1],
  ["1.5Ki", 1536],
  ["256Mi", 256 * 1024 ** 2],
  ["1G", 1e9],
  ["1e3", 1000],
  ["1E", 1e18],
  [2, 2],
  ["", undefined],
  ["1 Gi", undefined],
  ["many", undefined],
  [Number.NaN, undefined],
  [null, undefined],
])("reads the quantity %j", (text, expected) => {
  expect(quantity(text)).toEqual(expected);
});
