import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cisDocker } from "../../core/standard";
import { dockerContainer } from "../../model/docker";

export const dockerHostNamespaces = defineRule({
  id: "docker-host-namespaces",
  title: "No container shares the host's namespaces",
  severity: "critical",
  standards: cisDocker("5.10", "5.16", "5.17"),
  levels: levels("mandatory", "mandatory"),
  model: dockerContainer,
  why: "In the host's namespaces a container sees its network, its processes or their memory.",
  remediation: "Remove host from networkMode, pidMode and ipcMode, and publish the ports that are needed.",
  *check({ kind, part, networks }) {
    if (kind === "container") {
      const [network, pid, ipc] = [part.at("networkMode"), part.at("pidMode"), part.at("ipcMode")];
      yield part.fails("shares the host's network", network, () => network.read() === "host");
      yield part.fails("sees the host's processes", pid, () => pid.read() === "host");
      yield part.fails("shares the host's memory", ipc, () => ipc.read() === "host");
    }
    for (const network of networks) {
      const name = network.at("name");
      yield part.fails("shares the host's network", name, () => name.read() === "host");
    }
  },
});
