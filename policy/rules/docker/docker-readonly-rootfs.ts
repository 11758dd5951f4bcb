import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cisDocker } from "../../core/standard";
import { dockerContainer } from "../../model/docker";

export const dockerReadonlyRootfs = defineRule({
  id: "docker-readonly-rootfs",
  title: "Containers of Docker do not write to their image's files",
  severity: "high",
  standards: cisDocker("5.13"),
  levels: levels("advisory", "mandatory"),
  model: dockerContainer,
  why: "An intruder who can write to the root file system can put programs there and change those that run.",
  remediation: "Set readOnly to true, and mount a volume or tmpfs where the program writes.",
  *check({ part, runs, readOnly }) {
    yield part.fails("can write to its root file system", readOnly, () => readOnly.read() !== true && runs());
  },
});
