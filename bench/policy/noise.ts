import { globSync } from "node:fs";
import { dirname } from "node:path";
import { InputError } from "../../cli/check/files";
import { readManifests } from "../../cli/check/manifests";
import { readWorkflows } from "../../cli/check/workflows";
import { type Finding, judge, type Resource } from "../../policy";
import { ENVIRONMENTS, type Environment } from "../../policy/core/level";
import { parseSettings } from "../../policy/core/settings";
import { podWorkload } from "../../policy/model/podspec";
import { RULES } from "../../policy/rules";

const USAGE = `usage: tsx bench/policy/noise.ts manifests|workflows FOLDER... [--rule ID]
How much the rules tell of manifests or workflows that nobody wrote for them. The files of one folder are judged together.
--rule lists the findings of one rule instead.`;

const READERS = { manifests: readManifests, workflows: readWorkflows };

interface Read {
  /** What each folder holds. */
  sets: Resource[][];
  /** Files that are none, such as templates. */
  skipped: number;
}

function readAll(
  read: (names: readonly string[]) => { readonly resources: readonly Resource[] },
  folders: readonly string[],
): Read {
  const files = folders.flatMap((folder) => globSync(`${folder}/**/{*,.*/**/*}.{yaml,yml,json}`).sort());
  let skipped = 0;
  const sets = [...Map.groupBy(new Set(files), dirname).values()].map((together) =>
    together.flatMap((file) => {
      try {
        return read([file]).resources;
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        skipped += 1;
        return [];
      }
    }),
  );
  return { sets, skipped };
}

function findingsIn(environment: Environment, sets: readonly Resource[][]): Finding[] {
  const settings = parseSettings({ environment }, RULES);
  return sets.flatMap((resources) => judge(resources, RULES, settings));
}

function main([kind = "", ...rest]: string[]): void {
  const at = rest.indexOf("--rule");
  const only = at < 0 ? undefined : rest[at + 1];
  const folders = at < 0 ? rest : rest.slice(0, at);
  if (!Object.hasOwn(READERS, kind) || folders.length === 0) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const { sets, skipped } = readAll(READERS[kind as keyof typeof READERS], folders);
  const resources = sets.flat();
  if (only !== undefined) {
    for (const { rule, resource, path, message } of findingsIn("production", sets)) {
      if (rule === only) console.log(`${resource.file}:${resource.line ?? 0} ${resource.name} ${path} ${message}`);
    }
    return;
  }
  const counted = kind === "workflows" ? resources : resources.filter(({ type }) => podWorkload.accepts(type));
  const each = kind === "workflows" ? "workflow" : "workload";
  console.log(
    `${resources.length} objects in ${sets.length} folders, ${counted.length} ${each}s; ${skipped} files are none`,
  );
  for (const environment of ENVIRONMENTS) {
    const findings = findingsIn(environment, sets);
    const per = (level: string) => (findings.filter((one) => one.level === level).length / counted.length).toFixed(2);
    const clean = counted.filter(
      ({ file, line }) =>
        !findings.some(
          ({ level, resource }) => level === "mandatory" && resource.file === file && resource.line === line,
        ),
    ).length;
    console.log(
      `${environment.padEnd(12)} per ${each}: mandatory ${per("mandatory")}, advisory ${per("advisory")}; ${clean} without a mandatory one`,
    );
  }
  const findings = findingsIn("production", sets);
  for (const [rule, own] of [...Map.groupBy(findings, ({ rule }) => rule)].sort(
    ([, a], [, b]) => b.length - a.length,
  )) {
    const objects = new Set(own.map(({ resource }) => `${resource.file}:${resource.line}`)).size;
    const kinds = [...new Set(own.map(({ kind }) => kind))].filter((kind) => kind !== "violation");
    console.log(
      `${rule.padEnd(34)} ${String(own.length).padStart(5)} in ${objects} objects ${own[0]?.level} ${kinds.join(" ")}`,
    );
  }
}

main(process.argv.slice(2));
