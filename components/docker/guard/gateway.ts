import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import { changes } from "./changes";
import { readIfThere, writeDurably } from "./durable-file";
import { renderGateway } from "./gateway-config";
import { type Log, textOf } from "./log";
import type { GuardSettings } from "./protocol";
import { ask, hasLeftovers, readMark, readWorld } from "./runtime-socket";
import type { DesiredService, SeenWorld } from "./world";

/** A reload is over when the new configuration answers. */
const RELOAD_SECONDS = 5;
/** A configuration that the gateway refuses is not tried again at once. */
const REFUSED_PAUSE_SECONDS = 10;
const COMMANDS_PER_LINE = 40;

/** The gateway as it was found after the last attempt to bring it to what is wanted. */
export type GatewayView =
  | {
      reachable: true;
      /** Its hosts and settings are the wanted ones too, not only its servers. */
      current: boolean;
      /** A process from before a reload still answers clients, with servers that nobody can change any more. */
      leftovers: boolean;
      world: SeenWorld;
    }
  | { reachable: false; reason: string };

/** Brings the gateway to what is wanted: its file first, so that a restart at any time agrees, then what runs. */
export class Gateway {
  view: GatewayView = { reachable: false, reason: "not tried yet" };
  private readonly file: string;
  private readonly runtimeSocket: string;
  private readonly masterSocket: string;
  private written: string | undefined;
  private refusedAt = 0;
  private complaint = "";

  constructor(
    private readonly settings: GuardSettings,
    private readonly log: Log,
  ) {
    this.file = join(settings.gatewayFolder, "haproxy.cfg");
    this.runtimeSocket = join(settings.socketFolder, "runtime.sock");
    this.masterSocket = join(settings.socketFolder, "master.sock");
  }

  /** One attempt. Never throws for a gateway that is away: the view says so, and the next attempt follows. */
  async converge(wanted: DesiredService[]): Promise<void> {
    const config = renderGateway(this.settings, wanted);
    this.written ??= readIfThere(this.file) ?? "";
    if (this.written !== config.text) {
      writeDurably(this.file, config.text, 0o644);
      this.written = config.text;
    }
    try {
      const current = (await readMark(this.runtimeSocket)) === config.mark || (await this.reload(config.mark));
      const addresses = await resolve(wanted);
      const commands = changes(wanted, await readWorld(this.runtimeSocket), addresses);
      if (commands.length > 0) await this.send(commands);
      else this.complaint = "";
      const leftovers = await hasLeftovers(this.masterSocket).catch(() => false);
      this.see({ reachable: true, current, leftovers, world: await readWorld(this.runtimeSocket) });
    } catch (error) {
      this.see({ reachable: false, reason: textOf(error) });
    }
  }

  private see(view: GatewayView): void {
    if (view.reachable !== this.view.reachable) {
      if (view.reachable) this.log("info", "gateway reached");
      else this.log("warn", "gateway not reached", { reason: view.reason });
    }
    this.view = view;
  }

  /** Asks for a reload. When it is refused, servers are still kept right, for a rollback must never wait for it. */
  private async reload(mark: string): Promise<boolean> {
    if (Date.now() - this.refusedAt < REFUSED_PAUSE_SECONDS * 1000) return false;
    const started = Date.now();
    try {
      await ask(this.masterSocket, "reload");
    } catch (error) {
      this.log("warn", "gateway cannot be told to reload yet", { reason: textOf(error) });
      return false;
    }
    while (Date.now() - started < RELOAD_SECONDS * 1000) {
      if ((await readMark(this.runtimeSocket).catch(() => "")) === mark) {
        this.log("info", "gateway reloaded", { mark });
        return true;
      }
      await new Promise((wake) => setTimeout(wake, 50));
    }
    this.refusedAt = Date.now();
    this.log("error", "gateway does not take its new configuration; its own log tells why", { mark });
    return false;
  }

  private async send(commands: string[]): Promise<void> {
    const answers: string[] = [];
    for (let start = 0; start < commands.length; start += COMMANDS_PER_LINE) {
      answers.push(await ask(this.runtimeSocket, commands.slice(start, start + COMMANDS_PER_LINE).join("; ")));
    }
    const complaint = answers
      .flatMap((answer) => answer.split("\n"))
      .filter((line) => line.trim() !== "" && !EXPECTED.test(line))
      .join(" | ");
    if (complaint !== "" && complaint !== this.complaint) {
      this.log("warn", "gateway complains", { commands, answer: complaint });
    } else if (complaint === "") this.log("info", "gateway changed", { commands });
    this.complaint = complaint;
  }
}

const EXPECTED = /^(New server registered|Server deleted|IP changed from|port changed from|no need to change)/i;

/** Addresses of all hosts; a name that is not known now is left out. */
async function resolve(services: DesiredService[]): Promise<Map<string, string>> {
  const hosts = new Set(services.flatMap(({ servers }) => servers.map(({ host }) => host)));
  const addresses = new Map<string, string>();
  await Promise.all(
    [...hosts].map(async (host) => {
      if (isIP(host) !== 0) addresses.set(host, host);
      else {
        const found = await lookup(host, { family: 4 }).catch(() => undefined);
        if (found !== undefined) addresses.set(host, found.address);
      }
    }),
  );
  return addresses;
}
