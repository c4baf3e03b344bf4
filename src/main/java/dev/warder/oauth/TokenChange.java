package dev.warder.oauth;

import java.util.Optional;

/**
 * News for the log after a renewal, an operator's action, or a look at the store.
 *
 * @param token another token than before
 * @param complaint what to report to an operator
 * @param helped whether the problem that was reported before is over
 */
record TokenChange(Optional<OAuthToken> token, Optional<String> complaint, boolean helped) {}
