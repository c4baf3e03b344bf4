package dev.warder.proxy;

import dev.warder.auth.Client;
import dev.warder.credential.CredentialChoice;
import dev.warder.credential.UpstreamCredential;
import dev.warder.http.Attributes;
import dev.warder.http.ErrorReply;
import dev.warder.json.RequestEdit;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;

/**
 * What the filters have decided about a request.
 *
 * @param client who calls
 * @param choice which credential goes upstream
 * @param edit what is changed in a collected body
 */
record Decisions(Client client, CredentialChoice choice, RequestEdit edit) {
    private static final RequestEdit UNCHANGED = (outline, body) -> List.of();

    static Decisions of(HttpServletRequest request) {
        return new Decisions(
                Attributes.get(request, Client.class),
                Attributes.get(request, CredentialChoice.class),
                Attributes.find(request, RequestEdit.class).orElse(UNCHANGED));
    }

    /** The refusal for want of a credential, which is told only after what is wrong with the request itself. */
    Optional<ErrorReply> refusal() {
        return choice instanceof CredentialChoice.Refused refused ? Optional.of(refused.reply()) : Optional.empty();
    }

    /** The name of the operator's credential, when it is one of the operator's. */
    Optional<String> managedName() {
        return choice instanceof CredentialChoice.Managed managed ? Optional.of(managed.name()) : Optional.empty();
    }

    /**
     * The credential that goes upstream.
     *
     * @throws IllegalStateException when there is none, so that the request should have been refused
     */
    UpstreamCredential credential() {
        if (choice instanceof CredentialChoice.Passthrough own) {
            return own.credential();
        } else if (choice instanceof CredentialChoice.Managed managed) {
            return managed.credential();
        }
        throw new IllegalStateException("a request without a credential was not refused");
    }
}
