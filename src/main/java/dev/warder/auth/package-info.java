/**
 * Authentication: access tokens, their clients, and the first filter of the chain, which admits or refuses a request.
 *
 * <p>With a policy, an admitted caller needs an entry in it, which limits paths and models: {@link
 * dev.warder.auth.AccessRule} decides as far as the head of a request shows what is asked for. The entry is a part of
 * the {@link dev.warder.auth.Client} that filters and gates receive.
 *
 * <p>A value that starts with {@code sk-ant-} is an Anthropic credential and never an access token. This package
 * removes every field with a valid access token from the request, so that no access token can go upstream. It passes
 * the caller's other credential on as {@link dev.warder.auth.OwnCredential}.
 */
@NullMarked
package dev.warder.auth;

import org.jspecify.annotations.NullMarked;
