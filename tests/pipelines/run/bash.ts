import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type ExecResult, exec, which } from "../../../toolchain/exec";

/** A folder in which scripts run as a platform runs them: their own home, their own files, and what stands in for others. */
export class Bench implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "headgate-script-"));
  /** `$WORK` of the scripts. */
  readonly work = join(this.folder, "work");
  private readonly bin = join(this.folder, "bin");

  constructor() {
    for (const name of ["home", "bin", "work"]) mkdirSync(join(this.folder, name));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Writes a file of the folder and gives its path. */
  write(name: string, content: string): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  /** The text of a file of the folder, empty when there is none. */
  read(name: string): string {
    return existsSync(this.path(name)) ? readFileSync(this.path(name), "utf8") : "";
  }

  /** Puts a program before the machine's own. */
  program(name: string, script: string): void {
    writeFileSync(join(this.bin, name), `#!/usr/bin/env bash\n${script}`);
    chmodSync(join(this.bin, name), 0o755);
  }

  /** Notes the arguments of programs of the machine in the file "arguments", and runs them as they are. */
  watch(...names: string[]): void {
    for (const name of names) {
      const real = which(name);
      if (real === undefined) throw new Error(`${name} is not on PATH`);
      this.program(name, `printf '%s\\n' "${name} $*" >> '${this.path("arguments")}'\nexec '${real}' "$@"\n`);
    }
  }

  /** Runs a script as GitHub does with `shell: bash`. */
  run(script: string, env: Readonly<Record<string, string>> = {}, cwd = this.folder): Promise<ExecResult> {
    const file = this.write("script.sh", script);
    const own = { HOME: this.path("home"), WORK: this.work, RUNNER_TEMP: this.folder };
    const path = `${this.bin}${delimiter}${process.env["PATH"] ?? ""}`;
    return exec("bash", ["--noprofile", "--norc", "-eo", "pipefail", file], {
      cwd,
      env: { ...own, ...env, PATH: path },
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
