/**
 * The choice of the credential that goes upstream with a request: the caller's own or a managed one. Exactly one is sent.
 *
 * <p>{@code CredentialRule} decides by the caller's rights. {@link dev.warder.credential.CredentialPool} has the managed
 * credentials, each a {@code Member} with a source and a {@code Health}: the benches for limits of the upstream, and the
 * circuit breaker for failures. {@link dev.warder.credential.Candidates} are the members that one request may use, one
 * {@link dev.warder.credential.Candidates.Use} after the other. A {@code CredentialSource} gives its value.
 *
 * <p>Each credential comes with its {@link dev.warder.credential.Upstream}, the only one that its value is sent to. A member whose
 * upstream does not serve a request is left out of the candidates, and its health stays as it is. A caller's own credential always goes
 * to the API.
 *
 * <p><b>A new kind of upstream</b> is a {@code Provider} of {@code dev.warder.exchange.tries}, whose page says how requests and responses
 * pass it, and a {@code CredentialSource}, unless a key that was set by hand is enough; its values may be an {@link
 * dev.warder.credential.UpstreamCredential} of its own. Both enter the pool as an {@link
 * dev.warder.credential.CredentialPool.Entry}; a deployment adds some by {@link
 * dev.warder.credential.CredentialPool.AdditionalUpstreams}. Pages, metrics, traces, the check of a refused credential and the list of
 * models ask the pool.
 */
@NullMarked
package dev.warder.credential;

import org.jspecify.annotations.NullMarked;
