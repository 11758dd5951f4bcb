import { expect, test } from "vitest";
import { isLoopback } from "./api";

test.each([
  ["127.0.0.1", true],
  ["127.8.0.1", true],
  ["::1", true],
  ["::ffff:127.0.0.1", true],
  ["172.18.0.5", false],
  ["::ffff:172.18.0.5", false],
  ["fe80::1", false],
  ["127.example", false],
  [undefined, false],
])("%s is on this machine: %s", (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});
