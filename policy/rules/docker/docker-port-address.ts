import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cisDocker } from "../../core/standard";
import { dockerContainer } from "../../model/docker";

/** Every address of the host. */
const EVERYWHERE = ["", "0.0.0.0", "::", "[::]"];

export const dockerPortAddress = defineRule({
  id: "docker-port-address",
  title: "Ports are published on one address",
  severity: "high",
  standards: cisDocker("5.14"),
  levels: levels("advisory", "mandatory"),
  model: dockerContainer,
  why: "A port on every address is open on networks that nobody thought of, and Docker goes round the host's firewall.",
  remediation: "Set ip to the address that has to serve, 127.0.0.1 behind a gateway, and list the ports.",
  *check({ kind, part }) {
    if (kind !== "container") return;
    const all = part.at("publishAllPorts");
    yield part.fails("publishes every port of its image", all, () => all.read() === true);
    for (const port of part.at("ports").items()) {
      const ip = port.at("ip");
      yield part.fails(
        "publishes a port on every address of its host",
        ip,
        () => !ip.present() || EVERYWHERE.includes(ip.text() ?? ""),
      );
    }
  },
});
