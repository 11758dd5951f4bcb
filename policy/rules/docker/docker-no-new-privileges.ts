import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cisDocker } from "../../core/standard";
import { dockerContainer } from "../../model/docker";

export const dockerNoNewPrivileges = defineRule({
  id: "docker-no-new-privileges",
  title: "No process in a container gains rights",
  severity: "high",
  standards: cisDocker("5.26"),
  levels: levels("advisory", "mandatory"),
  model: dockerContainer,
  why: "A file with the setuid bit makes root of any user in the container.",
  remediation: 'Add "no-new-privileges" to securityOpts.',
  *check({ kind, part, runs }) {
    if (kind !== "container") return;
    const given = part.at("securityOpts");
    yield part.fails(
      "lets its processes gain rights",
      given,
      () => !given.some((option) => /^no-new-privileges([:=]true)?$/.test(option.text() ?? "")) && runs(),
    );
  },
});
