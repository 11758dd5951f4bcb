import { levels } from "../../core/level";
import type { Part } from "../../core/part";
import { defineStackRule } from "../../core/rule";
import { foundationalSecurity } from "../../core/standard";
import { objects } from "../../model/object";
import { imageRepository } from "../../model/registry";

const lifecycles = objects("lifecycles of ECR's repositories", "the lifecycle", [
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
]);

export const registryLifecycle = defineStackRule({
  id: "registry-lifecycle",
  title: "Repositories drop images that nobody needs",
  severity: "low",
  standards: foundationalSecurity("ECR.3"),
  levels: levels("advisory", "advisory"),
  why: "Old images cost money, and can be run again with every fault that was mended since.",
  remediation: "Give the repository a LifecyclePolicy, in Artifact Registry cleanupPolicies, for untagged images.",
  *check(stack) {
    const found = stack.of(lifecycles);
    for (const { service, repository } of stack.of(imageRepository)) {
      const [name, cleanup] = [repository.at("name"), repository.at("cleanupPolicies")];
      if (service === "ECR") {
        yield repository.fails("keeps every image", repository.cursor, () => !isCovered(name.text(), found));
      } else {
        yield repository.fails(
          "keeps every image",
          cleanup,
          () => !cleanup.hasItems() || repository.at("cleanupPolicyDryRun").read() === true,
        );
      }
    }
  },
});

function isCovered(name: string | undefined, all: readonly Part[]): boolean {
  // Before it has a name, a repository cannot be recognised.
  const covers = (lifecycle: Part) => name === undefined || lifecycle.at("repository").text() === name;
  // One that is known to be of this repository counts, whatever is unknown of others.
  return all.filter((lifecycle) => !lifecycle.at("repository").unknown).some(covers) || all.some(covers);
}
