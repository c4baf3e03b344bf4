/**
 * Who is calling: access tokens, the clients they stand for, and the first filter of the line, which lets a request in or
 * refuses it.
 *
 * <p>A value that starts {@code sk-ant-} is an Anthropic credential and never an access token. Every field that held a
 * valid access token is consumed here; what the caller brought beside it is passed on as
 * {@link dev.warder.auth.OwnCredential}, so that no access token can travel upstream.
 */
@NullMarked
package dev.warder.auth;

import org.jspecify.annotations.NullMarked;
