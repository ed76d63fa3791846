// Passkeys between the browser, which speaks in buffers, and the server, which speaks in base64url.
export function canUse() {
  return Boolean(window.PublicKeyCredential && navigator.credentials) && !isNumeric();
}

// A passkey belongs to a name: at an address of numbers no browser makes or shows one.
export function isNumeric() {
  return /^[\d.]+$|:/.test(location.hostname.replace(/^\[|\]$/g, ""));
}

export async function make({ publicKey }) {
  const made = await navigator.credentials.create({ publicKey: {
    ...publicKey,
    challenge: buffer(publicKey.challenge),
    user: { ...publicKey.user, id: buffer(publicKey.user.id) },
    excludeCredentials: known(publicKey.excludeCredentials),
  } });
  const { attestationObject, clientDataJSON } = made.response;
  return told(made, { attestationObject, clientDataJSON }, made.response.getTransports?.());
}

export async function use({ publicKey }) {
  const used = await navigator.credentials.get({ publicKey: {
    ...publicKey,
    challenge: buffer(publicKey.challenge),
    allowCredentials: known(publicKey.allowCredentials),
  } });
  const { authenticatorData, clientDataJSON, signature, userHandle } = used.response;
  return told(used, { authenticatorData, clientDataJSON, signature, userHandle });
}

function known(list) {
  return (list ?? []).map((one) => ({ ...one, id: buffer(one.id) }));
}

function told(credential, parts, transports) {
  const response = {};
  for (const [name, part] of Object.entries(parts)) if (part) response[name] = text(part);
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: transports ? { ...response, transports } : response,
  };
}

function buffer(base64url) {
  const plain = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(part) {
  const plain = String.fromCharCode(...new Uint8Array(part));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
