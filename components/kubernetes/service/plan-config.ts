import type { core } from "@pulumi/kubernetes/types/input";
import type { Problem } from "../../model/problem";

/** Most bytes of all values of a ConfigMap or a Secret (the validation of Kubernetes, MaxSecretSize). */
const MOST_BYTES = 2 ** 20;

/** Key of a file in the configuration: a path is none. Names of variables have no dot, so that they never meet. */
const fileKey = (index: number) => `file.${index}`;

/** Files in the order of their keys. */
const sorted = (files: Record<string, string>) => Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));

/** Content of the configuration: variables and files. */
export function configData(env: Record<string, string>, files: Record<string, string>): Record<string, string> {
  return { ...env, ...Object.fromEntries(sorted(files).map(([, content], index) => [fileKey(index), content])) };
}

/** What does not fit into one object. */
export function configProblems(env: Record<string, string>, files: Record<string, string>): Problem[] {
  const bytes = Object.values(configData(env, files)).reduce((sum, value) => sum + Buffer.byteLength(value), 0);
  if (bytes <= MOST_BYTES) return [];
  const problem = `and service.env have ${bytes} bytes together, more than the ${MOST_BYTES} of a ConfigMap`;
  return [{ path: "service.files", problem, fix: "Put the large ones into the image, or on a volume" }];
}

/** Where the files are mounted, each beside what the image has in its folder. */
export function fileMounts(files: Record<string, string>, volume: string): core.v1.VolumeMount[] {
  return sorted(files).map(([path], index) => ({
    name: volume,
    mountPath: path,
    subPath: fileKey(index),
    readOnly: true,
  }));
}
