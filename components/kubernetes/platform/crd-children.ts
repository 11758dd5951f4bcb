import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Crd, type CrdSource, crdsOf } from "./crds";
import { download } from "./download";

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
  const make = (crd: string, args: object) =>
    new k8s.apiextensions.v1.CustomResourceDefinition(`${name}-crd-${crd}`, args as never, options);
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
