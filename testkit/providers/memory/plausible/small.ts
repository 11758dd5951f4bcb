import type { Plausible, Subject } from "./subject";

/** Packages with a handful of types. */
export function small({ package: pkg, kind, name, inputs, hex }: Subject): Plausible | undefined {
  switch (`${pkg}.${kind}`) {
    case "random.RandomPassword":
    case "random.RandomString": {
      const length = typeof inputs.length === "number" ? inputs.length : 16;
      return { id: kind === "RandomPassword" ? "none" : hex(length), outputs: { result: hex(length, "result") } };
    }
    case "random.RandomId":
      return { id: hex(11), outputs: { hex: hex(16), b64Url: hex(11), dec: String(Number.parseInt(hex(12), 16)) } };
    case "random.RandomPet":
      return { id: `calm-${hex(4)}`, outputs: {} };
    case "random.RandomUuid": {
      const result = `${hex(8)}-${hex(4, "b")}-4${hex(3, "c")}-8${hex(3, "d")}-${hex(12, "e")}`;
      return { id: result, outputs: { result } };
    }
    case "tls.PrivateKey":
      return {
        id: hex(40),
        outputs: {
          privateKeyPem: `-----BEGIN PRIVATE KEY-----\n${hex(64, "key")}\n-----END PRIVATE KEY-----\n`,
          publicKeyPem: `-----BEGIN PUBLIC KEY-----\n${hex(64, "public")}\n-----END PUBLIC KEY-----\n`,
          publicKeyOpenssh: `ssh-ed25519 ${hex(64, "public")}`,
        },
      };
    case "command.Command":
      return { id: `command${hex(8)}`, outputs: { stdout: "", stderr: "" } };
    case "github.Repository":
      return {
        id: name,
        outputs: {
          fullName: `example/${name}`,
          htmlUrl: `https://github.com/example/${name}`,
          httpCloneUrl: `https://github.com/example/${name}.git`,
          sshCloneUrl: `git@github.com:example/${name}.git`,
          nodeId: `R_${hex(10)}`,
          repoId: Number.parseInt(hex(7), 16),
        },
      };
    default:
      return undefined;
  }
}
