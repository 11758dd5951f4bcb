import { mustExec } from "../exec";
import { CONTAINERD_NAMESPACE } from "./layout";
import { insideArguments } from "./namespaces";

/**
 * Names an image of the cluster's containerd by its digest too, and gives that reference: an archive brings only its
 * tag, and whoever delivers by digest asks for no other.
 */
export async function nameByDigest(pid: number, image: string): Promise<string> {
  const [repository = "", tag = "latest"] = image.split(":");
  const host = repository.includes("/") ? "docker.io" : "docker.io/library";
  const ctr = (...args: string[]) =>
    mustExec("nsenter", [...insideArguments(pid), "ctr", "--namespace", CONTAINERD_NAMESPACE, "images", ...args]);
  const { stdout } = await ctr("ls", `name==${host}/${repository}:${tag}`);
  const digest = /sha256:[0-9a-f]{64}/.exec(stdout)?.[0];
  if (digest === undefined) throw new Error(`containerd has no image ${image}.`);
  await ctr("tag", "--force", `${host}/${repository}:${tag}`, `${host}/${repository}@${digest}`);
  return `${repository}@${digest}`;
}
