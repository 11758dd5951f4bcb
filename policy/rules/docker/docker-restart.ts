import { z } from "zod";
import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cisDocker } from "../../core/standard";
import { dockerContainer } from "../../model/docker";

const options = z.strictObject({
  /** Policies that may restart without an end. The benchmark allows none; without one, nothing runs after a reboot. */
  unbounded: z.array(z.enum(["always", "unless-stopped"])).default(["unless-stopped"]),
});

export const dockerRestart = defineRule({
  id: "docker-restart",
  title: "Restarts of containers are bounded, or end when a person stops them",
  severity: "high",
  standards: cisDocker("5.15"),
  levels: levels("advisory", "mandatory"),
  model: dockerContainer,
  options,
  why: "A container that is restarted for ever hides its fault, and comes back after it was stopped for a reason.",
  remediation: 'Set restart to "unless-stopped", or to "on-failure" with maxRetryCount.',
  *check({ kind, part }, { unbounded }) {
    if (kind !== "container") return;
    const [restart, most] = [part.at("restart"), part.at("maxRetryCount")];
    yield part.fails("is restarted for ever", restart, () => {
      const policy = restart.read();
      if (policy === "always" || policy === "unless-stopped") return !unbounded.includes(policy);
      return policy === "on-failure" && !(Number(most.read()) > 0);
    });
  },
});
