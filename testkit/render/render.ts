import * as pulumi from "@pulumi/pulumi";
import { plausible } from "../providers/memory/plausible/plausible";
import { secret, unwrap } from "../providers/shared/wire";
import { Recording } from "./monitor";
import { leaks, plain, type RecordedResource } from "./recorded";

/** A resource as an override of outputs sees it. */
export interface NewResource {
  type: string;
  name: string;
  /** Inputs without secret wrappers. */
  inputs: Record<string, unknown>;
  preview: boolean;
}

export interface RenderOptions {
  /** Whether the program runs as in `pulumi preview`: ids and computed outputs are unknown. Defaults to false. */
  preview?: boolean;
  /** Defaults to "project". */
  project?: string;
  /** Defaults to "stack". */
  stack?: string;
  /** Defaults to "organization". */
  organization?: string;
  /** Configuration; a key without a namespace belongs to the project. */
  config?: Record<string, string>;
  /** Keys of `config` whose values are secrets. */
  secretConfigKeys?: string[];
  /** More texts that must not appear in plain, for `secretsLeaked`. */
  secrets?: string[];
  /** Outputs of referenced stacks, by the name of the reference. */
  stackReferences?: Record<string, Record<string, unknown>>;
  /** Answers a provider function. Defaults to its arguments and plausible results. */
  call?: (args: { token: string; inputs: Record<string, unknown> }) => Record<string, unknown>;
  /** Outputs to use instead of the plausible ones; undefined leaves them. An error thrown fails the resource. */
  newResource?: (resource: NewResource) => Record<string, unknown> | undefined;
}

export interface Rendered<T> {
  /** What the callback returned. */
  value: T;
  /** Every resource, in the order of declaration. */
  resources: RecordedResource[];
  /** Resources of one type token. */
  byType(token: string): RecordedResource[];
  /** Inputs of the only resource of a type. Throws unless there is exactly one. */
  one(token: string): Record<string, unknown>;
  /** Inputs of one resource, by URN or by name. Throws unless exactly one has it. */
  inputsOf(urnOrName: string): Record<string, unknown>;
  /** The value of an output; undefined when it is unknown. Rejects when its computation failed. */
  output<V>(output: pulumi.Output<V> | undefined): Promise<V | undefined>;
  /** Where a secret's plain text stands in an input that is not secret: `urn: path` of each place. */
  secretsLeaked(): string[];
  /** Errors outside the callback: of `apply` callbacks and of registrations. Empty when all went well. */
  errors: Error[];
}

/** The runtime has one state per process, so programs run one after the other. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a piece of a Pulumi program without an engine and records what it declares. Rejects with the callback's own
 * error. Stack traces are cut to one line meanwhile, which halves the time of large programs.
 */
export function render<T>(build: () => T | Promise<T>, options: RenderOptions = {}): Promise<Rendered<T>> {
  const run = last.then(() => runOnce(build, options));
  last = run.catch(() => undefined);
  return run;
}

async function runOnce<T>(build: () => T | Promise<T>, options: RenderOptions): Promise<Rendered<T>> {
  const { preview = false, project = "project", stack = "stack", organization = "organization" } = options;
  const config = Object.fromEntries(
    Object.entries(options.config ?? {}).map(([key, value]) => [qualified(key, project), value]),
  );
  const secretKeys = (options.secretConfigKeys ?? []).map((key) => qualified(key, project));
  const recording = new Recording();
  const errors: Error[] = [];
  const restore = listenToProcess(errors);
  try {
    await pulumi.runtime.setMocks(mocksOf(recording, options, preview), project, stack, preview, organization);
    recording.listen();
    pulumi.runtime.setAllConfig(config, secretKeys);
    const value = await build();
    await recording.settle();
    await Promise.allSettled(outputsIn(value).map(settled));
    await recording.settle();
    await pulumi.runtime.disconnect();
    return rendered(
      value,
      recording.resources,
      [...secretKeys.map((key) => config[key] ?? ""), ...(options.secrets ?? [])],
      errors,
    );
  } catch (error) {
    // What the callback declared before it failed must not reach the next run.
    await recording.settle();
    throw error;
  } finally {
    pulumi.runtime.setAllConfig({});
    restore();
  }
}

function qualified(key: string, project: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

/** Failures in callbacks of outputs surface as unhandled rejections; here they are results, not accidents. */
function listenToProcess(errors: Error[]): () => void {
  const others = process.listeners("unhandledRejection");
  const collect = (reason: unknown) => {
    const error = reason instanceof Error ? reason : new Error(String(reason));
    if (!errors.some((known) => known === error || known.message === error.message)) errors.push(error);
  };
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", collect);
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  return () => {
    Error.stackTraceLimit = limit;
    process.off("unhandledRejection", collect);
    for (const listener of others) process.on("unhandledRejection", listener);
  };
}

function mocksOf(recording: Recording, options: RenderOptions, preview: boolean): pulumi.runtime.Mocks {
  return {
    newResource({ type, name, custom = true, inputs: wrapped, id }) {
      const { raw, remote, additionalSecretOutputs } = recording.current;
      const inputs = plain(raw);
      const override = options.newResource?.({ type, name, inputs, preview });
      if (type === "pulumi:pulumi:StackReference") {
        return { id: id || name, state: { name: inputs.name, outputs: referenced(options, String(inputs.name)) } };
      }
      // A local component's outputs are made by its own code.
      if (!custom && !remote) return { id: undefined, state: {} };
      const made = plausible(type, name, inputs, `${type}::${name}`);
      const computed = preview ? { ...override } : { ...made.outputs, ...override };
      const state: Record<string, unknown> = { ...computed, ...wrapped, ...override };
      for (const key of additionalSecretOutputs) if (key in state) state[key] = secret(unwrap(state[key]));
      return { id: preview ? undefined : id || made.id, state };
    },
    call({ token, inputs }) {
      if (options.call !== undefined) return options.call({ token, inputs });
      const kind = token.split(":").pop() ?? token;
      const { id, outputs } = plausible(token.replace(/:get([A-Z])/, ":$1"), kind, inputs, JSON.stringify(inputs));
      return { id, ...outputs, ...inputs };
    },
  };
}

function referenced({ stackReferences = {} }: RenderOptions, name: string): Record<string, unknown> {
  const outputs = stackReferences[name];
  if (outputs === undefined)
    throw new Error(`render: the program refers to stack ${name}. Give its outputs in stackReferences.`);
  return outputs;
}

function rendered<T>(value: T, resources: RecordedResource[], secrets: string[], errors: Error[]): Rendered<T> {
  const exactlyOne = (found: RecordedResource[], what: string) => {
    const [only, second] = found;
    if (only !== undefined && second === undefined) return only.inputs;
    const there = resources.map(({ type, name }) => `${type} "${name}"`).join(", ") || "none";
    throw new Error(`render: expected exactly one resource ${what}, found ${found.length}. Resources: ${there}.`);
  };
  const byType = (token: string) => resources.filter(({ type }) => type === token);
  return {
    value,
    resources,
    byType,
    one: (token) => exactlyOne(byType(token), `of type ${token}`),
    inputsOf: (key) =>
      exactlyOne(
        resources.filter(({ urn, name }) => urn === key || name === key),
        `with the URN or name ${key}`,
      ),
    output: (output) => (output === undefined ? Promise.resolve(undefined) : settled(output)),
    secretsLeaked: () => leaks(resources, secrets),
    errors,
  };
}

/** The public face of an output has no way to ask whether its value is known. */
interface Known<V> {
  isKnown: Promise<boolean>;
  promise(): Promise<V>;
}

async function settled<V>(output: pulumi.Output<V>): Promise<V | undefined> {
  const inner = output as unknown as Known<V>;
  const value = await inner.promise();
  return (await inner.isKnown) ? value : undefined;
}

function outputsIn(value: unknown): pulumi.Output<unknown>[] {
  if (pulumi.Output.isInstance(value)) return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).filter((item) => pulumi.Output.isInstance(item));
}
