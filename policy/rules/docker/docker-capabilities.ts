import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cisDocker } from "../../core/standard";
import { dockerContainer } from "../../model/docker";

/** With the prefix of Linux or without, in any case: the engine takes all. */
const plain = (name: string | undefined): string | undefined => name?.toUpperCase().replace(/^CAP_/, "");

export const dockerCapabilities = defineRule({
  id: "docker-capabilities",
  title: "Containers of Docker keep no capability they do not need",
  severity: "high",
  standards: cisDocker("5.4"),
  levels: levels("advisory", "mandatory"),
  model: dockerContainer,
  why: "Each capability is a piece of root's power over the host.",
  remediation: 'Drop "ALL", and add NET_BIND_SERVICE at most.',
  *check({ part, runs, addedCapabilities, droppedCapabilities }) {
    yield part.fails(
      "keeps capabilities it may not need",
      droppedCapabilities,
      () => !droppedCapabilities.some((name) => plain(name.text()) === "ALL") && runs(),
    );
    for (const name of addedCapabilities.items()) {
      yield part.fails("adds a capability that is not allowed", name, () => plain(name.text()) !== "NET_BIND_SERVICE");
    }
  },
});
