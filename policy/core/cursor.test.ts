import { expect, it } from "vitest";
import { Cursor, UNKNOWN, UnknownValue, Unstated } from "./cursor";
import { Part } from "./part";

const cursor = (properties: unknown, partial = false) =>
  Cursor.of({ resource: { type: "acme:Thing", name: "one", properties }, partial }, properties);
const pathOfUnknown = (read: () => unknown) => {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownValue) return error.path;
    throw error;
  }
};

it("writes paths as a person would", () => {
  const place = cursor({ a: [{ "b/c.d": 1 }] })
    .at("a")
    .items()[0]
    ?.entry("b/c.d");
  expect(place?.path).toBe('a[0]["b/c.d"]');
  expect(place?.read()).toBe(1);
});

it("names the highest place that is not known", () => {
  const root = cursor({ spec: { template: UNKNOWN, list: [1, UNKNOWN] } });
  expect(pathOfUnknown(() => root.at("spec.template.spec.x").read())).toBe("spec.template");
  expect(root.at("spec.template.containers").items()).toHaveLength(1);
  expect(pathOfUnknown(() => root.at("spec.list").items()[1]?.read())).toBe("spec.list[1]");
  expect(pathOfUnknown(() => cursor(UNKNOWN).at("a").read())).toBe("");
});

it("sees a passing element beside an unknown one, and is unsure only without it", () => {
  const { a, b } = { a: cursor({ l: [UNKNOWN, "ALL"] }).at("l"), b: cursor({ l: [UNKNOWN, "X"] }).at("l") };
  expect(a.some((item) => item.read() === "ALL")).toBe(true);
  expect(pathOfUnknown(() => b.some((item) => item.read() === "ALL"))).toBe("l[0]");
  expect(
    cursor({})
      .at("l")
      .some(() => true),
  ).toBe(false);
});

it("reads what lies in a text of JSON under the text's own path", () => {
  const root = cursor({ text: '[{"a": 1}]', other: "{", plain: [1], later: UNKNOWN });
  const inside = root.at("text").json().items()[0]?.at("a");
  expect([inside?.path, inside?.read()]).toEqual(["text[0].a", 1]);
  expect([root.at("other").json().read(), root.at("plain").json().read()]).toEqual(["{", [1]]);
  expect(pathOfUnknown(() => root.at("later").json().at("a").read())).toBe("later");
});

it("takes no property that an object has by birth", () => {
  expect(cursor({}).at("constructor.name").read()).toBeUndefined();
  expect(cursor([]).at("length").read()).toBeUndefined();
});

it("does not judge what a patch leaves as it is", () => {
  const patch = cursor({ stated: false }, true);
  expect(() => patch.at("left").read()).toThrow(Unstated);
  const part = new Part(patch, "the pod");
  expect(part.fails("is left", patch.at("left"), () => patch.at("left").read() !== true).verdict).toBe("pass");
  expect(part.fails("is said", patch.at("stated"), () => patch.at("stated").read() !== true).verdict).toBe("fail");
});

it("shows only names that objects can have", () => {
  const label = (name: unknown) => Part.named("container", cursor({ name })).label;
  expect([label("web-1"), label("s3cr3t value"), label(UNKNOWN), label(1), label(undefined)]).toEqual([
    'container "web-1"',
    ...Array(4).fill("a container"),
  ]);
});

it("takes only fixed texts for messages", () => {
  const part = new Part(cursor({}), "the pod");
  const value: string = "value";
  // @ts-expect-error A text that is put together could hold a value.
  part.fails(`has ${value}`, part.cursor, () => true);
  // @ts-expect-error So could any other text.
  part.fails(value, part.cursor, () => true);
  expect(part.fails("has it", part.cursor, () => true).message).toBe("the pod has it");
});
