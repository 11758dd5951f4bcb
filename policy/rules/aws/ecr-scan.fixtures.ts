import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const ecr = of("aws:ecr/repository:Repository");
const artifacts = of("gcp:artifactregistry/repository:Repository");
const registry = (scanFrequency: string) =>
  of("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration")({
    scanType: "BASIC",
    rules: [{ scanFrequency, repositoryFilters: [{ filter: "*", filterType: "WILDCARD" }] }],
  });
const PATH = "imageScanningConfiguration.scanOnPush";

export const fixtures: Fixtures = {
  pass: [
    example("on push", ecr({ imageScanningConfiguration: { scanOnPush: true } })),
    example("by the registry", ecr({ name: "shop" }), registry("SCAN_ON_PUSH")),
    example("Artifact Registry's own", artifacts({ vulnerabilityScanningConfig: { enablementConfig: "INHERITED" } })),
  ],
  fail: [
    broken("nothing said", PATH, ecr({ name: "shop" })),
    broken("switched off", PATH, ecr({ imageScanningConfiguration: { scanOnPush: false } })),
    broken("by hand", PATH, ecr({ name: "shop" }), registry("MANUAL")),
    broken(
      "switched off in Artifact Registry",
      "vulnerabilityScanningConfig.enablementConfig",
      artifacts({ vulnerabilityScanningConfig: { enablementConfig: "DISABLED" } }),
    ),
  ],
  malformed: [malformed("a text", "fail", ecr({ imageScanningConfiguration: "on" }))],
  wrongKind: [example("a public repository", of("aws:ecrpublic/repository:Repository")({}))],
};
