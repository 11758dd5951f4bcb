import { CustomResourceDefinition, CustomResourceDefinitionPatch } from "@pulumi/kubernetes/apiextensions/v1";
import * as pulumi from "@pulumi/pulumi";
import { type Crd, type CrdSource, crdsOf } from "./crds";
import { download } from "./download";

const CRD = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
const PATCH = `${CRD}Patch`;

/**
 * One that outlives the platform is there when a platform comes again: creating it would be refused, and a patch takes it.
 * Another manager than that of the platform before would own no field of it.
 */
const byOneManager = (metadata: Crd["metadata"]): Crd["metadata"] => ({
  ...metadata,
  annotations: { ...metadata.annotations, "pulumi.com/patchFieldManager": "headgate-platform" },
});

/**
 * Makes the CustomResourceDefinitions of a source. How many there are is known without reading the official files, so
 * that a preview shows every one.
 */
export function createCrds(
  name: string,
  path: string,
  { local = [], official = [] }: CrdSource,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResource[] {
  const make = (crd: string, { metadata, spec }: pulumi.Inputs) => {
    const child = `${name}-crd-${crd}`;
    // Whether they are kept may change, and with it the type, while each is still the same.
    if (options.retainOnDelete !== true) {
      return new CustomResourceDefinition(child, { metadata, spec } as never, {
        ...options,
        aliases: [{ type: PATCH }],
      });
    }
    const args = { metadata: pulumi.output(metadata).apply(byOneManager), spec };
    return new CustomResourceDefinitionPatch(child, args as never, { ...options, aliases: [{ type: CRD }] });
  };
  return [
    ...local.map((crd) => make(crd.metadata.name, crd)),
    ...official.flatMap(({ url, sha256, names }) => {
      const all = download(url, sha256).then(crdsOf, (error: Error) => {
        const fix = `Set ${path} to a file or a folder with a copy of it`;
        throw new Error(`KubernetesPlatform "${name}": ${path} cannot be had from ${url}: ${error.message}. ${fix}.`);
      });
      return names.map((crd) => {
        const read = pulumi.output(all.then((crds) => found(crds, crd)));
        return make(crd, { metadata: read.metadata, spec: read.spec });
      });
    }),
  ];
}

function found(crds: Crd[], name: string): Crd {
  const crd = crds.find(({ metadata }) => metadata.name === name);
  if (crd === undefined)
    throw new Error(`there is no CustomResourceDefinition ${name} in the file that should have it`);
  return crd;
}
