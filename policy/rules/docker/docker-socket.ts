import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cisDocker } from "../../core/standard";
import { dockerContainer } from "../../model/docker";
import { reachesSocket } from "../../model/runtime-socket";

export const dockerSocket = defineRule({
  id: "docker-socket",
  title: "No container reaches the engine's socket",
  severity: "critical",
  standards: cisDocker("5.32"),
  levels: levels("mandatory", "mandatory"),
  model: dockerContainer,
  why: "Whoever can talk to the engine can start a privileged container, and so has the host.",
  remediation:
    "Do not mount the engine's socket, or a folder above it. Put a proxy before it that allows single calls.",
  *check({ sources }) {
    for (const source of sources) {
      yield source.fails("reaches the engine's socket", source.cursor, () => {
        const path = source.cursor.text();
        // What does not begin like a path is the name of a volume.
        return path !== undefined && (isPipe(path) || (path.startsWith("/") && reachesSocket(path)));
      });
    }
  },
});

/** The engine's socket on Windows. */
const isPipe = (path: string): boolean => /^(\/\/|\\\\)\.[/\\]pipe[/\\]docker_engine/i.test(path);
