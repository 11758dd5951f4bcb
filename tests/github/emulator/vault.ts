import { randomInt } from "node:crypto";
import sodium from "libsodium-wrappers";
import { type Answer, type Call, problem, type Route } from "./route";
import { now, type StoredSecret, type StoredVariable, type Vault } from "./state";

const ORIGINAL = () => sodium.base64_variants.ORIGINAL;

export function newVault(): Vault {
  const keyId = String(randomInt(2 ** 40));
  return { keys: sodium.crypto_box_keypair(), keyId, secrets: new Map(), variables: new Map() };
}

/** The value of a secret, as a run would get it. */
export function opened(vault: Vault, name: string): string | undefined {
  const found = vault.secrets.get(name.toUpperCase());
  if (found === undefined) return undefined;
  const box = sodium.from_base64(found.sealed, ORIGINAL());
  return sodium.to_string(sodium.crypto_box_seal_open(box, vault.keys.publicKey, vault.keys.privateKey));
}

const shownSecret = ({ sealed: _, ...secret }: StoredSecret) => secret;

/** Routes of secrets and variables below `at`, the address of what has them. */
export function vaultRoutes(at: string, variablesAt: string, vaultOf: (call: Call) => Vault | Answer): Route[] {
  const withVault =
    (work: (vault: Vault, call: Call) => Answer): Route["handle"] =>
    (call) => {
      const vault = vaultOf(call);
      return "status" in vault ? vault : work(vault, call);
    };
  const nameOf = ({ parameters }: Call) => (parameters["name"] ?? "").toUpperCase();
  return [
    {
      route: `GET ${at}/public-key`,
      handle: withVault(({ keyId, keys }) => ({
        status: 200,
        body: { key_id: keyId, key: sodium.to_base64(keys.publicKey, ORIGINAL()) },
      })),
    },
    {
      route: `GET ${at}`,
      handle: withVault(({ secrets }) => ({
        status: 200,
        body: { total_count: secrets.size, secrets: [...secrets.values()].map(shownSecret) },
      })),
    },
    {
      route: `GET ${at}/{name}`,
      handle: withVault(({ secrets }, call) => {
        const found = secrets.get(nameOf(call));
        return found === undefined ? problem(404, "Not Found") : { status: 200, body: shownSecret(found) };
      }),
    },
    {
      route: `PUT ${at}/{name}`,
      handle: withVault(({ secrets, keyId }, call) => {
        const { encrypted_value: sealed, key_id } = call.body;
        if (typeof sealed !== "string")
          return problem(422, "Invalid request.\n\nFor 'properties/encrypted_value', nil is not a string.");
        if (key_id !== keyId) return problem(422, "Bad request - key_id does not match the public key");
        const old = secrets.get(nameOf(call));
        const created_at = old?.created_at ?? now();
        secrets.set(nameOf(call), { name: nameOf(call), sealed, created_at, updated_at: now() });
        return { status: old === undefined ? 201 : 204, ...(old === undefined && { body: {} }) };
      }),
    },
    {
      route: `DELETE ${at}/{name}`,
      handle: withVault(({ secrets }, call) =>
        secrets.delete(nameOf(call)) ? { status: 204 } : problem(404, "Not Found"),
      ),
    },
    {
      route: `GET ${variablesAt}`,
      handle: withVault(({ variables }) => ({
        status: 200,
        body: { total_count: variables.size, variables: [...variables.values()] },
      })),
    },
    {
      route: `POST ${variablesAt}`,
      handle: withVault(({ variables }, { body }) => {
        const name = String(body["name"]).toUpperCase();
        if (variables.has(name)) return problem(409, "Already exists - Variable already exists");
        variables.set(name, { name, value: String(body["value"]), created_at: now(), updated_at: now() });
        return { status: 201, body: {} };
      }),
    },
    {
      route: `GET ${variablesAt}/{name}`,
      handle: withVault(({ variables }, call) => {
        const found: StoredVariable | undefined = variables.get(nameOf(call));
        return found === undefined ? problem(404, "Not Found") : { status: 200, body: found };
      }),
    },
    {
      route: `PATCH ${variablesAt}/{name}`,
      handle: withVault(({ variables }, call) => {
        const old = variables.get(nameOf(call));
        if (old === undefined) return problem(404, "Not Found");
        variables.set(nameOf(call), { ...old, value: String(call.body["value"] ?? old.value), updated_at: now() });
        return { status: 204 };
      }),
    },
    {
      route: `DELETE ${variablesAt}/{name}`,
      handle: withVault(({ variables }, call) =>
        variables.delete(nameOf(call)) ? { status: 204 } : problem(404, "Not Found"),
      ),
    },
  ];
}
