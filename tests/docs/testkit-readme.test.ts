import { test } from "vitest";
import { expectExamplesPass } from "./run-blocks";

test("Every example of the testkit's README passes", () => expectExamplesPass("ts vitest", 5));
