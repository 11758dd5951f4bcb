import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { joinPath } from "../components/model/problem";
import { deliveries } from "../components/model/testing/delivery-arbitraries";
import { planOf } from "../components/pipeline/testing/plans";
import { DocumentError, problemLine, problemsOf, readDocument, readServices } from "./document";
import { keysOfPath } from "./places";

const folder = mkdtempSync(join(tmpdir(), "headgate-document-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const input = async function* (...parts: string[]) {
  for (const part of parts) yield Buffer.from(part);
};
const typed = (text: string) => readDocument("-", input(text));
const linesOf = async (text: string) => {
  const document = await typed(text);
  return problemsOf(document).map((problem) => problemLine(document, problem));
};
const refusal = async (reading: Promise<unknown>) => {
  const error: unknown = await reading.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DocumentError);
  return error instanceof Error ? error.message.replaceAll(`${folder}/`, "") : "";
};

const service =
  "service:\n  image: { build: { context: . } }\n  port: 8080\n  health: { readiness: { path: /ready } }\n";

test("standard input is YAML, in as many parts as it comes", async () => {
  const document = await readDocument("-", input(service.slice(0, 20), service.slice(20)));
  expect(document).toMatchObject({ file: "standard input", serviceName: "service" });
  expect(problemsOf(document)).toEqual([]);
});

describe("problems stand where the setting stands", () => {
  test.each([
    ["a wrong value: at its key", service.replace("8080", "0"), "standard input:3:3: service.port must be a whole"],
    ["an unknown setting: at its key", `${service}relase: {}\n`, "standard input:5:1: relase is not a known setting."],
    [
      "a missing setting: at what it is missing in",
      service.replace("path: /ready", ""),
      "standard input:4:13: service.health.readiness.path is missing.",
    ],
    [
      "an element of a list",
      `${service}release:\n  canary:\n    steps:\n      - weight: 5\n      - { weight: 500 }\n`,
      "standard input:9:11: release.canary.steps[1].weight must be a number",
    ],
    [
      "a key in quotes",
      `${service}strategies:\n  "a b": {}\n`,
      'standard input:6:3: strategies["a b"] is no name of a strategy.',
    ],
    [
      "behind an alias: where it is written",
      `strategies: { a: &a { bake: x } }\nrelease: *a\n${service}`,
      "standard input:1:23: release.bake must be a time",
    ],
    ["the document itself", "environments: {}\n", "standard input:1:1: the document delivers nothing"],
    ["nothing at all", "", "standard input:1:1: the document must be an object (got null)."],
    ["text", "hello", "standard input:1:1: the document must be an object (got a string)."],
  ])("%s", async (_, text, start) => {
    const [line] = await linesOf(text);
    expect(line?.slice(0, start.length)).toBe(start);
  });

  test("in the order of the file, not of the schema", async () => {
    const lines = await linesOf(
      `strategies: { a: { bake: x } }\n${service.replace("8080", "0")}release: { bake: y }\n`,
    );
    expect(lines.map((line) => line.split(":")[1])).toEqual(["1", "4", "6"]);
  });
});

describe("what cannot be read", () => {
  test.each([
    ["a broken list", "a: [1\nb: 2", "standard input:2:1: Flow sequence in block collection"],
    ["a key twice", "a: 1\na: 2\n", "standard input:2:1: Map keys must be unique"],
    ["an unknown tag", "a: !!js/function x", "standard input:1:4: Unresolved tag"],
    ["an alias for nothing", "a: *b", "standard input:1:4: *b stands for nothing. Set &b before it."],
    ["two documents", "a: 1\n---\nb: 2", "standard input:2:1: Source contains multiple documents"],
  ])("%s", async (_, text, start) => {
    expect((await refusal(typed(text))).slice(0, start.length)).toBe(start);
  });

  test("aliases that stand for too much", async () => {
    const bomb = Array.from({ length: 9 }, (_, i) =>
      i === 0 ? "a0: &a0 [x, x, x, x, x, x, x, x, x]" : `a${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}]`,
    ).join("\n");
    expect(await refusal(typed(bomb))).toContain("Excessive alias count");
  });

  test("nesting without end is an error like any other", async () => {
    const reading = typed("[".repeat(100_000));
    await expect(reading).rejects.toBeInstanceOf(DocumentError);
  });

  test("no file, a folder, a wrong ending, no text, JSON that is only YAML", async () => {
    expect(await refusal(readDocument(join(folder, "no.yml")))).toBe("no.yml: cannot be read. There is no such file.");
    expect(await refusal(readDocument(join(folder, "no.ts")))).toBe("no.ts: cannot be read. There is no such file.");
    expect(await refusal(readDocument(file("a.toml", "")))).toBe(
      "a.toml: unknown kind of file. Name it .yml, .yaml, .json, .ts or .js.",
    );
    expect(await refusal(readDocument(file("bytes.yml", Uint8Array.of(0xff, 0xfe, 0))))).toContain(
      "is no text in UTF-8",
    );
    expect(await refusal(readDocument(file("a.json", "service: {}")))).toContain("a.json: cannot be read. ");
    expect(await refusal(readDocument(file("big.yml", "#".repeat(5 * 2 ** 20))))).toContain("is larger than 4 MiB");
    rmSync(join(folder, "a.json"));
  });
});

test("JSON has places too", async () => {
  const document = await readDocument(file("shop.json", '{\n  "services": {},\n  "x": 1\n}\n'));
  expect(problemsOf(document).map((problem) => problemLine(document, problem).replace(`${folder}/`, ""))).toEqual([
    expect.stringMatching(/^shop\.json:1:1: the document delivers nothing/),
    "shop.json:3:3: x is not a known setting. Known here: service, services, release, objectives, strategies, environments, repositories, pipeline, notifications.",
  ]);
});

describe("programs", () => {
  const shop = '{ image: { build: { context: "." } }, port: 8080, health: { readiness: { path: "/ready" } } }';

  test.each([
    ["service.mjs", `export const service = ${shop}; export const release = { canary: {} };`, ["service"]],
    [
      "named.mjs",
      `export const shopApi = ${shop}; export const basket = { service: ${shop} }; export const help = 1;`,
      ["shop-api", "basket"],
    ],
    ["default.mjs", `export default { services: { one: { service: ${shop} } } };`, ["one"]],
    ["common.cjs", `exports.service = ${shop};`, ["common"]],
    ["assigned.cjs", `module.exports = { services: { two: { service: ${shop} } } };`, ["two"]],
  ])("%s", async (name, code, services) => {
    const found = await readServices(file(name, code));
    expect(found.map((each) => each.name)).toEqual(name === "service.mjs" ? ["service"] : services);
  });

  test("a slip in the name of an export is told", async () => {
    const reading = readServices(file("slip.mjs", `export const service = ${shop}; export const relase = {};`));
    expect(await reading.catch((error: unknown) => (error instanceof Error ? error.message : ""))).toContain(
      "slip.mjs: relase is not a known setting. Did you mean release?",
    );
  });

  test("no service, and an error of its own", async () => {
    expect(await refusal(readDocument(file("none.mjs", "export const x = 1;")))).toContain(
      "none.mjs: exports no service.",
    );
    expect(await refusal(readDocument(file("throws.mjs", 'throw new Error("no luck");')))).toBe(
      "throws.mjs: fails while it is loaded. no luck",
    );
  });
});

test("keysOfPath reads what joinPath writes", () => {
  const key = fc.oneof(fc.nat(1000), fc.string({ maxLength: 20 }), fc.constantFrom("services", 'a"b', "a.b[0]"));
  fc.assert(
    fc.property(fc.array(key), (keys) => {
      expect(keysOfPath(joinPath("", ...keys))).toEqual(keys);
    }),
    { numRuns: 10_000 },
  );
});

/** Documents that a pipeline can be made of. */
const planned = deliveries.filter((delivery) => planOf(delivery).problems.length === 0);

test("what YAML says of a document is the document", async () => {
  await fc.assert(
    fc.asyncProperty(planned, async (delivery) => {
      const document = await typed(stringify(delivery));
      expect(document.value).toEqual(JSON.parse(JSON.stringify(delivery)));
      expect(problemsOf(document)).toEqual([]);
    }),
    { numRuns: 100 },
  );
}, 60_000);
