import { join } from "node:path";
import { expect, test } from "vitest";
import { problemsOf, readDocument, readServices } from "../../cli/document";

const file = join(__dirname, "cicd.yml");

test("the example is sound, and its services are released as their strategies say", async () => {
  expect(problemsOf(await readDocument(file))).toEqual([]);
  const services = await readServices(file);
  expect(services.map(({ name, release }) => [name, Object.keys(release)])).toEqual([
    ["shop", ["canary", "hooks", "freeze"]],
    ["mailer", ["rolling"]],
  ]);
});
