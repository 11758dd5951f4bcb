import type * as pulumi from "@pulumi/pulumi";
import { DelegateResource } from "../../delegate/delegate";
import type { WorkTreeFiles } from "./provider";

/** Generated files in a folder of the machine that runs Pulumi. A preview writes nothing. */
export class WorkTree extends DelegateResource {
  constructor(name: string, files: pulumi.Inputs & WorkTreeFiles, opts: pulumi.CustomResourceOptions) {
    super("WorkTree", name, files, opts);
  }
}
