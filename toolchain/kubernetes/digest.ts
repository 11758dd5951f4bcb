import { mustExec } from "../exec";
import { CONTAINERD_NAMESPACE } from "./layout";
import { insideArguments } from "./namespaces";

/**
 * Names an image of the cluster's containerd by its digest too, and gives that reference: an archive brings only its
 * tag, and whoever delivers by digest asks for no other.
 */
export async function nameByDigest(pid: number, image: string): Promise<string> {
  const { repository, host, tag } = parts(image);
  const digest = await digestOf(pid, image);
  if (digest === undefined) throw new Error(`containerd has no image ${image}.`);
  await ctr(pid, "tag", "--force", `${host}/${repository}:${tag}`, `${host}/${repository}@${digest}`);
  return `${repository}@${digest}`;
}

/** The digest of an image of the cluster's containerd; `undefined` where it has none of that name. */
export async function digestOf(pid: number, image: string): Promise<string | undefined> {
  const { repository, host, tag } = parts(image);
  const { stdout } = await ctr(pid, "ls", `name==${host}/${repository}:${tag}`);
  return /sha256:[0-9a-f]{64}/.exec(stdout)?.[0];
}

function parts(image: string) {
  const [repository = "", tag = "latest"] = image.split(":");
  return { repository, host: repository.includes("/") ? "docker.io" : "docker.io/library", tag };
}

const ctr = (pid: number, ...args: string[]) =>
  mustExec("nsenter", [...insideArguments(pid), "ctr", "--namespace", CONTAINERD_NAMESPACE, "images", ...args]);
