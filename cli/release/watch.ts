import type { ReleaseTarget, ServiceView } from "./target";
import { stateText, statusText, versionText } from "./text";
import { liveView } from "./view";

/** What is written to: a terminal, or a file or pipe. */
export interface Screen {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
  write(text: string): unknown;
}

/** Exit codes of `--watch`. */
export const PROMOTED = 0;
export const TAKEN_BACK = 1;
export const WAITS = 3;

/** Times in a row that a look may fail: an API server or a guard that is started again is back soon. */
const FAILED_LOOKS = 30;

/** Shows a release until it has ended or waits for a person. A terminal gets a picture that changes, all else lines. */
export async function watch(target: ReleaseTarget, service: string, screen: Screen): Promise<number> {
  let drawn = 0;
  let told: { revision: number; sequence: number } = { revision: -1, sequence: 0 };
  let failed = 0;
  for (;;) {
    const view = await target.look(service).catch((error: unknown) => {
      failed += 1;
      if (failed >= FAILED_LOOKS) throw error;
      return undefined;
    });
    if (view !== undefined) {
      failed = 0;
      const now = Date.now() / 1000;
      if (screen.isTTY === true) drawn = redraw(screen, liveView(view, now, (screen.columns || 80) - 1), drawn);
      else told = tellNew(screen, view, told, now);
      const code = exitCode(view);
      if (code !== undefined) return code;
    } else if (failed === 0) {
      screen.write(`${service} is gone\n`);
      return TAKEN_BACK;
    }
    await new Promise((resolve) => setTimeout(resolve, target.lookSeconds * 1000));
  }
}

/** Undefined: it goes on. */
export function exitCode({ release }: ServiceView): number | undefined {
  if (release === undefined) return PROMOTED;
  if (release.phase === "ended") return release.outcome === "promoted" ? PROMOTED : TAKEN_BACK;
  return release.paused === undefined ? undefined : WAITS;
}

/** Writes lines over those that were written before; returns how many are there now. */
function redraw(screen: Screen, all: readonly string[], drawn: number): number {
  const lines = all.slice(0, Math.max(1, (screen.rows ?? 50) - 1));
  const up = drawn > 0 ? `\u001b[${drawn}A` : "";
  const clear = "\u001b[K";
  screen.write(`${up}${lines.map((line) => `${line}${clear}\n`).join("")}\u001b[J`);
  return lines.length;
}

function tellNew(
  screen: Screen,
  view: ServiceView,
  told: { revision: number; sequence: number },
  now: number,
): { revision: number; sequence: number } {
  const { release } = view;
  if (release === undefined) {
    screen.write(`${statusText(view, now)}\n`);
    return told;
  }
  const { revision } = release.candidate;
  const since = told.revision === revision ? told.sequence : 0;
  if (told.revision !== revision) {
    screen.write(`release ${versionText(release.candidate)} ${stateText(release)}\n`);
  }
  const fresh = release.events.filter(({ sequence }) => sequence > since);
  for (const { message } of fresh) screen.write(`${message}\n`);
  return { revision, sequence: fresh.at(-1)?.sequence ?? since };
}
