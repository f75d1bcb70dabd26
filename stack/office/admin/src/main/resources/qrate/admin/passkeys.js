// Asks the browser for a passkey (Web Authentication) where a page has a place for one. Without this script such places stay hidden, and
// everything else works.
'use strict';
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
  const text = buffer => btoa(Array.from(new Uint8Array(buffer), b => String.fromCharCode(b)).join(''))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const keys = ids => ids.split(' ').filter(id => id).map(id => ({type: 'public-key', id: bytes(id)}));

  const get = async asked => {
    const made = await navigator.credentials.get({publicKey: {
      challenge: bytes(asked.challenge), rpId: asked.site, timeout: 120000,
      allowCredentials: keys(asked.ids), userVerification: asked.ids ? 'preferred' : 'required'}});
    return {credential: text(made.rawId), said: text(made.response.clientDataJSON),
      authenticator: text(made.response.authenticatorData), signature: text(made.response.signature)};
  };
  const create = async asked => {
    const made = await navigator.credentials.create({publicKey: {
      challenge: bytes(asked.challenge), rp: {id: asked.site, name: 'Qrate'}, timeout: 120000, attestation: 'none',
      user: {id: bytes(asked.handle), name: asked.name, displayName: asked.name}, excludeCredentials: keys(asked.ids),
      pubKeyCredParams: asked.algorithms.split(' ').map(alg => ({type: 'public-key', alg: Number(alg)})),
      authenticatorSelection: {residentKey: 'preferred', userVerification: 'preferred'}}});
    return {said: text(made.response.clientDataJSON), authenticator: text(made.response.getAuthenticatorData()),
      key: text(made.response.getPublicKey())};
  };

  for (const place of document.querySelectorAll('[data-passkeys]')) place.hidden = false;
  for (const place of document.querySelectorAll('[data-passkey]')) {
    const form = place.closest('form');
    const problem = place.querySelector('[role=alert]');
    place.querySelector('button').addEventListener('click', async () => {
      problem.hidden = true;
      try {
        const made = await (place.dataset.passkey === 'create' ? create : get)(place.dataset);
        for (const [name, value] of Object.entries(made)) form.elements[name].value = value;
        form.submit();
      } catch {
        problem.hidden = false;
      }
    });
  }
})();
