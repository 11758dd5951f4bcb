import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cisDocker } from "../../core/standard";
import { dockerContainer } from "../../model/docker";

export const dockerHealthcheck = defineRule({
  id: "docker-healthcheck",
  title: "Containers that stay say how their health is checked",
  severity: "high",
  standards: cisDocker("5.27"),
  levels: levels("advisory", "mandatory"),
  model: dockerContainer,
  why: "Without a check a container that hangs counts as running. One in the image can be lost with any new image.",
  remediation: "Set healthcheck.tests to a command that asks the program itself.",
  *check({ kind, part, runs, healthTests }) {
    yield part.fails("has no health check", healthTests, () => {
      const [first] = healthTests.items();
      if (first?.present() === true && first.read() !== "NONE") return false;
      if (!runs()) return false;
      // It comes to an end by itself.
      return kind === "service" || !(part.at("mustRun").read() === false || part.at("attach").read() === true);
    });
  },
});
