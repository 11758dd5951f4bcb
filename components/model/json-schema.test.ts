import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020, { type AnySchema } from "ajv/dist/2020";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { deliverySchemaJson, objectivesSchemaJson, releaseSchemaJson, serviceSchemaJson } from "./json-schema";
import { objectives, releases, services } from "./testing/arbitraries";
import { deliveries } from "./testing/delivery-arbitraries";
import { mutate, mutations } from "./testing/mutations";
import { checkDelivery } from "./validate";

const compile = (schema: AnySchema) => new Ajv2020({ allErrors: true, strict: true }).compile(schema);
const committed: AnySchema = JSON.parse(readFileSync(join(__dirname, "../../schemas/cicd.schema.json"), "utf8"));
const accepts = compile(committed);
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe.each([
  ["delivery", deliverySchemaJson(), deliveries],
  ["service", serviceSchemaJson(), services],
  ["release", releaseSchemaJson(), releases],
  ["objectives", objectivesSchemaJson(), objectives],
] as const)("%s", (name, schema, values) => {
  test("the JSON Schema accepts all that the generator makes", () => {
    const validate = name === "delivery" ? accepts : compile(schema);
    fc.assert(
      fc.property(values as fc.Arbitrary<object>, (value) => {
        validate(throughJson(value));
        expect(validate.errors ?? []).toEqual([]);
      }),
      { numRuns: name === "delivery" ? 2_000 : 5_000 },
    );
  }, 60_000);
});

test("whatever a changed document still passes, the JSON Schema accepts", () => {
  let accepted = 0;
  fc.assert(
    fc.property(deliveries, mutations, (delivery, mutation) => {
      const { mutant } = mutate(delivery, mutation);
      const plain = plainJson(mutant);
      if (plain === undefined || checkDelivery(plain as never).length > 0) return;
      accepted++;
      accepts(plain);
      expect(accepts.errors ?? []).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
  expect(accepted).toBeGreaterThan(100);
}, 120_000);

/** What a file can hold; nothing for a value that no JSON can. */
function plainJson(value: unknown): unknown {
  try {
    return throughJson(value);
  } catch {
    return undefined;
  }
}

test("the example is accepted", () => {
  accepts(parse(readFileSync(join(__dirname, "../../examples/cicd/cicd.yml"), "utf8")));
  expect(accepts.errors ?? []).toEqual([]);
});

const service = { image: { build: { context: "." } }, port: 8080, health: { readiness: { path: "/ready" } } };

test.each([
  ["an unknown setting", { service, relase: {} }],
  [
    "an unknown setting deep inside",
    { service: { ...service, health: { readiness: { path: "/", intervall: "1s" } } } },
  ],
  ["a number as text", { service: { ...service, port: "8080" } }],
  ["a number out of range", { service: { ...service, port: 70000 } }],
  ["a fraction of a port", { service: { ...service, port: 80.5 } }],
  ["text as number", { service, release: { bake: 300 } }],
  ["a time without unit", { service, release: { bake: "300" } }],
  ["a missing setting", { service: { ...service, health: {} } }],
  ["a value that is none of those known", { service, release: { fit: "roughly" } }],
  ["an object in place of a list", { service, release: { canary: { steps: {} } } }],
  ["a list in place of an object", { service: [service] }],
  ["a name that is none", { services: { "My Shop": { service } } }],
  ["an image by tag", { service: { ...service, image: { reference: "shop:1.2" } } }],
  ["a variable that is no text", { service: { ...service, env: { PIN: 4711 } } }],
  ["a version that YAML reads as a number", { service, pipeline: { toolchain: { python: { versions: [3.1] } } } }],
  ["null", { service: null }],
])("%s is refused, as the validator refuses it", (_, document) => {
  expect(accepts(document)).toBe(false);
  expect(checkDelivery(document as never)).not.toEqual([]);
});
