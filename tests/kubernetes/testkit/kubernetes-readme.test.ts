import { test } from "vitest";
import { expectExamplesPass } from "../../docs/run-blocks";

test("The example of the testkit's README that needs a cluster passes", () =>
  expectExamplesPass("ts vitest cluster", 1));
