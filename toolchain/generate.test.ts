import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deliveries } from "../components/model/testing/delivery-arbitraries";
import { mutate, mutations } from "../components/model/testing/mutations";
import { checkDelivery } from "../components/model/validate";
import { generatedFiles } from "./generate";
import { messageTemplates, shownTemplate, templateOf } from "./messages";
import { modelProgram } from "./model-program";
import { checkout } from "./paths";

describe("generated files", async () => {
  test.each((await generatedFiles()).map(({ path, content }) => [path, content]))(
    "%s is what its sources say now; make generate writes it",
    (path, content) => expect(readFileSync(join(checkout, path), "utf8")).toBe(content),
  );
});

test("whatever the model says of a changed document is a message of the page", () => {
  const page = readFileSync(join(checkout, "docs", "errors.md"), "utf8");
  const templates = messageTemplates(modelProgram());
  let told = 0;
  fc.assert(
    fc.property(deliveries, mutations, (delivery, mutation) => {
      for (const { problem } of checkDelivery(mutate(delivery, mutation).mutant as never)) {
        told++;
        const template = templateOf(templates, problem);
        expect(template, problem).toBeDefined();
        if (template !== undefined) expect(page).toContain(`| ${shownTemplate(template)} |`);
      }
    }),
    { numRuns: 1_000 },
  );
  expect(told).toBeGreaterThan(300);
}, 60_000);

test("of all templates that fit, the one with the most words of its own is the message's", () => {
  const templates = [["is missing"], ["is missing beside ", ""], ["is missing beside kind ", ""], ["", " beside ", ""]];
  const found = (message: string) => {
    const template = templateOf(
      templates.map((parts) => ({ parts, file: "x.ts" })),
      message,
    );
    return template && shownTemplate(template);
  };
  expect(found("is missing")).toBe("is missing");
  expect(found('is missing beside kind "ecr"')).toBe("is missing beside kind …");
  expect(found("is missing beside replicas.min")).toBe("is missing beside …");
  expect(found("stands beside nothing")).toBe("… beside …");
  expect(found("is well")).toBeUndefined();
});
