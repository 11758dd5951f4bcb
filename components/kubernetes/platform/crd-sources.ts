/** A file of an official release and the CRDs in it. */
export interface CrdFile {
  url: string;
  /** Of the file's content at that address, so that nothing else gets into a cluster. */
  sha256: string;
  /** Names of its CRDs. */
  names: string[];
}

const argo = (file: string, name: string, sha256: string): CrdFile => ({
  url: `https://raw.githubusercontent.com/argoproj/argo-rollouts/v1.9.1/manifests/crds/${file}-crd.yaml`,
  sha256,
  names: [`${name}.argoproj.io`],
});

/** CRDs of Argo Rollouts 1.9.1. */
export const ARGO_CRDS: CrdFile[] = [
  argo("rollout", "rollouts", "d79c0dab9bb386b1c9329fb69cf0d843fff2152b3f7916839755c1aabc7387f5"),
  argo("analysis-run", "analysisruns", "eb1052e728aeb5e46eb1c1202958585eb48edc5ba25b406b7b41c1049009477d"),
  argo("analysis-template", "analysistemplates", "96a871705477bb8876f91630789ce753c8291f0ff5457a8cbc781ff150522369"),
  argo(
    "cluster-analysis-template",
    "clusteranalysistemplates",
    "265283fa1dbf10a6b37c3b1e0ece97fa7fe561ca66da8521ca4b194297b31882",
  ),
  argo("experiment", "experiments", "419f87b0f6b1b3bfaf0020d71e2b3fe269e232a344e175d123dadceaa17de7ab"),
];

/** CRDs of Traefik 3.6.7. */
export const TRAEFIK_CRDS: CrdFile[] = [
  {
    url:
      "https://raw.githubusercontent.com/traefik/traefik/v3.6.7/docs/content/reference/dynamic-configuration/" +
      "kubernetes-crd-definition-v1.yml",
    sha256: "897b93afab1d743f0f6dc05bf50d2806bac672bd3e5f0d43e9a6ea564bab5765",
    names: [
      "ingressroutes",
      "ingressroutetcps",
      "ingressrouteudps",
      "middlewares",
      "middlewaretcps",
      "serverstransports",
      "serverstransporttcps",
      "tlsoptions",
      "tlsstores",
      "traefikservices",
    ].map((name) => `${name}.traefik.io`),
  },
];
