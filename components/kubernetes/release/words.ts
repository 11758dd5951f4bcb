import type { Cluster } from "./cluster";
import { configsOf } from "./configs";
import type { Snapshot } from "./objects";
import type { Story } from "./story";

/** Lines of a container's log shown when it ends. */
const LOG_LINES = 5;

/**
 * Tells the last words of containers that ended, once for each kind of end, and without the values of the Secrets that
 * they can see. Where those may not be read nobody knows what to hide: then it tells how to ask for the words.
 */
export async function tellLastWords(
  cluster: Cluster,
  { rollout }: Snapshot,
  { problems }: Story,
  told: readonly string[],
  print: (line: string) => void,
): Promise<string[]> {
  const namespace = rollout?.metadata.namespace ?? "default";
  const all = [...told];
  for (const { key, pod, crashed } of problems) {
    if (crashed === undefined || all.includes(key)) continue;
    all.push(key);
    const names = configsOf(rollout?.spec.template).flatMap((name) =>
      name.startsWith("Secret/") ? [name.slice("Secret/".length)] : [],
    );
    try {
      const secrets = await cluster.secretValues(namespace, names);
      const words = hide(await cluster.lastWords(namespace, pod, crashed, LOG_LINES), secrets);
      print(`pod ${pod} said last: ${words === "" ? "(nothing)" : words}`);
    } catch {
      print(`what pod ${pod} said last: kubectl logs --previous -n ${namespace} ${pod} -c ${crashed}`);
    }
  }
  return all;
}

/** A text in one line, without any of these values, whole or line by line. */
export function hide(text: string, secrets: readonly string[]): string {
  const values = secrets.flatMap((secret) => [secret, ...secret.split("\n")]).map((value) => value.trim());
  return [...new Set(values)]
    .filter((value) => value.length > 0)
    .sort((a, b) => b.length - a.length)
    .reduce((hidden, value) => hidden.replaceAll(value, "[secret]"), text)
    .trim()
    .split("\n")
    .join(" | ");
}
