import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";

/** Every object these tests make carries it. */
export const LABEL = "headgate.test.testkit";

/** A base image of a megabyte, with a name of its own for each run. */
export interface Busybox extends AsyncDisposable {
  image: string;
}

export async function busybox(): Promise<Busybox> {
  const folder = mkdtempSync(join(tmpdir(), "headgate-busybox-"));
  const image = `headgate-testkit-busybox:${randomBytes(4).toString("hex")}`;
  try {
    cpSync(program(), join(folder, "busybox"));
    writeFileSync(
      join(folder, "Dockerfile"),
      `FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "sh", "-c", "/bin/busybox --install -s /bin && /bin/mkdir -p /tmp /data /etc && echo nobody:x:65534:65534::/:/bin/sh > /etc/passwd"]
LABEL ${LABEL}=${image}
`,
    );
    execFileSync("docker", ["build", "-q", "-t", image, folder], {
      env: { ...process.env, DOCKER_BUILDKIT: "0" },
      stdio: "pipe",
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    image,
    [Symbol.asyncDispose]: async () => {
      await new Docker().getImage(image).remove({ force: true });
    },
  };
}

/** The static program of Debian's package, from the machine or from the package cache. */
function program(): string {
  const cache = join(process.env.HEADGATE_CACHE ?? join(homedir(), ".cache", "headgate"), "busybox");
  const cached = join(cache, "busybox");
  if (existsSync(cached)) return cached;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, "work-"));
  try {
    execFileSync("apt-get", ["download", "busybox-static"], { cwd: work, stdio: "pipe" });
    const archive = readdirSync(work).find((name) => name.endsWith(".deb"));
    if (archive === undefined) throw new Error("apt-get downloaded no busybox-static package.");
    execFileSync("dpkg-deb", ["-x", archive, "root"], { cwd: work, stdio: "pipe" });
    renameSync(join(work, "root", "bin", "busybox"), cached);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return cached;
}
