import { isAbsolute, relative, resolve, sep } from "node:path";
import * as pulumi from "@pulumi/pulumi";

/**
 * A folder as the provider plugin should be told it. Under the command line the plugin's working folder is the
 * program's, and a relative path keeps the state free of one machine's folders; an inline program runs elsewhere than
 * its plugins, so that only an absolute path is right.
 */
export function pluginPath(folder: string): string {
  const absolute = resolve(folder);
  const root = pulumi.getRootDirectory();
  const fromRoot = relative(root, process.cwd());
  const byCommandLine = root !== "" && fromRoot !== ".." && !fromRoot.startsWith(`..${sep}`) && !isAbsolute(fromRoot);
  if (!byCommandLine) return absolute;
  return relative(process.cwd(), absolute) || ".";
}
