import * as pulumi from "@pulumi/pulumi";
import { checkedKinds, type DelegateKind } from "./kinds";

/**
 * A dynamic resource whose serialized provider is a line that loads the library by name: no source of the library
 * and no captured value gets into the state, and the program need not load a compiler to serialize a closure.
 */
export abstract class DelegateResource extends pulumi.CustomResource {
  constructor(kind: DelegateKind, name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    const operations = [
      "diff",
      "create",
      "update",
      "read",
      "delete",
      ...(checkedKinds.includes(kind) ? ["check"] : []),
    ];
    // The library is loaded by the first operation that needs it: a preview of something new needs none.
    const loader =
      `const load = () => require("node:module").createRequire(process.cwd() + "/program.js")` +
      `("headgate/delegate").provider(${JSON.stringify(kind)}); exports.handler = () => Object.fromEntries(` +
      `${JSON.stringify(operations)}.map((name) => [name, (...args) => load()[name](...args)]));`;
    super(`pulumi-nodejs:dynamic/headgate:${kind}`, name, { ...inputs, __provider: loader }, opts);
  }
}
