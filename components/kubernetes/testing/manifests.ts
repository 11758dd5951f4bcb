import { ARGO_CRDS, TRAEFIK_CRDS } from "../platform/crd-sources";

/** A file of CustomResourceDefinitions with those names, and with what a live object would have beside. */
export function manifests(names: readonly string[]): string {
  return names
    .map((name) =>
      [
        "apiVersion: apiextensions.k8s.io/v1",
        "kind: CustomResourceDefinition",
        `metadata: { name: "${name}", annotations: { made-by: "hand" }, creationTimestamp: null }`,
        `spec: { group: "${name.replace(/^[^.]+\./, "")}" }`,
        "status: {}",
        "",
      ].join("\n"),
    )
    .join("---\n");
}

/** What stands in for an official file in tests without a network. */
export function officialFile(url: string): string {
  return manifests([...ARGO_CRDS, ...TRAEFIK_CRDS].filter((file) => file.url === url).flatMap(({ names }) => names));
}
