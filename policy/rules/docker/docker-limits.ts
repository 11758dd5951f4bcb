import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cisDocker } from "../../core/standard";
import { dockerContainer } from "../../model/docker";

/** The provider knows no limit of processes (CIS 5.29), so that nothing can be asked of it here. */
export const dockerLimits = defineRule({
  id: "docker-limits",
  title: "Containers of Docker have a limit of memory",
  severity: "high",
  standards: cisDocker("5.11"),
  levels: levels("advisory", "mandatory"),
  model: dockerContainer,
  why: "One container without a limit can take the memory of all others on its host.",
  remediation: "Set memory (in MiB; for a service memoryBytes) to what the program needs at most.",
  *check({ part, runs, memoryLimit }) {
    yield part.fails("has no limit of memory", memoryLimit, () => {
      const limit = memoryLimit.read();
      return !(typeof limit === "number" && limit > 0) && runs();
    });
  },
});
