import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, foundationalSecurity } from "../../core/standard";
import { isRoot, runsWindows, taskDefinition } from "../../model/ecs";

export const ecsHost = defineRule({
  id: "ecs-host",
  title: "No task shares its instance's namespaces",
  severity: "critical",
  standards: [...foundationalSecurity("ECS.3", "ECS.17"), ...checkov("CKV_AWS_335")],
  levels: levels("mandatory", "mandatory"),
  model: taskDefinition,
  why: "In the instance's namespaces a container sees its processes, their memory, or its network with root's rights.",
  remediation: 'Set networkMode to "awsvpc", and remove host from pidMode and ipcMode.',
  *check(definition) {
    const { task, containers } = definition;
    const [network, pid, ipc] = [task.at("networkMode"), task.at("pidMode"), task.at("ipcMode")];
    yield task.fails("sees its instance's processes", pid, () => pid.read() === "host");
    yield task.fails("shares its instance's memory", ipc, () => ipc.read() === "host");
    for (const container of containers) {
      yield container.fails(
        "is root in its instance's network",
        network,
        () => network.read() === "host" && isRoot(container) && !runsWindows(definition),
      );
    }
  },
});
