package dev.warder.oauth;

import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The work of a source's thread: renewing, looking at what is stored, and writing the log. One thread at a time. */
final class TokenRenewal {
    private static final Logger LOG = LoggerFactory.getLogger(TokenRenewal.class);
    private static final String SEE_LOG = ", see the log";

    private final String name;
    private final TokenIssuer issuer;
    private final SharedToken token;

    TokenRenewal(String name, TokenIssuer issuer, SharedToken token) {
        this.name = name;
        this.issuer = issuer;
        this.token = token;
    }

    /** Renews, unless that is no longer needed, and completes the callers that wait for it. */
    void renew() {
        try {
            if (token.isUnknown()) {
                look();
            }
            if (!isNeedless()) {
                renewed(issuer.renew(new TokenIssuer.Wish(token::goodEnough, false)));
            }
        } catch (EndpointException failed) {
            String message = String.valueOf(failed.getMessage());
            failed(message, token.endpointFailed(message, failed.retryAfter()));
        } catch (TokenStoreException failed) {
            String message = String.valueOf(failed.getMessage());
            failed(message, token.storeFailed(message));
        } catch (RuntimeException | Error fault) {
            LOG.error("Credential {}: the renewal failed", name, fault);
            String message = "the renewal failed" + SEE_LOG;
            failed(message, token.endpointFailed(message, Optional.empty()));
        } finally {
            token.renewalEnded();
        }
    }

    /** Takes over what is stored: what another process stored is used from now on. */
    void look() {
        try {
            issuer.look().ifPresent(this::found);
        } catch (TokenStoreException unreadable) {
            String message = String.valueOf(unreadable.getMessage());
            if (token.unreadable(message)) {
                LOG.warn("Credential {}: {}", name, message);
            }
        } catch (RuntimeException | Error fault) {
            if (token.unreadable("the store could not be read" + SEE_LOG)) {
                LOG.error("Credential {}: the store could not be read", name, fault);
            }
        }
    }

    void operate(TokenSource.Operation work) throws ControlException {
        try {
            var state = work.run();
            renewed(state);
            if (state instanceof TokenState.Refused refused) {
                throw new ControlException(refused.reason());
            }
        } catch (TokenStoreException | EndpointException failed) {
            String message = String.valueOf(failed.getMessage());
            token.actionFailed(message);
            LOG.warn("Credential {}: {}", name, message);
            throw new ControlException("Credential " + name + ": " + message);
        } catch (RuntimeException | Error fault) {
            LOG.error("Credential {}: an operator's action failed", name, fault);
            throw new ControlException("Credential " + name + ": failed" + SEE_LOG);
        }
    }

    void warn() {
        issuer.warning().ifPresent(text -> LOG.warn("{}", text));
    }

    private boolean isNeedless() {
        return issuer.unsaved() ? token.isClosed() : token.isSettled();
    }

    private void renewed(TokenState state) {
        var change = token.renewed(state);
        complain(change.complaint());
        change.token()
                .ifPresent(another -> LOG.info("Credential {}: has a new token until {}", name, another.expiry()));
    }

    private void found(TokenState state) {
        var change = token.found(state);
        complain(change.complaint());
        if (change.helped()) {
            LOG.info("Credential {}: a new login was stored", name);
        }
    }

    private static void complain(Optional<String> complaint) {
        complaint.ifPresent(text -> LOG.error("{}", text));
    }

    private void failed(String message, Duration pause) {
        LOG.warn("Credential {}: not renewed: {}; trying again after {} ms", name, message, pause.toMillis());
    }
}
