import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, cisKubernetes } from "../../core/standard";
import { podWorkload } from "../../model/podspec";

export const secretEnvRef = defineRule({
  id: "secret-env-ref",
  title: "Secrets are read from files, not from the environment",
  severity: "low",
  standards: [...cisKubernetes("5.4.1"), ...checkov("CKV_K8S_35")],
  levels: levels("off", "advisory"),
  model: podWorkload,
  why: "The environment is inherited by every child process, stands in crash reports, and keeps a value that has been replaced.",
  remediation: "Mount the Secret as a volume and read the file.",
  *check({ containers }) {
    for (const container of containers) {
      const refs = [
        ...container
          .at("env")
          .items()
          .map((variable) => variable.at("valueFrom.secretKeyRef")),
        ...container
          .at("envFrom")
          .items()
          .map((source) => source.at("secretRef")),
      ];
      for (const ref of refs) yield container.fails("has a secret in its environment", ref, () => ref.present());
    }
  },
});
