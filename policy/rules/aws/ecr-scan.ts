import { levels } from "../../core/level";
import { defineStackRule } from "../../core/rule";
import { checkov, cisGke, foundationalSecurity } from "../../core/standard";
import { objects } from "../../model/object";
import { imageRepository } from "../../model/registry";

const scanning = objects("scans of a registry", "the registry", [
  "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
]);

export const ecrScan = defineStackRule({
  id: "ecr-scan",
  title: "Images are scanned when they are pushed",
  severity: "high",
  standards: [...foundationalSecurity("ECR.1"), ...checkov("CKV_AWS_163"), ...cisGke("5.1.1")],
  levels: levels("advisory", "mandatory"),
  why: "Known faults in an image stay unseen until somebody uses them.",
  remediation:
    "Set imageScanningConfiguration.scanOnPush to true, or let a RegistryScanningConfiguration scan the registry; in Artifact Registry leave scanning on.",
  *check(stack) {
    const registries = stack.of(scanning);
    for (const { service, repository } of stack.of(imageRepository)) {
      const [push, state] = [
        repository.at("imageScanningConfiguration.scanOnPush"),
        repository.at("vulnerabilityScanningConfig.enablementConfig"),
      ];
      if (service === "Artifact Registry") {
        yield repository.fails("has its scans switched off", state, () => state.read() === "DISABLED");
        continue;
      }
      yield repository.fails(
        "is not scanned",
        push,
        () =>
          push.read() !== true &&
          !registries.some((registry) =>
            registry.at("rules").some((rule) => {
              const frequency = rule.at("scanFrequency").text();
              return frequency !== undefined && frequency !== "MANUAL";
            }),
          ),
      );
    }
  },
});
