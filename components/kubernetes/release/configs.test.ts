import { expect, test } from "vitest";
import { configsOf, spareConfigs } from "./configs";
import type { ConfigObject, PodTemplate, ReplicaSet, Rollout } from "./objects";
import { hide } from "./words";

const time = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const template = (config: string): PodTemplate => ({
  spec: { containers: [{ name: "shop", envFrom: [{ configMapRef: { name: config } }] }] },
});
const replicaSet = (config: string, minute: number): ReplicaSet => ({
  metadata: { name: `shop-${minute}`, creationTimestamp: time(minute) },
  spec: { template: template(config) },
});
const object = (kind: ConfigObject["kind"], name: string, minute: number): ConfigObject => ({
  kind,
  metadata: { name, creationTimestamp: time(minute) },
});

test("what no ReplicaSet and not the Rollout names goes; what is newer than all of them stays", () => {
  const rollout: Rollout = { metadata: { name: "shop" }, spec: { strategy: {}, template: template("third") } };
  const objects = [
    object("ConfigMap", "first", 1),
    object("ConfigMap", "second", 2),
    object("Secret", "second", 2),
    object("ConfigMap", "third", 3),
    object("ConfigMap", "coming", 9),
  ];
  const spare = spareConfigs(objects, rollout, [replicaSet("second", 2), replicaSet("third", 3)]);
  expect(spare.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual(["ConfigMap/first", "Secret/second"]);
});

test("every way to name a configuration counts", () => {
  const all: PodTemplate = {
    spec: {
      containers: [
        {
          name: "a",
          env: [
            { valueFrom: { configMapKeyRef: { name: "c1" } } },
            { valueFrom: { secretKeyRef: { name: "s1" } } },
            {},
          ],
          envFrom: [{ configMapRef: { name: "c2" } }, { secretRef: { name: "s2" } }],
        },
      ],
      initContainers: [{ name: "b", envFrom: [{ configMapRef: { name: "c3" } }] }],
      volumes: [
        { configMap: { name: "c4" } },
        { secret: { secretName: "s3" } },
        { projected: { sources: [{ configMap: { name: "c5" } }, { secret: { name: "s4" } }] } },
      ],
    },
  };
  const named = [1, 2, 3, 4, 5].map((n) => `ConfigMap/c${n}`).concat([1, 2, 3, 4].map((n) => `Secret/s${n}`));
  expect(configsOf(all).sort()).toEqual(named.sort());
});

test("no value of a Secret is in a pod's last words", () => {
  const words = "connecting to postgres://u:hunter2@db\nfailed: line one\n";
  expect(hide(words, ["hunter2", "line one\nline two", ""])).toBe(
    "connecting to postgres://u:[secret]@db | failed: [secret]",
  );
  expect(hide("abcdef", ["abc", "abcdef"])).toBe("[secret]");
});
