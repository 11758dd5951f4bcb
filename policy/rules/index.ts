import type { Rule } from "../core/rule";
import { cloudStaticKeys } from "./aws/cloud-static-keys";
import { ecrImmutable } from "./aws/ecr-immutable";
import { ecrScan } from "./aws/ecr-scan";
import { ecsHost } from "./aws/ecs-host";
import { ecsLogging } from "./aws/ecs-logging";
import { ecsNonroot } from "./aws/ecs-nonroot";
import { ecsPrivileged } from "./aws/ecs-privileged";
import { ecsPublicIp } from "./aws/ecs-public-ip";
import { ecsReadonly } from "./aws/ecs-readonly";
import { ecsRoles } from "./aws/ecs-roles";
import { iamAdmin } from "./aws/iam-admin";
import { iamEscalation } from "./aws/iam-escalation";
import { iamOidcTrust } from "./aws/iam-oidc-trust";
import { lambdaConcurrency } from "./aws/lambda-concurrency";
import { lambdaDeadLetter } from "./aws/lambda-dead-letter";
import { lambdaExposure } from "./aws/lambda-exposure";
import { lambdaQuality } from "./aws/lambda-quality";
import { registryCmk } from "./aws/registry-cmk";
import { registryLifecycle } from "./aws/registry-lifecycle";
import { registryPublic } from "./aws/registry-public";
import { secretCmk } from "./aws/secret-cmk";
import { secretRotation } from "./aws/secret-rotation";
import { sfnObservability } from "./aws/sfn-observability";
import { sfnRetry } from "./aws/sfn-retry";
import { dockerCapabilities } from "./docker/docker-capabilities";
import { dockerHealthcheck } from "./docker/docker-healthcheck";
import { dockerHostNamespaces } from "./docker/docker-host-namespaces";
import { dockerLimits } from "./docker/docker-limits";
import { dockerNoNewPrivileges } from "./docker/docker-no-new-privileges";
import { dockerPortAddress } from "./docker/docker-port-address";
import { dockerPrivileged } from "./docker/docker-privileged";
import { dockerReadonlyRootfs } from "./docker/docker-readonly-rootfs";
import { dockerRestart } from "./docker/docker-restart";
import { dockerSocket } from "./docker/docker-socket";
import { gkeAlpha } from "./gcp/gke-alpha";
import { gkeAuthorizedNetworks } from "./gcp/gke-authorized-networks";
import { gkeBinaryAuthorization } from "./gcp/gke-binary-authorization";
import { gkeLegacyAbac } from "./gcp/gke-legacy-abac";
import { gkePrivateEndpoint } from "./gcp/gke-private-endpoint";
import { gkePrivateNodes } from "./gcp/gke-private-nodes";
import { gkeReleaseChannel } from "./gcp/gke-release-channel";
import { gkeShieldedNodes } from "./gcp/gke-shielded-nodes";
import { gkeWorkloadIdentity } from "./gcp/gke-workload-identity";
import { runIdentity } from "./gcp/run-identity";
import { runPublic } from "./gcp/run-public";
import { runQuality } from "./gcp/run-quality";
import { ghActionsPerms } from "./github/gh-actions-perms";
import { ghBranchProtection } from "./github/gh-branch-protection";
import { ghEnvAndSecrets } from "./github/gh-env-and-secrets";
import { imageDigest } from "./images/image-digest";
import { imageRegistry } from "./images/image-registry";
import { imageSigned } from "./images/image-signed";
import { k8sCapabilities } from "./kubernetes/k8s-capabilities";
import { k8sCriSocket } from "./kubernetes/k8s-cri-socket";
import { k8sDefaultSa } from "./kubernetes/k8s-default-sa";
import { k8sHostNamespaces } from "./kubernetes/k8s-host-namespaces";
import { k8sHostPath } from "./kubernetes/k8s-host-path";
import { k8sHostPorts } from "./kubernetes/k8s-host-ports";
import { k8sKernelSurfaceApparmor } from "./kubernetes/k8s-kernel-surface-apparmor";
import { k8sKernelSurfaceHostProcess } from "./kubernetes/k8s-kernel-surface-host-process";
import { k8sKernelSurfaceProcMount } from "./kubernetes/k8s-kernel-surface-proc-mount";
import { k8sKernelSurfaceSelinux } from "./kubernetes/k8s-kernel-surface-selinux";
import { k8sKernelSurfaceSysctls } from "./kubernetes/k8s-kernel-surface-sysctls";
import { k8sNamespaceGuard } from "./kubernetes/k8s-namespace-guard";
import { k8sOpaqueHelm } from "./kubernetes/k8s-opaque-helm";
import { k8sPrivilegeEscalation } from "./kubernetes/k8s-privilege-escalation";
import { k8sPrivileged } from "./kubernetes/k8s-privileged";
import { k8sProbeHost } from "./kubernetes/k8s-probe-host";
import { k8sRbacEscalation } from "./kubernetes/k8s-rbac-escalation";
import { k8sRbacWildcard } from "./kubernetes/k8s-rbac-wildcard";
import { k8sReadonlyRootfs } from "./kubernetes/k8s-readonly-rootfs";
import { k8sRunAsNonRoot } from "./kubernetes/k8s-run-as-non-root";
import { k8sSaToken } from "./kubernetes/k8s-sa-token";
import { k8sSeccomp } from "./kubernetes/k8s-seccomp";
import { k8sVolumeTypes } from "./kubernetes/k8s-volume-types";
import { qAlertQuality } from "./quality/q-alert-quality";
import { qAlertRoute } from "./quality/q-alert-route";
import { qCost } from "./quality/q-cost";
import { qDangling } from "./quality/q-dangling";
import { qDrain } from "./quality/q-drain";
import { qGraceful } from "./quality/q-graceful";
import { qOwner } from "./quality/q-owner";
import { qPdb } from "./quality/q-pdb";
import { qProbes } from "./quality/q-probes";
import { qProbesIdentical } from "./quality/q-probes-identical";
import { qProgressive } from "./quality/q-progressive";
import { qReplicas } from "./quality/q-replicas";
import { qResources } from "./quality/q-resources";
import { qRollback } from "./quality/q-rollback";
import { qSlo } from "./quality/q-slo";
import { qSpread } from "./quality/q-spread";
import { secretEnvRef } from "./secrets/secret-env-ref";
import { secretInConfigmap } from "./secrets/secret-in-configmap";
import { secretPlaintextEnv } from "./secrets/secret-plaintext-env";
import { wfArchived } from "./workflows/wf-archived";
import { wfCache } from "./workflows/wf-cache";
import { wfCheckoutToken } from "./workflows/wf-checkout-token";
import { wfConcurrency } from "./workflows/wf-concurrency";
import { wfCondition } from "./workflows/wf-condition";
import { wfCooldown } from "./workflows/wf-cooldown";
import { wfCredentials } from "./workflows/wf-credentials";
import { wfInjection } from "./workflows/wf-injection";
import { wfPermissions } from "./workflows/wf-permissions";
import { wfPermissionsReason } from "./workflows/wf-permissions-reason";
import { wfPinned } from "./workflows/wf-pinned";
import { wfRemoteScript } from "./workflows/wf-remote-script";
import { wfRunner } from "./workflows/wf-runner";
import { wfSecrets } from "./workflows/wf-secrets";
import { wfTemplate } from "./workflows/wf-template";
import { wfTemplateOutput } from "./workflows/wf-template-output";
import { wfTimeout } from "./workflows/wf-timeout";
import { wfTools } from "./workflows/wf-tools";
import { wfTriggers } from "./workflows/wf-triggers";
import { wfVersionComment } from "./workflows/wf-version-comment";
import { wfVersionMismatch } from "./workflows/wf-version-mismatch";
import { wfVulnerable } from "./workflows/wf-vulnerable";

/** Every rule of Headgate. */
export const RULES: readonly Rule[] = [
  k8sCapabilities,
  k8sCriSocket,
  k8sDefaultSa,
  k8sHostNamespaces,
  k8sHostPath,
  k8sHostPorts,
  k8sKernelSurfaceApparmor,
  k8sKernelSurfaceHostProcess,
  k8sKernelSurfaceProcMount,
  k8sKernelSurfaceSelinux,
  k8sKernelSurfaceSysctls,
  k8sPrivilegeEscalation,
  k8sPrivileged,
  k8sProbeHost,
  k8sReadonlyRootfs,
  k8sRunAsNonRoot,
  k8sSaToken,
  k8sSeccomp,
  k8sVolumeTypes,
  dockerCapabilities,
  dockerHealthcheck,
  dockerHostNamespaces,
  dockerLimits,
  dockerNoNewPrivileges,
  dockerPortAddress,
  dockerPrivileged,
  dockerReadonlyRootfs,
  dockerRestart,
  dockerSocket,
  ecsHost,
  ecsLogging,
  ecsNonroot,
  ecsPrivileged,
  ecsPublicIp,
  ecsReadonly,
  ecsRoles,
  cloudStaticKeys,
  iamAdmin,
  iamEscalation,
  iamOidcTrust,
  lambdaExposure,
  ecrImmutable,
  ecrScan,
  registryCmk,
  registryPublic,
  lambdaConcurrency,
  lambdaDeadLetter,
  lambdaQuality,
  sfnObservability,
  runIdentity,
  runPublic,
  runQuality,
  gkeAlpha,
  gkeAuthorizedNetworks,
  gkeBinaryAuthorization,
  gkeLegacyAbac,
  gkePrivateEndpoint,
  gkePrivateNodes,
  gkeReleaseChannel,
  gkeShieldedNodes,
  gkeWorkloadIdentity,
  registryLifecycle,
  secretRotation,
  secretCmk,
  sfnRetry,
  imageDigest,
  imageRegistry,
  k8sRbacWildcard,
  k8sRbacEscalation,
  qResources,
  qProbes,
  qProbesIdentical,
  secretPlaintextEnv,
  secretInConfigmap,
  k8sNamespaceGuard,
  qReplicas,
  qPdb,
  qProgressive,
  wfCredentials,
  wfInjection,
  wfPermissions,
  wfPinned,
  wfArchived,
  wfCache,
  wfCheckoutToken,
  wfConcurrency,
  wfCondition,
  wfCooldown,
  wfPermissionsReason,
  wfRemoteScript,
  wfRunner,
  wfSecrets,
  wfTemplate,
  wfTemplateOutput,
  wfTimeout,
  wfTools,
  wfTriggers,
  wfVersionComment,
  wfVersionMismatch,
  wfVulnerable,
  qRollback,
  qGraceful,
  qSpread,
  secretEnvRef,
  k8sOpaqueHelm,
  qDangling,
  qOwner,
  qAlertQuality,
  qSlo,
  imageSigned,
  qCost,
  qDrain,
  qAlertRoute,
  ghActionsPerms,
  ghBranchProtection,
  ghEnvAndSecrets,
];
