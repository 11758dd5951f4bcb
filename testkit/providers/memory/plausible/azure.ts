import type { Plausible, Subject } from "./subject";

export function azure({ module, kind, name, inputs, hex }: Subject): Plausible {
  const subscription = `00000000-0000-4000-8000-${hex(12)}`;
  const group = String(inputs.resourceGroupName ?? name);
  const root = `/subscriptions/${subscription}/resourceGroups/${group}`;
  const location = inputs.location ?? "westeurope";
  if (kind === "ResourceGroup") return { id: root, outputs: { location } };
  const id = `${root}/providers/Microsoft.${capital(module)}/${kind.charAt(0).toLowerCase()}${kind.slice(1)}s/${name}`;
  const extra: Record<string, Record<string, unknown>> = {
    Registry: { loginServer: `${name}.azurecr.io` },
    ContainerApp: {
      configuration: { ingress: { fqdn: `${name}.${hex(8)}.${location}.azurecontainerapps.io` } },
      latestRevisionName: `${name}--${hex(7)}`,
    },
    ManagedEnvironment: { defaultDomain: `${name}.${hex(8)}.${location}.azurecontainerapps.io` },
    ContainerGroup: { ipAddress: { ip: "20.0.0.10", fqdn: `${name}.${location}.azurecontainer.io` } },
    UserAssignedIdentity: {
      principalId: `00000000-0000-4000-9000-${hex(12)}`,
      clientId: `00000000-0000-4000-a000-${hex(12)}`,
    },
  };
  return { id, outputs: { location, ...extra[kind] } };
}

function capital(module: string): string {
  const first = module.split("/")[0] ?? "";
  return first === "" ? "Resources" : first.charAt(0).toUpperCase() + first.slice(1);
}
