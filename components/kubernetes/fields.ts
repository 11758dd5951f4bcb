import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { checkShape } from "../model/check";
import { parseDuration } from "../model/duration";
import { type Fault, field, mapOf, pattern, text } from "../model/fields";
import { labelKeys, labelValue } from "../model/labels";
import { describeValue, type Problem } from "../model/problem";

/** Every problem of a component's arguments by their schema, with paths that begin at the argument. */
export function checkArgs(schema: z.ZodType, args: unknown): Problem[] {
  return checkShape(schema, args, "").map((problem) => ({ ...problem, path: problem.path.replace(/^\./, "") }));
}

/** Something that may flow through: the rule is for plain text, and what is only known later passes. */
export function flowing(rule: (text: string) => Fault[] = () => []): z.ZodType<pulumi.Input<string>> {
  return field((value) => {
    if (typeof value === "string") return rule(value);
    if (typeof value === "object" && value !== null) return [];
    return [{ problem: "must be text", got: describeValue(value), fix: "Give text, or an Output of text" }];
  });
}

/** Any value that flows through unread. */
export function anything<T>(): z.ZodType<T> {
  return field<T>(() => []);
}

/** A time of whole seconds, which is the finest that the cluster's fields take. */
export function wholeSeconds(least: number): z.ZodType<string> {
  return field((value) => {
    const problem = `must be a time in whole seconds, at least ${least}`;
    const fault = { problem, got: describeValue(value), fix: 'Write a number with a unit: "15s", "5m"' };
    if (typeof value !== "string") return [fault];
    try {
      const seconds = parseDuration(value);
      return Number.isInteger(seconds) && seconds >= least ? [] : [fault];
    } catch {
      return [fault];
    }
  });
}

export const annotationName = {
  keys: labelKeys,
  problem: "is no name of an annotation",
  fix: 'Write "example.com/name"',
};

/** The largest id of a user or a group that Kubernetes takes (runAsUser, int32 in its validation). */
const LARGEST_ID = 2 ** 31 - 1;

/** Who a container runs as: never root. */
export const userAndGroup = text('"1000:1000"', (value) => {
  const [user = 0, group = 0] = value.split(":").map(Number);
  const [got, fix] = [describeValue(value), "Choose another user; 1000:1000 needs no entry in the image"];
  if (!/^\d+:\d+$/.test(value) || user > LARGEST_ID || group > LARGEST_ID) {
    return [{ problem: `must be two numbers, at most ${LARGEST_ID}`, got, fix: 'Write "1000:1000"' }];
  }
  return user === 0 ? [{ problem: "is root", got, fix }] : [];
});

/** Name of an object, as most of them must be: a DNS label. Source: RFC 1123. */
export const objectName = pattern(
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "must be a name of at most 63 lower-case letters, digits and dashes, with no dash first or last",
  'Write "shop", for example',
);

/** Name of a namespace, which may be made by the same program. */
export const namespaceName = flowing((name) => {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return [];
  const problem = "must be a name of at most 63 lower-case letters, digits and dashes, with no dash first or last";
  return [{ problem, got: describeValue(name), fix: 'Write "shop", for example' }];
});

/** Labels that only Headgate gives: what finds the objects goes by them. */
const OWN_NAMES = /app\.kubernetes\.io\/(?:name|part-of|managed-by)$|headgate\.dev\//;

/** Labels of a component's objects, beside those that Headgate gives. */
export const labelsSchema = mapOf(
  labelValue,
  {
    keys: new RegExp(`^(?!${OWN_NAMES.source})${labelKeys.source.slice(1)}`),
    problem: "is no name of a label, or one of Headgate's own",
    fix: 'Write "example.com/name", or "owner"',
  },
  '{ owner: "shop", "cost-center": "4711" }',
);

/** Reference of an image. */
export const image = pattern(
  /^[a-z0-9][\w.-]*(:\d+)?(\/[\w.-]+)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
  "must be the reference of an image",
  'Write "registry.example.com/repository:tag@sha256:…", for example',
);

/** Address of Prometheus as the cluster sees it. */
export const prometheusAddress = flowing((text) => {
  if (/^https?:\/\/[^/\s?#]+(\/[^\s?#]*)?$/.test(text)) return [];
  const fix = 'Write "http://prometheus.monitoring.svc:9090", for example';
  return [{ problem: "must be an address of Prometheus", got: describeValue(text), fix }];
});
