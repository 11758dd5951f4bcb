/** Secrets that are no variables of a program but the way to a machine or a cluster. */
export const accessSecrets = ["KUBECONFIG", "SSH_PRIVATE_KEY", "SSH_KNOWN_HOSTS"] as const;

/** Writes $KUBECONFIG_CONTENT where only this job reads it, and names the file in $ENVIRONMENT_FILE. */
export const kubeconfigScript = `set -euo pipefail
mkdir -p "$WORK"
(umask 077 && printf '%s\\n' "$KUBECONFIG_CONTENT" > "$WORK/kubeconfig")
echo "KUBECONFIG=$WORK/kubeconfig" >> "$ENVIRONMENT_FILE"
`;

/**
 * Gives $SSH_PRIVATE_KEY to an agent and trusts the hosts in $SSH_KNOWN_HOSTS, no other. The key is never written to a
 * file.
 */
export const sshScript = `set -euo pipefail
if [ -z "$SSH_PRIVATE_KEY" ] || [ -z "$SSH_KNOWN_HOSTS" ]; then
  echo "SSH_PRIVATE_KEY and SSH_KNOWN_HOSTS must both be set: ssh-keyscan HOST prints what the second holds." >&2
  exit 1
fi
mkdir -p ~/.ssh
chmod 700 ~/.ssh
printf '%s\\n' "$SSH_KNOWN_HOSTS" >> ~/.ssh/known_hosts
eval "$(ssh-agent -s)" > /dev/null
printf '%s\\n' "$SSH_PRIVATE_KEY" | ssh-add -q -
echo "SSH_AUTH_SOCK=$SSH_AUTH_SOCK" >> "$ENVIRONMENT_FILE"
echo "SSH_AGENT_PID=$SSH_AGENT_PID" >> "$ENVIRONMENT_FILE"
`;
