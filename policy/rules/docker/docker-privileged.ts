import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cisDocker } from "../../core/standard";
import { dockerContainer } from "../../model/docker";

export const dockerPrivileged = defineRule({
  id: "docker-privileged",
  title: "No container is privileged",
  severity: "critical",
  standards: cisDocker("5.5"),
  levels: levels("mandatory", "mandatory"),
  model: dockerContainer,
  why: "A privileged container has every right of root on its host.",
  remediation: "Remove privileged. Add the single capability or device that is needed.",
  *check({ kind, part }) {
    if (kind !== "container") return;
    const privileged = part.at("privileged");
    yield part.fails("is privileged", privileged, () => privileged.read() === true);
  },
});
