/**
 * OAuth tokens, and the client of the token endpoint that issues them (RFC 6749, sections 3.2 and 5). One request is
 * sent at a time; its caller waits for the response. No text form and no exception shows a token.
 */
@NullMarked
package dev.warder.oauth.token;

import org.jspecify.annotations.NullMarked;
