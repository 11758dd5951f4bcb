import { get } from "node:http";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { createApi } from "./api";
import { Guard } from "./guard";
import { log, textOf } from "./log";
import { readSettings } from "./settings";

const HEALTH_SECONDS = 4;

/**
 * The guard's program: `serve` runs it, `pipe` joins standard input and output to its API, `health` asks whether it
 * is well. Each takes the settings file as its argument; without one it is settings.json beside the program.
 */
async function main([command, file]: string[]): Promise<void> {
  const settings = readSettings(file ?? join(dirname(process.argv[1] ?? "."), "settings.json"));
  switch (command) {
    case "serve": {
      const guard = new Guard(settings, log);
      const api = createApi(guard, log);
      for (const signal of ["SIGTERM", "SIGINT"] as const) {
        process.on(signal, () => {
          // Writes are never half done here: they take no turn of the event loop.
          log("info", "stopping", { signal });
          process.exit(0);
        });
      }
      await new Promise<void>((resolve, reject) => {
        api.on("error", reject);
        api.listen(settings.port, settings.address, resolve);
      });
      log("info", "guard started", { port: settings.port, services: guard.all().length });
      await guard.run();
      return;
    }
    case "pipe": {
      const socket = connect(settings.port, "127.0.0.1");
      socket.on("error", (error) => {
        process.stderr.write(`${textOf(error)}\n`);
        process.exit(1);
      });
      socket.on("close", () => process.exit(0));
      process.stdin.pipe(socket);
      socket.pipe(process.stdout);
      return;
    }
    case "health": {
      const host = settings.address ?? "127.0.0.1";
      const request = get({ host, port: settings.port, path: "/healthz", timeout: HEALTH_SECONDS * 1000 }, (answer) =>
        process.exit(answer.statusCode === 200 ? 0 : 1),
      );
      request.on("timeout", () => request.destroy(new Error("no answer")));
      request.on("error", () => process.exit(1));
      return;
    }
    default:
      throw new Error(`commands are serve, pipe and health (got ${command ?? "none"})`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  log("error", "the guard cannot run", { reason: textOf(error) });
  process.exit(1);
});
