import { z } from "zod";
import { findOf } from "../core/cursor";
import type { Stack } from "../core/rule";
import { kubernetesObjects } from "./kubernetes-object";
import { nameOf, namespaceOf, type Placed } from "./selection";

export const namespaces = kubernetesObjects("namespaces", "", "Namespace");

/** Label of a namespace that holds what the cluster needs itself. Whoever only delivers services cannot set it. */
const PLATFORM = "headgate.dev/platform";

/** Option of rules about services: namespaces that another stack made. */
export const platformNamespaces = z
  .array(z.string().min(1))
  .default([])
  .describe("namespaces that another stack made and that hold parts of the cluster, such as its router");

/** Namespaces of Kubernetes itself: its own pods need more than others may have. */
export const isOfSystem = (name: string): boolean => name.startsWith("kube-");

/**
 * Whether something is a part of the cluster, as routers, controllers and metrics are, and no service that is released
 * on it: by the namespace's label, or by its name where another stack made it. @throws UnknownValue
 */
export function isOfPlatform(stack: Stack, placed: Placed, elsewhere: readonly string[]): boolean {
  const name = namespaceOf(placed);
  if (isOfSystem(name) || elsewhere.includes(name)) return true;
  const own = stack.of(namespaces).filter(({ object }) => !object.origin.partial);
  return (
    findOf(
      own,
      (each) => each.object.at("metadata.labels").entry(PLATFORM).read() === "true" && nameOf(each) === name,
    ) !== undefined
  );
}
