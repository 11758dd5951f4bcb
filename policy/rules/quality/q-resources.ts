import { z } from "zod";
import type { Cursor } from "../../core/cursor";
import { levels } from "../../core/level";
import type { Part } from "../../core/part";
import { defineRule } from "../../core/rule";
import { checkov, kyverno } from "../../core/standard";
import { podWorkload } from "../../model/podspec";
import { quantity } from "../../model/quantity";

const ratio = z.number().min(1);
const options = z.strictObject({
  /** How many times its request a limit may be. Defaults to 4 for memory and to no bound for the processor. */
  limitToRequest: z.strictObject({ cpu: ratio.optional(), memory: ratio.default(4) }).default({ memory: 4 }),
});

const MISSING = {
  cpu: "asks for no share of the processor",
  memory: "asks for no memory",
} as const;

export const qResources = defineRule({
  id: "q-resources",
  title: "Containers say what they need and where their memory ends",
  severity: "medium",
  standards: [
    ...checkov("CKV_K8S_10", "CKV_K8S_12", "CKV_K8S_13"),
    ...kyverno("require-pod-requests-limits"),
    { name: "Kubernetes documentation", section: "Resource Management for Pods and Containers" },
  ],
  levels: levels("advisory", "mandatory"),
  model: podWorkload,
  options,
  why: "Without requests the scheduler fills nodes until they fail, and without a limit one container takes the memory of all others.",
  remediation:
    "Set resources.requests for cpu and memory, and resources.limits.memory at most a few times the request. A limit for the processor is not asked for.",
  *check({ pod, containers }, { limitToRequest }) {
    for (const container of containers) {
      // Nobody can give an ephemeral container resources.
      if (container.role === "ephemeral") continue;
      const own = (kind: string, name: string) => container.at(`resources.${kind}.${name}`);
      for (const name of ["cpu", "memory"] as const) {
        const [request, limit] = [own("requests", name), own("limits", name)];
        // A limit without a request is the request, too. A pod may ask for all its containers.
        yield container.fails(
          MISSING[name],
          request,
          () => !isSet(request) && !isSet(limit) && !ofPod(pod, "requests", name) && !ofPod(pod, "limits", name),
        );
        const most = limitToRequest[name];
        yield container.fails("has a limit too far above what it asks for", limit, () => {
          const [asked, bound] = [quantity(request.read()), quantity(limit.read())];
          return most !== undefined && asked !== undefined && bound !== undefined && bound > asked * most;
        });
      }
      const memory = own("limits", "memory");
      yield container.fails(
        "may take all memory of its node",
        memory,
        () => !isSet(memory) && !ofPod(pod, "limits", "memory"),
      );
    }
  },
});

const isSet = (cursor: Cursor): boolean => (quantity(cursor.read()) ?? 0) > 0;
const ofPod = (pod: Part, kind: string, name: string): boolean => isSet(pod.at(`resources.${kind}.${name}`));
