import { z } from "zod";
import type { Levels, Severity } from "./level";
import type { Outcome } from "./part";
import type { Model, Resource } from "./resource";
import type { Standard } from "./standard";

interface About<Options> {
  /** Unique, kebab-case: what waivers and settings name. */
  readonly id: string;
  /** What holds when the rule is met, as a sentence without a full stop. */
  readonly title: string;
  readonly severity: Severity;
  /** Where the rule comes from, the most important one first. */
  readonly standards: readonly Standard[];
  readonly levels: Levels;
  /** What can happen when it is broken: one or two sentences. */
  readonly why: string;
  /** What to do about a finding: one or two sentences. */
  readonly remediation: string;
  /**
   * What a pack may add that is told to remediate: something new, never in the place of something, which changes
   * neither what the resource is nor whether it is there. Most rules have nothing of that kind.
   */
  readonly adds?: string;
  /** Options a user can set, each with a default. Defaults to none. */
  readonly options?: z.ZodType<Options>;
}

/** A rule that looks at one resource at a time. */
export interface ResourceRule<M, Options> extends About<Options> {
  readonly scope: "resource";
  readonly model: Model<M>;
  check(model: M, options: Options): Iterable<Outcome>;
}

/** A rule that looks at all resources together. */
export interface StackRule<Options> extends About<Options> {
  readonly scope: "stack";
  check(stack: Stack, options: Options): Iterable<Outcome>;
}

/** All resources of a stack, or of a set of manifests. */
export interface Stack {
  readonly resources: readonly Resource[];
  /** The model of every resource that has one. */
  of<M>(model: Model<M>): readonly M[];
}

// Methods of rules take any model here; the judge hands each rule what its own model made.
// biome-ignore lint/suspicious/noExplicitAny: as above
export type Rule = ResourceRule<any, any> | StackRule<any>;

/** A rule with every field that has a default filled in. */
type Defined<T> = T & { readonly options: z.ZodType };

const noOptions = z.strictObject({});

export function defineRule<M, Options = Record<string, never>>(
  rule: Omit<ResourceRule<M, Options>, "scope">,
): Defined<ResourceRule<M, Options>> {
  return { options: noOptions as unknown as z.ZodType<Options>, ...rule, scope: "resource" };
}

export function defineStackRule<Options = Record<string, never>>(
  rule: Omit<StackRule<Options>, "scope">,
): Defined<StackRule<Options>> {
  return { options: noOptions as unknown as z.ZodType<Options>, ...rule, scope: "stack" };
}
