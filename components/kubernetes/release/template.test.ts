import fc from "fast-check";
import { expect, test } from "vitest";
import { isMadeOf } from "./template";

const wanted = {
  metadata: { labels: { app: "shop" } },
  spec: {
    hostNetwork: false,
    securityContext: {},
    volumes: [{ name: "tmp", emptyDir: { sizeLimit: "1024Mi" } }],
    containers: [
      {
        name: "shop",
        image: "r/shop@sha256:b",
        env: [{ name: "A", value: "1" }],
        resources: { limits: { cpu: "0.5" } },
      },
    ],
  },
};
const made = {
  metadata: { labels: { app: "shop", "rollouts-pod-template-hash": "b" } },
  spec: {
    restartPolicy: "Always",
    volumes: [{ name: "tmp", emptyDir: { sizeLimit: "1Gi" } }],
    containers: [
      {
        name: "shop",
        image: "r/shop@sha256:b",
        imagePullPolicy: "IfNotPresent",
        env: [{ name: "A", value: "1" }],
        resources: { limits: { cpu: "500m" } },
      },
    ],
  },
};

test("what the API server and the controller fill in, or write another way, makes no other template", () => {
  expect(isMadeOf(made, wanted)).toBe(true);
});

test.each([
  ["image", { ...wanted, spec: { containers: [{ name: "shop", image: "r/shop@sha256:c" }] } }],
  ["value", { ...wanted, spec: { containers: [{ name: "shop", env: [{ name: "A", value: "2" }] }] } }],
  ["annotation", { metadata: { annotations: { "headgate.dev/retried-at": "now" } } }],
  ["container", { spec: { containers: [...wanted.spec.containers, { name: "proxy" }] } }],
  ["kind", { spec: { containers: "shop" } }],
])("another one is told by its %s", (_, other) => {
  expect(isMadeOf(made, other)).toBe(false);
});

test("whatever is added, it stays made of what was wanted", () => {
  const json = fc.jsonValue();
  fc.assert(
    fc.property(json, (value) => {
      if (!isMadeOf(value, value)) throw new Error("not made of itself");
    }),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), json), fc.dictionary(fc.string(), json), (object, more) => {
      if (!isMadeOf({ ...more, ...object }, object)) throw new Error("not made of what is in it");
    }),
  );
});
