import * as pulumi from "@pulumi/pulumi";

/** What one kind of custom resource does, in compiled code that the provider process loads by name. */
export interface DelegateProvider<Inputs, Outputs> {
  diff(olds: Outputs, news: Inputs): Promise<{ changes: boolean; replaces: string[]; deleteBeforeReplace: boolean }>;
  create(inputs: Inputs): Promise<{ id: string; outs: Outputs }>;
  update(id: string, olds: Outputs, inputs: Inputs): Promise<{ outs: Outputs }>;
  /** An empty id: it is gone. */
  read(id: string, props: Outputs): Promise<{ id: string; props: Outputs }>;
  delete(id: string, props: Outputs): Promise<void>;
}

/** The kinds; providers.ts has one provider for each. */
export type DelegateKind = "Release" | "HostPreflight" | "HostReadiness";

/**
 * A dynamic resource whose serialized provider is a line that loads the library by name: no source of the library
 * and no captured value gets into the state, and the program need not load a compiler to serialize a closure.
 */
export abstract class DelegateResource extends pulumi.CustomResource {
  constructor(kind: DelegateKind, name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    // The library is loaded by the first operation that needs it: a preview of something new needs none.
    const loader =
      `const load = () => require("node:module").createRequire(process.cwd() + "/program.js")` +
      `("headgate/delegate").provider(${JSON.stringify(kind)}); exports.handler = () => Object.fromEntries(` +
      `["diff", "create", "update", "read", "delete"].map((name) => [name, (...args) => load()[name](...args)]));`;
    super(`pulumi-nodejs:dynamic/headgate:${kind}`, name, { ...inputs, __provider: loader }, opts);
  }
}
