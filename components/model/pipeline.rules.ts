import { elementsOf, entriesOf, isObject, part } from "./anything";
import { parseDuration } from "./duration";
import { type DispatchInput, InputKind, type Pipeline, type Toolchain, VersioningWay } from "./pipeline";
import { type Images, type Registry, RegistryKind, Signature } from "./pipeline-images";
import { Auditor } from "./pipeline-security";
import { checksRules, testsRules, withoutToolchain } from "./pipeline-tests.rules";
import { describeValue, joinPath, type Problem } from "./problem";
import { empty, lenientSeconds, repeated } from "./references";

/**
 * Problems between settings of a pipeline, beyond what each field says by itself.
 * @param environments Names that tests may choose from; undefined where those are not known.
 */
export function pipelineRules(pipeline: Pipeline, path: string, environments?: readonly string[]): Problem[] {
  const toolchain = part(pipeline, "toolchain");
  const python = part(part(toolchain, "python"), "versions");
  const node = part(part(toolchain, "node"), "versions");
  return [
    ...branchRules(pipeline, path),
    ...repeated(node, `${path}.toolchain.node.versions`),
    ...empty(node, `${path}.toolchain.node.versions`, 'Add a version, or leave out versions for "24"'),
    ...repeated(python, `${path}.toolchain.python.versions`),
    ...empty(python, `${path}.toolchain.python.versions`, 'Add a version, or leave out versions for "3.13"'),
    ...checksRules(part(pipeline, "lint"), toolchain, `${path}.lint`),
    ...checksRules(part(pipeline, "types"), toolchain, `${path}.types`),
    ...testsRules(part(pipeline, "tests"), `${path}.tests`, environments),
    ...imagesRules(part(pipeline, "images"), `${path}.images`),
    ...registryRules(part(pipeline, "registry"), `${path}.registry`),
    ...securityRules(pipeline, path),
    ...versioningRules(pipeline, path),
    ...repeated(part(part(pipeline, "infrastructure"), "secrets"), `${path}.infrastructure.secrets`),
    ...entriesOf(part(pipeline, "dispatch")).flatMap(([name, job]) => [
      ...repeated(part(job, "secrets"), joinPath(path, "dispatch", name, "secrets")),
      ...entriesOf(part(job, "inputs")).flatMap(([input, value]) =>
        inputRules(value, joinPath(path, "dispatch", name, "inputs", input)),
      ),
    ]),
    ...keepRules(pipeline, path),
  ];
}

function branchRules(pipeline: Pipeline, path: string): Problem[] {
  const { production = "main", integration } = part(pipeline, "branches") ?? {};
  const problems = Object.entries({ production, integration }).flatMap(([name, branch]): Problem[] => {
    if (typeof branch !== "string" || !branch.includes("*")) return [];
    const got = describeValue(branch);
    return [
      {
        path: `${path}.branches.${name}`,
        problem: "must be one branch, not a glob",
        got,
        fix: 'Write "main", for example',
      },
    ];
  });
  if (integration !== undefined && integration === production) {
    const got = describeValue(integration);
    const fix = "Remove it: changes then go straight to the production branch";
    problems.push({ path: `${path}.branches.integration`, problem: "is the same as production", got, fix });
  }
  return problems;
}

function imagesRules(images: Images | undefined, path: string): Problem[] {
  if (!isObject(images)) return [];
  const { signature = Signature.keyless, signingKey, provenance = true, verifyBeforeDeployment: verify } = images;
  const problems: Problem[] = [];
  if ((signature === Signature.key) !== (signingKey !== undefined)) {
    problems.push(
      signature === Signature.key
        ? {
            path: `${path}.signingKey`,
            problem: 'is missing beside signature "key"',
            fix: 'Write "awskms:///alias/release", for example',
          }
        : {
            path: `${path}.signingKey`,
            problem: 'has no effect without signature "key"',
            got: describeValue(signingKey),
            fix: 'Set signature to "key", or remove it',
          },
    );
  }
  if (verify === true && signature === Signature.none && provenance === false) {
    const fix = "Switch on signature or provenance, or set it to false";
    problems.push({
      path: `${path}.verifyBeforeDeployment`,
      problem: "has nothing to verify without signature and provenance",
      got: "true",
      fix,
    });
  }
  return [
    ...empty(images.platforms, `${path}.platforms`, 'Add a platform, or leave out platforms for "linux/amd64"'),
    ...problems,
  ];
}

const withAddress: readonly unknown[] = [
  RegistryKind.ecr,
  RegistryKind.artifactRegistry,
  RegistryKind.acr,
  RegistryKind.other,
];
const withPassword: readonly unknown[] = [RegistryKind.dockerHub, RegistryKind.other];

function registryRules(registry: Registry | undefined, path: string): Problem[] {
  if (!isObject(registry)) return [];
  const { kind } = registry;
  const fields = [
    { name: "address", wanted: withAddress.includes(kind), example: '"registry.example.com:5000"' },
    { name: "userSecret", wanted: withPassword.includes(kind), example: '"REGISTRY_USER"' },
    { name: "passwordSecret", wanted: withPassword.includes(kind), example: '"REGISTRY_PASSWORD"' },
  ] as const;
  return fields.flatMap(({ name, wanted, example }): Problem[] => {
    const given = registry[name] !== undefined;
    const known = Object.values(RegistryKind).some((each) => each === kind);
    if (given === wanted || !known) return [];
    const here = `${path}.${name}`;
    return [
      wanted
        ? { path: here, problem: `is missing beside kind "${kind}"`, fix: `Write ${example}, for example` }
        : {
            path: here,
            problem: `has no effect beside kind "${kind}"`,
            got: describeValue(registry[name]),
            fix: "Remove it",
          },
    ];
  });
}

const auditorNeeds = new Map<unknown, keyof Toolchain>([
  [Auditor.npmAudit, "node"],
  [Auditor.pipAudit, "python"],
]);

function securityRules(pipeline: Pipeline, path: string): Problem[] {
  const [security, toolchain] = [part(pipeline, "security"), part(pipeline, "toolchain")];
  const here = `${path}.security`;
  const audit = part(security, "audit");
  return [
    ...empty(
      part(part(security, "codeql"), "languages"),
      `${here}.codeql.languages`,
      "Add a language, or remove codeql",
    ),
    ...repeated(audit, `${here}.audit`),
    ...elementsOf(audit).flatMap((auditor, index) => {
      return withoutToolchain(toolchain, auditorNeeds.get(auditor), joinPath(here, "audit", index), auditor);
    }),
    ...(part(security, "bandit") === true ? withoutToolchain(toolchain, "python", `${here}.bandit`, true) : []),
  ];
}

function versioningRules(pipeline: Pipeline, path: string): Problem[] {
  const way = part(part(pipeline, "versioning"), "way");
  if (way !== VersioningWay.changesets && way !== VersioningWay.semanticRelease) return [];
  return withoutToolchain(part(pipeline, "toolchain"), "node", `${path}.versioning.way`, way);
}

function inputRules(input: DispatchInput, path: string): Problem[] {
  if (!isObject(input)) return [];
  const { kind = InputKind.text, options, default: value } = input;
  const choices = elementsOf(options);
  if (kind === InputKind.choice && choices.length === 0) {
    return [
      {
        path: `${path}.options`,
        problem: 'is missing beside kind "choice"',
        fix: 'Write ["small", "large"], for example',
      },
    ];
  }
  if (kind !== InputKind.choice && options !== undefined) {
    const fix = 'Set kind to "choice", or remove it';
    return [
      { path: `${path}.options`, problem: 'has no effect without kind "choice"', got: describeValue(options), fix },
    ];
  }
  const allowed = kind === InputKind.boolean ? ["true", "false"] : kind === InputKind.choice ? choices : undefined;
  if (typeof value !== "string" || allowed === undefined || allowed.includes(value))
    return repeated(options, `${path}.options`);
  const names = allowed.map((each) => describeValue(each)).join(", ");
  return [
    {
      path: `${path}.default`,
      problem: `is none of the options of kind ${describeValue(kind)}`,
      got: describeValue(value),
      fix: `Choose one of ${names}`,
    },
  ];
}

const daySeconds = 24 * 3600;

function keepRules(pipeline: Pipeline, path: string): Problem[] {
  const keep = part(pipeline, "keepArtifacts");
  const seconds = lenientSeconds(parseDuration, keep);
  if (!(seconds > 0) || (seconds >= daySeconds && seconds <= 90 * daySeconds)) return [];
  return [
    {
      path: `${path}.keepArtifacts`,
      problem: "must be from 1 to 90 days",
      got: describeValue(keep),
      fix: 'Write "14d", for example',
    },
  ];
}
